import numpy as np
import pytest
from contract import SavedIndexContract
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.index.quantised import QuantisedIndex

from matcher.errors import IndexUnavailableError
from matcher.index import FlatIndex

DIM = 32
SMALL = 200
"""Rows up to which the indexes of these tests are exact."""


class TestQuantisedIndex(SavedIndexContract):
    make = QuantisedIndex


class TestQuantisedIndexThatCodesFromTheFirstRow(SavedIndexContract):
    make = staticmethod(lambda dim: QuantisedIndex(dim, exact_rows=0))


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clustered(rows=6000, clusters=40, seed=1, spread=0.25):
    random = np.random.default_rng(seed)
    centres = unit(random.standard_normal((clusters, DIM)))
    member = random.integers(clusters, size=rows)
    return unit(centres[member] + spread * random.standard_normal((rows, DIM))), member


def names(rows):
    return tuple(f"c-{row:06}" for row in range(len(rows)))


def built(rows, **options):
    index = QuantisedIndex(rows.shape[1], exact_rows=SMALL)
    index.build(names(rows), rows, **options)
    return index


@pytest.fixture(scope="module")
def data():
    return clustered()[0]


@pytest.fixture(scope="module")
def index(data):
    return built(data)


def recall(index, rows, queries, allowed=None):
    """Part of the true ten best that are found; one that ties with the tenth is as good."""
    mask = np.ones(len(rows), bool) if allowed is None else allowed
    found = wanted = 0
    for query, hits in zip(queries, index.search(queries, 10, allowed), strict=True):
        true = np.sort(rows[mask] @ query)[::-1][:10]
        wanted += len(true)
        found += sum(hit.score >= true[-1] - 1e-6 for hit in hits)
    return found / wanted


def test_recall_holds_on_unseen_questions(index, data):
    questions = clustered(seed=1, rows=7000)[0][6000:6200]
    assert not index.report.exact
    assert recall(index, data, questions) >= 0.985
    assert recall(index, data, data[:200]) >= 0.985


@pytest.mark.parametrize("share", [0.5, 0.1, 0.04])
def test_recall_holds_under_filters_that_have_to_do_with_nothing(index, data, share):
    allowed = np.random.default_rng(2).random(len(data)) < share
    assert allowed.sum() > SMALL
    assert recall(index, data, data[:200], allowed) >= 0.985


@pytest.mark.parametrize("near", [True, False])
def test_recall_holds_under_filters_on_some_clusters(index, data, near):
    member = clustered()[1]
    allowed = np.isin(member, [3, 4, 5])
    questions = data[allowed if near else ~allowed][:200]
    assert allowed.sum() > SMALL
    assert recall(index, data, questions, allowed) >= 0.985


def test_report_tells_what_was_measured(index):
    report = index.report
    assert report.recall >= 0.99 and report.filtered >= 0.99
    assert report.probes > 0 and report.depth > 0 and report.sample > 0


def test_fewer_rows_are_looked_at_than_there_are(index, data):
    assert index.report.probes < len(index.arrays["centroids"])
    assert index.report.depth < len(data) / 10


@given(seed=st.integers(0, 10**6), share=st.floats(0, 1), k=st.integers(1, 60))
@settings(deadline=None, max_examples=40)
def test_filters_neither_leak_nor_shorten_nor_change_scores(index, data, seed, share, k):
    random = np.random.default_rng(seed)
    allowed = random.random(len(data)) < share
    query = data[random.integers(len(data), size=1)]
    hits = index.search(query, k, allowed)[0]
    row_of = {name: row for row, name in enumerate(index.ids)}
    rows = [row_of[hit.id] for hit in hits]
    assert len(set(rows)) == min(k, allowed.sum())
    assert allowed[rows].all()
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.id))
    assert np.allclose([hit.score for hit in hits], data[rows] @ query[0], atol=1e-5)


@given(rows=st.lists(st.integers(0, 5999), min_size=SMALL + 1, max_size=SMALL + 40, unique=True))
@settings(deadline=None, max_examples=20)
def test_a_filter_far_from_the_question_is_still_filled(index, data, rows):
    allowed = np.zeros(len(data), bool)
    allowed[rows] = True
    worst = -unit(data[rows].mean(axis=0, keepdims=True))
    assert len(index.search(worst, len(rows), allowed)[0]) == len(rows)


def test_scores_are_those_of_exact_search_bit_for_bit(index, data):
    flat = FlatIndex(DIM)
    flat.build(names(data), data)
    for ours, exact in zip(index.search(data[:50], 5), flat.search(data[:50], 5), strict=True):
        known = dict(exact)
        shared = [hit for hit in ours if hit.id in known]
        assert shared and all(known[hit.id] == hit.score for hit in shared)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.02])
def test_near_ones_are_allowed_and_nearly_all_of_the_best_are_among_them(index, data, share):
    random = np.random.default_rng(7)
    allowed = random.random(len(data)) < share
    found = 0
    for query in data[random.integers(len(data), size=20)]:
        near = index.near(query, 100, allowed)
        assert len(set(near.tolist())) == len(near) == min(100, np.count_nonzero(allowed))
        assert allowed[near].all()
        best = np.argsort(-np.where(allowed, data @ query, -2))[:10]
        found += np.isin(best, near).sum()
    assert found >= 0.97 * 200


def test_few_allowed_rows_are_compared_exactly(index, data):
    flat = FlatIndex(DIM)
    flat.build(names(data), data)
    allowed = np.random.default_rng(5).permutation(len(data)) < SMALL
    assert index.search(data[:30], 10, allowed) == flat.search(data[:30], 10, allowed)


HARD = {
    "all equal": np.repeat(unit(np.ones((1, DIM))), 3000, axis=0),
    "all zero": np.zeros((3000, DIM), np.float32),
    "half zero": np.vstack([np.zeros((1500, DIM), np.float32), clustered(1500)[0]]),
    "few different": np.repeat(clustered(60)[0], 50, axis=0),
    "one cluster": clustered(3000, clusters=1, spread=0.02)[0],
    "no clusters": unit(np.random.default_rng(3).standard_normal((3000, DIM))),
    "one direction": np.outer(np.linspace(-1, 1, 3000), np.ones(DIM)).astype(np.float32),
    "just past exact": clustered(SMALL + 1)[0],
    "not of length 1": clustered(3000)[0] * np.linspace(0.01, 100, 3000, dtype=np.float32)[:, None],
}


@pytest.mark.parametrize("case", HARD)
def test_recall_holds_on_hard_data(case):
    rows = HARD[case]
    index = built(rows)
    sums = rows[:60] + rows[100:160]
    allowed = np.random.default_rng(5).random(len(rows)) < 0.4
    for mask in (None, allowed):
        assert recall(index, rows, rows[:60], mask) >= 0.98
        assert recall(index, rows, sums, mask) >= 0.98


def test_where_the_floor_cannot_be_had_search_is_exact_and_says_so(monkeypatch, data):
    monkeypatch.setattr("matcher.index.tuning.FLOOR", 1.1)
    index = built(data[:1000])
    assert index.report.exact and index.report.recall < 1.1
    assert index.arrays.keys() == {"effort"}
    assert recall(index, data[:1000], data[:100]) == 1


def test_equal_input_gives_equal_indexes(index, data):
    again = built(data.copy())
    assert again.report == index.report
    for name, array in index.arrays.items():
        assert np.array_equal(again.arrays[name], array)
    assert again.search(data[:50], 10) == index.search(data[:50], 10)


def test_arrays_are_all_that_is_needed_to_open_it_again(index, data):
    again = QuantisedIndex.from_arrays(index.ids, data, {"other": data, **index.arrays})
    allowed = np.random.default_rng(6).random(len(data)) < 0.3
    assert again.report == index.report
    for mask in (None, allowed):
        assert again.search(data[:50], 10, mask) == index.search(data[:50], 10, mask)


@pytest.mark.parametrize("missing", ["effort", "centroids", "lists", "codes", "axes", "sketch"])
def test_missing_arrays_are_refused(index, data, missing):
    arrays = {name: array for name, array in index.arrays.items() if name != missing}
    with pytest.raises(IndexUnavailableError, match="rebuild the index"):
        QuantisedIndex.from_arrays(index.ids, data, arrays)


def test_arrays_of_other_rows_are_refused(index, data):
    with pytest.raises(IndexUnavailableError, match="rebuild the index"):
        QuantisedIndex.from_arrays(index.ids[:-1], data[:-1], index.arrays)
    garbled = {**index.arrays, "effort": np.frombuffer(b"{}", np.uint8)}
    with pytest.raises(IndexUnavailableError, match="rebuild the index"):
        QuantisedIndex.from_arrays(index.ids, data, garbled)


def test_rows_come_and_go_without_new_training(data):
    index = built(data[:4000])
    centroids = index.arrays["centroids"].copy()
    index.add(names(data)[4000:], data[4000:])
    gone = np.random.default_rng(7).random(len(data)) < 0.3
    index.remove([name for name, out in zip(names(data), gone, strict=True) if out])
    index.add(["late"], data[:1])
    rest = np.vstack([data[~gone], data[:1]])
    assert index.ids == (*(n for n, out in zip(names(data), gone, strict=True) if not out), "late")
    assert np.array_equal(index.arrays["centroids"], centroids)
    assert recall(index, rest, rest[:200]) >= 0.98
    allowed = np.random.default_rng(8).random(len(rest)) < 0.2
    assert recall(index, rest, rest[:200], allowed) >= 0.98
    reopened = QuantisedIndex.from_arrays(index.ids, rest, index.arrays)
    assert reopened.search(rest[:40], 10, allowed) == index.search(rest[:40], 10, allowed)


def test_an_index_that_grows_past_exact_is_coded_then(data):
    index = QuantisedIndex(DIM, exact_rows=SMALL)
    index.build(names(data)[:SMALL], data[:SMALL])
    assert index.report.exact
    index.add(names(data)[SMALL:], data[SMALL:])
    assert not index.report.exact
    assert recall(index, data, data[:100]) >= 0.98


def test_a_memory_map_is_read_in_place(data, tmp_path):
    np.save(tmp_path / "rows.npy", data)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    index = built(mapped)
    assert np.shares_memory(index._rows.first, mapped)
    assert index.search(data[:20], 10) == built(data).search(data[:20], 10)


def test_progress_counts_the_rows(data):
    seen = []
    built(data, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(data), len(data))
    assert seen == sorted(seen)
