"""A described cluster is kept as a draft that counts in full, at an address nobody can guess."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from support import on_all
from test_pages import page_of

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import drafts as drafts_module
from matcher.store.tables import drafts
from matcher.web import create_app

OTHER = "bg-ict-cluster"
WINE = (
    "We unite 40 wine makers in Georgia. We seek importers in Poland. We offer wine tours. "
    "Our director is Anna Examplishvili, anna@example.org, +995 32 000 00 00."
)


@pytest.fixture
def service(own: Matcher, own_settings: Settings) -> FlaskClient:
    with own.store.database.write() as connection:
        connection.execute(delete(drafts))  # the home is a copy of one that others use
    return create_app(own, own_settings).test_client()


def described(client: FlaskClient, **form: str) -> str:
    """Key of a new draft."""
    response = client.post("/describe", data={"description": WINE, **form})
    assert response.status_code == 303
    found = re.fullmatch(r"/clusters/(draft-[\w-]{22})/partners", response.location)
    assert found
    return found[1]


def rows(matcher: Matcher) -> list[Any]:
    with matcher.store.database.read() as connection:
        return list(connection.execute(select(drafts)))


def test_nothing_of_a_person_is_kept_or_shown(service: FlaskClient, own: Matcher) -> None:
    key = described(service)
    (row,) = rows(own)
    shown = page_of(service, f"/clusters/{key}/partners") + page_of(service, f"/drafts/{key}")
    for private in ("Examplishvili", "anna", "995"):
        assert private not in row.body
        assert private not in shown
    assert "wine tours" in row.body
    assert key not in row.digest + row.body


@on_all
def test_every_page_knows_a_draft(service: FlaskClient) -> None:
    key = described(service)
    partners = unescape(page_of(service, f"/clusters/{key}/partners"))
    first = re.search(rf'href="/pairs/{key}/([^"]+)"', partners)
    assert first
    score = re.search(r'class="score"><b>(\d+)</b>', partners)
    pair = page_of(service, f"/pairs/{key}/{first[1]}")
    assert score and f'class="score"><b>{score[1]}</b>' in pair
    assert "Number 1 in your list" in pair
    assert "your cluster +" in pair
    assert "Your cluster +" in page_of(service, f"/pairs/{key}/{first[1]}/brief")
    assert service.get(f"/pairs/{key}/{first[1]}/brief.pdf").data.startswith(b"%PDF")
    assert "Why the two of you" in page_of(service, f"/clusters/{first[1]}?for={key}")
    compared = page_of(service, f"/compare?for={key}&id={first[1]}&id={OTHER}")
    assert f'href="/pairs/{key}/{OTHER}"' in compared
    listed = page_of(service, f"/shortlist?for={key}&id={first[1]}")
    assert f'href="/pairs/{key}/{first[1]}"' in listed and "Likely a good match" in listed
    assert "What to add to the profile" in page_of(service, f"/clusters/{key}/readiness")


def test_a_draft_is_completed_field_by_field(service: FlaskClient, own: Matcher) -> None:
    key = described(service)
    form = {"name": "Wine Makers", "country": "GE", "description": "Wine makers.", "seeks": "corks"}
    assert service.post(f"/drafts/{key}", data=form).location == f"/clusters/{key}/partners"
    profile = own.store.drafts.get(key).profile
    assert (profile.name, profile.seeks) == ("Wine Makers", ("corks",))
    assert "Partners for Wine Makers" in page_of(service, f"/clusters/{key}/partners")
    service.post(f"/drafts/{key}", data={"seeks": "", "founded": "2001"})
    profile = own.store.drafts.get(key).profile
    assert (profile.name, profile.seeks, profile.founded) == ("Wine Makers", (), 2001)
    wrong = service.post(f"/drafts/{key}", data={"founded": "long ago"})
    assert wrong.status_code == 422 and "must be a number" in wrong.text
    assert own.store.drafts.get(key).profile == profile


def test_what_readiness_tries_out_can_be_saved(service: FlaskClient, own: Matcher) -> None:
    key = described(service)
    tried = service.post(f"/clusters/{key}/readiness", data={"founded": "2001"}).text
    assert own.store.drafts.get(key).profile.founded is None
    packed = re.search(r'name="profile" value="([^"]+)"', tried)
    assert packed and f'action="/drafts/{key}"' in tried
    service.post(f"/drafts/{key}", data={"profile": unescape(packed[1])})
    assert own.store.drafts.get(key).profile.founded == 2001


def test_a_deleted_draft_is_gone(service: FlaskClient, own: Matcher) -> None:
    key = described(service)
    assert "Deleted" in service.post(f"/drafts/{key}/delete").text
    assert rows(own) == []
    for address in (f"/drafts/{key}", f"/clusters/{key}/partners", f"/pairs/{key}/{OTHER}"):
        page_of(service, address, 404)
    page_of(service, f"/clusters/{OTHER}?for={key}")


def test_an_expired_draft_is_gone_and_soon_deleted(service: FlaskClient, own: Matcher) -> None:
    key = described(service)
    assert own.store.drafts.get(key).until == (datetime.now(UTC) + timedelta(days=60)).date()
    with own.store.database.write() as connection:
        connection.execute(update(drafts).values(expires="2020-01-01T00:00:00+00:00"))
    page_of(service, f"/clusters/{key}/partners", 404)
    assert service.post(f"/drafts/{key}", data={"founded": "2001"}).status_code == 404
    described(service)
    assert len(rows(own)) == 1


def test_nobody_fills_the_store(
    service: FlaskClient, own: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_module, "MAX_DRAFTS", 2)
    for _ in range(2):
        described(service)
    refused = service.post("/describe", data={"description": WINE})
    assert refused.status_code == 422
    assert "try again tomorrow" in refused.text
    assert len(rows(own)) == 2


@pytest.mark.parametrize("key", ["draft-", "draft-x", f"draft-{'A' * 22}", f"draft-{'A' * 23}"])
def test_a_guessed_key_opens_nothing(service: FlaskClient, key: str) -> None:
    page_of(service, f"/clusters/{key}/partners", 404)
    page_of(service, f"/drafts/{key}", 404)


def test_no_page_of_a_draft_is_kept_on_the_way(service: FlaskClient) -> None:
    key = described(service)
    for address in (f"/drafts/{key}", f"/clusters/{key}/partners", f"/pairs/{key}/{OTHER}/brief"):
        assert service.get(address).headers["Cache-Control"] == "no-store"


def test_search_engines_leave_drafts_alone(service: FlaskClient) -> None:
    key = described(service)
    for address in (f"/drafts/{key}", f"/clusters/{key}/partners"):
        assert '<meta name="robots" content="noindex">' in page_of(service, address)
