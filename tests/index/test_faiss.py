"""Vector search with FAISS, exact and by a factory string."""

import numpy as np
import pytest
from contract import IDS, VectorIndexContract, names, near, recall, vectors

from matcher.config import Settings
from matcher.errors import IndexUnavailableError
from matcher.index.faiss_index import FaissIndex

FACTORY = Settings.model_fields["index_factory"].default


class TestExact(VectorIndexContract):
    make = staticmethod(lambda _dim: FaissIndex())
    again = staticmethod(lambda _index: FaissIndex())


class TestFactoryOfFewLists(VectorIndexContract):
    """Re-ranked exactly, with so few lists that all are searched: as good as exact."""

    make = staticmethod(lambda _dim: FaissIndex("IVF1,Flat,RFlat", 1))
    again = staticmethod(lambda _index: FaissIndex())


@pytest.fixture(scope="module")
def many():
    rows = near(12_000, 64, seed=7)
    index = FaissIndex(FACTORY, 10_000)
    index.build(names(len(rows)), rows)
    return index, rows


@pytest.mark.parametrize("share", [1.0, 0.3, 0.02])
def test_a_factory_string_finds_nearly_all_of_the_best_under_a_filter(many, share):
    index, rows = many
    allowed = np.random.default_rng(3).random(len(rows)) < share
    assert recall(index, rows, allowed) >= 0.97


def test_all_allowed_rows_are_found_where_they_are_asked_for(many):
    index, rows = many
    allowed = np.random.default_rng(4).random(len(rows)) < 0.2
    hits = index.search(rows[:1], int(allowed.sum()), allowed)[0]
    assert sorted(hits.rows) == np.flatnonzero(allowed).tolist()
    assert np.allclose(hits.scores, rows[hits.rows] @ rows[0], atol=1e-5)


def test_the_recall_is_told(many):
    index, _ = many
    string, _, share = index.told.rpartition(" ")
    assert string == "FAISS IVF256,RaBitQ4,RFlat, recall@10"
    assert 0.95 <= float(share) <= 1


def test_few_rows_are_searched_exactly_whatever_the_factory_string():
    index = FaissIndex("nonsense", 6)
    index.build(IDS, vectors())
    assert index.told == "exact search with FAISS"


@pytest.mark.parametrize(
    ("factory", "why"),
    [
        ("nonsense", "could not parse"),
        ("IVF4096,Flat", "at least as large as number of clusters"),
    ],
)
def test_a_string_that_faiss_refuses_is_said_in_one_line(factory, why):
    index = FaissIndex()
    index.build(IDS, vectors())
    index._factory = factory
    with pytest.raises(IndexUnavailableError, match="MATCHER_INDEX_FACTORY") as refused:
        index.build(names(9), vectors(9))
    assert factory in str(refused.value)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert index.ids == IDS
    assert len(index.search(vectors(1), 9)[0].rows) == len(IDS)


def test_a_foreign_file_is_said_in_words(tmp_path):
    file = tmp_path / "vectors.faiss"
    file.write_bytes(b"root:x:0:0" * 9)
    with pytest.raises(IndexUnavailableError, match="is no index of FAISS"):
        FaissIndex().load(file, IDS)


def test_a_file_of_other_rows_is_refused(tmp_path):
    index = FaissIndex()
    index.build(IDS, vectors())
    index.save(tmp_path / "saved")
    with pytest.raises(IndexUnavailableError, match="5 vectors instead of 4"):
        FaissIndex().load(tmp_path / "saved", IDS[:4])
