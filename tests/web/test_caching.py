"""Answers are kept only as long as they are right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support import FakeEncoder

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.matching.query import PartnerQuery
from matcher.store import Store
from matcher.web import create_app
from matcher.web.http.caching import Answer, AnswerCache

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/api/v1/clusters/{KHARKIV}/partners"


class Counting(Matcher):
    """Counts how often it is asked."""

    asked = 0

    def recommend(self, query: PartnerQuery | str, **options: object) -> object:  # type: ignore[override]
        self.asked += 1
        return super().recommend(query, **options)


@pytest.fixture
def own(own_settings: Settings) -> Iterator[Counting]:
    store = Store.open(own_settings.store_url)
    with Counting(store, FakeEncoder(), own_settings) as matcher:
        matcher.load()
        yield matcher


@pytest.fixture
def reader(own: Counting, own_settings: Settings) -> FlaskClient:
    return create_app(own, own_settings).test_client()


def test_a_repeated_question_is_computed_once(own: Counting, reader: FlaskClient) -> None:
    first, second = (reader.get(f"{PARTNERS}?k=3") for _ in range(2))
    assert own.asked == 1
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert reader.get(f"{PARTNERS}?k=4").data != first.data
    assert own.asked == 2


def test_a_new_index_empties_the_cache(own: Counting, reader: FlaskClient) -> None:
    before = reader.get(f"{PARTNERS}?k=100")
    asker = own.find(KHARKIV)
    own.import_profiles([asker.model_copy(update={"id": "de-kharkiv-twin", "country": "DE"})])
    after = reader.get(f"{PARTNERS}?k=100")
    assert "de-kharkiv-twin" in {partner["id"] for partner in after.json["partners"]}
    assert "de-kharkiv-twin" not in {partner["id"] for partner in before.json["partners"]}
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_reindex_that_changes_no_vector_empties_it_too(
    own: Counting, reader: FlaskClient
) -> None:
    generation = own.status().generation
    reader.get(PARTNERS)
    own.reindex()
    reader.get(PARTNERS)
    assert own.status().generation == generation
    assert own.asked == 2


def test_unchanged_is_304_without_a_body(own: Counting, reader: FlaskClient) -> None:
    etag = reader.get(PARTNERS).headers["ETag"]
    assert not etag.startswith("W/")
    same = reader.get(PARTNERS, headers={"If-None-Match": etag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    other = reader.get(PARTNERS, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    own.import_profiles([own.find(KHARKIV).model_copy(update={"name": "Another name"})])
    assert reader.get(PARTNERS, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/clusters?limit=3",
        f"/api/v1/clusters/{KHARKIV}",
        f"/api/v1/pairs/{KHARKIV}/de-none",
        PARTNERS,
        "/openapi.json",
    ],
)
def test_what_may_be_kept(client: FlaskClient, address: str) -> None:
    response = client.get(
        address.replace("de-none", client.get(PARTNERS).json["partners"][0]["id"])
    )
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["ETag"]


def test_what_somebody_wrote_and_errors_are_never_kept(client: FlaskClient) -> None:
    for response in (
        client.post("/api/v1/partners", json={"text": "We make chairs.", "k": 1}),
        client.get(f"{PARTNERS}?k=0"),
        client.get("/api/v1/clusters/xx-none"),
    ):
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers


def test_errors_are_not_remembered(own: Counting, reader: FlaskClient) -> None:
    key = "ua-not-yet-there"
    assert reader.get(f"/api/v1/clusters/{key}/partners").status_code == 404
    own.import_profiles([own.find(KHARKIV).model_copy(update={"id": key, "name": "Not yet"})])
    assert reader.get(f"/api/v1/clusters/{key}/partners").status_code == 200


def answer(size: int) -> Answer:
    return Answer(b"x" * size, "tag")


def test_the_cache_stays_within_its_bytes_and_drops_the_oldest() -> None:
    cache, source = AnswerCache(10_000), object()
    for number in range(20):
        cache.get(source, "first")
        cache.get(source, str(number))
        cache.put(source, str(number) if number else "first", answer(2000))
    assert cache.bytes <= 10_000
    assert cache.get(source, "first")
    assert cache.get(source, "19")
    assert cache.get(source, "1") is None


def test_an_answer_larger_than_the_cache_is_not_kept() -> None:
    cache, source = AnswerCache(1000), object()
    cache.get(source, "1")
    cache.put(source, "1", answer(2000))
    assert (cache.bytes, cache.get(source, "1")) == (0, None)


def test_an_answer_from_an_older_source_is_not_kept() -> None:
    cache, old, new = AnswerCache(10_000), object(), object()
    cache.get(old, "1")
    cache.get(new, "1")
    cache.put(old, "1", answer(10))
    assert cache.get(new, "1") is None


def test_nobody_gets_an_answer_from_another_source() -> None:
    cache, old, new = AnswerCache(10_000), object(), object()
    for source in (old, new):
        cache.get(source, "1")
        cache.put(source, "1", answer(10))
        assert cache.get(source, "1")
    assert cache.get(old, "1") is None
    assert cache.get(new, "1") is None


def test_questions_count_like_answers() -> None:
    cache, source = AnswerCache(100_000), object()
    for number in range(100):
        key = f"{number}{'ї' * 8000}"
        cache.get(source, key)
        cache.put(source, key, answer(10))
    assert 80_000 < cache.bytes <= 100_000
    assert sum(cache.get(source, f"{number}{'ї' * 8000}") is not None for number in range(100)) < 7


def test_no_memory_no_cache(matcher: Matcher, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, rate_limit=0, answer_cache_mb=0)
    client = create_app(matcher, settings).test_client()
    first, second = (client.get(f"{PARTNERS}?k=2") for _ in range(2))
    assert first.data == second.data
