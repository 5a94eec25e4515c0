"""Rare terms that an asker and a partner both use, to be quoted as what they have in common."""

from math import log

import numpy as np

from matcher.embedding.lexical import Lexicon, SparseRow

QUOTED = 3
COMMON = 1 + log(3)
"""Rarity (idf) below which a term is in more than one of three profiles, and tells nothing."""


class OwnTerms:
    """The terms of an asker that are worth quoting, ready to be met with those of partners.

    Parameters
    ----------
    lexicon
        Names the columns.
    row
        The asker's TF-IDF row.
    lists
        The asker's lists, casefolded; see `shared_with`.
    """

    def __init__(self, lexicon: Lexicon, row: SparseRow, lists: str) -> None:
        rare = lexicon.model.idf[row.columns] >= COMMON
        named = zip(row.columns[rare].tolist(), row.values[rare].tolist(), strict=True)
        told = [
            (column, term, value)
            for column, value in sorted(named)
            if _tells(term := lexicon.terms[column])
        ]
        self._terms = [(term, term in lists) for _, term, _ in told]
        self._columns = np.array([column for column, _, _ in told], dtype=np.int32)
        # A pair of words says more than one.
        weights = [value * len(term.split()) for _, term, value in told]
        self._weights = np.array(weights, dtype=np.float32)

    def shared_with(self, row: SparseRow, lists: str) -> tuple[str, ...]:
        """Terms that weigh most in the overlap with a partner's TF-IDF row.

        Parameters
        ----------
        row
            The partner's TF-IDF row.
        lists
            The partner's lists, casefolded. A term must stand in the lists of one side, since
            prose is full of words that say nothing about a sector.
        """
        if not self._terms:
            return ()
        places = np.searchsorted(self._columns, row.columns)
        places[places == len(self._terms)] = 0
        both = self._columns[places] == row.columns
        overlap = -self._weights[places[both]] * row.values[both]
        met = zip(overlap.tolist(), (self._terms[place] for place in places[both]), strict=True)
        found: list[str] = []
        for _, (term, listed) in sorted(met):
            if len(found) == QUOTED:
                break
            if (listed or term in lists) and not any(term in f or f in term for f in found):
                found.append(term)
        return tuple(found)


def _tells(term: str) -> bool:
    """Whether a term is worth quoting: no numbers, no fragments."""
    return len(term) > 3 and term.replace(" ", "").isalpha()
