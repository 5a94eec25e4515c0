import numpy as np
import pytest
from support import FakeEncoder

from matcher.embedding.cache import CachedEncoder
from matcher.store import Store

TEXTS = ["oak chairs", "wine", "robots"]


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
def store(url):
    with Store.open(url) as store:
        yield store


def vectors(*keys):
    return {key: np.full(4, number, np.float32) for number, key in enumerate(keys, start=1)}


def test_vectors_are_read_back_by_another_store(store, url):
    store.vectors.put("m@1", vectors("a", "b"))
    with Store.open(url) as other:
        found = other.vectors.get("m@1", ["b", "unknown"])
    assert list(found) == ["b"]
    assert found["b"].dtype == np.float32
    assert np.array_equal(found["b"], vectors("a", "b")["b"])


def test_fingerprints_are_apart(store):
    store.vectors.put("m@1", vectors("a"))
    assert store.vectors.get("m@2", ["a"]) == {}


def test_a_vector_that_is_there_is_replaced(store):
    store.vectors.put("m@1", vectors("a"))
    store.vectors.put("m@1", vectors("b", "a"))
    assert store.vectors.get("m@1", ["a"])["a"].tolist() == [2, 2, 2, 2]


def test_more_keys_than_one_statement_takes(store):
    keys = [f"{n:064}" for n in range(1300)]
    store.vectors.put("m@1", vectors(*keys))
    assert len(store.vectors.get("m@1", keys)) == 1300


def test_nothing_asked_nothing_given(store):
    store.vectors.put("m@1", {})
    assert store.vectors.get("m@1", []) == {}


def test_is_the_cache_of_an_encoder(store, url, fake_encoder):
    CachedEncoder(fake_encoder, store.vectors).encode(TEXTS)
    with Store.open(url) as other:
        warm = FakeEncoder()
        again = CachedEncoder(warm, other.vectors).encode(TEXTS)
    assert warm.encoded == []
    assert np.array_equal(again, FakeEncoder().encode(TEXTS))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00" * 8, b"\xff" * 256])
def test_a_damaged_vector_is_encoded_anew(store, fake_encoder, data):
    from matcher.store.tables import vectors as table

    cached = CachedEncoder(fake_encoder, store.vectors)
    good = cached.encode(["wine"])
    with store._database.write() as connection:
        connection.execute(table.update().values(data=data))
    assert np.array_equal(cached.encode(["wine"]), good)
