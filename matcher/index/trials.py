"""Questions and filters for measuring recall, with the answers of exact search.

The filters are of two sorts: rows drawn evenly, and rows that are like one of them, as a filter on
a field chooses them. The questions are made of the data, too: rows from anywhere, rows like that
one, and sums of two rows, which lie between the clusters; and questions that the caller knows, if
there are any.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.index.contract import Mask
from matcher.index.effort import K
from matcher.index.rows import Rows

QUESTIONS, CHUNK = 96, 8192
NEAR = 1 / 32
"""Part of the rows that count as like one of them."""

LEVELS = (1.0, 0.75, 0.5, 0.25, 1 / 16, 1 / 64)
"""Filters that leave such parts of all rows are tuned apart."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Questions under one filter.

    Attributes
    ----------
    level
        Part of all rows that the filter allows.
    mask
        The filter; ``None`` allows every row.
    reachable
        Number of rows that it allows.
    last
        For each question the score of the last of its true best `K`.
    """

    level: float
    mask: Mask | None
    reachable: int
    last: Vectors


def levels(rows: int, exact_rows: int) -> list[float]:
    """Falling parts of all rows: filters that leave so many are tuned apart."""
    least = max(exact_rows, K) / rows
    return [level for level in LEVELS if level > least or level == 1] + [least] * (least < 1)


def likeness(rows: Rows, random: np.random.Generator) -> Vectors:
    """(n,) likeness of each row to one of them."""
    one = rows.take(random.integers(len(rows), size=1))[0]
    return np.concatenate([chunk @ one for _, chunk in rows.chunks(CHUNK)])


def filters(
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


def questions(
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


def trials(rows: Rows, masks: Sequence[tuple[float, Mask | None]], asked: Vectors) -> list[Trial]:
    """Exact search for all questions under all filters, in one pass over the rows."""
    best: list[NDArray[np.float32]] = [np.empty((len(asked), 0), np.float32) for _ in masks]
    for start, chunk in rows.chunks(CHUNK):
        scores = asked @ chunk.T
        for place, (_, mask) in enumerate(masks):
            seen = scores if mask is None else scores[:, mask[start : start + len(chunk)]]
            both = np.concatenate([best[place], seen], axis=1)
            best[place] = both if both.shape[1] <= K else _top(both)
    return [
        Trial(level, mask, len(rows) if mask is None else int(mask.sum()), top.min(axis=1))
        for (level, mask), top in zip(masks, best, strict=True)
    ]


def _top(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    cut = scores.shape[1] - K
    best: NDArray[np.float32] = np.partition(scores, cut, axis=1)[:, cut:]
    return best
