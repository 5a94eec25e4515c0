"""What every vector-search engine does, and the checks that all of them share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import InvalidInputError

Mask = NDArray[np.bool_]

_CHECKED = 8192
"""Vectors checked at a time, so that those of a memory map are not all in memory at once."""


class Hit(NamedTuple):
    """A row that was found, and its inner product with the query."""

    id: str
    score: float


class VectorIndex(ABC):
    """Rows with an id and a vector each, searched by inner product.

    Rows keep the order in which they were given; `allowed` masks refer to that order. Searching
    from several threads at once is safe; changing the index meanwhile is not.
    """

    @property
    @abstractmethod
    def ids(self) -> tuple[str, ...]:
        """Id of each row."""

    @property
    @abstractmethod
    def dim(self) -> int:
        """Length of a vector."""

    def __len__(self) -> int:
        return len(self.ids)

    @abstractmethod
    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Replace the whole content.

        Parameters
        ----------
        ids
            n different ids.
        vectors
            (n, dim) finite vectors.

        Raises
        ------
        InvalidInputError
            The input breaks a rule; the index is as it was.
        """

    @abstractmethod
    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows; parameters and errors as in `build`, and no id may be there already."""

    @abstractmethod
    def remove(self, ids: Sequence[str]) -> None:
        """Take rows out; the others keep their order.

        Raises
        ------
        InvalidInputError
            An id is not there; the index is as it was.
        """

    @abstractmethod
    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> list[list[Hit]]:
        """Find the best rows for each query.

        Parameters
        ----------
        queries
            (q, dim) finite vectors.
        k
            Hits wanted, at least 1.
        allowed
            (n,) which rows may be found, judged before the search; all when ``None``.

        Returns
        -------
        list of list of Hit
            For each query the best ``min(k, allowed rows)`` hits, sorted by descending score,
            equal scores by id.

        Raises
        ------
        InvalidInputError
            The input breaks a rule.
        """


class SavedIndex(VectorIndex):
    """A `VectorIndex` in memory, kept in a folder."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write everything into a folder, with checksums.

        Raises
        ------
        IndexUnavailableError
            It cannot be written.
        """

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        IndexUnavailableError
            A file is missing or is not exactly what was written.
        """


def check_rows(ids: Sequence[str], vectors: Vectors, dim: int, present: Sequence[str] = ()) -> None:
    """Refuse rows that break the contract.

    Parameters
    ----------
    ids, vectors
        The rows to come.
    dim
        Length that a vector must have.
    present
        Ids that are taken.

    Raises
    ------
    InvalidInputError
        An id is given twice or taken, or the vectors do not fit.
    """
    taken = set(present)
    for name in ids:
        if name in taken:
            raise InvalidInputError(f"The id {name!r} would be in the index twice.")
        taken.add(name)
    check_vectors(vectors, dim)
    if len(vectors) != len(ids):
        raise InvalidInputError(f"There are {len(ids)} ids but {len(vectors)} vectors.")


def check_vectors(vectors: Vectors, dim: int) -> None:
    """Refuse vectors that are not finite or not (n, dim).

    Raises
    ------
    InvalidInputError
        They are not.
    """
    if vectors.ndim != 2 or vectors.shape[1] != dim:
        raise InvalidInputError(f"Vectors must have {dim} numbers each; got {vectors.shape}.")
    pieces = (vectors[start : start + _CHECKED] for start in range(0, len(vectors), _CHECKED))
    if not all(np.isfinite(piece).all() for piece in pieces):
        raise InvalidInputError("A vector contains NaN or infinity.")


def check_search(queries: Vectors, k: int, allowed: Mask | None, index: VectorIndex) -> None:
    """Refuse a search that breaks the contract.

    Raises
    ------
    InvalidInputError
        A query, `k` or the mask does not fit the index.
    """
    check_vectors(queries, index.dim)
    if k < 1:
        raise InvalidInputError(f"k must be at least 1; got {k}.")
    if allowed is not None and (allowed.dtype != np.bool_ or allowed.shape != (len(index),)):
        raise InvalidInputError(f"The filter must hold one truth value for each of {len(index)}.")
