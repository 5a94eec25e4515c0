"""Filters made ready for scanning codes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.index.contract import Mask

COUNTED = 4
"""A filter that allows more than one row in so many is counted from a part of the rows."""


class Narrowed(NamedTuple):
    """A filter made ready for scanning.

    Attributes
    ----------
    sizes
        (lists,) allowed rows in each list, as far as they were counted.
    complete
        Whether all were counted, so that a list without any can be passed over.
    selector
        What FAISS asks of each row, and what keeps it alive; ``None`` when every row is allowed.
    """

    sizes: NDArray[np.int64]
    complete: bool
    selector: tuple[Any, Any] | None


def narrow(lists: NDArray[np.int32], count: int, allowed: Mask) -> Narrowed:
    """Count the allowed rows of each list.

    Parameters
    ----------
    lists
        (n,) list of each row.
    count
        Number of lists.
    allowed
        (n,) which rows may be found.
    """
    import faiss

    complete = COUNTED * int(np.count_nonzero(allowed)) <= len(lists)
    seen = np.flatnonzero(allowed) if complete else COUNTED * np.flatnonzero(allowed[::COUNTED])
    bitmap = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
    return Narrowed(np.bincount(lists[seen], minlength=count), complete, (selector, bitmap))
