"""The day of an event over HTTP: meetings by hand, telling, arrivals, the wall, badges, files."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from support import job_ended
from test_events_api import EVENTS, KHARKIV, KOSICE, LVIV, PEOPLE, Desk, desk

from matcher.accounts.accounts import Accounts, account_of
from matcher.accounts.sessions import Sessions
from matcher.introductions.contacts import Consent, People, Person
from matcher.mail.outbox import Outbox
from matcher.matcher import Matcher

__all__ = ["desk"]
FIRST, SECOND = "1-0900", "1-0930"
WISHES = f"""participant,other,wish
{KHARKIV},{KOSICE},must_meet
{KHARKIV},{LVIV},no_thanks
{LVIV},{KOSICE},no_thanks
"""
PAIR = {"a": KHARKIV, "b": KOSICE}


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """Kharkiv and Košice meet in one of two slots at the only table."""
    desk.fill(participants=PEOPLE, wishes=WISHES.encode())
    desk.schedule(2)
    (meeting,) = desk.read().json["schedule"]["meetings"]
    if meeting["slot"] != FIRST:
        desk.send("POST", f"{EVENTS}/small/meetings", {**PAIR, "kind": "move", "slot": FIRST}, 3)
    return desk


def changed(desk: Desk, version: int, **wish: Any) -> Any:
    return desk.send("POST", f"{EVENTS}/small/meetings", {**PAIR, **wish}, version)


def test_a_meeting_is_moved_by_hand_unless_a_rule_or_a_colleague_says_no(planned: Desk) -> None:
    version = planned.read().json["version"]
    wish = {"kind": "move", "slot": SECOND}
    seen = changed(planned, version, **wish, preview=True).json
    assert (seen["made"], seen["refused"], seen["version"]) == (False, [], version)
    assert planned.read().json["version"] == version
    made = changed(planned, version, **wish)
    assert (made.status_code, made.headers["ETag"]) == (200, f'"{version + 1}"')
    (meeting,) = planned.read().json["schedule"]["meetings"]
    assert (meeting["slot"], meeting["fixed"]) == (SECOND, True)
    late = changed(planned, version, kind="remove")
    assert late.status_code == 412
    assert f"is now at version {version + 1}" in late.json["detail"]
    no_thanks = {"kind": "add", "a": LVIV, "b": KHARKIV, "slot": FIRST}
    refused = changed(planned, version + 1, **no_thanks)
    assert refused.status_code == 422
    assert "no thanks" in refused.json["errors"][0]["message"]
    assert (
        changed(planned, version + 1, **no_thanks, preview=True).json["refused"]
        == refused.json["errors"]
    )
    taken = changed(planned, version + 1, kind="add", a=LVIV, b=KOSICE, slot=SECOND, place="t1")
    assert "is given to 2 meetings" in str(taken.json["errors"])
    assert "has 2 meetings in slot" in str(taken.json["errors"])


def test_what_is_over_is_closed_to_hands_and_machine(planned: Desk) -> None:
    version = planned.read().json["version"]
    noon = planned.event["slots"][1]["start"]
    planned.schedule(version, freeze=True, not_before=noon)
    answer = planned.read().json
    assert (answer["schedule"]["state"], answer["schedule"]["settled"]) == ("provisional", noon)
    assert planned.read(f"/openings?not_before={noon}").json == {"meetings": []}
    assert planned.read("/openings?not_before=noon").status_code == 422
    late = changed(planned, version + 1, kind="remove")
    assert "is over" in late.json["errors"][0]["message"]
    planned.schedule(version + 1, cancel=[KOSICE], refill=True)
    (meeting,) = planned.read().json["schedule"]["meetings"]
    assert (meeting["a"], meeting["b"], meeting["slot"]) == (KOSICE, KHARKIV, FIRST)
    said = {"event_id": "small", **PAIR, "by": KHARKIV, "attended": True, "rating": 4}
    assert planned.send("POST", "/api/v1/feedback", said).status_code == 200
    planned.schedule(version + 2, unfreeze=True)
    assert planned.read().json["schedule"]["settled"] is None


def test_who_must_be_told_is_told_once_by_letter_or_named(planned: Desk, own: Matcher) -> None:
    answer = planned.read().json
    assert [one["id"] for one in answer["to_tell"]] == [KHARKIV, KOSICE]
    people = People(own.store.database)
    person = Person(KHARKIV, "Ann Example", "ann@example.org")
    key = people.add(person, Consent("meeting", "herself", date(2026, 11, 1)))
    wish = {"language": "uk"}
    told = planned.send("POST", f"{EVENTS}/small/notices", wish, answer["version"]).json
    assert told["letters"] == {KHARKIV: 1, KOSICE: 0}
    assert [one["name"] for one in told["without"]] == ["Košice IT Valley"]
    (letter,) = Outbox(own.store.database).last(5)
    assert letter.recipient == "ann@example.org"
    assert "Košice IT Valley · Table 1" in letter.text
    assert letter.language == "uk"
    assert planned.read().json["to_tell"] == []
    changed(planned, told["version"], kind="move", slot=SECOND)
    stale = planned.send("POST", f"{EVENTS}/small/notices", wish, told["version"])
    assert stale.status_code == 412
    assert len(Outbox(own.store.database).last(5)) == 1
    planned.send("POST", f"{EVENTS}/small/notices", wish, told["version"] + 1)
    assert len(Outbox(own.store.database).last(5)) == 2
    people.withdraw(key, "meeting", on=date(2026, 11, 2))
    changed(planned, told["version"] + 2, kind="remove")
    last = planned.send("POST", f"{EVENTS}/small/notices", {}, told["version"] + 3).json
    assert last["letters"] == {KHARKIV: 0, KOSICE: 0}


def test_a_helper_notes_arrivals_and_nothing_else(planned: Desk, own: Matcher) -> None:
    version = planned.read().json["version"]
    token = own.store.tokens.create("door", ["check-in"])
    headers, path = {"Authorization": f"Bearer {token}"}, f"{EVENTS}/small/arrivals"

    def note(key: str, here: bool) -> Any:
        return planned.client.put(f"{path}/{key}", json={"here": here}, headers=headers)

    first = note(KHARKIV, here=True).json["guests"]
    assert {one["id"] for one in first if one["since"]} == {KHARKIV}
    assert note(KHARKIV, here=True).json["guests"] == first
    assert not any(one["since"] for one in note(KHARKIV, here=False).json["guests"])
    assert note("nobody", here=True).status_code == 404
    assert planned.client.get(f"{EVENTS}/small", headers=headers).status_code == 403
    assert planned.send("PUT", f"{path}/{KOSICE}", {"here": True}).status_code == 200
    assert planned.read().json["version"] == version
    planned.send("DELETE", f"{EVENTS}/small", version=version)
    planned.send("POST", EVENTS, planned.event)
    planned.fill(1, participants=PEOPLE)
    guests = planned.client.get(path, headers=headers).json["guests"]
    assert [one["since"] for one in guests] == [None, None, None]


def test_the_wall_shows_an_event_to_who_has_its_link(planned: Desk) -> None:
    key = planned.read().json["board"]
    page = planned.client.get(f"/board/{key}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert 'http-equiv="refresh"' in page.text
    assert "<script" not in page.text
    assert planned.client.get(f"/board/{key[:-2]}xx").status_code == 404
    assert planned.client.get("/board/small").status_code == 404


def test_badges_are_legible_in_four_scripts(desk: Desk) -> None:
    names = ["Košice IT Valley", "Харківський ІТ-кластер", "ქართული კლასტერი", "Ինժեների կենտրոն"]
    rows = "".join(f"{name},p{n},UA\n" for n, name in enumerate(names))
    desk.fill(participants=f"name,id,country\n{rows}".encode())
    answer = desk.read("/badges?language=uk")
    assert answer.content_type == "application/pdf"
    (page,) = PdfReader(BytesIO(answer.data)).pages
    text = page.extract_text()
    assert all(name in text for name in names)
    assert text.count("Україна") == len(names)


def test_staff_who_signed_in_begin_long_work(
    planned: Desk, own: Matcher, client_of_staff: FlaskClient
) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "If-Match": f'"{planned.read().json["version"]}"'}
    begun = client_of_staff.post(f"{EVENTS}/small/schedule", json={"freeze": True}, headers=headers)
    assert job_ended(client_of_staff, begun, {})["result"]["schedule"] == "frozen"


@pytest.fixture
def client_of_staff(planned: Desk, own: Matcher) -> FlaskClient:
    """A browser in which a member of staff has signed in."""
    Accounts(own.store.database).add_staff("desk@example.org")
    with own.store.database.write() as connection:
        account = account_of(connection, "desk@example.org", "en")
        cookie = Sessions(own.store.database).begin(connection, account)
    client = planned.client.application.test_client()
    client.set_cookie("session", cookie)
    return client
