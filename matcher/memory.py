"""The heap of the process, kept from growing with each re-index (glibc; elsewhere nothing is done).

glibc gives each thread a heap of its own, and what a re-index in one thread leaves free there is of
no use to the next one in another: a service grew by some 60 kB with each.
"""

import ctypes
from collections.abc import Callable
from typing import Any

_ARENA_MAX = -8  # the number of this option in malloc.h


def share_one_heap() -> None:
    """Let all threads use one heap, which they take turns at anyway; call it before they start."""
    _call("mallopt", _ARENA_MAX, 1)


def give_back() -> None:
    """Return what is free to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function: Callable[..., Any] | None = getattr(ctypes.CDLL(None), name, None)
    if function:
        function(*arguments)
