"""The vectors that ship: all that a first start needs, and what the models really say."""

import random

import numpy as np
import pytest
from support import MemoryCache

from matcher.config import DATA_DIR, Settings
from matcher.embedding import shipped
from matcher.embedding.cache import CachedEncoder, NeverEncoding
from matcher.embedding.e5 import E5, E5_FINGERPRINT
from matcher.embedding.embedder import distinct_phrases, embed_profiles
from matcher.embedding.encoder import content_key
from matcher.embedding.lessons import lessons
from matcher.embedding.model_files import PACKAGED_FINGERPRINT
from matcher.embedding.packaged import open_encoder
from matcher.embedding.shipped import completed, save, shipped_vectors
from matcher.profiles.profile import ClusterProfile

DRAWN = 24


@pytest.fixture(scope="module")
def profiles():
    """All shipped profiles."""
    lines = (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines()
    return [ClusterProfile.model_validate_json(line) for line in lines]


def nothing(missing):
    """Refuse to encode."""
    raise AssertionError(f"run `make vectors`: {len(missing)} texts are not there: {missing[:3]}")


def test_a_first_start_encodes_nothing_of_the_shipped_data(profiles, tmp_path):
    encoder = CachedEncoder(NeverEncoding(open_encoder(Settings(home=tmp_path))), MemoryCache())
    assert len(embed_profiles(profiles, encoder)) == len(profiles)


@pytest.mark.parametrize("model", [E5_FINGERPRINT, PACKAGED_FINGERPRINT])
def test_nor_does_the_way_between_the_models(model):
    assert completed(model, lessons(), nothing).shape == (len(lessons()), 384)


@pytest.mark.model
def test_what_ships_is_what_the_models_say(profiles, real_settings):
    encoder = open_encoder(real_settings)
    texts = random.Random(7).sample(distinct_phrases(profiles), DRAWN)
    foreign = [phrase for phrase in distinct_phrases(profiles) if not phrase.isascii()][:DRAWN]
    for text, vector in zip(texts + foreign, encoder.encode(texts + foreign), strict=True):
        (said,) = shipped_vectors(encoder.cached_as, [encoder.key(text)]).values()
        assert said @ vector > 0.9999, text


@pytest.mark.model
def test_so_it_is_for_the_multilingual_model():
    texts = random.Random(7).sample(lessons(), DRAWN)
    said = shipped_vectors(E5_FINGERPRINT, [content_key(text) for text in texts])
    for text, vector in zip(texts, E5().encode(texts), strict=True):
        assert said[content_key(text)] @ vector > 0.9999, text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of its own, empty."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "vectors")
    shipped._table.cache_clear()
    yield tmp_path / "vectors"
    shipped._table.cache_clear()


def test_what_was_saved_is_found_by_its_key_and_nothing_else_is(folder):
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [content_key(str(number)) for number in range(200)]
    save("some@1", dict(zip(keys[:100], vectors, strict=False)))
    found = shipped_vectors("some@1", keys)
    assert list(found) == keys[:100]
    assert np.allclose(list(found.values()), vectors[:100], atol=1e-3)
    assert np.allclose(np.linalg.norm(list(found.values()), axis=1), 1)
    assert shipped_vectors("other@1", keys) == shipped_vectors("some@1", []) == {}


def test_a_file_that_cannot_be_read_only_costs_time(folder):
    folder.mkdir()
    (folder / "some@1.npy").write_bytes(b"damaged")
    assert shipped_vectors("some@1", [content_key("wine")]) == {}
