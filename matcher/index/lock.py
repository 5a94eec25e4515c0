"""One process at a time rebuilds; the lock goes with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matcher.errors import IndexBusyError


@contextmanager
def exclusive(file: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock file for the length of a ``with`` block.

    Parameters
    ----------
    file
        Made if it is not there.
    wait
        Whether to wait for whoever holds it.

    Raises
    ------
    IndexBusyError
        Somebody else holds it; the text names the process.
    OSError
        The file cannot be opened for writing.
    """
    with file.open("a+", encoding="ascii") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            opened.seek(0)
            raise IndexBusyError(opened.read(20).strip() or "unknown") from None
        opened.truncate(0)
        opened.write(f"{os.getpid()}\n")
        opened.flush()
        yield
