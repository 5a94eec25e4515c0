"""Questions as numbers: the standardised factors of every candidate of every asker."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from matcher.evaluation.protocol import Question
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FACTORS, factor_values

LEAKY = ("target", "markets")
"""Factors on target countries: some were written from pages about the very partnerships, so
they are neither learned nor counted in the reported quality."""


@dataclass(frozen=True, slots=True)
class FactorTable:
    """Factors of all pairs of some askers with all clusters.

    Attributes
    ----------
    values
        Asker's row -> (n, F) joint factors: each direction standardised, unknown as 0, then the
        mean of the two directions, as the score joins them.
    mean, scale
        (F,) standardisation, over all known values of both directions.
    """

    values: dict[int, Floats]
    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, corpus: Corpus, askers: Iterable[int]) -> Self:
        """Compute the factors of the given askers with the whole corpus."""
        both = {
            asker: factor_values(corpus.take(np.array([asker])), corpus)
            for asker in sorted(set(askers))
        }
        mean, scale = _standard(np.concatenate([v for pair in both.values() for v in pair]))
        return cls({asker: _joint(*pair, mean, scale) for asker, pair in both.items()}, mean, scale)

    def of_asker(self, asker: Corpus, corpus: Corpus, unknown: Collection[str] = ()) -> Floats:
        """(n, F) factors of one more asker on the scale of this table."""
        values = _joint(*factor_values(asker, corpus), self.mean, self.scale)
        return values * _kept(unknown)

    def without(self, names: Collection[str]) -> Self:
        """The same table with the named factors unknown everywhere."""
        kept = _kept(names)
        values = {asker: factors * kept for asker, factors in self.values.items()}
        return replace(self, values=values)


def _kept(unknown: Collection[str]) -> Floats:
    return np.array([name not in unknown for name in FACTORS], dtype=np.float32)


def _standard(values: Floats) -> tuple[Floats, Floats]:
    """(F,) mean and standard deviation of the known values; 0 and 1 where none is known."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(known, values - mean, 0) ** 2).sum(axis=0) / count)
    scale = np.where(spread > 0, spread, 1)
    return mean.astype(np.float32), scale.astype(np.float32)


def _joint(to_you: Floats, to_them: Floats, mean: Floats, scale: Floats) -> Floats:
    you, them = (np.nan_to_num((values - mean) / scale) for values in (to_you, to_them))
    return np.asarray((you + them) / 2, dtype=np.float32)


def candidates_of(question: Question, table: FactorTable) -> tuple[Floats, Floats]:
    """Factors of a question's candidates, (m, F), and which of them are to be found, (m,)."""
    rows = np.flatnonzero(question.candidates)
    wanted = np.isin(rows, list(question.relevant)).astype(np.float32)
    return table.values[question.asker][rows], wanted
