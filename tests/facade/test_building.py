"""Building the arrays: whatever the size of batches, the same; the vocabulary from a sample."""

import numpy as np
import pytest
from support import FakeEncoder

from matcher.embedding import embedder
from matcher.matching import building
from matcher.matching.building import described
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.sequences import unpacked

WORDS = ("oak", "wine", "robots", "solar power", "wooden toys", "cheese", "steel", "export")


def profile(number, seed=0):
    random = np.random.default_rng([number, seed])
    said = [tuple(random.choice(WORDS, 2, replace=False).tolist()) for _ in range(4)]
    fields = dict(zip(("technologies", "services", "offers", "seeks"), said, strict=True))
    return ClusterProfile(
        id=f"ge-{number:04}",
        name=f"Cluster {number} of {WORDS[seed % len(WORDS)]}",
        country="GE",
        members_total=int(random.integers(1, 99)) if number % 3 else None,
        ecosystems=("digital",) if number % 2 else (),
        **(fields if number % 5 else {}),
    )


def built(profiles, progress=None):
    rows = sorted(profiles, key=lambda one: one.id)
    bodies = [one.model_dump_json() for one in rows]
    return described([one.id for one in rows], bodies, FakeEncoder(), progress)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 30])
def test_arrays_do_not_depend_on_the_size_of_batches(count, monkeypatch):
    profiles = [profile(number) for number in range(count)]
    whole = built(profiles)
    monkeypatch.setattr(embedder, "BATCH", 7)
    parts = built(profiles)
    assert whole.keys() == parts.keys()
    for name, array in whole.items():
        assert np.array_equal(array, parts[name], equal_nan=array.dtype.kind == "f"), name


def test_progress_counts_profiles_up_to_all_of_them(monkeypatch):
    monkeypatch.setattr(embedder, "BATCH", 7)
    calls = []
    built([profile(number) for number in range(30)], lambda *call: calls.append(call))
    assert calls == sorted(calls)
    assert calls[-1] == (30, 30)
    assert {total for _, total in calls} == {30}


def test_a_large_collection_learns_its_words_from_a_sample(monkeypatch):
    profiles = [profile(number) for number in range(30)]
    whole = unpacked(built(profiles)["lexical_terms"])
    monkeypatch.setattr(building, "SAMPLE", 10)
    sample = unpacked(built(profiles)["lexical_terms"])
    assert set(sample) < set(whole)
    assert sample == unpacked(built(profiles[::3])["lexical_terms"])
