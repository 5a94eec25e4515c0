"""How much of the codes a query looks at, and what recall that gave."""

from dataclasses import dataclass

K = 10
"""Hits that recall is measured at."""

NARROW = 0.25
"""Part of all rows up to which a filter is answered by sketches instead of codes."""


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
    shares
        Falling parts of all rows that a filter allows, each with the part of those whose codes are
        looked at.
    sketched
        Further falling parts, from `NARROW` on, each with the number of candidates that are found
        by sketches and compared exactly.
    """

    exact_rows: int
    depth: int
    shares: tuple[tuple[float, float], ...]
    sketched: tuple[tuple[float, int], ...]

    def share(self, allowed: float) -> float:
        """Part of the allowed rows to look at, given what part of all rows they are."""
        return next((share for level, share in self.shares if level <= allowed), 1.0)

    def of_sketches(self, allowed: float) -> int | None:
        """Candidates by sketches, given what part of all rows is allowed; none for a large part."""
        wider = [candidates for level, candidates in self.sketched if level >= allowed]
        return wider[-1] if wider else None


def deeper(candidates: int, k: int) -> int:
    """Candidates for `k` hits, given those for ten: two for each hit more.

    The further down, the less does a place depend on how candidates are found.
    """
    return candidates + 2 * max(0, k - K)
