"""The heap of the process: kept from growing with each re-index, and seldom searched for cycles.

glibc gives each thread a heap of its own, and what a re-index in one thread leaves free there is of
no use to the next one in another: a service grew by some 60 kB with each. Elsewhere nothing is done
about that.
"""

import atexit
import ctypes
import gc
from collections.abc import Callable
from typing import Any

_ARENA_MAX = -8  # the number of this option in malloc.h

_SELDOM = 20_000
"""Objects made since the last look from which Python looks for cycles; by itself, 700."""


def seldom_look_for_cycles() -> None:
    """Look for unreachable cycles less often, and not at all when the process ends.

    Nearly all that a command makes lives as long as it does. Looking through it took a fifth of
    the time of a short command, and made a question of a service wait now and then.
    """
    gc.set_threshold(_SELDOM)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


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
