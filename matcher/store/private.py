"""What lies on the disk is for its owner alone: databases, the index, backups."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(home: Path) -> None:
    """Take away what others may do with a home and its files; what is not ours stays."""
    for place in open_to_others(home):
        with suppress(OSError):
            place.chmod(stat.S_IMODE(place.stat().st_mode) & ~_OTHERS)


def open_to_others(home: Path) -> Iterator[Path]:
    """Find the home, and files right in it, that other users of the machine may use."""
    if not home.is_dir():
        return
    for place in (home, *home.iterdir()):
        with suppress(OSError):
            found = place.lstat()
            if found.st_mode & _OTHERS and not stat.S_ISLNK(found.st_mode):
                yield place


def begin_private(file: Path) -> None:
    """Make a database file that is not there yet, for its owner alone, in a folder likewise.

    SQLite gives the files beside it the same rights.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
