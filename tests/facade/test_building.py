"""Building a generation: in batches, copying what has not changed, ending where it would anew."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matcher.building import build
from matcher.index.generation import Generations
from matcher.snapshot import open_snapshot
from support import FakeEncoder

from matcher import building
from matcher.errors import ModelUnavailableError
from matcher.matching import candidates
from matcher.profiles.profile import ClusterProfile

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


def bodies(profiles):
    return [(one.id, one.model_dump_json()) for one in sorted(profiles, key=lambda one: one.id)]


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(building, "BATCH", 7)


def built(home, profiles, encoder=None, progress=None):
    return build(Generations(home), bodies(profiles), encoder or FakeEncoder(), progress)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 30])
def test_a_generation_does_not_depend_on_the_size_of_batches(count, tmp_path, monkeypatch):
    profiles = [profile(number) for number in range(count)]
    whole = built(tmp_path / "whole", profiles)
    monkeypatch.setattr(building, "BATCH", 7)
    assert built(tmp_path / "parts", profiles).id == whole.id


numbers = st.sets(st.integers(0, 25), max_size=20)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=numbers, after=numbers, changed=st.sets(st.integers(0, 25)))
def test_changes_end_where_a_build_anew_ends(before, after, changed, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    built(home / "one", [profile(number) for number in before])
    later = [profile(number, seed=number in changed) for number in after]
    assert built(home / "one", later).id == built(home / "other", later).id


def test_unchanged_profiles_are_not_embedded_again(tmp_path, small_batches):
    profiles = [profile(number) for number in range(30)]
    built(tmp_path, profiles)
    encoder = FakeEncoder()
    built(tmp_path, [*profiles[:9], profile(9, seed=1), *profiles[10:]], encoder)
    assert any("Cluster 9 of wine" in text for text in encoder.encoded)
    assert not any(f"Cluster {other} " in text for other in (8, 10) for text in encoder.encoded)
    encoder = FakeEncoder()
    built(tmp_path, [*profiles[:9], profile(9, seed=1), *profiles[10:]], encoder)
    assert not encoder.encoded


def test_another_recipe_or_model_makes_everything_anew(tmp_path, monkeypatch):
    profiles = [profile(number) for number in range(5)]
    built(tmp_path, profiles)
    for name in ("recipe", "model"):
        if name == "recipe":
            monkeypatch.setattr(building, "RECIPE", "another")
        encoder = FakeEncoder(fingerprint=name)
        built(tmp_path, profiles, encoder)
        assert any("Cluster 3" in text for text in encoder.encoded)


def test_a_failed_build_leaves_the_old_one_and_nothing_else(tmp_path, small_batches):
    class Failing(FakeEncoder):
        def encode(self, texts, progress=None):
            if any("Cluster 12 " in text for text in texts):
                raise ModelUnavailableError("gone")
            return super().encode(texts, progress)

    old = built(tmp_path, [profile(number) for number in range(10)])
    with pytest.raises(ModelUnavailableError):
        built(tmp_path, [profile(number) for number in range(20)], Failing())
    assert Generations(tmp_path).current().id == old.id
    assert {item.name for item in (tmp_path / "generations").iterdir()} == {
        "current",
        "lock",
        old.id,
    }


def test_progress_counts_profiles_up_to_all_of_them(tmp_path, small_batches):
    calls = []
    profiles = [profile(number) for number in range(30)]
    built(tmp_path, profiles, progress=lambda done, total: calls.append((done, total)))
    assert calls == sorted(calls)
    assert calls[-1] == (30, 30)
    assert {total for _, total in calls} == {30}


def test_a_large_collection_learns_its_words_from_a_sample_and_keeps_them(
    tmp_path, monkeypatch, small_batches
):
    monkeypatch.setattr(building, "SAMPLE", 10)
    profiles = [profile(number) for number in range(30)]
    first = built(tmp_path, profiles)
    learnt = first.arrays["lexical_terms"].tobytes()
    more = built(tmp_path, [profile(0, seed=1), *profiles[1:], profile(77, seed=5)])
    assert more.arrays["lexical_terms"].tobytes() == learnt
    assert more.meta["learnt_from"] == "30"
    rows = open_snapshot(more, ()).lexicon.rows
    for row in (1, 29):
        old = open_snapshot(first, ()).lexicon.rows.row(row)
        assert np.array_equal(rows.row(row).values, old.values)
    doubled = built(tmp_path, [profile(number) for number in range(61)])
    assert doubled.meta["learnt_from"] == "61"


@pytest.fixture
def indexed(monkeypatch):
    """Build the index of candidates for collections that would be far too small for it."""
    monkeypatch.setattr(candidates, "EXACT_ROWS", 20)
    monkeypatch.setattr(candidates, "DEPTHS", (15, 15))


def test_candidates_of_a_changed_index_are_nearly_all_of_the_nearest(tmp_path, indexed):
    profiles = [profile(number) for number in range(300)]
    built(tmp_path, profiles)
    changed = [profile(n, seed=n % 10 == 0) for n in range(300) if n % 50] + [profile(301)]
    snapshot = open_snapshot(built(tmp_path, changed), ())
    assert {"posting_rows", "about_index_codes"} <= snapshot.generation.arrays.keys()
    corpus = snapshot.corpus
    allowed = corpus.columns.members > 20
    found = missed = 0
    for row in range(0, len(corpus), 10):
        asker = corpus.take(np.array([row]))
        rows, likeness, _ = snapshot.candidates.retrieve(asker, allowed)
        assert allowed[rows].all()
        assert (np.diff(rows) > 0).all()
        closeness = np.where(
            allowed, corpus.vectors.facets["about"] @ asker.vectors.facets["about"][0], -2
        )
        assert likeness == pytest.approx(closeness[rows], abs=1e-6)
        best = set(np.argsort(-closeness)[:10].tolist())
        found += len(best & set(rows.tolist()))
        missed += len(best - set(rows.tolist()))
    assert found / (found + missed) > 0.95


def test_few_profiles_get_no_index(tmp_path):
    generation = built(tmp_path, [profile(number) for number in range(30)])
    assert not [name for name in generation.arrays if "index" in name or "posting" in name]
