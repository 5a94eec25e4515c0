"""Filters made ready for scanning codes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.index.contract import Mask

COUNTED = 16_384
"""About so many rows, evenly spaced, are looked at to count the allowed rows of the lists."""


class Narrowed(NamedTuple):
    """A filter made ready for scanning.

    Attributes
    ----------
    sizes
        (lists,) about how many of each list are allowed, in any unit.
    selector
        What FAISS asks of each row, and what keeps it alive; ``None`` when every row is allowed.
    """

    sizes: NDArray[np.int64]
    selector: tuple[Any, Any] | None


def narrow(lists: NDArray[np.int32], count: int, allowed: Mask) -> Narrowed:
    """Make a filter ready.

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

    step = max(1, len(lists) // COUNTED)
    seen = step * np.flatnonzero(allowed[::step])
    bitmap = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
    return Narrowed(np.bincount(lists[seen], minlength=count), (selector, bitmap))
