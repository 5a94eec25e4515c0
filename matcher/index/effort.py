"""How much of the codes a query looks at, and what recall that gave."""

from dataclasses import dataclass

K = 10
"""Hits that recall is measured at."""


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
