"""What every vector-search engine does, and the checks that all of them share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Vectors
from matcher.errors import InvalidInputError

Mask = NDArray[np.bool_]


class Hits(NamedTuple):
    """The rows that were found for one query, best first.

    Attributes
    ----------
    rows
        (m,) row numbers; equal scores come by row, which is to say by id.
    scores
        (m,) inner products with the query.
    """

    rows: NDArray[np.intp]
    scores: NDArray[np.float32]


class VectorIndex(ABC):
    """Rows with an id and a vector each, searched by inner product.

    Searching from several threads at once is safe; building or loading meanwhile is not.
    """

    ids: Sequence[str] = ()
    """Id of each row, ascending."""
    told: str = ""
    """What the engine says of itself, for people who run a service."""

    @abstractmethod
    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Replace the whole content.

        Parameters
        ----------
        ids
            n different ids, ascending.
        vectors
            (n, dim) finite vectors.

        Raises
        ------
        InvalidInputError, IndexUnavailableError
            The input breaks a rule, or the engine cannot be set up for it; the index is as it was.
        """

    @abstractmethod
    def search(self, vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """Find the best rows for each query vector.

        Parameters
        ----------
        vectors
            (q, dim) finite query vectors.
        k
            Rows wanted, at least 1.
        allowed
            (n,) which rows may be found, judged before the search; all when ``None``.

        Returns
        -------
        list of Hits
            For each query the best ``min(k, allowed rows)`` rows.

        Raises
        ------
        InvalidInputError, IndexUnavailableError
            The input breaks a rule; the engine does not answer.
        """

    @abstractmethod
    def save(self, file: Path) -> None:
        """Write the content to a file; an engine that keeps it elsewhere writes nothing.

        Raises
        ------
        OSError
            The file cannot be written.
        """

    @abstractmethod
    def load(self, file: Path, ids: Sequence[str]) -> None:
        """Take up what `save` wrote.

        Parameters
        ----------
        file
            The file; ignored by an engine that keeps its content elsewhere.
        ids
            The ids that the content was built with.

        Raises
        ------
        IndexUnavailableError
            It is not there, or is not the content of these ids.
        """


def check_rows(ids: Sequence[str], vectors: Vectors) -> None:
    """Refuse rows whose ids are not different and ascending, or whose vectors do not fit."""
    if not all(before < after for before, after in pairwise(ids)):
        raise InvalidInputError("The ids of an index must be different and in ascending order.")
    check_vectors(vectors)
    if len(vectors) != len(ids):
        raise InvalidInputError(f"There are {len(ids)} ids but {len(vectors)} vectors.")


def check_vectors(vectors: Vectors, dim: int | None = None) -> None:
    """Refuse vectors that are not finite or not of the wanted length."""
    if vectors.ndim != 2 or dim not in (None, vectors.shape[1]):
        raise InvalidInputError(f"Vectors must have {dim} numbers each; got {vectors.shape}.")
    if not np.isfinite(vectors).all():
        raise InvalidInputError("A vector contains NaN or infinity.")


def check_search(vectors: Vectors, dim: int, k: int, rows: int, allowed: Mask | None) -> Mask:
    """Refuse a search that breaks the contract, and return the filter in force."""
    check_vectors(vectors, dim)
    if k < 1:
        raise InvalidInputError(f"k must be at least 1; got {k}.")
    if allowed is None:
        return np.ones(rows, dtype=np.bool_)
    if allowed.dtype != np.bool_ or allowed.shape != (rows,):
        raise InvalidInputError(f"The filter must hold one truth value for each of {rows} rows.")
    return allowed


def best_first(rows: NDArray[np.intp], scores: NDArray[np.float32], k: int) -> Hits:
    """Put rows in order and keep the best `k`."""
    order = np.lexsort((rows, -scores))[:k]
    return Hits(rows[order], scores[order])
