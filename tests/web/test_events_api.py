"""Events over HTTP: slots, edits, tables, deletion, reasons, agendas in one file."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from support import job_ended
from untidy_workbook import untidy_workbook

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

KHARKIV, LVIV, KOSICE = "ua-kharkiv-it-cluster", "ua-lviv-it-cluster", "sk-kosice-it-valley"
EVENTS = "/api/v1/events"
PEOPLE = f"""name,id,country,minimum
Kharkiv IT Cluster,{KHARKIV},UA,1
Lviv IT Cluster,{LVIV},UA,1
Košice IT Valley,{KOSICE},SK,1
Nowhere,nowhere,Atlantis,1
""".encode()
WISHES = f"participant,other,wish\n{KHARKIV},{KOSICE},must_meet\n{LVIV},ghost,meet\n".encode()


class Desk:
    """A member of staff with an event that was just made, without participants."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}
        times = {"zone": "Europe/Brussels", "days": ["2026-11-12 09:00-10:00"]}
        grid = self.send("POST", f"{EVENTS}:slots", times).json
        self.event = {
            "id": "small",
            "title": "Small",
            "zone": "Europe/Brussels",
            "places": [{"id": "t1", "name": "Table 1"}],
            "participants": [],
            **grid,
        }
        self.version = self.send("POST", EVENTS, self.event).json["version"]

    def send(self, method: str, path: str, body: object = None, version: object = None) -> Any:
        headers = self.headers | ({"If-Match": f'"{version}"'} if version else {})
        return self.client.open(path, method=method, json=body, headers=headers)

    def fill(self, version: int | None = None, **files: bytes) -> Any:
        data = {name: (BytesIO(content), name) for name, content in files.items()}
        headers = self.headers | {"If-Match": f'"{version or self.version}"'}
        return self.client.post(f"{EVENTS}/small/tables", data=data, headers=headers)

    def schedule(self, version: int, **wish: object) -> Any:
        body = {"seconds": 0.1, **wish}
        begun = self.send("POST", f"{EVENTS}/small/schedule", body, version)
        return job_ended(self.client, begun, self.headers)["result"]

    def read(self, path: str = "") -> Any:
        return self.send("GET", f"{EVENTS}/small{path}")


@pytest.fixture
def desk(own: Matcher, own_settings: Settings) -> Desk:
    client = create_app(own, own_settings).test_client()
    return Desk(client, own.store.tokens.create("desk", ["staff"]))


def test_days_are_divided_around_the_breaks(desk: Desk) -> None:
    times = {
        "zone": "Europe/Kyiv",
        "days": ["2026-11-12 09:00-12:00"],
        "breaks": ["2026-11-12 10:00-10:30 Tea"],
        "minutes": 30,
        "pause": 0,
    }
    grid = desk.send("POST", f"{EVENTS}:slots", times).json
    assert [slot["id"] for slot in grid["slots"]] == [
        "1-0900",
        "1-0930",
        "1-1030",
        "1-1100",
        "1-1130",
    ]
    assert grid["slots"][0]["start"] == "2026-11-12T07:00:00Z"
    assert grid["breaks"][0]["title"] == "Tea"
    for wrong in ({"zone": "Mars"}, {"days": ["today"]}, {"days": []}, {"minutes": 0}):
        assert desk.send("POST", f"{EVENTS}:slots", times | wrong).status_code == 422


def test_tables_fill_an_event_and_name_every_bad_row(desk: Desk, own: Matcher) -> None:
    answer = desk.fill(participants=PEOPLE, wishes=WISHES)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert [one["id"] for one in answer.json["event"]["participants"]] == [KHARKIV, LVIV, KOSICE]
    told = [(one["where"], one["field"]) for one in answer.json["problems"]]
    assert told == [("participants, line 5", "country"), ("wishes, line 3", "other")]
    more = {name: answer.json[name] for name in ("problems", "headings", "contacts")}
    assert answer.json == desk.read().json | more
    entry = own.store.audit.last(1)[0]
    assert (entry.action, entry.outcome) == ("import event tables", "3 participants, 2 problems")
    assert desk.fill(participants=PEOPLE).status_code == 412
    assert desk.fill(2).status_code == 400
    assert "is empty" in desk.fill(2, participants=b"").json["detail"]
    assert "is empty" in desk.fill(2, file=b"").json["detail"]
    assert desk.fill(2, file=b"PK\x03\x04broken").json["type"] == "/problems/unreadable-file"
    assert desk.fill(2, participants=b"no,heading\n").json["type"] == "/problems/unreadable-file"


def test_an_event_is_edited_from_the_version_that_was_seen(desk: Desk) -> None:
    edited = desk.event | {"title": "Large"}
    assert desk.send("PUT", f"{EVENTS}/small", edited).status_code == 428
    answer = desk.send("PUT", f"{EVENTS}/small", edited, 1)
    assert (answer.json["event"]["title"], answer.headers["ETag"]) == ("Large", '"2"')
    assert desk.send("PUT", f"{EVENTS}/small", edited, 1).status_code == 412
    renamed = desk.send("PUT", f"{EVENTS}/small", edited | {"id": "other"}, 2)
    assert (renamed.status_code, renamed.json["errors"][0]["field"]) == (422, "id")
    assert desk.send("PUT", f"{EVENTS}/small", edited | {"slots": []}, 2).status_code == 422
    gone = desk.event | {"id": "gone"}
    assert desk.send("PUT", f"{EVENTS}/gone", gone, 1).status_code == 404


def test_a_schedule_that_no_longer_fits_gives_no_agendas_until_it_is_made_anew(desk: Desk) -> None:
    desk.fill(participants=PEOPLE, wishes=WISHES)
    assert desk.schedule(2)["version"] == 3
    event = desk.read().json["event"]
    moved = event | {"places": [{"id": "t2", "name": "Table 2"}]}
    answer = desk.send("PUT", f"{EVENTS}/small", moved, 3).json
    assert {one["message"] for one in answer["misfits"]} == {"there is no place t1"}
    for path in ("/agendas", f"/agendas/{KHARKIV}", f"/why-not?a={KHARKIV}&b={KOSICE}"):
        assert desk.read(path).json["type"] == "/problems/conflict", path
    begun = desk.send("POST", f"{EVENTS}/small/schedule", {"freeze": True}, 4)
    assert job_ended(desk.client, begun, desk.headers)["problem"]["status"] == 422
    assert desk.schedule(4, keep=True)["version"] == 5
    assert desk.read().json["misfits"] == []
    assert desk.read(f"/agendas/{KHARKIV}").status_code == 200


def test_a_frozen_schedule_is_protected_from_edits(desk: Desk) -> None:
    desk.fill(participants=PEOPLE, wishes=WISHES)
    desk.schedule(2, freeze=True)
    event = desk.read().json["event"]
    refused = desk.send("PUT", f"{EVENTS}/small", event | {"participants": [], "wishes": []}, 3)
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/invalid-input")
    assert "frozen" in refused.json["detail"]
    named = {one["where"] for one in refused.json["errors"]}
    assert "Košice IT Valley and Kharkiv IT Cluster" in named
    assert desk.send("PUT", f"{EVENTS}/small", event | {"title": "Still"}, 3).status_code == 200
    assert desk.read().json["schedule"]["state"] == "frozen"
    assert desk.schedule(4, cancel=[LVIV])["schedule"] == "frozen"


def test_why_two_do_not_meet(desk: Desk) -> None:
    desk.fill(participants=PEOPLE, wishes=WISHES)
    assert desk.read(f"/why-not?a={KHARKIV}&b={KOSICE}").status_code == 404
    desk.schedule(2)
    met = desk.read(f"/why-not?a={KHARKIV}&b={KOSICE}").json
    assert (met["meeting"]["place"], met["reason"]) == ("t1", "")
    apart = desk.read(f"/why-not?a={LVIV}&b={KHARKIV}").json
    assert (apart["a"], apart["b"]) == (KHARKIV, LVIV)
    assert (apart["meeting"], apart["code"]) == (None, "not_considered")
    assert desk.read(f"/why-not?a={LVIV}&b=ghost").status_code == 422
    assert desk.read(f"/why-not?a={LVIV}").status_code == 422


def test_an_event_is_deleted_from_the_version_that_was_seen(desk: Desk, own: Matcher) -> None:
    assert desk.send("DELETE", f"{EVENTS}/small").status_code == 428
    assert desk.send("DELETE", f"{EVENTS}/small", version=9).status_code == 412
    assert desk.send("DELETE", f"{EVENTS}/small", version=1).json == {"deleted": "small"}
    assert desk.read().status_code == 404
    assert own.store.audit.last(1)[0].action == "delete event"


def test_all_agendas_come_as_one_file_to_print(desk: Desk) -> None:
    desk.fill(participants=PEOPLE, wishes=WISHES)
    desk.schedule(2)
    busy = {key for one in desk.read().json["schedule"]["meetings"] for key in (one["a"], one["b"])}
    answer = desk.read("/agendas?format=pdf&language=uk")
    assert answer.headers["Content-Disposition"] == "attachment; filename=small.pdf"
    assert len(PdfReader(BytesIO(answer.data)).pages) == len(busy)
    assert desk.read("/agendas?format=doc").status_code == 422


def test_an_event_without_participants_is_answered_in_words(desk: Desk) -> None:
    begun = desk.send("POST", f"{EVENTS}/small/schedule", {"seconds": 0.1}, desk.version)
    ended = job_ended(desk.client, begun, desk.headers)
    assert ended["state"] == "failed"
    assert "Nobody takes part in this event yet" in str(ended)


def test_a_no_thanks_that_cannot_be_placed_changes_nothing(desk: Desk) -> None:
    lost = f"participant,other,wish\n{KHARKIV},Ghost Cluster,no thanks\n".encode()
    refused = desk.fill(participants=PEOPLE, wishes=lost)
    assert refused.status_code == 422
    assert "no-thanks cannot be placed" in refused.json["detail"]
    assert desk.read().json["version"] == desk.version


def test_a_long_list_of_cancellations_is_refused(desk: Desk) -> None:
    wish = {"cancel": ["a"] * 10_000}
    refused = desk.send("POST", f"{EVENTS}/small/schedule", wish, desk.version)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "cancel")


def test_the_day_is_run_over_http(desk: Desk) -> None:
    filled = desk.fill(participants=PEOPLE, wishes=WISHES)
    frozen = desk.schedule(filled.json["version"], freeze=True)
    event = desk.read().json["event"]
    late = {"start": event["slots"][1]["start"], "end": event["slots"][-1]["end"]}
    moved = desk.schedule(
        frozen["version"],
        presence=[{"id": KOSICE, "available": [late]}],
        refill=True,
        not_before=event["slots"][0]["start"],
    )
    stored = desk.read().json
    assert stored["misfits"] == [] and stored["schedule"]["state"] == "frozen"
    assert all(one["slot"] != event["slots"][0]["id"] for one in stored["schedule"]["meetings"])
    assert desk.schedule(moved["version"], unfreeze=True)["schedule"] == "provisional"
    thawed, closed = (one["schedule"]["meetings"] for one in (desk.read().json, stored))
    later = [one | {"sequence": one["sequence"] + 1} for one in closed]
    assert thawed == later  # calendars learn that the meetings are no longer final


def test_an_untidy_workbook_is_joined_to_the_data(desk: Desk, own: Matcher) -> None:
    assert desk.read("/matches").json == {"participants": []}
    unread = desk.fill(file=untidy_workbook()).json
    assert [(one["text"], one["field"]) for one in unread["headings"]][3] == ("Час", None)
    assert unread["contacts"] == 2
    file = {"file": (BytesIO(untidy_workbook()), "a.xlsx")}
    said = desk.client.post(
        f"{EVENTS}/small/tables?map=Час=zone",
        data=file,
        headers=desk.headers | {"If-Match": f'"{unread["version"]}"'},
    ).json
    assert said["event"]["participants"][0]["zone"] == "Europe/Kyiv"
    again = desk.fill(said["version"], file=untidy_workbook()).json  # the mapping is kept
    assert again["event"] == said["event"]
    assert (said["contacts"], again["contacts"]) == (0, 0)
    wrong = desk.client.post(
        f"{EVENTS}/small/tables?map=Час=colour",
        data={"file": (BytesIO(untidy_workbook()), "a.xlsx")},
        headers=desk.headers | {"If-Match": f'"{again["version"]}"'},
    )
    assert wrong.status_code == 422
    told = {one["id"]: one for one in desk.read("/matches").json["participants"]}
    infotek = told["infotek-technology-cluster"]
    assert (infotek["listed"], infotek["alone"]) == (False, True)
    assert infotek["candidates"] == [
        {"id": "pl-infotech", "name": own.find("pl-infotech").name, "country": "PL"}
    ]
    body = {"clusters": {"infotek-technology-cluster": "pl-infotech"}}
    joined = desk.send("POST", f"{EVENTS}/small/identities", body, again["version"])
    assert "pl-infotech" in {one["id"] for one in joined.json["event"]["participants"]}
    twice = {"clusters": {"nameless-example-club": "pl-infotech"}}
    refused = desk.send("POST", f"{EVENTS}/small/identities", twice, joined.json["version"])
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/invalid-input")
    assert "takes part already" in refused.json["errors"][0]["message"]
    unknown = {"clusters": {"nameless-example-club": "Nobody Is Called So"}}
    gone = desk.send("POST", f"{EVENTS}/small/identities", unknown, joined.json["version"])
    assert gone.json["type"] == "/problems/cluster-not-found"


def test_persons_follow_when_their_participant_is_joined(desk: Desk, own: Matcher) -> None:
    table = (
        b"name,country,contact,email,consent\n"
        b"InfoTek Technology Cluster,PL,Person One,one@example.org,herself by letter\n"
    )
    filled = desk.fill(participants=table).json
    key = "infotek-technology-cluster"
    assert [one["cluster_id"] for one in _people(desk)] == [key]
    body = {"clusters": {key: "pl-infotech"}}
    desk.send("POST", f"{EVENTS}/small/identities", body, filled["version"])
    (person,) = _people(desk)
    assert (person["cluster_id"], person["consents"]) == ("pl-infotech", ["meeting"])


def test_the_template_is_there_for_anybody(desk: Desk) -> None:
    answer = desk.client.get("/api/v1/profiles:template?of=event&lang=ro")
    assert answer.headers["Content-Disposition"].endswith("event-template.xlsx")
    assert openpyxl.load_workbook(BytesIO(answer.data)).sheetnames[0] == "participants"
    assert desk.client.get("/api/v1/profiles:template?of=dinner").status_code == 422


def _people(desk: Desk) -> list[dict[str, Any]]:
    return desk.send("GET", "/api/v1/people").json["people"]
