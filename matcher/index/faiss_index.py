"""Vector search with FAISS: exact, or by a factory string where rows are many.

FAISS runs on as many OpenMP threads as ``OMP_NUM_THREADS`` says; one is best for single queries.
A process that has searched must not fork: the child would hang in its first search.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError
from matcher.index.contract import Hits, Mask, VectorIndex, best_first, check_rows, check_search

EXACT = "Flat"
"""The factory string of exact search."""

PROBED = 16
"""One list in so many is searched when no filter is given."""

SPARE = 2
"""How many times as many rows are re-ranked exactly as are asked for."""

QUESTIONS = 50
"""Rows that the recall is measured with."""


class FaissIndex(VectorIndex):
    """Rows in an index of FAISS.

    Parameters
    ----------
    factory
        Factory string for many rows; ``{lists}`` in it becomes a number that fits the rows.
    factory_rows
        From so many rows on it is used; fewer are searched exactly.
    """

    def __init__(self, factory: str = EXACT, factory_rows: int = 0) -> None:
        self._factory, self._factory_rows = factory, factory_rows
        self._index: Any = None

    def build(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Replace the whole content, as `VectorIndex.build` says."""
        check_rows(ids, vectors)
        plain = np.ascontiguousarray(vectors, dtype=np.float32)
        exact = self._factory == EXACT or len(ids) < self._factory_rows
        index = _filled(EXACT if exact else self._factory, plain)
        self._index, self.ids = index, ids
        self.told = "exact search with FAISS" if exact else self._recall(plain)

    def search(self, vectors: Vectors, k: int, allowed: Mask | None = None) -> list[Hits]:
        """Find the best rows for each query vector, as `VectorIndex.search` says."""
        rows = len(self.ids)
        mask = check_search(vectors, self._index.d, k, rows, allowed)
        reachable = int(np.count_nonzero(mask))
        if not reachable or not len(vectors):
            return [_NOTHING for _ in vectors]
        plain = np.ascontiguousarray(vectors, dtype=np.float32)
        # One row more than wanted shows whether equal scores stand on both sides of the cut.
        count = depth = min(k, reachable)
        while True:
            depth = min(depth + 1, reachable)
            scores, found = self._found(plain, depth, mask, reachable)
            if depth == reachable or (scores[:, depth - 1] < scores[:, count - 1]).all():
                break
            depth *= 2
        return [best_first(*found_scores, k) for found_scores in zip(found, scores, strict=True)]

    def save(self, file: Path) -> None:
        """Write the index with FAISS, as `VectorIndex.save` says."""
        import faiss

        with file.open("wb") as opened:
            # Through Python's own file, so that a full disk is reported instead of overlooked.
            writer = faiss.PyCallbackIOWriter(opened.write)  # type: ignore[attr-defined]
            faiss.write_index(self._index, writer)

    def load(self, file: Path, ids: Sequence[str]) -> None:
        """Read the index with FAISS, as `VectorIndex.load` says."""
        import faiss

        try:
            index = faiss.read_index(str(file))
        except RuntimeError as error:
            raise IndexUnavailableError(f"{file.name} is no index of FAISS") from error
        if index.ntotal != len(ids):
            raise IndexUnavailableError(
                f"{file.name} holds {index.ntotal} vectors instead of {len(ids)}"
            )
        self._index, self.ids = index, ids

    def _found(
        self, queries: Vectors, depth: int, mask: Mask, reachable: int
    ) -> tuple[Vectors, Any]:
        """Search `depth` allowed rows; where lists were left out and rows are short, search all."""
        import faiss

        # The stubs of faiss describe the C++ constructors, not the Python ones.
        bitmap = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        lists = _lists(self._index)
        # The fewer rows a filter leaves, the more lists hold as many of them.
        probed = max(1, lists // PROBED * len(mask) // reachable)
        while True:
            probed = min(probed if depth < reachable else lists, lists)
            parameters = _parameters(self._index, selector, probed)
            scores, rows = self._index.search(queries, depth, params=parameters)
            if probed == lists or (rows >= 0).all():
                return scores, rows.astype(np.intp)
            probed = lists

    def _recall(self, vectors: Vectors) -> str:
        """Compare answers with exact ones, for people who choose a factory string."""
        asked = vectors[:: max(1, len(vectors) // QUESTIONS)][:QUESTIONS]
        best = np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :10]
        hits = self.search(asked, 10)
        shared = [np.isin(row, hit.rows).mean() for row, hit in zip(best, hits, strict=True)]
        return f"FAISS {_string(self._factory, len(vectors))}, recall@10 {np.mean(shared):.3f}"


_NOTHING = Hits(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32))


def _filled(factory: str, vectors: Vectors) -> Any:
    """Make, train and fill an index, and try it with a filter."""
    import faiss

    string = _string(factory, len(vectors))
    try:
        if string == EXACT:
            index: Any = faiss.IndexFlatIP(vectors.shape[1])
        else:
            index = faiss.index_factory(vectors.shape[1], string, faiss.METRIC_INNER_PRODUCT)
            index.train(vectors)
        index.add(vectors)
        if len(vectors):
            everything = np.packbits(np.ones(len(vectors), np.bool_), bitorder="little")
            selector = faiss.IDSelectorBitmap(everything)  # type: ignore[call-arg, arg-type]
            index.search(vectors[:1], 1, params=_parameters(index, selector, 1))
    except RuntimeError as error:
        reason = str(error).splitlines()[0].rpartition(": ")[2]
        raise IndexUnavailableError(
            f"FAISS cannot index {len(vectors)} rows by {string!r} (MATCHER_INDEX_FACTORY): "
            f"{reason}"
        ) from error
    return index


def _string(factory: str, rows: int) -> str:
    """Put a number of lists into a factory string: about 4 for the square root of the rows."""
    wanted = max(1, int(4 * rows**0.5))
    return factory.replace("{lists}", str(1 << (wanted.bit_length() - 1)))


def _lists(index: Any) -> int:
    return int(getattr(_base(index), "nlist", 1))


def _base(index: Any) -> Any:
    """The index that a re-ranking one asks first, or the index itself."""
    import faiss

    inner = getattr(index, "base_index", None)
    return index if inner is None else faiss.downcast_index(inner)


def _parameters(index: Any, selector: Any, probed: int) -> Any:
    """Search parameters that carry a filter, as this kind of index takes them."""
    import faiss

    if hasattr(_base(index), "nlist"):
        inner = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
    else:
        inner = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg, assignment]
    if not hasattr(index, "base_index"):
        return inner
    return faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
        k_factor=float(SPARE), base_index_params=inner
    )
