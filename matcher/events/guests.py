"""Participants of an event serve themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from matcher.documents.agenda import Agenda
from matcher.errors import ConflictError, InvalidInputError
from matcher.events.after import MeetingReport
from matcher.events.agendas import participant_agenda, standing
from matcher.events.choices import require_open, with_details
from matcher.events.event import Event, Slot, sorted_pair
from matcher.events.guest_letters import late_letter
from matcher.events.guest_links import GuestLink
from matcher.events.mailing import Draft, Mailing
from matcher.events.plan import Schedule
from matcher.events.refusals import REFUSALS
from matcher.events.repository import Meetings, StoredEvent
from matcher.events.settings import GuestAct
from matcher.events.tables import late_notes
from matcher.events.talks import Briefing
from matcher.i18n import SOURCE
from matcher.i18n.languages import Language, language
from matcher.introductions.contacts import Consent, People, Person
from matcher.matcher import Matcher
from matcher.profiles.problems import parsed
from matcher.store.database import now, upsert

LATE: tuple[int, ...] = (5, 10, 15, 20, 30)
"""Minutes that one may be late; a second note for the same meeting can only be for more."""

SOON = timedelta(hours=2)
"""How long before a meeting one may say so."""


class LateNote(NamedTuple):
    """Who said to be how late for the meeting with whom, and when (ISO 8601 in UTC)."""

    by: str
    about: str
    minutes: int
    said: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What a link opens: an event as it is now, and one of its participants."""

    link: GuestLink
    stored: StoredEvent

    @property
    def event(self) -> Event:
        """The event."""
        return self.stored.event

    @property
    def one(self) -> str:
        """Id of the participant."""
        return self.link.participant_id

    @property
    def plan(self) -> Schedule | None:
        """The schedule as far as the event still has it."""
        plan = self.stored.schedule
        return standing(self.event, plan) if plan else None

    @property
    def takes_part(self) -> bool:
        """Whether the participant is still listed and has not cancelled."""
        found = self.event.by_id.get(self.one)
        return found is not None and not found.cancelled


class Guests:
    """What participants do by their links.

    Parameters
    ----------
    matcher
        Who is who, and why two suit each other.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, matcher: Matcher, origin: str) -> None:
        self._database = matcher.store.database
        self._meetings = Meetings(self._database)
        self._people = People(self._database)
        self.mailing = Mailing(self._database, origin)
        self.links = self.mailing.links
        self.briefing = Briefing(matcher, origin)

    def visit(self, link: GuestLink) -> Visit:
        """Read what a link opens."""
        return Visit(link, self._meetings.get(link.event_id))

    def agenda(self, visit: Visit, say: Language, *, reasons: bool) -> Agenda | None:
        """The meetings of a visitor as they are now; ``None`` while there is no schedule."""
        plan = visit.plan
        if plan is None or visit.one not in visit.event.by_id:
            return None
        talks = self.briefing.talks(plan, visit.one, reasons=reasons)
        return participant_agenda(visit.event, plan, visit.one, say.code, talks)

    def change(self, visit: Visit, act: GuestAct, edit: Callable[[Event], Event]) -> None:
        """Change the event as a participant may.

        Raises
        ------
        ConflictError
            The organisers have closed this, or the meetings are fixed and it would break one.
        InvalidInputError
            The edit is refused.
        """

        def allowed(event: Event) -> Event:
            require_open(event, visit.one, act)
            return edit(event)

        allowed(visit.event)
        try:
            self._meetings.change(visit.event.id, allowed)
        except InvalidInputError:
            raise ConflictError(REFUSALS["fixed"]) from None

    def check(self, visit: Visit, details: Mapping[str, object]) -> None:
        """Take the details of a participant, which are looked through with that.

        Raises
        ------
        ConflictError, InvalidInputError
            As `change` does.
        """
        self.change(visit, "profile", lambda event: with_details(event, visit.one, details))
        self.links.check(visit.event.id, visit.one)

    def name_person(self, visit: Visit, name: str, position: str, on: date) -> None:
        """Name somebody who comes, with the consent that goes with it.

        Raises
        ------
        ConflictError, InvalidInputError
            The organisers have closed this, or the name is missing.
        """
        require_open(visit.event, visit.one, "profile")
        person = Person(visit.one, name.strip(), visit.link.email, position.strip())
        self._people.add(person, Consent("meeting", "themselves, by their link to the event", on))

    def persons(self, visit: Visit) -> dict[int, Person]:
        """Who is named to those whom the visitor meets, by id."""
        return self._people.of_cluster(visit.one, "meeting")

    def unname(self, visit: Visit, key: int, on: date) -> None:
        """Name somebody no more."""
        if key in self.persons(visit):
            self._people.withdraw(key, "meeting", on=on, by="guest")

    def late(self, visit: Visit, about: str, minutes: int) -> None:
        """Tell whom a participant meets next that it is late.

        Raises
        ------
        ConflictError, InvalidInputError
            The organisers have closed this, there is no such meeting soon, or it was told already.
        """
        require_open(visit.event, visit.one, "late")
        slot, moment = self._slot(visit, about), datetime.now(UTC)
        if not slot.start - SOON <= moment < slot.end:
            raise ConflictError(REFUSALS["not now"])
        if minutes not in LATE:
            raise InvalidInputError(REFUSALS["minutes"])
        drafts = self._late_letters(visit, about, minutes)
        with self._database.write() as connection:
            _note_late(connection, visit, about, minutes)
            self.mailing.put(visit.event, drafts, connection)

    def late_notes(self, event_id: str) -> list[LateNote]:
        """Who said to be late, the newest first."""
        query = select(late_notes).where(late_notes.c.event_id == event_id)
        rows = self._database.rows(query.order_by(late_notes.c.said.desc()))
        return [LateNote(**{name: row[name] for name in LateNote._fields}) for row in rows]

    def report(
        self, visit: Visit, about: str, *, attended: bool, rating: int | None, again: bool | None
    ) -> None:
        """Take what a participant says of a meeting that has begun; a known outcome stays.

        Raises
        ------
        ConflictError, InvalidInputError
            The organisers have closed this, or there was no such meeting.
        """
        require_open(visit.event, visit.one, "feedback")
        moment = datetime.now(UTC)
        if self._slot(visit, about).start > moment:
            raise ConflictError(REFUSALS["not begun"])
        before = self.said(visit).get(about)
        a, b = sorted_pair(visit.one, about)
        data = {
            "event_id": visit.event.id,
            "a": a,
            "b": b,
            "by": visit.one,
            "attended": attended,
            "rating": rating if attended else None,
            "outcome": before.outcome if before and attended else None,
            "second_meeting": again,
            "recorded_at": moment,
        }
        self._meetings.record(parsed(MeetingReport, data, REFUSALS["feedback"]))

    def said(self, visit: Visit) -> dict[str, MeetingReport]:
        """What a visitor has said of its meetings, by the id of the other side."""
        return {
            report.b if report.a == visit.one else report.a: report
            for report in self._meetings.reports(visit.event.id)
            if report.by == visit.one
        }

    def _slot(self, visit: Visit, about: str) -> Slot:
        slots = {slot.id: slot for slot in visit.event.slots}
        for meeting in visit.plan.of(visit.one) if visit.plan else ():
            if about in meeting.pair and about != visit.one:
                return slots[meeting.slot]
        raise InvalidInputError(REFUSALS["no meeting"])

    def _late_letters(self, visit: Visit, about: str, minutes: int) -> list[Draft]:
        """Write to all addresses of whom the visitor meets."""
        event, plan = visit.event, visit.plan
        say = self.mailing.tongues(event, [about], language(SOURCE))[about]
        agenda = participant_agenda(event, plan, about, say.code) if plan else None
        entries = agenda.entries if agenda else ()
        times = next(entry.times[-1] for entry in entries if entry.other == visit.one)
        letter = late_letter(event, event.by_id[visit.one].name, minutes, times)
        return [Draft(about, at, say, letter) for at in self.mailing.readers(event).get(about, ())]


def _note_late(connection: Connection, visit: Visit, about: str, minutes: int) -> None:
    row = {"event_id": visit.event.id, "by": visit.one, "about": about}
    said = select(late_notes.c.minutes).where(*(late_notes.c[name] == row[name] for name in row))
    if (connection.scalar(said) or 0) >= minutes:
        raise ConflictError(REFUSALS["told"])
    upsert(connection, late_notes, [{**row, "minutes": minutes, "said": now()}])
