"""Letters to the participants of an event: who is written to, when, and by which links."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from matcher.accounts.tables import accounts, memberships
from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.events.agendas import participant_agenda, standing
from matcher.events.event import Event
from matcher.events.guest_letters import invitation, linked, meetings_letter
from matcher.events.guest_links import GuestLinks, Place, last_moment, place
from matcher.events.notices import Notice, Told, notices
from matcher.events.plan import Schedule
from matcher.events.refusals import REFUSALS
from matcher.events.repository import Meetings, StoredEvent
from matcher.i18n import SOURCE
from matcher.i18n.languages import Language, language
from matcher.introductions.contacts import People
from matcher.introductions.programme import programme_of
from matcher.mail.letter import Letter
from matcher.mail.outbox import Post, checked, is_address
from matcher.store.database import Database

LetterKind = Literal["invite", "agenda", "remind"]


class Draft(NamedTuple):
    """A letter that lacks its link: to which participant, at which address, in which language."""

    key: str
    address: str
    say: Language
    letter: Letter


class Mailing:
    """The letters of the events of a database.

    Parameters
    ----------
    database
        Where events, contacts and the outbox are.
    origin
        Address of the service as readers have it.
    """

    def __init__(self, database: Database, origin: str) -> None:
        self._database = database
        self._meetings = Meetings(database)
        self._people = People(database)
        self._post = Post(database, origin)
        self.links = GuestLinks(database, origin)

    def addresses(self, event: Event) -> dict[str, str]:
        """Where participants can be written to: the last link's, who speaks for it, a contact's."""
        found = {
            contact.person.cluster_id: contact.person.email
            for contact in self._people.everybody().values()
            if "meeting" in contact.consents
        }
        query = (
            select(memberships.c.cluster_id, accounts.c.email)
            .join(accounts, accounts.c.id == memberships.c.account_id)
            .where(memberships.c.state == "approved")
        )
        found |= {row["cluster_id"]: row["email"] for row in self._database.rows(query)}
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
        if last_moment(event) <= datetime.now(UTC):
            raise InvalidInputError(REFUSALS["over"])
        names = {one.id: one.name for one in event.participants if not one.cancelled}
        readers = {key: [checked(address)] for key, address in to.items() if key in names}
        if kind == "invite":
            tongues = self.tongues(event, readers, say)
            drafts = [
                Draft(key, address, tongues[key], invitation(event, names[key], tongues[key]))
                for key, (address,) in readers.items()
            ]
        elif plan:
            plan = standing(event, plan)
            due = [Notice(id=key, name=names[key]) for key in readers if plan.of(key)]
            drafts = self._drafts(event, plan, due, readers, say, again=kind == "remind")
        else:
            raise ConflictError(REFUSALS["no schedule"])
        with self._database.write() as connection:
            self.put(event, drafts, connection)
        return len(drafts)

    def tell(self, stored: StoredEvent, say: Language) -> tuple[StoredEvent, Told]:
        """Write to everybody whose meetings are new, have moved or are off.

        Letters and the note that they were told are kept together, or neither is.

        Parameters
        ----------
        stored
            The event as the sender has seen it.
        say
            Language of the first letter to somebody; later ones keep it.

        Raises
        ------
        ConflictError
            There is no schedule, or the event has been changed since.
        """
        event, plan = stored.event, stored.schedule
        if plan is None:
            raise ConflictError(REFUSALS["no schedule"])
        due, readers = notices(event, plan), self.readers(event)
        changed = plan.told is not None
        drafts = self._drafts(event, plan, due, readers, say, changed=changed)
        told = plan.model_copy(update={"told": plan.meetings})
        put = partial(self.put, event, drafts)
        saved = self._meetings.save(event, told, version=stored.version, also=put)
        letters = {one.id: len(readers.get(one.id, ())) for one in due}
        return saved, Told(letters=letters, without=tuple(x for x in due if not letters[x.id]))

    def remind(self) -> int:
        """Write to all who meet at events that begin soon, once for each; count the letters.

        Nobody is reminded of a meeting of two that declined each other since it was set.
        """
        moment = datetime.now(UTC)
        due = [one for one in self._meetings.to_remind() if _begins_soon(one.event, moment)]
        return sum(map(self._remind, due))

    def out_of_reach(self, event: Event, plan: Schedule) -> list[str]:
        """Names of those who have meetings, and whom letters about them cannot reach as it is."""
        readers, meet = self.readers(event), {key for one in plan.meetings for key in one.pair}
        return [one.name for one in event.participants if one.id in meet - readers.keys()]

    def put(self, event: Event, drafts: Iterable[Draft], connection: Connection) -> None:
        """Put letters into the outbox, each with a link of its own while links work.

        The organiser of the event signs them, or else who signs those of the programme.
        """
        until, organiser = last_moment(event), event.organiser
        works, (programme, _) = until > datetime.now(UTC), programme_of(connection)
        for key, address, say, plain in drafts:
            sender = organiser.name if organiser else programme.signature(say)
            letter, ends = replace(plain, sender=sender), None
            if works and key in event.by_id:
                issued = self.links.issue(connection, event, key, address, say.code)
                letter, ends = linked(letter, issued), until
            self._post.put(connection, letter, address, say, until=ends, stoppable=True)

    def readers(self, event: Event) -> dict[str, list[str]]:
        """Where participants may be written to: contacts who consent, and who was sent a link.

        A link to a contact counts as long as one of those with its address consents; links that
        were withdrawn end the letters to their participant.
        """
        links = self.links.at_addresses(event.id)
        may = {at: (link.email, link.works) for at, link in links.items()} | self._contacts()
        ended = {key for key, link in self.links.newest(event.id).items() if link.withdrawn}
        found: dict[str, list[str]] = {}
        for (key, _), (address, agreed) in sorted(may.items()):
            if agreed and key not in ended and is_address(address):
                found.setdefault(key, []).append(address)
        return found

    def _contacts(self) -> dict[Place, tuple[str, bool]]:
        """Addresses of contacts, and whether somebody there consents to letters.

        Whom a participant names no more has not refused letters: a link to it goes on.
        """
        unnamed = self._people.unnamed()
        kept = [
            (one.person, "meeting" in one.consents)
            for key, one in self._people.everybody().items()
            if "meeting" in one.consents or key not in unnamed
        ]
        kept.sort(key=itemgetter(1))  # of those who share an address, one who consents counts
        return {place(one.cluster_id, one.email): (one.email, agrees) for one, agrees in kept}

    def tongues(self, event: Event, keys: Iterable[str], say: Language) -> dict[str, Language]:
        """Tell in which language participants are written to."""
        links = self.links.newest(event.id)
        return {key: language(links[key].language) if key in links else say for key in keys}

    def _drafts(
        self,
        event: Event,
        plan: Schedule,
        due: Sequence[Notice],
        readers: Mapping[str, Sequence[str]],
        say: Language,
        **of: bool,
    ) -> list[Draft]:
        """Write letters of meetings to those of whom an address is known."""
        people, drafts = event.by_id.keys(), []
        tongues = self.tongues(event, [one.id for one in due], say)
        for one in due:
            tongue = tongues[one.id]
            there = one.id in people
            agenda = participant_agenda(event, plan, one.id, tongue.code) if there else None
            letter = meetings_letter(event, one, agenda, **of)
            drafts += [Draft(one.id, at, tongue, letter) for at in readers.get(one.id, ())]
        return drafts

    def _remind(self, seen: StoredEvent) -> int:
        """Remind of the meetings of an event; one that is changed meanwhile is left for later."""
        with suppress(ConflictError, NotFoundError):
            event = self._meetings.get(seen.event.id).event  # with what the book knows by now
            drafts = self._reminders(event, seen.schedule) if seen.schedule else []
            self._meetings.mark_reminded(seen, partial(self.put, event, drafts))
            return len(drafts)
        return 0

    def _reminders(self, event: Event, plan: Schedule) -> list[Draft]:
        agreed = tuple(one for one in plan.meetings if one.pair not in event.refused)
        held = plan.model_copy(update={"meetings": agreed})
        due = [Notice(id=one.id, name=one.name) for one in event.participants if held.of(one.id)]
        return self._drafts(event, held, due, self.readers(event), language(SOURCE), again=True)


def _begins_soon(event: Event, moment: datetime) -> bool:
    begins, days = event.slots[0].start, event.guests.remind or 0
    return begins - timedelta(days=days) <= moment < begins
