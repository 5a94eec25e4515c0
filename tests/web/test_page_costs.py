"""Pages and lists read the profiles that they show, not all that there are."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.matcher import Matcher
from matcher.profiles import sequences
from matcher.profiles.profile import ClusterProfile
from matcher.web import create_app
from matcher.web.http.context import today

KHARKIV, KOSICE = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"
FEW = 20


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, own: Matcher) -> Matcher:
    """A matcher that keeps so few profiles that it looks as if there were many."""
    monkeypatch.setattr(sequences, "KEPT", FEW)
    own.reindex()
    return own


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, own: Matcher) -> list[str]:
    """The beginnings of the profiles that were read since."""
    found: list[str] = []
    parse = ClusterProfile.model_validate_json

    def counted(body: str, **options: Any) -> ClusterProfile:
        found.append(body[:60])
        return parse(body, **options)

    monkeypatch.setattr(ClusterProfile, "model_validate_json", counted)
    return found


@pytest.fixture
def reader(own: Matcher, own_settings: Settings) -> FlaskClient:
    client = create_app(own, own_settings).test_client()
    token = own.store.tokens.create("desk", ["staff"])
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    desk = Desk(own.store.database)
    desk.introductions.add(propose(KHARKIV, KOSICE, purpose="A bid", on=today()))
    consent = Consent("introduction", "herself", today())
    desk.people.add(Person(KHARKIV, "A. Example", "contact@example.org", "", ""), consent)
    return client


def test_a_page_reads_only_what_it_shows(reader: FlaskClient, read: list[str]) -> None:
    for address in (
        "/",
        "/about",
        "/describe",
        f"/clusters/{KHARKIV}/readiness",
        "/api/v1/clusters?limit=5&offset=100&group=EU",
        "/api/v1/introductions",
        "/api/v1/people",
    ):
        assert reader.get(address).status_code == 200
        read.clear()
        assert reader.get(address).status_code == 200
        assert len(read) < FEW, address


def test_the_footer_tells_the_years_of_public_facts(own: Matcher, reader: FlaskClient) -> None:
    known = [one.as_of for one in own.clusters if one.as_of]
    assert f"{min(known)} to {max(known)}" in reader.get("/").text
    template = own.find(KHARKIV)
    for visibility, first in (("hidden", min(known)), ("private", min(known)), ("public", 1990)):
        update = {"id": "ua-old", "name": "Old", "as_of": 1990, "visibility": visibility}
        own.import_profiles([template.model_copy(update=update)])
        assert f"{first} to {max(known)}" in reader.get("/").text
