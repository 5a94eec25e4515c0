"""The whole field at a glance: who is where, and who could work with whom."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.frames import pandas
from matcher.matching.pairs import PairScores
from matcher.profiles.profile import ClusterProfile

if TYPE_CHECKING:
    import pandas as pd

TOP = 5
_PAIRS = 12
_PER_CLUSTER = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clusters and their joint score."""

    a: ClusterProfile
    b: ClusterProfile
    score: float


@dataclass(frozen=True, slots=True)
class Ties:
    """How often clusters of one country are among the first five partners of another's.

    Attributes
    ----------
    rows, columns
        Country codes.
    pairs
        (row, column) -> the suggestions, those with the highest scores first.
    askers
        Row -> number of clusters that ask.
    best
        The pairs with the highest scores, each cluster at most twice.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    pairs: Mapping[tuple[str, str], Sequence[Pair]]
    askers: Mapping[str, int]
    best: tuple[Pair, ...]

    @property
    def most(self) -> int:
        """The largest number."""
        return max(map(len, self.pairs.values()), default=0)


@dataclass(frozen=True, slots=True)
class Landscape:
    """All clusters of one index generation.

    Attributes
    ----------
    counts
        (country, ecosystem) -> number of clusters.
    totals
        Country -> number of clusters.
    outward, inward
        Eastern Partnership with the EU, and with itself.
    """

    counts: Mapping[tuple[str, str], int]
    totals: Mapping[str, int]
    outward: Ties
    inward: Ties

    @property
    def most(self) -> int:
        """The largest number of clusters in one cell."""
        return max(self.counts.values(), default=0)

    def to_frame(self) -> "pd.DataFrame":
        """Number of clusters: one row a country, one column an ecosystem."""
        cells = pandas().Series(dict(self.counts), dtype="int64")
        frame: pd.DataFrame = cells.unstack(fill_value=0)
        return frame.rename_axis("country").rename_axis("ecosystem", axis=1)


def landscape(
    public: Sequence[ClusterProfile],
    pair_scores: Callable[[Sequence[str], Sequence[str]], PairScores],
) -> Landscape:
    """Count clusters and suggestions.

    Parameters
    ----------
    public
        The clusters that anybody may see.
    pair_scores
        Scores the clusters of some ids against those of others.
    """
    east = [cluster for cluster in public if cluster.group == "EaP"]
    west = [cluster for cluster in public if cluster.group == "EU"]
    outward, inward = (
        _ties(pair_scores([a.id for a in east], [b.id for b in side])) for side in (west, east)
    )
    return Landscape(
        Counter((c.country, name) for c in public for name in c.ecosystems),
        Counter(cluster.country for cluster in public),
        outward,
        inward,
    )


def _ties(pairs: PairScores) -> Ties:
    askers, targets = pairs.askers, pairs.partners
    if not askers or not targets:
        return Ties((), (), {}, {}, ())
    abroad = np.array([[a.country != b.country for b in targets] for a in askers])
    value = np.where(abroad, pairs.score, -1.0)
    found: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for asker, row in zip(askers, value, strict=True):
        for place in np.argsort(-row, kind="stable")[:TOP]:
            if row[place] >= 0:
                pair = Pair(asker, targets[place], float(row[place]))
                found[asker.country, targets[place].country].append(pair)
    for suggested in found.values():
        suggested.sort(key=lambda pair: -pair.score)
    return Ties(
        rows=_by_count(Counter(asker.country for asker in askers)),
        columns=_by_count(Counter(pair.b.country for listed in found.values() for pair in listed)),
        pairs=found,
        askers=Counter(asker.country for asker in askers),
        best=_best(askers, targets, value),
    )


def _by_count(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda code: (-counts[code], code)))


def _best(
    askers: Sequence[ClusterProfile],
    targets: Sequence[ClusterProfile],
    value: NDArray[np.float64],
) -> tuple[Pair, ...]:
    taken: Counter[str] = Counter()
    found: dict[frozenset[str], Pair] = {}
    for place in np.argsort(-value, axis=None, kind="stable"):
        row, column = divmod(int(place), value.shape[1])
        a, b = askers[row], targets[column]
        key = frozenset((a.id, b.id))
        if value[row, column] < 0 or len(found) == _PAIRS:
            break
        if key in found or max(taken[a.id], taken[b.id]) >= _PER_CLUSTER:
            continue
        taken.update((a.id, b.id))
        found[key] = Pair(a, b, float(value[row, column]))
    return tuple(found.values())
