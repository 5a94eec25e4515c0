"""Participants of an event serve themselves, and staff write to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from matcher.accounts.tables import accounts, memberships
from matcher.documents.agenda import Agenda
from matcher.errors import ConflictError, InvalidInputError
from matcher.events.after import MeetingReport
from matcher.events.agendas import participant_agenda, standing
from matcher.events.choices import require_open, with_details
from matcher.events.event import Event, Slot, sorted_pair
from matcher.events.guest_letters import agenda_letter, invitation, late_letter
from matcher.events.guest_links import GuestLink, GuestLinks
from matcher.events.plan import Schedule
from matcher.events.refusals import REFUSALS
from matcher.events.repository import Meetings, StoredEvent
from matcher.events.settings import GuestAct
from matcher.events.tables import late_notes
from matcher.events.talks import Briefing
from matcher.i18n.languages import Language, language
from matcher.introductions.contacts import Consent, People, Person
from matcher.mail.outbox import Post, checked, now
from matcher.matcher import Matcher
from matcher.profiles.problems import parsed
from matcher.store.database import upsert

LetterKind = Literal["invite", "agenda", "remind"]
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
    """What participants do by their links, and the letters that bring them.

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
        self._post = Post(self._database, origin)
        self.links = GuestLinks(self._database, origin)
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

    def addresses(self, event: Event) -> dict[str, str]:
        """Where participants can be written to: the last link's, who speaks for it, a contact's."""
        found = {
            contact.person.cluster_id: contact.person.email
            for contact in self._people.everybody().values()
            if contact.consents
        }
        query = (
            select(memberships.c.cluster_id, accounts.c.email)
            .join(accounts, accounts.c.id == memberships.c.account_id)
            .where(memberships.c.state == "approved")
        )
        with self._database.read() as connection:
            found |= {row.cluster_id: row.email for row in connection.execute(query)}
        found |= {key: link.email for key, link in self.links.newest(event.id).items()}
        return {key: found[key] for key in event.by_id if key in found}

    def write(self, event_id: str, kind: LetterKind, to: Mapping[str, str], say: Language) -> int:
        """Put a letter for each of these participants into the outbox; none for who has cancelled.

        Parameters
        ----------
        event_id, kind
            Of which event, and what it is about.
        to
            Addresses by the ids of participants.
        say
            Language of the first letter to somebody; later ones keep it.

        Returns
        -------
        int
            How many letters there are; of agendas, none goes to who has no meeting.

        Raises
        ------
        InvalidInputError, ConflictError
            An address is none, the event is over, or there is no schedule to tell of.
        """
        stored = self._meetings.get(event_id)
        event, plan = stored.event, stored.schedule
        if kind != "invite" and plan is None:
            raise ConflictError(REFUSALS["no schedule"])
        plan = standing(event, plan) if plan and kind != "invite" else None
        tongues = {key: link.language for key, link in self.links.newest(event_id).items()}
        there = {one.id for one in event.participants if not one.cancelled}
        whom = [(key, checked(address)) for key, address in to.items() if key in there]
        return sum(
            self._write(event, plan, kind, each, language(tongues.get(each[0], say.code)))
            for each in whom
        )

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
            self._people.withdraw(key, "meeting", on=on)

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
        newest = self.links.newest(visit.event.id).get(about)
        with self._database.write() as connection:
            _note_late(connection, visit, about, minutes)
            if newest and newest.works:
                self._tell_late(connection, visit, newest, minutes)

    def late_notes(self, event_id: str) -> list[LateNote]:
        """Who said to be late, the newest first."""
        query = select(late_notes).where(late_notes.c.event_id == event_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(late_notes.c.said.desc())).all()
        return [LateNote(row.by, row.about, row.minutes, row.said) for row in rows]

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
            "event_id": visit.event.id, "a": a, "b": b, "by": visit.one, "attended": attended,
            "rating": rating if attended else None,
            "outcome": before.outcome if before and attended else None,
            "second_meeting": again, "recorded_at": moment,
        }  # fmt: skip
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

    def _write(
        self, event: Event, plan: Schedule | None, kind: LetterKind, to: tuple[str, str],
        say: Language,
    ) -> int:  # fmt: skip
        """Put one letter with its link into the outbox; tell how many that were."""
        key, address = to
        agenda = participant_agenda(event, plan, key, say.code) if plan else None
        if agenda and not agenda.meetings:
            return 0
        with self._database.write() as connection:
            issued = self.links.issue(connection, event, key, address, say.code)
            letter = (
                agenda_letter(event, agenda, issued, again=kind == "remind")
                if agenda
                else invitation(event, event.by_id[key].name, issued, say)
            )
            self._post.put(connection, letter, address, say, until=issued.until, stoppable=True)
        return 1

    def _tell_late(self, connection: Connection, visit: Visit, to: GuestLink, minutes: int) -> None:
        event, say, plan = visit.event, language(to.language), visit.plan
        agenda = participant_agenda(event, plan, to.participant_id, say.code) if plan else None
        entries = agenda.entries if agenda else ()
        times = next(entry.times[-1] for entry in entries if entry.other == visit.one)
        issued = self.links.issue(connection, event, to.participant_id, to.email, to.language)
        letter = late_letter(event, event.by_id[visit.one].name, minutes, times, issued)
        self._post.put(connection, letter, to.email, say, until=issued.until, stoppable=True)


def _note_late(connection: Connection, visit: Visit, about: str, minutes: int) -> None:
    row = {"event_id": visit.event.id, "by": visit.one, "about": about}
    said = select(late_notes.c.minutes).where(*(late_notes.c[name] == row[name] for name in row))
    if (connection.scalar(said) or 0) >= minutes:
        raise ConflictError(REFUSALS["told"])
    upsert(connection, late_notes, [{**row, "minutes": minutes, "said": now()}])
