import numpy as np
import pytest
from support import FakeEncoder, MemoryCache

from matcher.embedding.cache import BATCH, CachedEncoder
from matcher.errors import InvalidInputError

TEXTS = ["oak chairs", "robotics", "oak chairs", "wine"]
MANY = [f"text number {n}" for n in range(2 * BATCH + 5)]


@pytest.fixture
def cache():
    return MemoryCache()


def test_same_vectors_as_the_inner_encoder(fake_encoder, cache):
    cached = CachedEncoder(fake_encoder, cache)
    assert np.array_equal(cached.encode(TEXTS), FakeEncoder().encode(TEXTS))


def test_each_text_is_encoded_once(fake_encoder, cache):
    cached = CachedEncoder(fake_encoder, cache)
    cached.encode(TEXTS)
    cached.encode([*TEXTS, "cheese"])
    assert sorted(fake_encoder.encoded) == ["cheese", "oak chairs", "robotics", "wine"]


def test_other_fingerprint_shares_nothing(fake_encoder, cache):
    CachedEncoder(fake_encoder, cache).encode(TEXTS)
    other = FakeEncoder(dim=8, fingerprint="other@1")
    assert CachedEncoder(other, cache).encode(TEXTS).shape == (4, 8)


class Interrupted(FakeEncoder):
    """Stops on its third batch, as a killed process would."""

    def encode(self, texts, progress=None):
        if len(self.encoded) >= 2 * BATCH:
            raise KeyboardInterrupt
        return super().encode(texts, progress)


def test_interrupted_run_resumes_after_the_last_saved_batch(fake_encoder, cache):
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Interrupted(), cache).encode(MANY)
    CachedEncoder(fake_encoder, cache).encode(MANY)
    assert len(fake_encoder.encoded) == 5


def test_progress_counts_up_from_what_is_cached_to_all_distinct_texts(fake_encoder, cache):
    cached = CachedEncoder(fake_encoder, cache)
    cached.encode(MANY[:10])
    calls = []
    cached.encode([*MANY, MANY[0]], progress=lambda done, total: calls.append((done, total)))
    assert calls[0] == (10, len(MANY))
    assert calls[-1] == (len(MANY), len(MANY))
    assert calls == sorted(calls)


@pytest.mark.parametrize("damage", [np.nan, 0.0, 2.0])
def test_damaged_cached_vector_is_encoded_anew(fake_encoder, cache, damage):
    cached = CachedEncoder(fake_encoder, cache)
    good = cached.encode(["wine"])
    key = next(iter(cache.vectors))
    cache.vectors[key] = cache.vectors[key] * np.float32(damage)
    assert np.array_equal(cached.encode(["wine"]), good)
    assert np.array_equal(cache.vectors[key], good[0])


def test_no_text_gives_no_row(fake_encoder, cache):
    assert CachedEncoder(fake_encoder, cache).encode([]).shape == (0, fake_encoder.dim)


@pytest.mark.parametrize("empty", ["", " \n"])
def test_empty_text_is_refused_before_anything_is_encoded(fake_encoder, cache, empty):
    with pytest.raises(InvalidInputError, match="empty text"):
        CachedEncoder(fake_encoder, cache).encode(["wine", empty])
    assert not fake_encoder.encoded


def test_has_the_face_of_its_encoder(fake_encoder, cache):
    cached = CachedEncoder(fake_encoder, cache)
    assert (cached.fingerprint, cached.dim, cached.english_only) == ("fake-words@1", 64, True)
