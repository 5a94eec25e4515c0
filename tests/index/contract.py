"""What every `VectorIndex` engine must do: inherit `VectorIndexContract` and give `make`.

class TestMyEngine(VectorIndexContract):
    make = staticmethod(lambda dim: MyEngine(dim))
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from matcher.errors import InvalidInputError

IDS = ["a", "b", "c", "d", "e"]


def vectors(rows=5, dim=8, seed=1):
    return np.random.default_rng(seed).standard_normal((rows, dim)).astype(np.float32)


def names(count):
    return [f"c-{number:05}" for number in range(count)]


def exact(rows, query, k, allowed):
    """The answer by definition: every allowed row, best first, equal scores by row."""
    scores = rows.astype(np.float64) @ query.astype(np.float64)
    found = sorted((-scores[row], row) for row in np.flatnonzero(allowed))
    return [(row, -score) for score, row in found[:k]]


@st.composite
def searches(draw):
    """Few different small whole-numbered vectors, so that many scores are exactly equal."""
    size, dim = draw(st.integers(1, 40)), draw(st.integers(1, 9))
    whole = st.integers(-2, 2).map(float)
    rows = draw(npst.arrays(np.float32, (size, dim), elements=whole))
    queries = draw(npst.arrays(np.float32, (draw(st.integers(1, 5)), dim), elements=whole))
    allowed = draw(st.none() | npst.arrays(np.bool_, size))
    return rows, queries, draw(st.integers(1, size + 3)), allowed


def same(one, other):
    return all(
        np.array_equal(a.rows, b.rows) and np.array_equal(a.scores, b.scores)
        for a, b in zip(one, other, strict=True)
    )


class VectorIndexContract:
    """Contract tests of all engines."""

    @pytest.fixture
    def index(self):
        index = self.make(8)
        index.build(IDS, vectors())
        return index

    @given(search=searches())
    @settings(
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
    )
    def test_equals_the_definition_under_any_filter(self, search):
        rows, queries, k, allowed = search
        index = self.make(rows.shape[1])
        index.build(names(len(rows)), rows)
        mask = np.ones(len(rows), bool) if allowed is None else allowed
        for query, hits in zip(queries, index.search(queries, k, allowed), strict=True):
            expected = exact(rows, query, k, mask)
            assert hits.rows.tolist() == [row for row, _ in expected]
            assert np.allclose(hits.scores, [score for _, score in expected], atol=1e-5)

    def test_equal_rows_come_by_id(self):
        twins = np.repeat(vectors(3, 384, seed=2), 20, axis=0)
        index = self.make(384)
        index.build(names(60), twins)
        for hits in index.search(vectors(9, 384, seed=3), 25):
            assert len(set(hits.scores[:20])) == 1
            assert hits.rows[:20].tolist() == sorted(hits.rows[:20])

    def test_a_filter_changes_no_score(self, index):
        query = vectors(1, seed=4)
        whole = dict(zip(*index.search(query, 5)[0], strict=True))
        mask = np.array([True, False, True, True, False])
        filtered = dict(zip(*index.search(query, 5, mask)[0], strict=True))
        assert filtered == {row: whole[row] for row in (0, 2, 3)}

    def test_asking_for_more_than_there_is_gives_what_there_is(self, index):
        assert len(index.search(vectors(1), 1000)[0].rows) == len(IDS)
        one = np.array([False, False, True, False, False])
        assert index.search(vectors(1), 10, one)[0].rows.tolist() == [2]

    def test_a_filter_that_allows_nothing_gives_nothing(self, index):
        found = index.search(vectors(2), 3, np.zeros(5, bool))
        assert [len(hits.rows) for hits in found] == [0, 0]

    def test_no_query_gives_no_answer(self, index):
        assert index.search(vectors(0), 3) == []

    def test_an_empty_index_works(self):
        index = self.make(8)
        index.build([], vectors(0))
        assert [len(hits.rows) for hits in index.search(vectors(2), 3)] == [0, 0]

    def test_building_again_replaces_everything(self, index):
        index.build(["c", "z"], vectors(2, seed=9))
        assert index.ids == ["c", "z"]
        fresh = self.make(8)
        fresh.build(["c", "z"], vectors(2, seed=9))
        assert same(index.search(vectors(3), 9), fresh.search(vectors(3), 9))

    def test_saved_and_loaded_is_the_same(self, index, tmp_path):
        index.save(tmp_path / "saved")
        again = self.again(index)
        again.load(tmp_path / "saved", IDS)
        assert again.ids == IDS
        assert same(again.search(vectors(3), 5), index.search(vectors(3), 5))

    @pytest.mark.parametrize(
        ("ids", "rows"),
        [
            (["x", "x"], vectors(2)),
            (["x", "a"], vectors(2)),
            (["x"], vectors(2)),
            (["x"], vectors(1)[0]),
            (["x"], np.full((1, 8), np.nan, np.float32)),
            (["x"], np.full((1, 8), np.inf, np.float32)),
        ],
    )
    def test_rows_that_break_a_rule_change_nothing(self, index, ids, rows):
        before = index.search(vectors(3), 9)
        with pytest.raises(InvalidInputError):
            index.build(ids, rows)
        assert index.ids == IDS
        assert same(index.search(vectors(3), 9), before)

    @pytest.mark.parametrize(
        ("queries", "k", "allowed"),
        [
            (vectors(1), 0, None),
            (vectors(1), -1, None),
            (vectors(1, dim=7), 1, None),
            (vectors(1)[0], 1, None),
            (np.full((1, 8), np.nan, np.float32), 1, None),
            (vectors(1), 1, np.ones(4, bool)),
            (vectors(1), 1, np.ones(5, np.int64)),
        ],
    )
    def test_a_search_that_breaks_a_rule_is_refused(self, index, queries, k, allowed):
        with pytest.raises(InvalidInputError):
            index.search(queries, k, allowed)


def near(count, dim, seed):
    """Unit vectors in groups, as profiles are."""
    random = np.random.default_rng(seed)
    middles = random.standard_normal((count // 50, dim))
    rows = middles[random.integers(len(middles), size=count)]
    rows = rows + 0.6 * random.standard_normal(rows.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def recall(index, rows, allowed, k=10):
    """Share of the best `k` that are found; every list must be full and within the filter."""
    queries = rows[np.random.default_rng(8).integers(len(rows), size=30)]
    found = 0
    for query, hits in zip(queries, index.search(queries, k, allowed), strict=True):
        best = exact(rows, query, k, allowed)
        assert len(hits.rows) == len(best)
        assert allowed[hits.rows].all()
        assert (np.diff(hits.scores) <= 0).all()
        found += len({row for row, _ in best} & set(hits.rows.tolist()))
    return found / (30 * min(k, int(allowed.sum())))
