"""How much of the codes a query must look at, found by recall against exact search.

The filters are of two sorts, the worse of which counts: rows drawn evenly, and rows that are like
one of them, as a filter on a field chooses them. The questions are made of the data, too: rows from
anywhere, rows like that one, and sums of two rows, which lie between the clusters; and questions
that the caller knows, if there are any.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.index.codes import Codes
from matcher.index.contract import Mask
from matcher.index.rows import Rows

FLOOR, AIM = 0.99, 0.993
"""Recall that must hold on questions not tuned on, and what is aimed at on those tuned on."""

K, QUESTIONS, CHUNK = 10, 96, 8192
NEAR = 1 / 32
"""Part of the rows that count as like one of them."""
DEPTHS = (40, 80, 160, 320)
LEVELS = 4
"""Filters that leave all rows, a quarter, and so on are tuned apart, at most so often a quarter."""

SHARES = tuple(min(1.0, 0.01 * 1.25**step) for step in range(22))
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class RecallReport:
    """What was measured when the index was built.

    Attributes
    ----------
    recall
        Part of the true ten best rows that is found without a filter; a row that ties with the
        tenth counts as one of them.
    filtered
        The same under the filter where it is lowest.
    probes
        Lists looked at by a query without a filter; 0 where every row is.
    depth
        Candidates that are compared exactly for ten hits; 0 where every row is.
    sample
        Questions asked.
    exact
        Whether the index compares with every row: it is small, or the floor did not hold.
    """

    recall: float = 1.0
    filtered: float = 1.0
    probes: int = 0
    depth: int = 0
    sample: int = 0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Effort:
    """What a query looks at.

    Attributes
    ----------
    exact_rows
        Up to so many allowed rows, all of them are compared instead.
    depth
        Candidates compared exactly for ten hits.
    levels
        Falling parts of all rows that a filter allows, each with the part of those to look at.
    """

    exact_rows: int
    depth: int
    levels: tuple[tuple[float, float], ...]

    def share(self, allowed: float) -> float:
        """Part of the allowed rows to look at, given what part of all rows they are."""
        wide = [share for level, share in self.levels if level <= allowed]
        return wide[0] if wide else 1.0

    def candidates(self, k: int, reachable: int) -> int:
        """Rows to compare exactly for `k` hits among so many reachable rows.

        Two more for each hit more: the further down, the less does a place depend on the codes.
        """
        return min(self.depth + 2 * max(0, k - K), reachable)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Questions under one filter, and the score that each one's last true hit has."""

    level: float
    mask: Mask | None
    reachable: int
    last: Vectors


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
        self._levels = _levels(len(rows), exact_rows)
        alike = _likeness(rows, random)
        self._masks = [(1.0, None), *_filters(alike, self._levels[1:], random)]
        self._sets = [_questions(rows, alike, known, random) for _ in range(2)]

    def tune(self) -> tuple[Effort | None, RecallReport]:
        """Find the least effort that holds the floor; no effort means that none does."""
        trials, unseen = (_trials(self._rows, self._masks, asked) for asked in self._sets)
        depth = next(
            (depth for depth in DEPTHS if self._recall(trials[0], 0, depth, 1.0) >= AIM), DEPTHS[-1]
        )
        levels = tuple(
            (level, max(self._least(trial, depth) for trial in trials if trial.level == level))
            for level in self._levels
        )
        while True:
            effort = Effort(self._exact_rows, depth, levels)
            report = self._report(effort, unseen)
            if min(report.recall, report.filtered) >= FLOOR:
                return effort, report
            if all(share == 1 for _, share in levels):
                return None, RecallReport(report.recall, report.filtered, sample=report.sample)
            levels = tuple((level, min(1.0, share * 1.5)) for level, share in levels)

    def _least(self, trial: _Trial, depth: int) -> float:
        good = (share for share in SHARES if self._recall(trial, 0, depth, share) >= AIM)
        return next(good, 1.0)

    def _report(self, effort: Effort, trials: Sequence[_Trial]) -> RecallReport:
        found = [
            self._recall(trial, 1, effort.depth, effort.share(trial.level)) for trial in trials
        ]
        share = effort.share(1.0)
        probes = max(1, round(share * len(self._codes.centroids)))
        filtered = min(found[1:], default=found[0])
        return RecallReport(
            found[0], filtered, probes, effort.depth, len(self._sets[1]), exact=False
        )

    def _recall(self, trial: _Trial, asked: int, depth: int, share: float) -> float:
        """Part of the true hits found, over all questions."""
        narrowed = self._codes.narrow(trial.mask)
        k, wanted = min(K, trial.reachable), min(depth, trial.reachable)
        found = 0
        for query, last in zip(self._sets[asked], trial.last, strict=True):
            candidates = self._codes.nearest(query, wanted, share, narrowed)
            good = self._rows.scores(query, candidates) >= last - ROUNDING
            found += min(k, int(np.count_nonzero(good)))
        return found / (k * len(trial.last))


def _levels(rows: int, exact_rows: int) -> list[float]:
    least = max(exact_rows, K) / rows
    falling = [0.25**step for step in range(LEVELS)]
    return [level for level in falling if level > least or level == 1] + [least] * (least < 1)


def _likeness(rows: Rows, random: np.random.Generator) -> Vectors:
    """(n,) likeness of each row to one of them."""
    one = rows.take(random.integers(len(rows), size=1))[0]
    return np.concatenate([chunk @ one for _, chunk in rows.chunks(CHUNK)])


def _filters(
    alike: Vectors, levels: Sequence[float], random: np.random.Generator
) -> list[tuple[float, Mask]]:
    """For each level a mask drawn evenly and one of the rows that are most alike."""
    even = random.random(len(alike), dtype=np.float32)
    masks = []
    for level in levels:
        for by in (even, alike):
            mask = np.zeros(len(alike), dtype=np.bool_)
            mask[_highest(by, level)] = True
            masks.append((level, mask))
    return masks


def _questions(
    rows: Rows, alike: Vectors, known: Vectors | None, random: np.random.Generator
) -> Vectors:
    """Rows from anywhere, rows that are alike, sums of two, known ones; of length 1, or zeros."""
    count = min(QUESTIONS, len(rows)) // 3 + 1
    one, other, third = (rows.take(random.integers(len(rows), size=count)) for _ in range(3))
    near = rows.take(random.choice(_highest(alike, NEAR), size=count))
    asked = np.concatenate([one, near, other + third])
    if known is not None and (spoken := np.flatnonzero(known.any(axis=1))).size:
        asked = np.concatenate([asked, known[random.choice(spoken, size=QUESTIONS)]])
    length = np.linalg.norm(asked, axis=1, keepdims=True)
    asked /= np.where(length > 0, length, 1)
    return asked


def _highest(values: Vectors, part: float) -> NDArray[np.intp]:
    """Places of the highest values, so large a part of all."""
    count = max(1, round(part * len(values)))
    places: NDArray[np.intp] = np.argpartition(-values, count - 1)[:count]
    return places


def _trials(rows: Rows, masks: Sequence[tuple[float, Mask | None]], asked: Vectors) -> list[_Trial]:
    """Exact search for all questions under all filters, in one pass over the rows."""
    best: list[NDArray[np.float32]] = [np.empty((len(asked), 0), np.float32) for _ in masks]
    for start, chunk in rows.chunks(CHUNK):
        scores = asked @ chunk.T
        for place, (_, mask) in enumerate(masks):
            seen = scores if mask is None else scores[:, mask[start : start + len(chunk)]]
            both = np.concatenate([best[place], seen], axis=1)
            best[place] = both if both.shape[1] <= K else _top(both)
    return [
        _Trial(level, mask, len(rows) if mask is None else int(mask.sum()), top.min(axis=1))
        for (level, mask), top in zip(masks, best, strict=True)
    ]


def _top(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    cut = scores.shape[1] - K
    best: NDArray[np.float32] = np.partition(scores, cut, axis=1)[:, cut:]
    return best
