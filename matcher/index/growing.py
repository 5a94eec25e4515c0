"""Arrays that grow on the disk, for content that is larger than the memory."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from matcher.index.sealed import Array


class GrowingArrays:
    """One .npy file an array, appended to part by part.

    An array called ``<something>_starts`` tells where rows begin in another one: each part of it
    counts from 0 and is appended so that it goes on where the part before ended.

    Parameters
    ----------
    folder
        Where the files are made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _GrowingFile] = {}
        self._ends: dict[str, int] = {}

    def append(self, arrays: Mapping[str, Array]) -> None:
        """Append rows to arrays of these names; an array begins with its first rows.

        Raises
        ------
        OSError
            The disk is full.
        """
        for name, rows in arrays.items():
            if name not in self._files:
                self._files[name] = _GrowingFile(self._folder / f"{name}.npy", rows)
                self._files[name].append(rows)
            elif name.endswith("_starts"):
                self._files[name].append(rows[1:] + self._ends[name])
            else:
                self._files[name].append(rows)
            if name.endswith("_starts"):
                self._ends[name] = self._ends.get(name, 0) + int(rows[-1])

    def finish(self, *names: str) -> dict[str, Path]:
        """Force arrays to the disk, all when none is named, and give their files by name."""
        return {name: self._files[name].finish() for name in names or self._files}

    def close(self) -> None:
        """Close every file, finished or not."""
        for file in self._files.values():
            file.close()


class _GrowingFile:
    """An .npy file whose heading is written anew at the end: its length does not change."""

    def __init__(self, file: Path, like: Array) -> None:
        self._path = file
        self._dtype, self._tail = like.dtype, like.shape[1:]
        self._rows = 0
        self._opened: BinaryIO = file.open("wb")
        self._head()

    def append(self, rows: Array) -> None:
        if rows.dtype != self._dtype or rows.shape[1:] != self._tail:
            raise ValueError(f"{self._path.stem} holds rows of another kind")
        self._opened.write(np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data)
        self._rows += len(rows)

    def finish(self) -> Path:
        if not self._opened.closed:
            self._opened.seek(0)
            self._head()
            self._opened.flush()
            os.fsync(self._opened.fileno())
            self._opened.close()
        return self._path

    def close(self) -> None:
        self._opened.close()

    def _head(self) -> None:
        heading: dict[str, Any] = {
            "descr": npy.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self._rows, *self._tail),
        }
        npy.write_array_header_1_0(self._opened, heading)
