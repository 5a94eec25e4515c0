"""Letters that came back: which of ours it was, and why, read from the file of the report."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from matcher.errors import UnreadableFileError
from matcher.mail.outbox import Mail, Outbox
from matcher.mail.stops import Stops
from matcher.store.database import Database

_ID = re.compile(
    r"(?im)^(?:message-id|x-original-message-id|in-reply-to|references):\s*(<[^>\s]+>)"
)
_STATUS = re.compile(r"(?im)^status:\s*([245]\.\d{1,3}\.\d{1,3})")
_REPORTS = frozenset({"message/delivery-status", "message/rfc822", "text/rfc822-headers"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report of a letter that could not be delivered.

    Attributes
    ----------
    message_ids
        Which letters it may be about.
    status
        Code of what is wrong, such as ``"5.1.1"``; empty where it says none.
    """

    message_ids: tuple[str, ...]
    status: str


def read_bounce(data: bytes) -> Bounce:
    """Read a report as a mail program saves it.

    Raises
    ------
    UnreadableFileError
        It names no letter.
    """
    report = message_from_bytes(data, policy=policy.default)
    told = "\n".join(_parts(report))
    heads = "".join(f"{name}: {report[name]}\n" for name in ("In-Reply-To", "References"))
    ids = tuple(dict.fromkeys(_ID.findall(f"{told}\n{heads}")))
    if not ids:
        raise UnreadableFileError(
            "This file names no letter of ours. Save the report itself as .eml, with everything "
            "that is attached to it."
        )
    status = _STATUS.search(told)
    return Bounce(ids, status[1] if status else "")


def note_bounce(database: Database, data: bytes) -> Mail:
    """Note the letter that a report is about as bounced, and write to a dead address no more.

    Raises
    ------
    UnreadableFileError, NotFoundError
        It is no such report, or is about none of our letters.
    """
    bounce, outbox = read_bounce(data), Outbox(database)
    ours = outbox.first_of(bounce.message_ids)
    outbox.bounce(ours.id, f"It came back{f': {bounce.status}' if bounce.status else ''}.")
    if bounce.status.startswith("5.1"):
        Stops(database).stop(ours.recipient, "bounced")
    return ours


def _parts(report: EmailMessage) -> list[str]:
    """Texts of the parts that tell of the letter, each read no deeper than its own headers."""
    return [
        part.as_string()[:20_000] for part in report.walk() if part.get_content_type() in _REPORTS
    ][:10]
