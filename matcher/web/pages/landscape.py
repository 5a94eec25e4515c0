"""The whole field at a glance: who is where, and who could work with whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from matcher.matcher import Matcher
from matcher.matching.corpus import Corpus
from matcher.matching.fits import pair_fits
from matcher.matching.model import shipped_model
from matcher.profiles.profile import ClusterProfile
from matcher.snapshot import Snapshot

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
    counts
        (row, column) -> number of suggestions.
    askers
        Row -> number of clusters that ask.
    best
        The pairs with the highest scores, each cluster at most twice.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    askers: Mapping[str, int]
    best: tuple[Pair, ...]

    @property
    def most(self) -> int:
        """The largest number."""
        return max(self.counts.values(), default=0)


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


class Landscapes:
    """The landscape of the generation in force, computed once for each."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._lock = Lock()
        self._made: tuple[str, Landscape] | None = None

    def current(self) -> Landscape:
        """Return the landscape in force."""
        snapshot = self._matcher.snapshot
        with self._lock:
            if self._made is None or self._made[0] != snapshot.generation.id:
                self._made = (snapshot.generation.id, _landscape(snapshot))
            return self._made[1]


def _landscape(snapshot: Snapshot) -> Landscape:
    public = list(snapshot.public)
    east = [cluster for cluster in public if cluster.group == "EaP"]
    west = [cluster for cluster in public if cluster.group == "EU"]
    cells = Counter((c.country, name) for c in public for name in c.ecosystems)
    return Landscape(
        cells,
        Counter(cluster.country for cluster in public),
        _ties(snapshot.corpus, east, west),
        _ties(snapshot.corpus, east, east),
    )


def _ties(
    corpus: Corpus, askers: Sequence[ClusterProfile], targets: Sequence[ClusterProfile]
) -> Ties:
    if not askers or not targets:
        return Ties((), (), {}, {}, ())
    fits = pair_fits(corpus, shipped_model(), (askers, targets))
    abroad = np.array([[a.country != b.country for b in targets] for a in askers])
    value = np.where(abroad, fits.value, -1.0)
    counts: Counter[tuple[str, str]] = Counter()
    for asker, row in zip(askers, value, strict=True):
        for place in np.argsort(-row, kind="stable")[:TOP]:
            if row[place] >= 0:
                counts[asker.country, targets[place].country] += 1
    return Ties(
        rows=_by_count(Counter(asker.country for asker in askers)),
        columns=_by_count(_by_column(counts)),
        counts=counts,
        askers=Counter(asker.country for asker in askers),
        best=_best(askers, targets, value),
    )


def _by_column(counts: Mapping[tuple[str, str], int]) -> Counter[str]:
    summed: Counter[str] = Counter()
    for (_, column), number in counts.items():
        summed[column] += number
    return summed


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


def heat(number: int, most: int) -> int:
    """Step of a colour scale, from 0 for none to 5 for the most."""
    return 0 if not number else min(5, 1 + int(5 * (number - 1) / max(most, 1)))
