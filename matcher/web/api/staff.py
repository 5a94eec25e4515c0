"""What the routes for staff share: their records, versions, files, and that nobody keeps copies."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from matcher.accounts.accounts import Accounts
from matcher.errors import ConflictError
from matcher.events.repository import Meetings, StoredEvent
from matcher.introductions.asking import Asking
from matcher.introductions.desk import Desk
from matcher.store.audit import Outcome
from matcher.web.http.context import current_database, current_matcher, current_settings
from matcher.web.http.parameters import is_number

SCOPE = "staff"
SENDER = "Who signs these letters; as the programme says when absent."


def current_desk() -> Desk:
    """Return the introductions and people of this application's database."""
    return Desk(current_database())


def current_asking() -> Asking:
    """Return the questions and answers of this application's introductions."""
    matcher, meetings = current_matcher(), current_meetings()
    return Asking(matcher, current_settings().origin, meetings.next_together)


def names_of_staff() -> dict[str, str]:
    """Names of the staff, or their addresses, by what the audit log calls them."""
    accounts = Accounts(current_database()).staff()
    return {one.actor: one.name or one.email for one in accounts}


def current_meetings() -> Meetings:
    """Return the events of this application's database."""
    return Meetings(current_database())


@contextmanager
def entered(action: str, detail: str) -> Iterator[Outcome]:
    """Enter a change in the audit log, under the name of the token and the id of the request."""
    log = current_matcher().store.audit
    with log.write(g.actor, action, detail, g.request_id) as outcome:
        yield outcome


def shown(action: str, detail: str) -> None:
    """Enter in the audit log that somebody is given personal data, before it is given."""
    current_matcher().store.audit.read(g.actor, action, detail, g.request_id)


@contextmanager
def seen_version() -> Iterator[int]:
    """Return the version in the request's If-Match; a conflict in the block is answered 412.

    Raises
    ------
    PreconditionRequired, PreconditionFailed
        There is none, or it is not the present one.
    """
    tags = request.if_match.as_set(include_weak=True)
    if not tags:
        raise PreconditionRequired
    tag = tags.pop()
    if tags or not is_number(tag):
        raise PreconditionFailed
    try:
        yield int(tag)
    except ConflictError as error:
        raise PreconditionFailed(str(error)) from error


def seen_event(event_id: str, version: int) -> StoredEvent:
    """Return the event, at the version that the editor has seen.

    Raises
    ------
    ConflictError
        It has been changed since.
    """
    stored = current_meetings().get(event_id)
    if stored.version != version:
        raise ConflictError(f"The event {event_id!r} is now at version {stored.version}.")
    return stored
