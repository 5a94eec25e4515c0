"""A few numbers for each row that hold most of what tells it from the others.

They are the row's components along the main axes of the rows. Where a filter leaves a small part of
the rows, comparing these of just the allowed rows is faster than scanning lists of codes that the
filter leaves full of gaps. Measured at a million rows, 75,000 of them allowed, on one core: 5 ms
here, 18 ms by the codes; with 800,000 allowed 23 ms here, 6 ms by the codes.
"""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.index.contract import Mask
from matcher.index.rows import RowNumbers, products

WIDTH = 64
"""Numbers a row: three quarters of the squared length of profiles are in them."""


class Sketch:
    """Components of n rows.

    Parameters
    ----------
    axes
        (dim, width) directions along which rows are measured.
    """

    def __init__(self, axes: Vectors) -> None:
        self._axes = np.ascontiguousarray(axes, dtype=np.float32)
        self._components: Vectors = np.empty((0, self._axes.shape[1]), np.float32)

    @classmethod
    def learn(cls, sample: Vectors) -> Self:
        """Find the axes along which the rows of a sample (s, dim) reach furthest."""
        _, axes = np.linalg.eigh((sample.T @ sample).astype(np.float64))
        return cls(axes[:, ::-1][:, :WIDTH])

    def __len__(self) -> int:
        return len(self._components)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All content as arrays."""
        return {"axes": self._axes, "sketch": self._components}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The inverse of `arrays`; a memory map stays one."""
        made = cls(arrays["axes"])
        made._components = np.ascontiguousarray(arrays["sketch"], dtype=np.float32)
        return made

    def add(self, vectors: Vectors) -> None:
        """Measure more rows; they are numbered on from the last one."""
        self._components = np.concatenate([self._components, vectors @ self._axes])

    def only(self, kept: Mask) -> Self:
        """The rows marked as kept, numbered anew."""
        return self.from_arrays(self.arrays | {"sketch": self._components[kept]})

    def nearest(self, query: Vectors, depth: int, rows: RowNumbers) -> RowNumbers:
        """Those of some rows, so many, that are likely the nearest to a query (dim,)."""
        if depth >= len(rows):
            return rows
        closeness = products(self._components, rows, query @ self._axes)
        return rows[np.argpartition(closeness, -depth)[-depth:]]
