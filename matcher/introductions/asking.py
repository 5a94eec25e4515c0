"""The sides of an introduction are asked by letter and answer by a link, and may ask themselves."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from sqlalchemy import delete, insert, select, update

from matcher.accounts.accounts import Account
from matcher.accounts.tickets import TicketError, digest
from matcher.documents.brief import Brief
from matcher.documents.letters import Occasion
from matcher.errors import ConflictError, InvalidInputError
from matcher.i18n import CODES, SOURCE
from matcher.i18n.languages import Language, language
from matcher.introductions.asking_letters import answered, ask_letter, joint_letter
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.papers import introduction_brief
from matcher.introductions.readers import Readers
from matcher.introductions.repository import of_step
from matcher.introductions.tables import answer_links, introduction_asks
from matcher.introductions.workflow import (
    NOT_WRITTEN,
    UNASKED,
    Introduction,
    Move,
    State,
    propose,
    require_room,
    turn,
)
from matcher.mail.letter import Letter, write
from matcher.mail.outbox import Post, checked, is_address
from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import now

Reply = Literal["yes", "not_now", "no", "known_to_us", "not_for_us"]
Side = Literal["a", "b"]
LINK_DAYS = 30
"""How long a side may look at its link; it may answer while it is asked."""

_OF_A = "a."
"""What a link of the first side begins with; it is in the digest, so that nobody can add it. The
language that staff chose follows in all links: further letters come in it where none is known."""

Together = Callable[[str, str, date], Occasion | None]
_ASKED: Mapping[Side, State] = MappingProxyType({"a": "asked_a", "b": "asked_b"})


@dataclass(frozen=True, slots=True)
class Ask:
    """What a cluster said when it asked.

    Attributes
    ----------
    introduction_id, account_id
        For which introduction, and who.
    message
        In its own words, for the other side.
    receiver, source
        Where staff write to the other side, and where that address is public; empty so far.
    asked
        ISO 8601 in UTC.
    """

    introduction_id: int
    account_id: int
    message: str
    receiver: str
    source: str
    asked: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to put in touch: given by the person, to be passed on only when both sides agree."""

    name: str
    email: str
    phone: str = ""


class Asking:
    """What is asked and answered without staff in between.

    Parameters
    ----------
    matcher
        Who is who, and why two suit each other.
    origin
        Address of the service as readers have it.
    together
        Tells the next event, from a day on, in which two clusters take part.
    """

    def __init__(self, matcher: Matcher, origin: str, together: Together) -> None:
        self._matcher, self._together = matcher, together
        self._database = matcher.store.database
        self._desk = Desk(self._database)
        self.readers = Readers(matcher)
        self._post = Post(self._database, origin)

    def hindrance(self, a: ClusterProfile, b: ClusterProfile) -> str | None:
        """Why the two cannot be introduced now, in words that do not give away who said what."""
        excluded, pair = self._desk.introductions.exclusions(), frozenset((a.id, b.id))
        if a.id == b.id:
            return "A cluster cannot be introduced to itself."
        if pair in excluded.under_way:
            return "These two already have an introduction under way."
        if pair in excluded.refused or pair in excluded.known:
            return "An introduction of these two is not possible at present."
        return None

    def ask(
        self,
        account: Account,
        a: ClusterProfile,
        b: ClusterProfile,
        *,
        purpose: str,
        message: str,
        contact: Contact,
        on: date,
    ) -> Introduction:
        """Ask for an introduction; it arrives on the desk of the staff as a draft.

        Parameters
        ----------
        account, a, b
            Who asks, for which cluster, to meet which.
        purpose, message
            In one line for both, and in the asker's own words for the other side.
        contact
            Of the asker, kept with the consent that goes with asking.
        on
            Today.

        Raises
        ------
        InvalidInputError, ConflictError
            Something is missing, the two cannot be introduced, or there are too many already.
        """
        if hindrance := self.hindrance(a, b):
            raise ConflictError(hindrance)
        require_room(self._desk.introductions.all(cluster=a.id), a.id, on)
        draft = propose(a.id, b.id, purpose=purpose, origin="a", on=on)
        self._keep_contact(a.id, contact, "themselves, when asking for an introduction", on)
        saved = self._desk.introductions.add(draft)
        row = {"introduction_id": saved.id, "account_id": account.id, "message": message.strip()}
        self._database.change(
            insert(introduction_asks).values(receiver="", source="", asked=now(), **row)
        )
        return saved

    def waiting(self) -> list[tuple[Introduction, Ask]]:
        """Read what waits for the staff, the oldest first."""
        return [
            (one, ask)
            for one in self._desk.introductions.all()
            if one.state in UNASKED and (ask := self.of(one.id))
        ]

    def of(self, key: int) -> Ask | None:
        """Read what was said when an introduction was asked for; ``None`` if staff drafted it."""
        query = select(introduction_asks).where(introduction_asks.c.introduction_id == key)
        row = self._database.first(query)
        return Ask(**row) if row else None

    def concerning(self, clusters: Sequence[str]) -> list[Introduction]:
        """Read the introductions of some clusters: who did not wish for it, once it was asked."""
        found = {
            one.id: one
            for cluster in clusters
            for one in self._desk.introductions.all(cluster=cluster)
            if _has_heard(one, "a" if one.a == cluster else "b")
        }
        return [found[key] for key in sorted(found, reverse=True)]

    def send(
        self,
        introduction: Introduction,
        say: Language,
        on: date,
        *,
        who: str,
        to: str = "",
        source: str = "",
    ) -> Introduction:
        """Ask the side whose turn it is by letter; one that was asked already is reminded.

        Parameters
        ----------
        introduction
            As the staff have seen it.
        say, on
            The language of a letter to somebody of whom none is known, and today.
        who
            Who of the staff sends it.
        to, source
            Its address, and where that is public; those who speak for it, and contacts who
            consent, are known and need no source.

        Raises
        ------
        InvalidInputError, ConflictError, IllegalMoveError
            No address is known or given, nobody is to be asked, or somebody was faster.
        """
        address = self.readers.chosen(introduction.of(turn(introduction)), to, source)
        asked = self._move_to_asked(introduction, on, who)
        values = {"receiver": address, "source": source.strip()[:500]}
        this = introduction_asks.c.introduction_id == asked.id
        self._database.change(update(introduction_asks).where(this).values(values))
        self._write(asked, address, say, on)
        return asked

    def letter_to_copy(
        self, introduction: Introduction, say: Language, on: date, *, who: str
    ) -> tuple[str, str]:
        """Write the letter for staff to send from their own mailbox: its subject and its text."""
        asked = self._move_to_asked(introduction, on, who)
        link, _ = self._new_link(asked, say)
        written = write(self._letter(asked, link, say, on), say)
        return written.subject, written.text

    def refuse(self, introduction: Introduction, on: date, *, who: str) -> None:
        """End a request that staff do not want to pass on; the asker is told."""
        move = Move(on, "staff", "expired", "not passed on by staff", who=who)
        self._desk.introductions.move(introduction.id, move, version=introduction.version)
        self._tell_asker(introduction, "expired", language(SOURCE))

    def look(self, secret: str) -> tuple[Introduction, Side]:
        """Read the introduction that a link is about, and which side answers by it.

        Raises
        ------
        TicketError
            The link does not work.
        """
        query = select(answer_links.c.introduction_id).where(
            answer_links.c.digest == digest(secret), answer_links.c.expires > now()
        )
        row = self._database.first(query)
        if row is None:
            raise TicketError
        found = self._desk.introductions.get(row["introduction_id"])
        return found, "a" if secret.startswith(_OF_A) else "b"

    def answer(
        self, secret: str, reply: Reply, *, contact: Contact | None, reason: str, on: date
    ) -> Introduction:
        """Take an answer: after the first yes the other side is asked, then both are put in touch.

        Parameters
        ----------
        secret, reply, reason
            The link, the answer, and why: for staff alone.
        contact
            Whom to put in touch; needed for a yes.
        on
            Today.

        Raises
        ------
        TicketError, InvalidInputError, IllegalMoveError
            The link does not work, the contact is missing, or it was answered already.
        """
        introduction, side = self.look(secret)
        if introduction.state != _ASKED[side]:
            raise ConflictError("This was answered already.")
        if reply == "yes":
            if contact is None:
                raise InvalidInputError("Say whom to put in touch.")
            by = "themselves, by the link they got"
            self._keep_contact(introduction.of(side), contact, by, on)
            go_on = self._introduce if side == "b" else self._ask_second
            return go_on(introduction, _chosen(secret), on)
        move = Move(on, side, "declined", reason.strip()[:2000], reply)
        moved = self._desk.introductions.move(introduction.id, move, version=introduction.version)
        self._tell_asker(moved, "declined", _chosen(secret))
        return moved

    def _ask_second(self, introduction: Introduction, say: Language, on: date) -> Introduction:
        """Note the yes of the first side; the second is asked now if its address is known."""
        addresses, version = self.readers.addresses(introduction.b), introduction.version
        move = Move(on, "a", "asked_b", "" if addresses else NOT_WRITTEN)
        asked = self._desk.introductions.move(introduction.id, move, version=version)
        if addresses:
            self._write(asked, addresses[0], say, on)
        return asked

    def _introduce(self, introduction: Introduction, say: Language, on: date) -> Introduction:
        """Note the yes, and put both in touch by one letter to each."""
        record, kept = self._desk.introductions, self._desk.people
        agreed = record.move(introduction.id, Move(on, "b", "agreed"), version=introduction.version)
        introduced = record.move(
            agreed.id, Move(on, "staff", "introduced", "by letter"), version=agreed.version
        )
        sides = (introduced.a, introduced.b)
        found = (kept.of_cluster(side, "introduction").values() for side in sides)
        readers = {
            person.email: self.readers.language(person.email, person.cluster_id, say)
            for people in found
            for person in people
            if is_address(person.email)
        }
        letters = {one: joint_letter(self._page(introduced, readers[one], on)) for one in readers}
        with self._database.write() as connection:
            for email, letter in letters.items():
                self._post.put(connection, letter, email, readers[email])
        return introduced

    def _page(self, one: Introduction, say: Language, on: date) -> Brief:
        found = self._together(one.a, one.b, on)
        return introduction_brief(
            self._matcher, self._desk, one, on=on, language=say.code, occasion=found
        )

    def _letter(self, one: Introduction, link: str, say: Language, on: date) -> Letter:
        ask = self.of(one.id)
        return ask_letter(self._page(one, say, on), one, ask.message if ask else "", link)

    def _write(self, asked: Introduction, address: str, say: Language, on: date) -> None:
        """Put the letter to the side that is asked into the outbox."""
        said = self.readers.language(address, asked.of(turn(asked)), say)
        link, until = self._new_link(asked, say)
        letter = self._letter(asked, link, said, on)
        with self._database.write() as connection:
            self._post.put(
                connection, letter, address, said, until=until, stoppable=True, about=of_step(asked)
            )

    def _move_to_asked(self, introduction: Introduction, on: date, who: str) -> Introduction:
        """Note that the side whose turn it is is asked, in as many steps as that takes."""
        steps: tuple[State, ...] = (_ASKED[turn(introduction)],)
        if introduction.state == "draft":
            steps = ("vetted", *steps)
        for to in steps:
            move, version = Move(on, "staff", to, who=who), introduction.version
            introduction = self._desk.introductions.move(introduction.id, move, version=version)
        return introduction

    def _new_link(self, asked: Introduction, say: Language) -> tuple[str, datetime]:
        """Make a link for the side that is asked; earlier ones end where staff ask anew."""
        until = datetime.now(UTC) + timedelta(days=LINK_DAYS)
        secret = f"{turn(asked)}.{say.code}.{secrets.token_urlsafe(32)}"
        row = {"digest": digest(secret), "introduction_id": asked.id, "expires": until.isoformat()}
        earlier = answer_links.c.introduction_id == asked.id
        with self._database.write() as connection:
            if asked.moves[-1].role == "staff":
                connection.execute(delete(answer_links).where(earlier))
            connection.execute(insert(answer_links).values(row))
        return f"{self._post.origin}/answer?t={secret}", until

    def _keep_contact(self, cluster: str, contact: Contact, given_by: str, on: date) -> None:
        people = self._desk.people
        known = people.of_cluster(cluster, "introduction").values()
        email = checked(contact.email)
        if email.lower() not in {person.email.lower() for person in known}:
            name, phone = contact.name.strip()[:200], contact.phone.strip()[:60]
            person = Person(cluster, name, email, phone=phone)
            people.add(person, Consent("introduction", given_by, on))

    def _tell_asker(
        self, one: Introduction, state: Literal["declined", "expired"], say: Language
    ) -> None:
        """Tell who asked for an introduction, or said yes first, that nothing comes of it now."""
        found = self._matcher.get(one.b)
        name = found.name if found else one.b
        letter = answered(name, state, f"{self._post.origin}/introductions")
        told = {email: self.readers.language(email, one.a, say) for email in self._hopeful(one)}
        programme = self._desk.programme
        with self._database.write() as connection:
            for email, theirs in told.items():
                signed = replace(letter, sender=programme.signature(theirs))
                self._post.put(connection, signed, email, theirs)

    def _hopeful(self, one: Introduction) -> list[str]:
        """Where the first side waits for the answer of the second."""
        if ask := self.of(one.id):
            return self.readers.email_of(ask.account_id)
        return self.readers.addresses(one.a)[:1] if one.consent("a") else []


def _chosen(secret: str) -> Language:
    """Return the language in a link; links of earlier versions have none."""
    code = secret.partition(".")[2].partition(".")[0]
    return language(code if code in CODES else SOURCE)


def _has_heard(one: Introduction, side: Side) -> bool:
    return (side == "a" and one.origin == "a") or _ASKED[side] in {move.to for move in one.moves}
