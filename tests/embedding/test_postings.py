"""Rows found by rare words: the ones that plain arithmetic finds."""

import numpy as np
import pytest

from matcher.embedding import postings as module
from matcher.embedding.lexical import SparseRow, SparseRows
from matcher.embedding.postings import Postings, turned
from matcher.errors import IndexUnavailableError

ROWS, TERMS = 300, 40


@pytest.fixture
def lexical():
    random = np.random.default_rng(4)
    table = random.random((ROWS, TERMS), dtype=np.float32)
    table *= random.random((ROWS, TERMS)) < np.linspace(0.02, 0.5, TERMS)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    rows, columns = np.nonzero(table)
    starts = np.searchsorted(rows, np.arange(ROWS + 1))
    return SparseRows(table[rows, columns], columns.astype(np.int32), starts.astype(np.int64))


@pytest.fixture(params=[1 << 22, 64])
def postings(lexical, request, monkeypatch):
    monkeypatch.setattr(module, "PART", request.param)
    parts = list(turned(lexical, TERMS))
    whole = {name: [p[name] for p in parts if name in p] for p in parts for name in p}
    return Postings.from_arrays({name: np.concatenate(found) for name, found in whole.items()})


def test_every_entry_is_there_once(postings, lexical):
    owner = np.repeat(np.arange(ROWS), np.diff(lexical.starts))
    for term in range(TERMS):
        span = slice(postings.starts[term], postings.starts[term + 1])
        has = lexical.columns == term
        assert postings.rows[span].tolist() == owner[has].tolist()
        assert np.abs(postings.weights[span] / 255 - lexical.values[has]).max(initial=0) < 0.003


def test_what_allowed_rows_share_is_their_cosine(postings, lexical):
    allowed = np.random.default_rng(1).random(ROWS) < 0.5
    for row in range(0, ROWS, 25):
        asker = lexical.row(row)
        found, shared = postings.shared(asker, allowed)
        cosine = np.where(allowed, lexical.cosine(asker), 0)
        assert (np.diff(found) > 0).all()
        assert set(np.flatnonzero(cosine)) <= set(found) <= set(np.flatnonzero(allowed))
        assert shared == pytest.approx(cosine[found], abs=0.01)


def test_only_the_rarest_terms_are_read(postings, lexical, monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 1)
    asker = lexical.row(7)
    rarest = asker.columns[np.argmin(np.diff(postings.starts)[asker.columns])]
    owners = postings.rows[postings.starts[rarest] : postings.starts[rarest + 1]]
    found, _ = postings.shared(asker, np.ones(ROWS, dtype=bool))
    assert found.tolist() == owners.tolist()


def test_who_uses_no_word_shares_none(postings):
    nothing = SparseRow(np.empty(0, np.int32), np.empty(0, np.float32))
    assert [len(part) for part in postings.shared(nothing, np.ones(ROWS, dtype=bool))] == [0, 0]


def test_nobody_allowed_shares_nothing(postings, lexical):
    nobody = np.zeros(ROWS, dtype=bool)
    assert [len(part) for part in postings.shared(lexical.row(7), nobody)] == [0, 0]


def test_missing_array_is_refused():
    with pytest.raises(IndexUnavailableError, match="matcher index"):
        Postings.from_arrays({"posting_rows": np.zeros(1, np.int32)})
