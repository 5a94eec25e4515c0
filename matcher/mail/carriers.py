"""Who carries a letter: a mail server, or a folder of files where there is none."""

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from matcher.config import Settings

ANSWER_SECONDS = 20.0
"""How long a mail server may be silent."""

CONVERSATION_SECONDS = 120.0
"""How long the whole sending of one letter may take."""

_PORTS = {"smtp": 587, "smtps": 465}


class NotSentError(Exception):
    """A letter was certainly not sent; another try may do better."""


class RefusedError(NotSentError):
    """The mail server will never take this letter."""


class UncertainError(Exception):
    """The connection broke after the letter was sent, before the server said so."""


class Carrier(Protocol):
    """Carries one message, wholly or not at all, or raises one of the errors above."""

    done: Literal["sent", "filed"]
    """What a carried letter is called."""

    def carry(self, message: EmailMessage) -> None:
        """Carry a message."""


def carrier_of(settings: Settings) -> Carrier:
    """Return who carries letters under these settings."""
    if settings.smtp_url:
        return MailServer(settings.smtp_url.get_secret_value())
    return Folder(settings.home / "mail")


class Folder:
    """Files that anybody may open with a mail program, and only their owner may read.

    Parameters
    ----------
    folder
        Made when first needed.
    """

    done: Literal["sent", "filed"] = "filed"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, message: EmailMessage) -> None:
        """Write a message to a file that is named after its Message-ID: twice is as once."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        part, file = (self._folder / f"{name}.{end}" for end in ("part", "eml"))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(message.as_bytes())
            part.replace(file)
        except OSError as error:
            raise NotSentError(f"The folder for letters: {error.strerror}") from error


class MailServer:
    """A server that speaks SMTP.

    Parameters
    ----------
    url
        ``smtp://`` or ``smtps://``, with user and password where it asks for them.
    answer_seconds, conversation_seconds
        How long it may be silent, and take for one letter.
    """

    done: Literal["sent", "filed"] = "sent"

    def __init__(
        self,
        url: str,
        answer_seconds: float = ANSWER_SECONDS,
        conversation_seconds: float = CONVERSATION_SECONDS,
    ) -> None:
        self._url = urlsplit(url)
        self._patience = answer_seconds, conversation_seconds

    def carry(self, message: EmailMessage) -> None:
        """Send a message in a conversation of its own."""
        sender, recipient = (
            getaddresses([str(message[header])])[0][1] for header in ("From", "To")
        )
        with self._talking() as server:
            _require(server.mail(sender))
            _require(server.rcpt(recipient))
            _require(server.docmd("DATA"), 354)
            try:
                server.send(_dotted(message.as_bytes()))
                answer = server.getreply()
                if not 200 <= answer[0] < 600:
                    raise smtplib.SMTPServerDisconnected("cut off within its answer")
            except (OSError, smtplib.SMTPException) as error:
                raise UncertainError(
                    f"The mail server was gone before it answered ({_told(error)})."
                ) from error
            _require(answer)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    @contextmanager
    def _talking(self) -> Iterator[smtplib.SMTP]:
        """Connect and sign in; whatever fails before the letter is sent, it was not sent."""
        server: smtplib.SMTP | None = None
        try:
            server = _connected(self._url, self._patience[0])
            with _cut_after(server, self._patience[1]):
                _sign_in(server, self._url)
                yield server
        except smtplib.SMTPAuthenticationError as error:
            raise NotSentError(
                f"The mail server takes neither user nor password ({error.smtp_code})."
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"The mail server cannot be used ({_told(error)}).") from error
        finally:
            if server:
                server.close()


def _connected(url: SplitResult, seconds: float) -> smtplib.SMTP:
    host, port = str(url.hostname), url.port or _PORTS[url.scheme]
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    return smtplib.SMTP(host, port, timeout=seconds)


def _sign_in(server: smtplib.SMTP, url: SplitResult) -> None:
    server.ehlo_or_helo_if_needed()
    encrypted = url.scheme == "smtps"
    if not encrypted and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
        encrypted = True
    if not url.username:
        return
    if not encrypted and url.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise NotSentError("The mail server offers no encryption: the password was not sent.")
    server.login(unquote(url.username), unquote(url.password or ""))


@contextmanager
def _cut_after(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Close the connection when a conversation lasts too long: a server may drip its answers."""
    line: Any = server.sock

    def cut() -> None:
        with suppress(OSError):  # it may be closed already
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _require(answer: tuple[int, bytes], expected: int | None = None) -> None:
    code, words = answer
    if code == expected or (expected is None and 200 <= code < 300):
        return
    said = " ".join(words.decode("utf-8", "replace").split())[:300]
    raise (RefusedError if code >= 500 else NotSentError)(f"The mail server says: {code} {said}")


def _dotted(message: bytes) -> bytes:
    """Double leading dots, and end with one alone, as SMTP asks."""
    lines = (b"." + line if line.startswith(b".") else line for line in message.split(b"\r\n"))
    return b"\r\n".join(lines).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _told(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(str(text).split())[:200] or type(error).__name__
