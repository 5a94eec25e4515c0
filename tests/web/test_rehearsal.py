"""Staff at work, all through the API: plan, ask, agree, brief, event, agendas, outcomes."""

import io
from datetime import UTC, date, datetime, time
from typing import Any
from zipfile import ZipFile

import icalendar
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from support import job_ended, on_all

from matcher.config import Settings
from matcher.events.event import slot_grid
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http.context import today

API = "/api/v1"
PEOPLE = 40


class Staff:
    """Calls the API with a token of staff."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **options: Any) -> Any:
        return self._client.get(f"{API}{path}", headers=self._headers, **options)

    def post(self, path: str, body: object, *, tag: str | None = None) -> Any:
        headers = self._headers | ({"If-Match": tag} if tag else {})
        return self._client.post(f"{API}{path}", json=body, headers=headers)

    def send(self, method: str, path: str, **options: Any) -> Any:
        return self._client.open(f"{API}{path}", method=method, headers=self._headers, **options)

    def work(self, path: str, body: object, *, tag: str | None = None) -> Any:
        """What comes of long work."""
        job = job_ended(self._client, self.post(path, body, tag=tag), self._headers)
        assert job["problem"] is None, job
        return job["result"]


@pytest.fixture
def staff(own: Matcher, own_settings: Settings) -> Staff:
    return Staff(
        create_app(own, own_settings).test_client(), own.store.tokens.create("desk", ["staff"])
    )


def draft(staff: Staff, a: str, b: str) -> Any:
    return staff.post("/introductions", {"a": a, "b": b, "purpose": "A joint bid"})


def move(staff: Staff, answer: Any, /, **step: str) -> Any:
    """The next step, from the version that the answer before was tagged with."""
    key, tag = answer.json["id"], answer.headers["ETag"]
    return staff.post(f"/introductions/{key}/moves", step, tag=tag)


def event_of(matcher: Matcher, *pair: str) -> dict[str, Any]:
    """Forty clusters, half of the EaP and half of the EU, one morning at fifteen tables.

    The pair must meet.
    """
    sides: dict[str | None, list[Any]] = {"EaP": [], "EU": []}
    for cluster in sorted(matcher.clusters, key=lambda one: one.id not in pair):
        if cluster.group in sides and "digital" in cluster.ecosystems:
            sides[cluster.group].append(cluster)
    guests = [*sides["EaP"][: PEOPLE // 2], *sides["EU"][: PEOPLE // 2]]
    assert len(guests) == PEOPLE
    slots = slot_grid("Europe/Brussels", [(date(2026, 11, 12), time(9), time(12))], 25, pause=5)
    east, west = pair or (guests[0].id, guests[-1].id)
    return {
        "id": "brussels-2026",
        "title": "Matchmaking day",
        "zone": "Europe/Brussels",
        "slots": [slot.model_dump(mode="json") for slot in slots],
        "places": [{"id": f"table-{n}", "name": f"Table {n}"} for n in range(1, 16)],
        "participants": [
            {"id": one.id, "name": one.name, "country": one.country, "minimum": 1, "maximum": 4}
            for one in guests
        ],
        "wishes": [
            {"by": east, "about": west, "kind": "must_meet"},
            {"by": guests[1].id, "about": guests[-2].id, "kind": "meet"},
            {"by": guests[-2].id, "about": guests[1].id, "kind": "no_thanks"},
        ],
    }


def pairs(schedule: dict[str, Any]) -> set[tuple[str, str]]:
    return {(meeting["a"], meeting["b"]) for meeting in schedule["meetings"]}


@on_all
def test_from_the_plan_to_the_outcome(staff: Staff, own: Matcher) -> None:
    # Plan.
    digital = [one for one in own.clusters if "digital" in one.ecosystems]
    wish = {
        "askers": [one.id for one in digital if one.country == "UA"][:5],
        "targets": [one.id for one in digital if one.country in ("SK", "RO")][:6],
        "asker_limits": {"at_most": 1},
        "target_limits": {"at_most": 1},
    }
    plan = staff.work("/introductions:plan", wish)
    assert plan["method"] == "exact"
    assert len(plan["introductions"]) == plan["spread"]["introductions"] == 5
    a, b = (plan["introductions"][0][side]["id"] for side in "ab")

    # Ask and agree, one after the other; contacts stay away until both have said yes.
    person = {"cluster": a, "name": "Olena K.", "email": "olena@one.example"}
    consent = {"purpose": "introduction", "given_by": "herself, by e-mail"}
    assert staff.post("/people", {**person, "consent": consent}).status_code == 200
    answer = draft(staff, a, b)
    assert answer.json["legal_moves"] == ["vetted", "declined", "expired"]
    path = f"/introductions/{answer.json['id']}"
    answer = move(staff, move(staff, answer, to="vetted"), to="asked_a")
    assert "\nOlha" in staff.get(f"{path}/letters?sender=Olha").json["ask_a"]["text"]
    letters = staff.get(f"{path}/letters").json
    assert letters["joint"] is None
    assert letters["ask_a"]["text"].rstrip().endswith("The networking team")
    assert "olena@one.example" not in staff.get(f"{path}/brief?format=md").text
    answer = move(staff, answer, to="asked_b", role="a", reason="Gladly")
    answer = move(staff, answer, to="agreed", role="b")
    assert (answer.json["consent_a"], answer.json["consent_b"]) == (True, True)

    # Brief and introduce.
    page = staff.get(f"{path}/brief?language=ro")
    assert page.headers["Content-Disposition"] == f"attachment; filename={a}--{b}.pdf"
    assert "olena@one.example" in PdfReader(io.BytesIO(page.data)).pages[0].extract_text()
    assert "olena@one.example" in staff.get(f"{path}/letters").json["joint"]["text"]
    answer = move(staff, answer, to="introduced")
    again = staff.work("/introductions:plan", wish)
    assert (a, b) not in {(p["a"]["id"], p["b"]["id"]) for p in again["introductions"]}

    # Event of forty clusters.
    event = event_of(own, a, b)
    added = staff.post("/events", event)
    assert added.json["schedule"] is None
    wish = {"seconds": 0.5}
    line = staff.work("/events/brussels-2026/schedule", wish, tag=added.headers["ETag"])
    planned = staff.get("/events/brussels-2026")
    assert line == staff.get("/events").json["events"][0]
    schedule = planned.json["schedule"]
    met = pairs(schedule)
    must, refused = (event["wishes"][n] for n in (0, 1))
    assert tuple(sorted((must["by"], must["about"]))) in met
    assert tuple(sorted((refused["by"], refused["about"]))) not in met
    assert all(1 <= load["meetings"] <= 4 for load in schedule["loads"])
    assert {one["code"] for one in schedule["missed"]} == {"no_thanks"}

    # Somebody cancels: few meetings move; then the schedule is final.
    lost = event["participants"][2]["id"]
    wish = {"seconds": 0.5, "cancel": [lost], "freeze": True}
    staff.work("/events/brussels-2026/schedule", wish, tag=planned.headers["ETag"])
    final = staff.get("/events/brussels-2026").json
    assert final["schedule"]["state"] == "frozen"
    assert {pair for pair in met if lost not in pair} <= pairs(final["schedule"])

    # Agendas.
    one, other = sorted((must["by"], must["about"]))
    calendar = icalendar.Calendar.from_ical(staff.get(f"/events/brussels-2026/agendas/{one}").data)
    own_meetings = [pair for pair in pairs(final["schedule"]) if one in pair]
    assert len(calendar.walk("VEVENT")) == len(own_meetings)
    with ZipFile(io.BytesIO(staff.get("/events/brussels-2026/agendas").data)) as archive:
        names = set(archive.namelist())
    assert {f"participants/{one}.{form}" for form in ("ics", "xlsx", "pdf")} <= names
    assert f"withdrawn/{lost}.ics" in names
    assert "schedule.xlsx" in names

    # Outcomes.
    said = {"event_id": "brussels-2026", "a": other, "b": one, "attended": True, "rating": 5}
    assert staff.post("/feedback", {**said, "by": one, "outcome": "mou"}).status_code == 200
    assert staff.post("/feedback", {**said, "by": other, "rating": 4}).status_code == 200
    (pair,) = staff.get("/feedback?event_id=brussels-2026").json["pairs"]
    assert (pair["pair"], pair["rating"], pair["outcome"]) == ([one, other], 4.5, "mou")
    told = staff.get(f"/introductions/{answer.json['id']}").json
    assert (told["state"], told["outcome"]) == ("outcome", "mou")
    figures = staff.get("/introductions:conversion").json
    assert (figures["reached"]["met"], figures["outcomes"]["mou"], figures["share"]) == (1, 1, 1)
    log = [entry.action for entry in own.store.audit.last(50)]
    assert log.count("move introduction") == 5
    assert {"add event", "schedule event", "record feedback", "draft introduction"} <= set(log)
    assert {entry.who for entry in own.store.audit.last(50)} == {"desk"}


def test_nobody_overwrites_the_step_of_somebody_else(staff: Staff) -> None:
    answer = draft(staff, "ua-kharkiv-it-cluster", "sk-kosice-it-valley")
    path, tag = f"/introductions/{answer.json['id']}/moves", answer.headers["ETag"]
    bare = staff.post(path, {"to": "vetted"})
    assert (bare.status_code, bare.json["type"]) == (428, "/problems/version-needed")
    assert staff.post(path, {"to": "vetted"}, tag=tag).status_code == 200
    late = staff.post(path, {"to": "declined", "answer": "no"}, tag=tag)
    assert (late.status_code, late.json["type"]) == (412, "/problems/version-outdated")
    assert "version 2" in late.json["detail"]
    for other in ("*", '"x"', '"1", "2"'):
        assert staff.post(path, {"to": "asked_a"}, tag=other).status_code in (412, 428)
    assert staff.get(f"/introductions/{answer.json['id']}").json["state"] == "vetted"


def test_many_take_a_step_at_once_and_those_that_cannot_are_named(staff: Staff) -> None:
    first = draft(staff, "ua-kharkiv-it-cluster", "sk-kosice-it-valley").json
    other = draft(staff, "ua-lviv-it-cluster", "pl-infotech").json
    seen = [{"id": one["id"], "version": one["version"]} for one in (first, other)]
    ghost = {"id": 999, "version": 1}
    answer = staff.post("/introductions:move", {"introductions": [*seen, ghost], "to": "vetted"})
    assert answer.json["moved"] == [first["id"], other["id"]]
    assert [one["where"] for one in answer.json["refused"]] == ["introduction 999"]
    late = staff.post("/introductions:move", {"introductions": seen, "to": "asked_a"}).json
    assert late["moved"] == []
    assert all("version 2" in one["message"] for one in late["refused"])
    for step in ("asked_a", "asked_b"):
        for one in seen:
            one["version"] += 1
        assert staff.post("/introductions:move", {"introductions": seen, "to": step}).json["moved"]
    for one in seen:
        one["version"] += 1
    yes = {"introductions": seen, "to": "agreed"}
    assert staff.post("/introductions:move", yes).json["errors"][0]["field"] == "reason"
    said = staff.post("/introductions:move", {**yes, "reason": "both by telephone"}).json
    assert len(said["moved"]) == 2
    for one in seen:
        one["version"] += 1
    undone = staff.post("/introductions:undo", {"introductions": seen}).json
    assert (len(undone["moved"]), undone["refused"]) == (2, [])
    assert staff.get(f"/introductions/{first['id']}").json["state"] == "asked_b"
    future = staff.post("/introductions:move", {**yes, "role": "b", "on": "2999-01-01"})
    assert future.json["errors"][0]["field"] == "on"


def test_steps_that_cannot_be(staff: Staff) -> None:
    answer = draft(staff, "Kharkiv IT Cluster", "sk-kosice-it-valley")
    skipped = move(staff, answer, to="agreed", reason="by telephone")
    assert (skipped.status_code, skipped.json["type"]) == (409, "/problems/illegal-move")
    assert "vetted" in skipped.json["detail"]
    to_come = move(staff, answer, to="vetted", on="2999-01-01")
    assert (to_come.status_code, to_come.json["errors"][0]["field"]) == (422, "on")
    again = draft(staff, "sk-kosice-it-valley", "ua-kharkiv-it-cluster")
    assert (again.status_code, again.json["type"]) == (409, "/problems/conflict")
    assert draft(staff, "ua-nobody", "sk-kosice-it-valley").status_code == 404
    assert draft(staff, "ua-kharkiv-it-cluster", "ua-kharkiv-it-cluster").status_code == 422
    for key in ("999", "x", "9" * 30, "-1"):
        assert staff.get(f"/introductions/{key}").status_code == 404


def test_a_refusal_is_remembered_and_listed(staff: Staff) -> None:
    a, b = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"
    asked = move(staff, move(staff, draft(staff, a, b), to="vetted"), to="asked_a")
    move(staff, asked, to="declined", answer="not_for_us", reason="A competitor")
    (one,) = staff.get("/introductions?state=declined&cluster=" + a).json["introductions"]
    assert one["moves"][-1]["reason"] == "A competitor"
    assert staff.get("/introductions?state=draft").json == {"introductions": []}
    assert draft(staff, a, b).status_code == 422
    plan = staff.work("/introductions:plan", {"askers": [a], "targets": [b]})
    assert plan["introductions"] == []
    assert "refused before" in plan["left_out"][0]["reason"]


def test_what_is_due_is_listed_by_its_days(staff: Staff) -> None:
    answer = draft(staff, "ua-kharkiv-it-cluster", "sk-kosice-it-valley")
    answer = move(staff, move(staff, answer, to="vetted"), to="asked_a")
    assert answer.json["reminder_on"] > answer.json["since"]
    assert staff.get("/introductions?due=true").json == {"introductions": []}


def test_contact_persons_come_from_a_file_with_their_consents_and_are_corrected(
    staff: Staff,
) -> None:
    rows = (
        "cluster,name,email,consent,consent_on,consent_to",
        "Kharkiv IT Cluster,A. Example,a@example.org,herself by e-mail,14.2.2026,introduction",
        "ua-kharkiv-it-cluster,A. Example,a@example.org,herself by e-mail,,meeting",
        "ua-kharkiv-it-cluster,A. Example,A@example.org,herself by e-mail,,",
        "ua-lviv-it-cluster,B. Example,b@example.org,,,",
        "No Such Cluster,C. Example,c@example.org,himself,,",
        "ua-lviv-it-cluster,D. Example,none,himself,2999-01-01,",
        "ua-lviv-it-cluster,E. Example,e@example.org;,herself,,",
        "kharkiv,F. Example,f@example.org,herself,,",
    )

    def imported(*lines: str) -> Any:
        sent = {"file": (io.BytesIO("\n".join(lines).encode()), "contacts.csv")}
        return staff.send("POST", "/people:import", data=sent).json

    read = imported(*rows)
    assert read["entered"] == 2
    assert [(one["where"], one["field"]) for one in read["problems"]] == [
        ("line 4", "email"),
        ("line 5", "consent"),
        ("line 6", "cluster"),
        ("line 7", "email"),
        ("line 7", "consent_on"),
        ("line 8", "email"),  # the outbox would refuse it
        ("line 9", "cluster"),  # a part of a name is no name
    ]
    (person,) = staff.get("/people").json["people"]
    assert person["consents"] == ["introduction", "meeting"]
    corrected = {"cluster": "ua-lviv-it-cluster", "name": "A. Example", "email": "aa@example.org"}
    path = f"/people/{person['id']}"
    for given, code in ((corrected, 200), ({**corrected, "email": "none"}, 422)):
        assert staff.send("PUT", path, json=given).status_code == code
    (after,) = staff.get("/people").json["people"]
    assert (after["email"], after["cluster_id"]) == ("aa@example.org", "ua-lviv-it-cluster")
    assert after["consents"] == person["consents"]

    # Who shares the address is somebody else; a consent taken back is not revived by an old list.
    other = "ua-lviv-it-cluster,B. Example,aa@example.org,himself,,introduction"
    assert staff.send("POST", f"{path}/withdrawals", json={"purpose": "introduction"}).json
    theirs = "ua-lviv-it-cluster,A. Example,aa@example.org,herself,{},introduction"
    for day in ("", "14.2.2026", today().isoformat()):
        again = imported(rows[0], theirs.format(day), other)
        assert [(one["where"], one["field"]) for one in again["problems"]] == [
            ("line 2", "consent_on")
        ]
    kept = {one["name"]: one["consents"] for one in staff.get("/people").json["people"]}
    assert kept == {"A. Example": ["meeting"], "B. Example": ["introduction"]}


@on_all
def test_events_that_cannot_be(staff: Staff, own: Matcher) -> None:
    event = event_of(own)
    wrong = {**event, "participants": event["participants"][:1]}
    told = staff.post("/events", wrong)
    assert told.status_code == 422
    assert told.json["errors"]
    added = staff.post("/events", event)
    assert staff.post("/events", event).status_code == 409
    early = staff.get("/events/brussels-2026/agendas")
    assert early.status_code == 404
    assert "has no schedule yet" in early.json["detail"]
    wish, tag = {"seconds": 0.2, "freeze": True}, added.headers["ETag"]
    assert staff.post("/events/brussels-2026/schedule", wish).status_code == 428
    assert staff.work("/events/brussels-2026/schedule", wish, tag=tag)["schedule"] == "frozen"
    assert staff.post("/events/brussels-2026/schedule", wish, tag=tag).status_code == 412
    thaw = staff.post("/events/brussels-2026/schedule", {}, tag='"2"')
    assert thaw.status_code == 422
    assert staff.get("/events/brussels-2026/agendas/nobody").status_code == 404
    assert staff.get("/events").json["events"] == [
        {
            "id": "brussels-2026",
            "title": "Matchmaking day",
            "zone": "Europe/Brussels",
            "participants": PEOPLE,
            "schedule": "frozen",
            "version": 2,
        }
    ]


def test_feedback_only_of_meetings_that_were_held(staff: Staff, own: Matcher) -> None:
    a, b = "sk-kosice-it-valley", "ua-kharkiv-it-cluster"
    said = {"event_id": "none", "a": a, "b": b, "by": a, "attended": True}
    assert staff.post("/feedback", said).status_code == 404
    assert staff.post("/feedback", {**said, "by": "ro-cluj-it-cluster"}).status_code == 422
    assert staff.post("/feedback", {**said, "attended": False, "rating": 3}).status_code == 422
    assert staff.post("/feedback", {**said, "rating": 9}).status_code == 422


def test_nothing_for_staff_may_be_kept_on_the_way(staff: Staff) -> None:
    answer = draft(staff, "ua-kharkiv-it-cluster", "sk-kosice-it-valley")
    for path in ("/introductions", f"/introductions/{answer.json['id']}/brief", "/events"):
        assert staff.get(path).headers["Cache-Control"] == "no-store"


def test_a_person_is_kept_by_consent_told_everything_and_forgotten(
    staff: Staff, own: Matcher
) -> None:
    a, mail = "ua-kharkiv-it-cluster", "olena@one.example"
    person = {"cluster": a, "name": "Olena Kovalenko", "email": mail, "phone": "+380 44 000"}
    assert staff.post("/people", person).status_code == 422
    consent = {"purpose": "introduction", "given_by": "herself, by e-mail"}
    assert staff.post("/people", {**person, "email": "x", "consent": consent}).status_code == 422
    to_come = {**consent, "given_on": "2999-01-01"}
    assert staff.post("/people", {**person, "consent": to_come}).status_code == 422
    key = staff.post("/people", {**person, "consent": consent}).json["id"]
    answer = draft(staff, a, "sk-kosice-it-valley")
    move(staff, answer, to="vetted", reason="Olena Kovalenko asked for it")

    def listed(purpose: str) -> list[str]:
        found = staff.get(f"/people?cluster={a}&purpose={purpose}").json["people"]
        return [one["email"] for one in found]

    assert (listed("introduction"), listed("meeting")) == ([mail], [])
    assert staff.post(f"/people/{key}/consents", to_come).status_code == 422
    staff.post(f"/people/{key}/consents", {**consent, "purpose": "meeting"})
    staff.post(f"/people/{key}/withdrawals", {"purpose": "introduction"})
    assert (listed("introduction"), listed("meeting")) == ([], [mail])
    kept = staff.get(f"/people/{key}").json
    assert kept["person"]["email"] == mail
    assert len(kept["consents"]) == 2
    assert kept["mentions"] == ["Olena Kovalenko asked for it"]
    assert staff.post(f"/people/{key}/erasure", None).json == {"erased": key}
    assert staff.get(f"/people/{key}").status_code == 404
    assert "Kovalenko" not in staff.get("/introductions").text
    log = str(own.store.audit.last(50))
    assert "erase person" in log
    assert "Kovalenko" not in log
    assert mail not in log


def test_planning_may_not_take_forever(staff: Staff) -> None:
    told = staff.post("/introductions:plan", {"time_limit": 31})
    assert (told.status_code, told.json["errors"][0]["field"]) == (422, "time_limit")


@on_all
def test_calendars_are_stamped_with_the_time_they_are_made(staff: Staff, own: Matcher) -> None:
    added = staff.post("/events", event_of(own))
    wish = {"seconds": 0.2}
    staff.work("/events/brussels-2026/schedule", wish, tag=added.headers["ETag"])
    plan = staff.get("/events/brussels-2026").json
    key = plan["schedule"]["meetings"][0]["a"]
    before = datetime.now(UTC).replace(microsecond=0)
    calendar = icalendar.Calendar.from_ical(staff.get(f"/events/brussels-2026/agendas/{key}").data)
    assert all(item["dtstamp"].dt >= before for item in calendar.walk("VEVENT"))
    for form, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("html", b"<!doctype html>")):
        page = staff.get(f"/events/brussels-2026/agendas/{key}?format={form}")
        assert page.data.lower().startswith(start.lower())
