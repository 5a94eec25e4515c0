"""Imports through the API: told before, done as told, taken back, doubles joined."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

CHECK, IMPORT = "/api/v1/profiles:check", "/api/v1/profiles:import"
KHARKIV, FURNITURE = "ua-kharkiv-it-cluster", "ge-georgian-furniture-cluster"
THIN = f"id,name,country,members\n{FURNITURE},Georgian Furniture Cluster,GE,44\n".encode()
SECRET = "ua-kharkiv-secret"


class Writer:
    """A client with a token that may import."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(self, path: str, data: bytes = THIN, **query: Any) -> Any:
        return self._client.post(
            path, data=data, content_type="text/csv", headers=self._headers, query_string=query
        )

    def post(self, path: str, body: object = None) -> Any:
        return self._client.post(f"/api/v1{path}", json=body, headers=self._headers)

    def download(self, path: str, language: str) -> Any:
        return self._client.get(f"/api/v1{path}", headers={"Accept-Language": language})

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1{path}", headers=self._headers).json


@pytest.fixture
def writer(own: Matcher, own_settings: Settings) -> Writer:
    token = own.store.tokens.create("ministry", ["import"])
    return Writer(create_app(own, own_settings).test_client(), token)


def test_a_thin_file_changes_what_it_says_alone(own: Matcher, writer: Writer) -> None:
    before = own.find(FURNITURE)
    checked = writer.send(CHECK).json
    (change,) = checked["changes"]
    assert change["fields"] == [
        {
            "field": "members_total",
            "before": before.members_total,
            "after": 44,
            "origin": "public_page",
            "empties": False,
        }
    ]
    assert own.find(FURNITURE) == before
    done = writer.send(IMPORT).json
    assert done["changes"] == checked["changes"]
    assert own.find(FURNITURE) == before.model_copy(update={"members_total": 44})
    undone = writer.post(f"/imports/{done['import_id']}/undo").json
    assert undone == {"id": 1, "restored": [FURNITURE], "removed": [], "left": []}
    assert own.find(FURNITURE) == before
    assert writer.post(f"/imports/{done['import_id']}/undo").status_code == 409
    assert writer.post("/imports/99/undo").status_code == 404


def test_replacing_tells_what_goes(own: Matcher, writer: Writer) -> None:
    checked = writer.send(CHECK, replace="true").json
    emptied = {one["field"] for one in checked["changes"][0]["fields"] if one["empties"]}
    assert {"description", "offers", "seeks"} <= emptied
    assert writer.send(IMPORT, replace="true").json["changes"] == checked["changes"]
    assert own.find(FURNITURE).offers == ()
    listed = writer.get("/imports")["imports"]
    assert [(one["id"], one["who"], one["detail"]) for one in listed] == [
        (1, "ministry", "text/csv")
    ]
    assert writer.get("/imports/1")["changes"] == checked["changes"]


def test_the_public_is_not_told_of_what_is_not_public(own: Matcher, writer: Writer) -> None:
    secret = own.find(KHARKIV).model_copy(update={"id": SECRET, "visibility": "private"})
    own.import_profiles([secret])
    data = f"id,name,country\n{SECRET},Something,UA\n".encode()
    anonymous = writer._client.post(CHECK, data=data, content_type="text/csv").json
    assert anonymous["changes"][0]["action"] == "added"
    assert [one["before"] for one in anonymous["changes"][0]["fields"]] == [None, None]
    assert writer.send(CHECK, data).json["changes"][0]["action"] == "changed"


def test_doubles_are_named_joined_and_parted(own: Matcher, writer: Writer) -> None:
    before = own.find(KHARKIV)
    data = "name,country,capacity\nХарківський ІТ-кластер,UA,7\n".encode()
    done = writer.send(IMPORT, data).json
    (double,) = (one["id"] for one in done["changes"])
    assert KHARKIV in done["warnings"][0]["message"]
    joined = writer.post("/clusters:join", {"gone": double, "kept": KHARKIV}).json
    assert joined == {"gone": double, "kept": KHARKIV, "import_id": 2}
    assert own.find(KHARKIV) == before.model_copy(update={"capacity": 7})
    assert double not in {one.id for one in own.public}
    assert writer.post("/imports/2/undo").json["restored"] == [double, KHARKIV]
    assert own.find(KHARKIV) == before
    assert writer.post("/imports/1/undo").json["removed"] == [double]
    missing = writer.post("/clusters:join", {"gone": "nobody at all", "kept": KHARKIV})
    assert missing.json["type"] == "/problems/cluster-not-found"


def test_partnerships_follow_a_join(own: Matcher, writer: Writer) -> None:
    shared = (one for one in own.partnerships if len(one.member_ids) > 1)
    member = next(key for one in shared for key in one.member_ids if own.get(key))
    before = own.partnerships
    twin = own.find(member).model_copy(update={"id": f"{member}-twin"})
    own.import_profiles([twin])
    writer.post("/clusters:join", {"gone": member, "kept": twin.id})
    assert not any(member in one.member_ids for one in own.partnerships)
    assert any(twin.id in one.member_ids for one in own.partnerships)
    writer.post("/imports/2/undo")
    assert own.partnerships == before


def test_what_columns_mean_is_asked_told_and_kept(writer: Writer) -> None:
    rows = b"Wer,Wo,Quux\nAlpha works,UA,wine tours\n"
    refused = writer.send(CHECK, rows)
    assert refused.status_code == 422
    assert refused.json["headings"][0]["field"] is None
    assert refused.json["headings"][2]["example"] == "wine tours"
    meant = ["Wer=name", "Wo=country", "Quux=offers"]
    assert writer.send(IMPORT, rows, map=meant).json["added"] == 1
    again = writer.send(CHECK, rows).json
    assert [one["field"] for one in again["headings"]] == ["name", "country", "offers"]
    assert "an earlier import" in again["warnings"][0]["message"]
    assert writer.send(CHECK, rows, map="Wer=luck").status_code == 422


def test_remarks_and_the_template_are_in_the_readers_language(writer: Writer) -> None:
    data = "name,country\nХарківський ІТ-кластер,UA\n".encode()
    headers = {"Accept-Language": "uk"}
    told = writer._client.post(CHECK, data=data, content_type="text/csv", headers=headers).json
    assert "схоже на" in told["warnings"][0]["message"]
    assert "looks like" in writer.send(CHECK, data).json["warnings"][0]["message"]
    english, other = (writer.download("/profiles:template", code).data for code in ("en", "uk"))
    assert english.startswith(b"PK")
    assert len(english) != len(other)
    assert writer.send(CHECK, english).status_code == 422  # a workbook is no CSV
