"""Finds the least effort that holds the recall, by trying it against exact search."""

from collections.abc import Sequence

import numpy as np

from matcher.embedding.encoder import Vectors
from matcher.index.codes import Codes
from matcher.index.effort import Effort, K, RecallReport
from matcher.index.rows import Rows
from matcher.index.trials import Trial, filters, levels, likeness, questions, trials

FLOOR, AIM = 0.99, 0.993
"""Recall that must hold on questions not tuned on, and what is aimed at on those tuned on."""

DEPTHS = (40, 80, 160, 320)
SHARES = tuple(min(1.0, 0.01 * 1.25**step) for step in range(22))
ROUNDING = 1e-6


class Tuner:
    """Measures the recall of codes against exact search.

    Parameters
    ----------
    codes, rows
        The same n rows, coded and as they are.
    known
        (q, dim) questions like those to come; zeros among them are none.
    exact_rows
        Up to so many allowed rows, the codes are not asked.
    seed
        Draws questions and filters.
    """

    def __init__(
        self, codes: Codes, rows: Rows, known: Vectors | None, exact_rows: int, seed: int
    ) -> None:
        self._codes, self._rows, self._exact_rows = codes, rows, exact_rows
        random = np.random.default_rng(seed)
        self._levels = levels(len(rows), exact_rows)
        alike = likeness(rows, random)
        self._masks = [(1.0, None), *filters(alike, self._levels[1:], random)]
        self._sets = [questions(rows, alike, known, random) for _ in range(2)]

    def tune(self) -> tuple[Effort | None, RecallReport]:
        """Find the least effort that holds the floor; no effort means that none does."""
        tried, unseen = (trials(self._rows, self._masks, asked) for asked in self._sets)
        depth = next(
            (depth for depth in DEPTHS if self._recall(tried[0], 0, depth, 1.0) >= AIM), DEPTHS[-1]
        )
        parts = tuple(
            (level, max(self._least(trial, depth) for trial in tried if trial.level == level))
            for level in self._levels
        )
        while True:
            effort = Effort(self._exact_rows, depth, parts)
            report = self._report(effort, unseen)
            if min(report.recall, report.filtered) >= FLOOR:
                return effort, report
            if all(share == 1 for _, share in parts):
                return None, RecallReport(report.recall, report.filtered, sample=report.sample)
            parts = tuple((level, min(1.0, share * 1.5)) for level, share in parts)

    def _least(self, trial: Trial, depth: int) -> float:
        good = (share for share in SHARES if self._recall(trial, 0, depth, share) >= AIM)
        return next(good, 1.0)

    def _report(self, effort: Effort, unseen: Sequence[Trial]) -> RecallReport:
        found = [
            self._recall(trial, 1, effort.depth, effort.share(trial.level)) for trial in unseen
        ]
        share = effort.share(1.0)
        probes = max(1, round(share * len(self._codes.centroids)))
        filtered = min(found[1:], default=found[0])
        return RecallReport(
            found[0], filtered, probes, effort.depth, len(self._sets[1]), exact=False
        )

    def _recall(self, trial: Trial, asked: int, depth: int, share: float) -> float:
        """Part of the true hits found, over all questions."""
        narrowed = self._codes.narrow(trial.mask)
        k, wanted = min(K, trial.reachable), min(depth, trial.reachable)
        found = 0
        for query, last in zip(self._sets[asked], trial.last, strict=True):
            candidates = self._codes.nearest(query, wanted, share, narrowed)
            good = self._rows.scores(query, candidates) >= last - ROUNDING
            found += min(k, int(np.count_nonzero(good)))
        return found / (k * len(trial.last))
