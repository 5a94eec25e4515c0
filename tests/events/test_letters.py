"""Who is written to about the meetings of an event, and who is not any more."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.accounts.accounts import Accounts
from matcher.events.by_hand import Change, make
from matcher.events.by_hand import propose as propose_change
from matcher.events.edits import misfits
from matcher.events.event import Event, FixedMeeting, Participant, Place, Slot
from matcher.events.mailing import Mailing
from matcher.events.repository import Meetings
from matcher.events.scheduler import freeze, schedule
from matcher.events.settings import SelfService
from matcher.i18n.languages import language
from matcher.introductions.contacts import Consent, People, Person
from matcher.introductions.repository import Introductions
from matcher.introductions.workflow import Move, propose
from matcher.mail.outbox import Outbox
from matcher.store import Store

TODAY = datetime.now(UTC).date()
MEETING = Consent("meeting", "herself, by e-mail", TODAY)
ENGLISH = language("en")
VALUES = {("a", "b"): 0.9, ("c", "d"): 0.8}


class Desk:
    """What staff have of an event tomorrow at which A and B meet."""

    def __init__(self, store: Store) -> None:
        self.database = store.database
        self.meetings, self.people = Meetings(self.database), People(self.database)
        self.mailing = Mailing(self.database, "https://match.example.org")
        self.event = an_event("fair")
        self.keep(self.event)

    def keep(self, event: Event) -> None:
        plan = freeze(schedule(event, VALUES, seconds=0.1))
        self.meetings.save(event, plan, version=self.meetings.add(event).version)

    def invite(self, key: str, address: str) -> None:
        self.mailing.write("fair", "invite", {key: address}, ENGLISH)

    def contact(self, email: str, consent: Consent = MEETING, name: str = "A. Example") -> int:
        return self.people.add(Person("a", name, email), consent)

    def told(self) -> list[str]:
        """Tell everybody of a plan that is new to them; gives who is written to."""
        stored = self.meetings.get("fair")
        fresh = stored.schedule.model_copy(update={"told": None})
        stored = self.meetings.save(stored.event, fresh, version=stored.version)
        return self.written(lambda: self.mailing.tell(stored, ENGLISH))

    def reminded(self) -> list[str]:
        return self.written(self.mailing.remind)

    def written(self, act) -> list[str]:
        before = {one.id for one in Outbox(self.database).last(50)}
        act()
        new = (one for one in Outbox(self.database).last(50) if one.id not in before)
        return sorted(one.recipient for one in new)


def an_event(key: str, **more: object) -> Event:
    begins = datetime.now(UTC) + timedelta(hours=20)
    return Event(
        id=key,
        title="Autumn fair",
        zone="Europe/Brussels",
        slots=(Slot(id="s1", start=begins, end=begins + timedelta(minutes=25)),),
        places=(Place(id="t1", name="Table 1"),),
        participants=(
            Participant(id="a", name="A cluster", country="UA"),
            Participant(id="b", name="B cluster", country="SK"),
        ),
        guests=SelfService(remind=1),
        **more,
    )


@pytest.fixture
def desk(database_url):
    with Store.open(database_url) as store:
        yield Desk(store)


def test_a_guest_and_a_contact_are_written_to_again_and_again(desk):
    desk.invite("a", "anna@example.org")
    desk.contact("office@example.org")
    both = ["anna@example.org", "office@example.org"]
    assert [desk.told(), desk.told(), desk.reminded()] == [both, both, both]


def test_of_those_who_share_an_address_one_who_consents_counts(desk):
    refuses = Consent("introduction", "himself, by e-mail", TODAY)
    desk.contact("office@example.org")
    desk.contact("office@example.org", refuses, name="Z. Example")
    assert desk.told() == ["office@example.org"]


def test_a_withdrawal_ends_letters_however_the_address_is_spelt(desk):
    desk.invite("a", "Anna@example.org")
    key = desk.contact("anna@example.org")
    assert desk.told() == ["anna@example.org"]
    desk.people.withdraw(key, "meeting", on=TODAY)
    assert desk.told() == []


def test_links_follow_a_corrected_address_and_go_with_their_person(desk):
    desk.invite("a", "Old@example.org")
    key = desk.contact("old@example.org", name="Aurelia Example")
    desk.people.change(key, Person("a", "Aurelia Example", "new@example.org"), on=TODAY)
    assert desk.told() == ["new@example.org"]
    desk.people.erase(key)
    assert desk.mailing.links.newest("fair") == {}
    assert desk.told() == []


def test_links_to_a_shared_address_stay_when_one_of_its_readers_is_corrected(desk):
    desk.invite("a", "office@example.org")
    key = desk.contact("office@example.org")
    desk.contact("office@example.org", name="B. Example")
    desk.people.change(key, Person("a", "A. Example", "anna@example.org"), on=TODAY)
    assert desk.told() == ["anna@example.org", "office@example.org"]
    desk.people.withdraw(key, "meeting", on=TODAY)
    assert desk.told() == ["office@example.org"]


def test_nobody_writes_to_an_account_that_is_erased(desk):
    accounts = Accounts(desk.database)
    desk.invite("a", "Anna@example.org")
    accounts.erase(accounts.add_staff("anna@example.org").id)
    assert desk.mailing.links.newest("fair") == {}
    assert desk.told() == []


def test_a_pair_that_declined_is_not_reminded_and_keeps_nobody_elses_reminder_back(desk):
    for key in "abcd":
        desk.people.add(Person(key, "A. Example", f"{key}@example.org"), MEETING)
    desk.meetings.delete("fair", version=desk.meetings.get("fair").version)
    more = [Participant(id=key, name=f"{key.upper()} cluster", country="PL") for key in "cd"]
    event = an_event("contrary", fixed=(FixedMeeting(a="a", b="b", slot="s1"),))
    table = Place(id="t2", name="Table 2")
    known = {"participants": (*event.participants, *more), "places": (*event.places, table)}
    desk.keep(event.model_copy(update={**known, "spare_share": 0}))
    introductions = Introductions(desk.database)
    one = introductions.add(propose("a", "b", purpose="Wine and software", on=TODAY))
    for state in ("vetted", "asked_a"):
        one = introductions.move(one.id, Move(TODAY, "staff", state), version=one.version)
    refusal = Move(TODAY, "a", "declined", reason="No use.", answer="no")
    introductions.move(one.id, refusal, version=one.version)
    assert [desk.reminded(), desk.reminded()] == [["c@example.org", "d@example.org"], []]

    # The office takes their meeting away by hand, and the event is sound again.
    stored = desk.meetings.get("contrary")
    assert [str(one) for one in misfits(stored.event, stored.schedule)] == [
        "A cluster and B cluster: one of them said no thanks or declined, and that always wins"
    ]
    away = Change(kind="remove", a="a", b="b")
    plan = make(stored.event, VALUES, stored.schedule, away)
    changed = propose_change(stored.event, stored.schedule, away).event
    saved = desk.meetings.save(changed, plan, version=stored.version)
    assert misfits(saved.event, saved.schedule) == ()
