"""A service full of hostile words: in every text of every record that it keeps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Flask
from test_security import XSS

from matcher.accounts.accounts import Accounts
from matcher.accounts.sessions import Sessions
from matcher.events.after import MeetingReport
from matcher.events.board import BoardLinks
from matcher.events.event import Event, slot_grid
from matcher.events.guest_links import GuestLinks, Issued
from matcher.events.papers import event_values
from matcher.events.repository import Meetings
from matcher.events.scheduler import schedule
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Move, propose
from matcher.matcher import Matcher
from matcher.planning.calls import Call, Calls
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.saved import SavedGroups
from matcher.profiles.profile import ClusterProfile
from matcher.web import create_app

MARK = "zqmark"
"""Stands in every hostile text, so that a test can tell that it was shown at all."""
TEXTS = (
    *(f"{text} {MARK}" for text in XSS if "\u2028" not in text),
    f'=HYPERLINK("http://evil.example","{MARK}")',
    f"+cmd|' /C calc'!{MARK}",
    f"-2+3+{MARK}",
    f"@SUM(1)*{MARK}",
    f"\uff1d1+{MARK}",
    f"[{MARK}](javascript:alert(1)) ![x](http://evil.example/x) <http://evil.example>",
    f"# {MARK}\\; `code` | table | ~~x~~",
    f"{MARK}; X-EVIL:1, ATTENDEE=mailto:evil@evil.example",
    f"{MARK} %0d%0aX-Evil: 1 \\r\\nX-Evil: 1 \\nATTENDEE:mailto:evil@evil.example",
    f"%s %(x)s {{0}} {{x}} {{{{x}}}} {MARK}",
    f"\u202e{MARK}\u2066",
    f"{MARK}'; DROP TABLE clusters; --",
)
LINES = f"{MARK}\r\nX-EVIL:1\r\nATTENDEE:mailto:evil@evil.example\n=1+1\n<script>alert(1)</script>"
SITE = f"https://evil.example/\"><script>alert('{MARK}')</script>"
MAIL = f"'onfocus='alert`1`'{{{{7*7}}}}{MARK}@evil.example"
"""As hostile as an address that letters can be sent to may be."""
DAY = date(2026, 3, 2)
EVENT = "hostile-event"
WAY = ("vetted", "asked_a", "asked_b", "agreed")


@dataclass(frozen=True)
class Hostile:
    """The application, a token for all of it, and what its addresses can name."""

    app: Flask
    token: str
    names: dict[str, list[str]]
    session: str
    guest: Issued


def stuffed(matcher: Matcher, settings: Any) -> Hostile:
    """Fill a matcher that may be changed, and serve it."""
    clusters = [cluster(number, text) for number, text in enumerate(TEXTS)]
    matcher.import_profiles(clusters)
    ids = [one.id for one in clusters]
    pairs = list(zip(ids[::2], ids[1::2], strict=False))
    introduce(matcher, pairs)
    guest = meet(matcher, clusters)
    groups, asked = SavedGroups(matcher.store.database), Conditions(topic=TEXTS[0])
    names = {
        "cluster_id": [ids[0], "ua-kharkiv-it-cluster", ids[11], ids[17]],
        "participant_id": ids[:3],
        "introduction_id": [str(number + 1) for number in range(len(pairs))],
        "person_id": [str(number + 1) for number in range(len(pairs))],
        "key": [matcher.store.drafts.add(one, days=1) for one in clusters[:3]],
        "a": ids[::2],
        "b": ids[1::2],
        "event_id": [EVENT],
        "group_key": [groups.add(asked, tuple(ids[:3]), days=1)],
        "call_id": [call(matcher)],
        "board_key": [BoardLinks(matcher.store.database).key(EVENT)],
        **{
            name: ["1"]
            for name in (
                *("job_id", "import_id", "account_id", "version_id", "letter_id"),
                "search_id",
            )
        },
        "code": ["internal"],
        "filename": ["site.css"],
    }
    token = matcher.store.tokens.create("t", _scopes())
    return Hostile(create_app(matcher, settings), token, names, session(matcher), guest)


def call(matcher: Matcher) -> str:
    """A call whose every text is hostile."""
    made = Call(
        title=TEXTS[0], programme=TEXTS[1], deadline=date(2099, 1, 1), link="https://evil.example/x"
    )
    Calls(matcher.store.database).save([made])
    return made.id


def session(matcher: Matcher) -> str:
    """The cookie of somebody of the staff."""
    database = matcher.store.database
    account, sessions = Accounts(database).add_staff("staff@example.org"), Sessions(database)
    with database.write() as connection:
        return sessions.begin(connection, account)


def _scopes() -> list[str]:
    from matcher.store.tokens import SCOPES

    return list(SCOPES)


def cluster(number: int, text: str) -> ClusterProfile:
    """A cluster of which every field that takes words has that text, and lists have them all."""
    country = "UA" if number % 2 else "PL"
    line = dict.fromkeys(("name", "native_name", "acronym", "region", "city"), text[:290])
    phrases = tuple(one[:190] for one in TEXTS)
    return ClusterProfile.model_validate(
        {
            "id": f"{country.lower()}-hostile-{number}",
            "country": country,
            **line,
            **dict.fromkeys(("technologies", "services", "offers", "seeks"), phrases),
            "description": f"{text}\n{LINES}",
            "website": SITE,
            "sources": (SITE,),
            "ecosystems": ("digital",),
            "lat": 50.0,
            "lon": 30.0,
        }
    )


def introduce(matcher: Matcher, pairs: list[tuple[str, str]]) -> None:
    """Introductions that both sides have agreed to, so that briefs name the contacts."""
    desk = Desk(matcher.store.database)
    for number, (a, b) in enumerate(pairs):
        text = TEXTS[number]
        person = Person(a, name=text, email=MAIL, position=text, phone="+32 2 123 45 67")
        desk.people.add(person, Consent("introduction", text, DAY))
        made = desk.introductions.add(propose(a, b, purpose=text, on=DAY))
        for step in WAY:
            move = Move(DAY, "staff", step, reason=text)
            made = desk.introductions.move(made.id, move, version=made.version)


def meet(matcher: Matcher, clusters: list[ClusterProfile]) -> Issued:
    """An event with a schedule, what was said of its meetings, and the link of a participant."""
    guests = clusters[:6]
    slots = slot_grid("Europe/Brussels", [(date(2026, 11, 12), time(9), time(12))], 25)
    event = Event.model_validate(
        {
            "id": EVENT,
            "title": TEXTS[0],
            "zone": "Europe/Brussels",
            "venue": TEXTS[11],
            "organiser": {"name": TEXTS[18], "email": f"'=&{{x}}{MARK}@evil.example"},
            "slots": [slot.model_dump() for slot in slots],
            "breaks": [
                {
                    "title": TEXTS[3],
                    "start": datetime(2026, 11, 12, 11, tzinfo=UTC),
                    "end": datetime(2026, 11, 12, 12, tzinfo=UTC),
                }
            ],
            "places": [
                {"id": f"p{number}", "name": TEXTS[number], "kind": kind, "link": link}
                for number, (kind, link) in enumerate(
                    [("table", None)] * 3 + [("online", SITE)] * 3
                )
            ],
            "participants": [
                {"id": one.id, "name": one.name, "country": one.country, "remote": one is guests[0]}
                for one in guests
            ],
            "wishes": [
                {"by": guests[0].id, "about": guests[1].id, "kind": "must_meet"},
                {"by": guests[2].id, "about": guests[3].id, "kind": "no_thanks"},
            ],
        }
    )
    meetings = Meetings(matcher.store.database)
    kept = meetings.add(event)
    plan = schedule(event, event_values(matcher, event), seconds=1)
    assert plan.meetings
    meetings.save(event, plan, version=kept.version)
    for one in guests:
        person = Person(one.id, name=TEXTS[2], email=MAIL, position=TEXTS[5])
        Desk(matcher.store.database).people.add(person, Consent("meeting", TEXTS[1], DAY))
    one = plan.meetings[0]
    meetings.record(
        MeetingReport(
            event_id=EVENT, a=one.a, b=one.b, by=one.a, attended=True, recorded_at=datetime.now(UTC)
        )
    )
    links = GuestLinks(matcher.store.database, "https://match.example.org")
    to_come = [slot.model_copy(update={"end": datetime.now(UTC)}) for slot in event.slots]
    lasting = event.model_copy(update={"slots": tuple(to_come)})
    with matcher.store.database.write() as connection:
        return links.issue(connection, lasting, one.a, MAIL, "en")
