"""Rows found by rare words: the ones that plain arithmetic finds."""

import numpy as np
import pytest

from matcher.embedding import postings as module
from matcher.embedding.lexical import SparseRows
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


def test_the_nearest_by_words_are_those_with_the_highest_cosine(postings, lexical):
    allowed = np.random.default_rng(1).random(ROWS) < 0.5
    for row in range(0, ROWS, 25):
        asker = lexical.row(row)
        found = postings.nearest(asker, allowed, 20)
        cosine = np.where(allowed, lexical.cosine(asker), -1)
        assert allowed[found].all()
        assert len(set(found.tolist())) == len(found) <= 20
        assert set(np.argsort(-cosine)[:10]) <= set(found.tolist()) | set(
            np.flatnonzero(cosine <= 0)
        )


def test_only_the_rarest_terms_are_read(postings, lexical, monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 1)
    asker = lexical.row(7)
    rarest = asker.columns[np.argmin(np.diff(postings.starts)[asker.columns])]
    owners = postings.rows[postings.starts[rarest] : postings.starts[rarest + 1]]
    found = postings.nearest(asker, np.ones(ROWS, dtype=bool), ROWS)
    assert sorted(found.tolist()) == owners.tolist()


def test_missing_array_is_refused():
    with pytest.raises(IndexUnavailableError, match="matcher index"):
        Postings.from_arrays({"posting_rows": np.zeros(1, np.int32)})
