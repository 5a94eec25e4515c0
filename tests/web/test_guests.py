"""Participants of an event serve themselves by a link, without an account."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient
from taking_part import browser, last_letter, sign_in

from matcher.accounts.accounts import Accounts
from matcher.config import Settings
from matcher.events.event import Event, Participant, Place, Slot, slot_grid
from matcher.events.mailing import Mailing
from matcher.events.repository import Meetings
from matcher.events.scheduler import freeze, schedule
from matcher.events.settings import SelfService
from matcher.i18n.languages import language
from matcher.introductions.contacts import Consent, People, Person
from matcher.mail.outbox import Outbox
from matcher.matcher import Matcher
from matcher.web import create_app

ONE, OTHER, THIRD = "ua-kharkiv-it-cluster", "sk-kosice-it-valley", "pl-infotech"
EVENT = "autumn-fair"
DESK = f"/staff/events/{EVENT}/guests"
MAIL = {ONE: "one@example.org", OTHER: "other@example.org", THIRD: "third@example.org"}
VALUES = {tuple(sorted((ONE, OTHER))): 0.9, tuple(sorted((ONE, THIRD))): 0.8}


def grid() -> tuple[Slot, ...]:
    """A morning that is always to come."""
    day = datetime.now(UTC).date() + timedelta(days=200)
    return slot_grid("Europe/Brussels", [(day, time(9), time(11))], 25, pause=5)


def running(first: int = -10) -> tuple[Slot, ...]:
    """Slots of which the first begins in so many minutes, and the others come next."""
    starts = [datetime.now(UTC) + timedelta(minutes=30 * n + first) for n in range(4)]
    return tuple(
        Slot(id=f"s{n}", start=at, end=at + timedelta(minutes=25)) for n, at in enumerate(starts)
    )


def fair(slots: tuple[Slot, ...], **more: Any) -> Event:
    return Event(
        id=EVENT,
        title="Autumn fair",
        zone="Europe/Brussels",
        slots=slots,
        places=(Place(id="o1", name="Room 1", kind="online"),),
        spare_share=0,
        participants=(
            Participant(id=ONE, name="Kharkiv IT Cluster", country="UA", zone="Europe/Kyiv"),
            Participant(id=OTHER, name="Košice IT Valley", country="SK"),
            Participant(id=THIRD, name="InfoTech", country="PL", maximum=1),
        ),
        **more,
    )


@pytest.fixture
def app(own: Matcher, own_settings: Settings) -> Flask:
    return create_app(own, own_settings)


@pytest.fixture
def meetings(own: Matcher) -> Meetings:
    return Meetings(own.store.database)


@pytest.fixture
def staff(app: Flask, own: Matcher) -> FlaskClient:
    Accounts(own.store.database).add_staff("staff@example.org")
    client = browser(app)
    sign_in(client, own, "staff@example.org")
    return client


def held(meetings: Meetings, event: Event) -> Event:
    """Keep an event with its schedule."""
    kept = meetings.add(event)
    return meetings.save(event, schedule(event, VALUES, seconds=0.2), version=kept.version).event


def letters(staff: FlaskClient, act: str, *who: str) -> None:
    form = {"act": act, "who": list(who), "participant": [*MAIL], "email": [*MAIL.values()]}
    answer = staff.post(DESK, data=form | {"language": "en"})
    assert answer.status_code == 303, answer.text


class Guest:
    """A participant with the link of its last letter."""

    def __init__(self, app: Flask, matcher: Matcher, whose: str) -> None:
        letter = last_letter(matcher, MAIL[whose])
        self.page = re.findall(r"/participant\?t=\S+", letter)[0]
        self.calendar = next(iter(re.findall(r"/participant\.ics\?t=\S+", letter)), "")
        self.client = browser(app)

    def read(self, more: str = "") -> str:
        answer = self.client.get(self.page + more)
        assert answer.status_code == 200, answer.text
        return answer.text

    def does(self, act: str, status: int = 303, **form: Any) -> str:
        data = {"t": self.page.partition("t=")[2], "act": act, **form}
        answer = self.client.post("/participant", data=data)
        assert answer.status_code == status, answer.text
        return answer.text

    def items(self) -> dict[str, Any]:
        """The calendar, opened by two parsers that must agree."""
        content = self.client.get(self.calendar).data
        items = {
            str(one["UID"]): one for one in icalendar.Calendar.from_ical(content).walk("VEVENT")
        }
        second = {
            one.uid.value: (one.status.value, int(one.sequence.value), one.dtstart.value)
            for one in getattr(vobject.readOne(content.decode()), "vevent_list", ())
        }
        assert second == {
            key: (str(one["STATUS"]), one["SEQUENCE"], one.decoded("DTSTART"))
            for key, one in items.items()
        }
        return items


def test_a_participant_chooses_within_the_limits(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    meetings.add(fair(grid(), guests=SelfService(musts=1, no_thanks=1)))
    letters(staff, "invite", ONE, OTHER)
    one, other = Guest(app, own, ONE), Guest(app, own, OTHER)
    page = one.read()
    assert "Košice IT Valley" in page
    assert "InfoTech" in one.read("&q=infotec")
    one.does("wishes", about=OTHER, wish="must_meet")
    assert "as many such choices" in one.does("wishes", 422, about=THIRD, wish="must_meet")
    one.does("wishes", about=OTHER, wish="")
    one.does("wishes", about=THIRD, wish="must_meet")
    full = other.does("wishes", 422, about=THIRD, wish="must_meet")
    assert "all the meetings that this participant can take" in full
    other.does("wishes", about=THIRD, wish="meet")
    before = one.read()
    other.does("wishes", about=ONE, wish="no_thanks")
    assert one.read() == before  # nobody sees who declined whom
    one.does("wishes", 422, about="nobody", wish="meet")
    assert {(w.by, w.about, w.kind) for w in meetings.get(EVENT).event.wishes} == {
        (ONE, THIRD, "must_meet"),
        (OTHER, THIRD, "meet"),
        (OTHER, ONE, "no_thanks"),
    }
    one.does("presence", comes="09:30", leaves="10:30")
    for comes, leaves in (("08:00", "10:00"), ("10:00", "09:30"), ("9.3", "10:00"), ("", "")):
        one.does("presence", 422, comes=comes, leaves=leaves)
    assert 'value="09:30"' in one.read()
    one.does("profile", zone="Europe/Kyiv", delegates=["director", "hacker"], remote="yes")
    one.does("profile", 422, zone="Nowhere")
    one.does("person", 422, name="A. Example")
    one.does("person", name="A. Example", position="Head", consent="yes")
    changed = meetings.get(EVENT).event.by_id[ONE]
    assert (changed.delegates, changed.remote) == (("director",), True)
    assert len(changed.available or ()) == 1
    assert "details looked through" in staff.get(DESK).text
    today = datetime.now(UTC).date()
    occasion = meetings.next_together(ONE, OTHER, today)
    assert occasion is not None
    assert occasion.title == "Autumn fair"
    assert meetings.next_together(ONE, OTHER, today + timedelta(days=300)) is None
    assert meetings.next_together(ONE, "somebody-else", today) is None
    closed = {"act": "settle", "may": ["late"], "musts": "1", "no_thanks": "1"}
    assert staff.post(DESK, data=closed).status_code == 303
    assert "Whom you want to meet" not in one.read()
    assert "have closed this" in one.does("wishes", 422, about=OTHER, wish="meet")
    ended = closed | {"may": ["wishes", "feedback"], "until": "2020-01-01"}
    assert staff.post(DESK, data=ended).status_code == 303
    assert "have closed this" in one.does("wishes", 422, about=OTHER, wish="meet")
    assert staff.post(DESK, data=closed | {"musts": "-1"}).status_code == 422


def test_meetings_are_always_current_from_provisional_to_cancelled(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    held(meetings, fair(grid()))
    warned = staff.get(DESK).text
    assert "2 online meetings have no link" in warned
    pattern = "https://meet.example.org/fair-{meeting}"
    staff.post(DESK, data={"act": "video", "links": f"{pattern}\nhttps://meet.example.org/x"})
    assert not meetings.get(EVENT).event.video.given
    staff.post(DESK, data={"act": "video", "links": pattern})
    assert "no link" not in staff.get(DESK).text
    letters(staff, "agenda", ONE, THIRD)
    one, third = Guest(app, own, ONE), Guest(app, own, THIRD)
    third.does("person", name="B. Example", position="Chair", consent="yes")
    links = meetings.get(EVENT).event.video.links
    assert len(set(links.values())) == 2
    page = one.read()
    for part in (
        *links.values(),
        "B. Example, Chair",
        f"/pairs/{ONE}/{OTHER}/brief",
        "Provisional",
    ):
        assert part in page
    assert "Kharkiv" in last_letter(own, MAIL[THIRD])
    first = one.items()
    assert {str(item["STATUS"]) for item in first.values()} == {"TENTATIVE"}
    assert {str(item["URL"]) for item in first.values()} == set(links.values())
    for item in first.values():
        (alarm,) = item.walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(minutes=-10)
    stored = meetings.get(EVENT)
    assert stored.schedule is not None
    meetings.save(stored.event, freeze(stored.schedule), version=stored.version)
    second = one.items()
    assert {str(item["STATUS"]) for item in second.values()} == {"CONFIRMED"}
    assert all(second[key]["SEQUENCE"] > first[key]["SEQUENCE"] for key in first)
    fixed = one.does("wishes", 422, about=THIRD, wish="no_thanks")
    assert "Your meetings are fixed by now" in fixed
    token = own.store.tokens.create("desk", ["staff"])
    headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{stored.version + 1}"'}
    body = {"seconds": 0.2, "cancel": [THIRD]}
    answer = app.test_client().post(f"/api/v1/events/{EVENT}/schedule", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    wait_for(app, token, answer.json["id"])
    third_page = third.client.get(third.page).text
    assert "do not take part in this event any more" in third_page
    last = one.items()
    statuses = {key: str(item["STATUS"]) for key, item in last.items()}
    assert sorted(statuses.values()) == ["CANCELLED", "CONFIRMED"]
    (gone,) = [key for key, status in statuses.items() if status == "CANCELLED"]
    assert last[gone]["SEQUENCE"] > second[gone]["SEQUENCE"]
    assert meetings.get(EVENT).event.video.links == links


def wait_for(app: Flask, token: str, job: str) -> None:
    client = app.test_client()
    for _ in range(2000):
        state = client.get(f"/api/v1/jobs/{job}", headers={"Authorization": f"Bearer {token}"}).json
        if state["state"] not in ("waiting", "running"):
            assert state["state"] == "done", state
            return
    pytest.fail("the job takes too long")


def test_on_the_day_and_after_it(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    held(meetings, fair(running()))
    letters(staff, "remind", *MAIL)
    one = Guest(app, own, ONE)
    today, people = datetime.now(UTC).date(), People(own.store.database)
    for key in (OTHER, THIRD):
        office = Person(key, "O. Example", f"office-{key}@example.org")
        people.add(office, Consent("meeting", "herself, by e-mail", today))
    mine = {m.other(ONE): m.slot for m in meetings.get(EVENT).schedule.of(ONE)}
    now_with, later_with = sorted(mine, key=lambda key: mine[key])
    one.does("late", about=later_with, minutes="10")
    for address in (MAIL[later_with], f"office-{later_with}@example.org"):
        assert "Kharkiv IT Cluster is 10 minutes late" in subjects(own, address)
    assert "already" in one.does("late", 422, about=later_with, minutes="10")
    one.does("late", 422, about=later_with, minutes="99")
    assert "10 minutes late" in Guest(app, own, later_with).read()
    assert "10 minutes" in staff.get(DESK).text
    one.does("feedback", about=now_with, attended="yes", rating="5", again="yes")
    if mine[later_with] != "s0":
        assert "not begun" in one.does("feedback", 422, about=later_with, attended="yes")
    one.does("feedback", 422, about="nobody", attended="yes")
    (report,) = meetings.reports(EVENT)
    assert (report.by, report.rating, report.second_meeting) == (ONE, 5, True)
    assert "Told" in one.read()


def subjects(matcher: Matcher, to: str) -> list[str]:
    return [one.subject for one in Outbox(matcher.store.database).last(50) if one.recipient == to]


def test_all_who_let_us_write_are_reminded_once_when_the_time_has_come(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    mailing, people = (
        Mailing(own.store.database, "http://here.example.org"),
        People(own.store.database),
    )
    refuses = Consent("introduction", "herself, by e-mail", datetime.now(UTC).date())
    people.add(Person(THIRD, "C. Example", MAIL[THIRD]), refuses)
    for slots, reminded in ((grid(), 0), (running(180), 1)):
        held(meetings, fair(slots))
        settled = {"act": "settle", "may": ["late"], "musts": "1", "no_thanks": "1", "remind": "1"}
        assert staff.post(DESK, data=settled).status_code == 303
        letters(staff, "invite", *MAIL)
        staff.post(DESK, data={"act": "withdraw", "who": OTHER})
        assert mailing.remind() == 0  # the schedule may still change
        stored = meetings.get(EVENT)
        assert stored.schedule is not None
        meetings.save(stored.event, freeze(stored.schedule), version=stored.version)
        assert mailing.remind() == reminded
        assert mailing.remind() == 0
        page = staff.get(DESK).text
        assert ("All whom we may write to were reminded." in page) == bool(reminded)
        assert "Kharkiv IT Cluster: no contact consents" not in page
        for name in ("Košice IT Valley", "InfoTech"):
            assert f"{name}: no contact consents to letters about meetings." in page
        _, told = mailing.tell(meetings.get(EVENT), language("en"))
        assert told.letters == {ONE: 1, OTHER: 0, THIRD: 0}
        assert sorted(one.id for one in told.without) == sorted((OTHER, THIRD))
        meetings.delete(EVENT, version=meetings.get(EVENT).version)
    assert "Reminder: your meetings at Autumn fair" in subjects(own, MAIL[ONE])


def test_a_withdrawn_link_says_so_and_opens_nothing(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    held(meetings, fair(grid()))
    letters(staff, "agenda", ONE, OTHER)
    one, other = Guest(app, own, ONE), Guest(app, own, OTHER)
    assert one.page.partition("t=")[2] not in one.read().partition("participant.ics")[2][:100]
    assert staff.post(DESK, data={"act": "withdraw", "who": ONE}).status_code == 303
    gone = one.client.get(one.page)
    assert gone.status_code == 410
    assert "This link was withdrawn" in gone.text
    assert "Košice" not in gone.text
    assert "was withdrawn" in one.does("wishes", 410, about=OTHER, wish="meet")
    assert one.client.get(one.calendar).status_code == 410
    unknown = one.client.get("/participant?t=nothing")
    assert unknown.status_code == 410
    assert "was withdrawn" not in unknown.text
    other.read()
    letters(staff, "invite", ONE)
    Guest(app, own, ONE).read()
    for text in (one.calendar, one.page, other.page):
        assert "example.org" not in text.partition("?")[2]
        assert ONE not in text
    meetings.delete(EVENT, version=meetings.get(EVENT).version)
    assert other.client.get(other.page).status_code == 410


def test_an_erasure_takes_a_guest_and_its_links(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    held(meetings, fair(grid()))
    letters(staff, "invite", ONE)
    one = Guest(app, own, ONE)
    one.does("person", name="Aurelia Example", position="Head", consent="yes")
    account = browser(app)
    sign_in(account, own, MAIL[ONE].title())
    (link,) = account.get("/account/data.json").json["participant_links"]
    assert (link["event_id"], link["participant_id"]) == (EVENT, ONE)
    assert {"digest", "calendar"}.isdisjoint(link)
    people = People(own.store.database)
    (key,) = people.of_cluster(ONE, "meeting")
    people.erase(key)
    assert one.client.get(one.page).status_code == 410
    assert MAIL[ONE] not in staff.get(DESK).text


def test_a_guest_that_names_somebody_no_more_is_still_written_to(
    app: Flask, own: Matcher, staff: FlaskClient, meetings: Meetings
) -> None:
    held(meetings, fair(grid()))
    letters(staff, "invite", ONE)
    one, people = Guest(app, own, ONE), People(own.store.database)
    mailing = Mailing(own.store.database, "http://here.example.org")
    for unname, count in ((True, 1), (False, 0)):
        one.does("person", name="A. Example", position="Head", consent="yes")
        (key,) = people.of_cluster(ONE, "meeting")
        if unname:
            one.does("unname", person=key)
        else:  # by staff: the person wants no letters
            people.withdraw(key, "meeting", on=datetime.now(UTC).date())
        stored = meetings.get(EVENT)
        fresh = stored.schedule and stored.schedule.model_copy(update={"told": None})
        stored = meetings.save(stored.event, fresh, version=stored.version)
        _, told = mailing.tell(stored, language("en"))
        assert told.letters[ONE] == count


def test_pages_and_calendars_keep_their_budgets(
    app: Flask,
    own: Matcher,
    matcher: Matcher,
    staff: FlaskClient,
    meetings: Meetings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    west = [one for one in matcher.public if one.group == "EU"][:120]
    crowd = tuple(Participant(id=one.id, name=one.name, country=one.country) for one in west)
    base = fair(grid())
    people = (base.participants[0], *(one for one in crowd if one.id not in base.by_id))
    held(meetings, base.model_copy(update={"participants": people}))
    letters(staff, "invite", ONE)
    one, told = Guest(app, own, ONE), 0
    explain = Matcher.explain

    def counted(self: Matcher, *args: Any, **options: Any) -> Any:
        nonlocal told
        told += 1
        return explain(self, *args, **options)

    monkeypatch.setattr(Matcher, "explain", counted)
    page = one.read("&lang=uk")
    assert told <= 8 + 4
    assert len(page) < 60_000
    told = 0
    calendar = re.findall(r'href="[^"]*(/participant\.ics[^"]+)"', page)[0]
    assert one.client.get(calendar).status_code == 200
    assert told == 0
