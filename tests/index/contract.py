"""What every `VectorIndex` engine must do: inherit `VectorIndexContract` and give `make`.

Engines that are saved in a folder inherit `SavedIndexContract`, which asks for more.

class TestMyEngine(VectorIndexContract):
    make = staticmethod(lambda dim: MyEngine(dim))
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from matcher.errors import IndexUnavailableError, InvalidInputError

IDS = ("d", "b", "a", "c", "e")


def vectors(rows=5, dim=8, seed=1):
    return np.random.default_rng(seed).standard_normal((rows, dim)).astype(np.float32)


def exact(ids, rows, query, k, allowed):
    """The answer by definition: every allowed row, best first, equal scores by id."""
    scores = rows.astype(np.float64) @ query.astype(np.float64)
    found = sorted((-scores[r], ids[r]) for r in np.flatnonzero(allowed))
    return [(name, -score) for score, name in found[:k]]


@st.composite
def searches(draw):
    """Few different small whole-numbered vectors, so that many scores are exactly equal."""
    size = draw(st.integers(1, 40))
    dim = draw(st.integers(1, 9))
    whole = st.integers(-2, 2).map(float)
    rows = draw(npst.arrays(np.float32, (size, dim), elements=whole))
    queries = draw(npst.arrays(np.float32, (draw(st.integers(1, 30)), dim), elements=whole))
    allowed = draw(st.none() | npst.arrays(np.bool_, size))
    names = [f"c-{n}" for n in draw(st.permutations(range(size)))]
    return names, rows, queries, draw(st.integers(1, size + 3)), allowed


class VectorIndexContract:
    """Contract tests; `tolerance` is what an engine's scores may be off."""

    tolerance = 1e-5

    @pytest.fixture
    def index(self):
        index = self.make(8)
        index.build(IDS, vectors())
        return index

    @given(search=searches())
    @settings(deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_equals_the_definition_under_any_filter(self, search):
        names, rows, queries, k, allowed = search
        index = self.make(rows.shape[1])
        index.build(names, rows)
        everything = np.ones(len(names), bool)
        for query, hits in zip(queries, index.search(queries, k, allowed), strict=True):
            expected = exact(names, rows, query, k, everything if allowed is None else allowed)
            assert [hit.id for hit in hits] == [name for name, _ in expected]
            assert np.allclose(
                [hit.score for hit in hits], [score for _, score in expected], atol=self.tolerance
            )

    @pytest.mark.parametrize("count", [1, 19, 20, 64, 799, 801])
    def test_equal_rows_come_by_id_however_many_queries(self, count):
        twins = np.repeat(vectors(3, 384, seed=2), 20, axis=0)
        names = [f"t-{59 - n:02}" for n in range(60)]
        index = self.make(384)
        index.build(names, twins)
        for hits in index.search(vectors(count, 384, seed=3), 25):
            assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.id))
            assert len({hit.score for hit in hits[:20]}) == 1
            assert [hit.id for hit in hits[:20]] == sorted(hit.id for hit in hits[:20])

    def test_a_filter_changes_no_score(self, index):
        query = vectors(1, seed=4)
        whole = dict(index.search(query, 5)[0])
        mask = np.array([True, False, True, True, False])
        filtered = dict(index.search(query, 5, mask)[0])
        assert filtered == {name: whole[name] for name in ("d", "a", "c")}

    def test_asking_for_more_than_there_is_gives_what_there_is(self, index):
        assert len(index.search(vectors(1), 1000)[0]) == len(IDS)
        one = np.array([False, False, True, False, False])
        assert [hit.id for hit in index.search(vectors(1), 10, one)[0]] == ["a"]

    def test_filter_that_allows_nothing_gives_nothing(self, index):
        assert index.search(vectors(2), 3, np.zeros(5, bool)) == [[], []]

    def test_no_query_gives_no_answer(self, index):
        assert index.search(vectors(0), 3) == []

    def test_empty_index_works(self):
        index = self.make(8)
        assert (len(index), index.dim, index.ids) == (0, 8, ())
        assert index.search(vectors(2), 3) == [[], []]
        index.add(["x"], vectors(1))
        assert index.ids == ("x",)

    def test_building_again_replaces_everything(self, index):
        index.build(["z"], vectors(1))
        assert index.ids == ("z",)
        assert [hit.id for hit in index.search(vectors(1), 9)[0]] == ["z"]

    def test_adding_equals_building_with_all(self, index):
        index.add(["f"], vectors(1, seed=5))
        whole = self.make(8)
        whole.build([*IDS, "f"], np.vstack([vectors(), vectors(1, seed=5)]))
        assert index.ids == whole.ids
        assert index.search(vectors(3), 6) == whole.search(vectors(3), 6)

    def test_removing_equals_building_without(self, index):
        index.remove(["b", "c"])
        rest = self.make(8)
        rest.build(["d", "a", "e"], vectors()[[0, 2, 4]])
        mask = np.array([True, False, True])
        assert index.ids == rest.ids
        assert index.search(vectors(3), 2, mask) == rest.search(vectors(3), 2, mask)

    @pytest.mark.parametrize(
        ("ids", "rows"),
        [
            (["x", "x"], vectors(2)),
            (["x", "a"], vectors(2)),
            (["x"], vectors(2)),
            (["x"], vectors(1, dim=7)),
            (["x"], vectors(1)[0]),
            (["x"], np.full((1, 8), np.nan, np.float32)),
            (["x"], np.full((1, 8), np.inf, np.float32)),
        ],
    )
    def test_rows_that_break_a_rule_change_nothing(self, index, ids, rows):
        before = index.search(vectors(3), 9)
        with pytest.raises(InvalidInputError):
            index.add(ids, rows)
        if "a" not in ids:
            with pytest.raises(InvalidInputError):
                index.build(ids, rows)
        assert index.ids == IDS
        assert index.search(vectors(3), 9) == before

    def test_removing_an_unknown_id_changes_nothing(self, index):
        with pytest.raises(InvalidInputError, match="nobody"):
            index.remove(["a", "nobody"])
        assert index.ids == IDS

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
    def test_search_that_breaks_a_rule_is_refused(self, index, queries, k, allowed):
        with pytest.raises(InvalidInputError):
            index.search(queries, k, allowed)


class SavedIndexContract(VectorIndexContract):
    """Contract tests of a `SavedIndex`."""

    def test_empty_index_is_saved_and_loaded(self, tmp_path):
        index = self.make(8)
        index.save(tmp_path / "saved")
        assert len(type(index).load(tmp_path / "saved")) == 0

    def test_saved_and_loaded_is_the_same(self, index, tmp_path):
        index.save(tmp_path / "saved")
        again = type(index).load(tmp_path / "saved")
        assert (again.ids, again.dim) == (index.ids, index.dim)
        assert again.search(vectors(3), 5) == index.search(vectors(3), 5)

    def test_any_changed_byte_of_a_saved_index_is_noticed(self, index, tmp_path):
        index.save(tmp_path / "saved")
        random = np.random.default_rng(6)
        for file in sorted((tmp_path / "saved").rglob("*")):
            good = file.read_bytes()
            for place in random.integers(len(good), size=20):
                bad = bytearray(good)
                bad[place] ^= int(random.integers(1, 256))
                file.write_bytes(bad)
                with pytest.raises(IndexUnavailableError):
                    type(index).load(tmp_path / "saved")
            file.write_bytes(good[:-1])
            with pytest.raises(IndexUnavailableError):
                type(index).load(tmp_path / "saved")
            file.write_bytes(good)
        assert len(type(index).load(tmp_path / "saved")) == len(IDS)

    def test_nothing_saved_is_said_in_words(self, index, tmp_path):
        with pytest.raises(IndexUnavailableError, match="missing"):
            type(index).load(tmp_path / "nowhere")
