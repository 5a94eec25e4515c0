"""Programmes over HTTP: the same plan again, reasons in each language, drafts and papers."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from support import job_ended

from matcher.config import Settings
from matcher.introductions.desk import Desk
from matcher.matcher import Matcher
from matcher.planning.solver.planner import OBJECTIVES
from matcher.web import create_app
from matcher.web.api.plans import LONGEST_PLANNING, MOST_BRIEFS

KHARKIV, LVIV = "ua-kharkiv-it-cluster", "ua-lviv-it-cluster"
KOSICE, CLUJ = "sk-kosice-it-valley", "ro-cluj-it-cluster"
WISH = {
    "askers": [KHARKIV, LVIV],
    "targets": [KOSICE, CLUJ, "pl-infotech"],
    "asker_limits": {"at_most": 1},
    "target_limits": {"at_most": 1},
}
Post = Callable[..., Any]


@pytest.fixture
def client(own: Matcher, own_settings: Settings) -> FlaskClient:
    return create_app(own, own_settings).test_client()


@pytest.fixture
def post(client: FlaskClient, own: Matcher) -> Post:
    headers = {"Authorization": f"Bearer {own.store.tokens.create('desk', ['staff'])}"}

    def send(path: str, body: object) -> Any:
        answer = client.post(f"/api/v1/introductions:{path}", json=body, headers=headers)
        if answer.status_code != 202:
            return answer
        job = job_ended(client, answer, headers)
        assert job["problem"] is None, job
        return job["result"]

    return send


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_same_wishes_give_the_same_plan(post: Post, objective: str) -> None:
    first, second = (post("plan", {"objective": objective}) for _ in range(2))
    assert first == second
    assert first["request"]["objective"] == objective
    assert 0 <= first["gap"] < 0.5
    assert first["method"] == "exact"


def test_an_objective_that_there_is_not_is_refused(post: Post) -> None:
    refused = post("plan", {"objective": "nash"})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "objective"


@pytest.mark.parametrize(
    ("language", "none", "why"),
    [
        ("en", "are full with introductions", "the programme's own no list"),
        ("uk", "зайняті знайомствами", "власний список програми"),
        ("ro", "sunt ocupați cu prezentări", "lista proprie de excluderi"),
    ],
)
def test_reasons_come_in_the_readers_language(
    post: Post, language: str, none: str, why: str
) -> None:
    plan = post(f"plan?language={language}", WISH)
    (left,) = plan["left_out"]
    assert none in left["reason"]
    question = {"programme": {**WISH, "never": [[KHARKIV, KOSICE]]}, "a": KHARKIV, "b": KOSICE}
    assert why in post(f"why-not?language={language}", question)["sentences"][0]


def test_drafts_have_their_own_purpose_and_leave_out_what_cannot_be(
    post: Post, own: Matcher
) -> None:
    pairs = [[KHARKIV, KOSICE], ["Lviv IT Cluster", KOSICE], [KHARKIV, KOSICE]]
    made = post("draft?language=uk", {"pairs": pairs})
    assert (len(made["drafted"]), made["left_out"]) == (2, [])
    found = Desk(own.store.database).introductions.all()
    assert {(one.a, one.b) for one in found} == {(KHARKIV, KOSICE), (LVIV, KOSICE)}
    assert all(any("а" <= letter <= "я" for letter in one.purpose) for one in found)
    again = post("draft", {"pairs": [*pairs, [KHARKIV, CLUJ]], "purpose": "A joint bid"})
    assert [one["reason"] for one in again["left_out"]] == ["conflict", "conflict"]
    (last,) = again["drafted"]
    assert Desk(own.store.database).introductions.get(last).purpose == "A joint bid"
    entries = {(entry.who, entry.action) for entry in own.store.audit.last(10)}
    assert ("desk", "draft introductions") in entries


def test_papers_are_in_one_folder_a_pair(post: Post) -> None:
    wish = {"pairs": [[KHARKIV, KOSICE], [LVIV, CLUJ]], "formats": ["docx"]}
    with ZipFile(BytesIO(post("briefs?language=ro", wish).data)) as archive:
        names = set(archive.namelist())
        letter = archive.read(f"{KHARKIV}--{KOSICE}/ask-a.txt").decode()
    assert f"{LVIV}--{CLUJ}/brief.docx" in names
    assert {name.split("/")[1] for name in names} == {"brief.docx", "ask-a.txt", "ask-b.txt"}
    assert "Stimați" in letter
    assert letter.rstrip().endswith("Echipa de networking")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("plan", {"time_limit": LONGEST_PLANNING + 1}, 422),
        ("plan?language=fr", {}, 422),
        ("why-not", {"programme": {}, "a": "nobody at all", "b": KOSICE}, 404),
        ("draft", {"pairs": []}, 422),
        ("draft", {"pairs": [[KHARKIV, "nobody at all"]]}, 404),
        ("briefs", {"pairs": [[KHARKIV, KOSICE]] * (MOST_BRIEFS + 1)}, 422),
        ("briefs", {"pairs": [[KHARKIV, KOSICE]], "formats": ["exe"]}, 422),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    post: Post, path: str, body: object, status: int
) -> None:
    assert post(path, body).status_code == status
