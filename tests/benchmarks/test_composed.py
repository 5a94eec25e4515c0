import numpy as np
import pytest
from support import FakeEncoder

from benchmarks.composed import ComposedEncoder, vocabulary
from benchmarks.synthetic import synthetic_profiles
from matcher.embedding.embedder import embed_profiles
from matcher.embedding.facets import facet_texts
from matcher.errors import InvalidInputError


@pytest.fixture(scope="module")
def known():
    words = vocabulary()
    return dict(zip(words, FakeEncoder().encode(list(words)), strict=True))


@pytest.fixture(scope="module")
def encoder(known):
    return ComposedEncoder(known)


def texts(facet="offers", count=600):
    found = (facet_texts(profile)[facet] for profile in synthetic_profiles(count, seed=1))
    return [text for text in found if text]


def test_vectors_are_of_length_1_and_do_not_depend_on_their_neighbours(encoder):
    said = texts("about")
    vectors = encoder.encode(said)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(encoder.encode(said[40:43]), vectors[40:43], atol=1e-6)


def test_a_phrase_is_near_its_own_vector_and_far_from_others(encoder, known):
    phrases = list(known)[:300]
    cosines = encoder.encode(phrases) @ np.array([known[phrase] for phrase in phrases]).T
    assert cosines.diagonal().min() > 0.95
    assert np.median(cosines) < 0.5


def test_texts_that_share_phrases_are_nearer_than_others(encoder):
    said = texts()
    vectors = encoder.encode(said)
    words = [set(text.split("; ")) for text in said]
    pairs = [(a, b) for a in range(200) for b in range(a)]
    cosines = {pair: float(vectors[pair[0]] @ vectors[pair[1]]) for pair in pairs}
    shared = [cosines[a, b] for a, b in pairs if words[a] & words[b]]
    assert shared and np.mean(shared) > 3 * np.mean(list(cosines.values()))


def test_no_two_texts_have_the_same_vector(encoder):
    said = list(dict.fromkeys(texts()))
    vectors = encoder.encode(said)
    assert len(np.unique(vectors, axis=0)) == len(said)


def test_seed_and_vocabulary_are_in_the_fingerprint(known, encoder):
    again = ComposedEncoder(known)
    assert again.fingerprint == encoder.fingerprint
    assert np.array_equal(again.encode(texts()), encoder.encode(texts()))
    fewer = dict(list(known.items())[:50])
    prints = {ComposedEncoder(known, seed=2).fingerprint, ComposedEncoder(fewer).fingerprint}
    assert len(prints | {encoder.fingerprint}) == 3


def test_it_serves_where_an_encoder_is_wanted(encoder):
    seen = []
    profiles = list(synthetic_profiles(20, seed=1))
    embedded = embed_profiles(profiles, encoder, lambda *done: seen.append(done))
    assert embedded.dim == encoder.dim == 64
    assert len(embedded) == 20 and seen[-1][0] == seen[-1][1]


def test_nothing_and_punctuation(encoder):
    assert encoder.encode([]).shape == (0, 64)
    assert np.isfinite(encoder.encode(["...", "; ;"])).all()
    with pytest.raises(InvalidInputError):
        encoder.encode(["  "])
