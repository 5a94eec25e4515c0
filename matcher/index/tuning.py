"""Finds the least effort that holds the recall, by trying it against exact search."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

import numpy as np

from matcher.embedding.encoder import Vectors
from matcher.index.codes import Codes
from matcher.index.effort import NARROW, Effort, K, RecallReport
from matcher.index.rows import Find, Rows
from matcher.index.sketch import Sketch
from matcher.index.trials import Trial, filters, levels, likeness, questions, trials

FLOOR, AIM = 0.99, 0.995
"""Recall that must hold on questions not tuned on, and what is aimed at on those tuned on."""

DEPTHS = (80, 160, 320)
SKETCHED = tuple(round(125 * 2 ** (step / 2)) for step in range(17))
SHARES = tuple(min(1.0, 0.01 * 1.25**step) for step in range(22))
ROUNDING = 1e-6

Recalls = Mapping[float, list[float]]
"""Part of all rows that a filter allows -> the recall of each such filter."""


class Tuner:
    """Measures the recall of codes and sketches against exact search.

    Parameters
    ----------
    codes, sketch, rows
        The same n rows, coded, sketched, and as they are.
    known
        (q, dim) questions like those to come; zeros among them are none.
    exact_rows
        Up to so many allowed rows, all are compared.
    seed
        Draws questions and filters.
    """

    def __init__(
        self,
        codes: Codes,
        sketch: Sketch,
        rows: Rows,
        known: Vectors | None,
        exact_rows: int,
        seed: int,
    ) -> None:
        self._codes, self._sketch, self._rows = codes, sketch, rows
        self._exact_rows = exact_rows
        random = np.random.default_rng(seed)
        self._levels = levels(len(rows), exact_rows)
        alike = likeness(rows, random)
        self._masks = [(1.0, None), *filters(alike, self._levels[1:], random)]
        self._sets = [questions(rows, alike, known, random) for _ in range(2)]

    def tune(self) -> tuple[Effort | None, RecallReport]:
        """Find the least effort that holds the floor; no effort means that none does."""
        tried, unseen = (trials(self._rows, self._masks, asked) for asked in self._sets)
        effort = self._least(tried)
        while True:
            by_codes, by_sketch = self._held(effort, unseen)
            report = self._report(effort, by_codes, by_sketch)
            if min(report.recall, report.filtered) >= FLOOR:
                return effort, report
            more = raised(effort, by_codes, by_sketch, len(self._rows))
            if more == effort:
                return None, RecallReport(report.recall, report.filtered, sample=report.sample)
            effort = more

    def _least(self, tried: Sequence[Trial]) -> Effort:
        """The first efforts that reach the aim on the questions tuned on."""
        depth = _first(DEPTHS, lambda depth: self._by_codes(tried[0], 0, depth, 1.0))
        shares, sketched = [], []
        for level in self._levels:
            alike = [trial for trial in tried if trial.level == level]
            if level >= NARROW:
                shares.append((level, max(self._least_share(trial, depth) for trial in alike)))
            if level <= NARROW:
                sketched.append((level, max(self._least_candidates(trial) for trial in alike)))
        return Effort(self._exact_rows, depth, tuple(shares), tuple(sketched))

    def _least_share(self, trial: Trial, depth: int) -> float:
        return _first(SHARES, lambda share: self._by_codes(trial, 0, depth, share))

    def _least_candidates(self, trial: Trial) -> int:
        return _first(SKETCHED, lambda candidates: self._by_sketch(trial, 0, candidates))

    def _held(self, effort: Effort, unseen: Sequence[Trial]) -> tuple[Recalls, Recalls]:
        """Recalls by codes and by sketches on the questions not tuned on."""
        by_codes, by_sketch = defaultdict(list), defaultdict(list)
        for trial in unseen:
            if trial.level >= NARROW:
                share = effort.share(trial.level)
                by_codes[trial.level].append(self._by_codes(trial, 1, effort.depth, share))
            if trial.level <= NARROW:
                candidates = effort.of_sketches(trial.level) or 0
                by_sketch[trial.level].append(self._by_sketch(trial, 1, candidates))
        return by_codes, by_sketch

    def _report(self, effort: Effort, by_codes: Recalls, by_sketch: Recalls) -> RecallReport:
        whole, *filtered = chain(*by_codes.values(), *by_sketch.values())
        probes = max(1, round(effort.share(1.0) * len(self._codes.centroids)))
        least, asked = min(filtered, default=whole), len(self._sets[1])
        return RecallReport(whole, least, probes, effort.depth, asked, exact=False)

    def _by_codes(self, trial: Trial, asked: int, depth: int, share: float) -> float:
        narrowed = self._codes.narrow(trial.mask)
        wanted = min(depth, trial.reachable)
        return self._recall(
            trial, asked, lambda query: self._codes.nearest(query, wanted, share, narrowed)
        )

    def _by_sketch(self, trial: Trial, asked: int, candidates: int) -> float:
        rows = np.arange(len(self._rows)) if trial.mask is None else np.flatnonzero(trial.mask)
        return self._recall(
            trial, asked, lambda query: self._sketch.nearest(query, candidates, rows)
        )

    def _recall(self, trial: Trial, asked: int, find: Find) -> float:
        """Part of the true hits found, over all questions."""
        k, found = min(K, trial.reachable), 0
        for query, last in zip(self._sets[asked], trial.last, strict=True):
            good = self._rows.scores(query, find(query)) >= last - ROUNDING
            found += min(k, int(np.count_nonzero(good)))
        return found / (k * len(trial.last))


def raised(effort: Effort, by_codes: Recalls, by_sketch: Recalls, rows: int) -> Effort:
    """More effort at the levels below the floor, as far as there is more to look at.

    Parameters
    ----------
    effort
        What was tried.
    by_codes, by_sketch
        The recalls that it gave.
    rows
        Number of rows.
    """
    low = {level for level, found in by_codes.items() if min(found) < FLOOR}
    shares = [
        (level, min(1.0, share * 1.5) if level in low else share) for level, share in effort.shares
    ]
    exhausted = any(level in low and share == 1 for level, share in effort.shares)
    depth = min(2 * effort.depth, DEPTHS[-1]) if exhausted else effort.depth
    sketched = [
        (level, min(2 * few, round(level * rows)) if min(by_sketch[level]) < FLOOR else few)
        for level, few in effort.sketched
    ]
    return replace(effort, depth=depth, shares=tuple(shares), sketched=tuple(sketched))


Setting = TypeVar("Setting", int, float)


def _first(settings: Sequence[Setting], recall: Callable[[Setting], float]) -> Setting:
    """By halving, the first of rising settings whose recall reaches the aim, else the last."""
    return settings[bisect_left(settings, AIM, hi=len(settings) - 1, key=recall)]
