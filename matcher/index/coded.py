"""Codes, sketches and the effort that was found for them: how candidates are looked up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from matcher.embedding.encoder import Vectors
from matcher.index.codes import Array, Codes
from matcher.index.contract import Mask
from matcher.index.effort import Effort
from matcher.index.rows import Find
from matcher.index.sketch import Sketch


@dataclass(frozen=True)
class Coded:
    """n rows as codes and as sketches.

    Attributes
    ----------
    codes, sketch
        The same rows.
    effort
        What a query looks at.
    """

    codes: Codes
    sketch: Sketch
    effort: Effort

    @property
    def arrays(self) -> dict[str, Array]:
        """Codes and sketch as arrays."""
        return self.codes.arrays | self.sketch.arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array], effort: Effort) -> Self:
        """The inverse of `arrays`; `KeyError` when one is missing."""
        return cls(Codes.from_arrays(arrays), Sketch.from_arrays(arrays), effort)

    def fits(self, rows: int, dim: int) -> bool:
        """Whether these are so many rows in so many dimensions."""
        return self.codes.fits(rows, dim) and len(self.sketch) == rows

    def add(self, vectors: Vectors) -> None:
        """Add rows at the end."""
        plain = np.ascontiguousarray(vectors, dtype=np.float32)
        self.codes.add(plain)
        self.sketch.add(plain)

    def only(self, kept: Mask) -> Self:
        """The rows marked as kept, numbered anew."""
        return type(self)(self.codes.only(kept), self.sketch.only(kept), self.effort)

    def finder(self, wanted: Callable[[int], int], allowed: Mask | None, reachable: int) -> Find:
        """What gives candidates among the rows allowed.

        Parameters
        ----------
        wanted
            How many, given those that ten hits need.
        allowed
            As in `VectorIndex.search`.
        reachable
            Number of allowed rows.
        """
        part = reachable / len(self.sketch)
        if allowed is not None and (candidates := self.effort.of_sketches(part)):
            rows = np.flatnonzero(allowed)
            return lambda query: self.sketch.nearest(query, wanted(candidates), rows)
        narrowed, share = self.codes.narrow(allowed), self.effort.share(part)
        depth = min(wanted(self.effort.depth), reachable)
        return lambda query: self.codes.nearest(query, depth, share, narrowed)
