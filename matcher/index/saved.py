"""The saved index: a cache in the home folder that can always be built again from the store.

Layout of ``index/``: ``arrays-<checksum>.npz``, ``vectors-<checksum>.faiss`` where the engine keeps
its vectors in a file, ``manifest.json`` and ``lock``. The files of a new index are written beside
the old ones and forced to the disk; replacing the manifest puts them in force. Whoever dies in
between leaves the old index in force.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from matcher.errors import IndexUnavailableError
from matcher.index.lock import exclusive

Arrays = Mapping[str, NDArray[Any]]
Notes = Mapping[str, str]

VERSION = 1
"""Raised when the files of the saved index change in meaning."""

_ARRAYS, _VECTORS, _MANIFEST = "arrays.npz", "vectors.faiss", "manifest.json"
_NAME = re.compile(r"(arrays|vectors)-[0-9a-f]{16}\.(npz|faiss)")
_BEFORE = "generations"
"""Folder in which earlier versions kept the index."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved index, verified.

    Attributes
    ----------
    arrays
        All arrays by name.
    vectors
        File of the vector index; where the engine keeps its vectors elsewhere it is not there.
    notes
        What the writer noted.
    """

    arrays: Arrays
    vectors: Path
    notes: Notes


class SavedIndex:
    """The saved index of a home folder.

    Parameters
    ----------
    home
        The matcher's folder; nothing is made in it before something is written.
    """

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home / "index"

    def read(self) -> Saved:
        """Verify every byte of the index in force and read it.

        Raises
        ------
        IndexUnavailableError
            There is none, or it cannot be used; the text says why.
        """
        manifest = self._manifest()
        try:
            return self._read(manifest)
        except FileNotFoundError as error:
            problem = IndexUnavailableError(f"{Path(error.filename).name} is missing")
        except OSError as error:
            problem = IndexUnavailableError(f"the saved index cannot be read ({error.strerror})")
        except IndexUnavailableError as error:
            problem = error
        if self._manifest() == manifest:
            raise problem
        return self.read()  # another process has put a new one in force meanwhile

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the lock of builders for the length of a ``with`` block.

        Raises
        ------
        IndexBusyError
            Another process is building; the text names it.
        IndexUnavailableError
            The folder cannot be written.
        """
        with ExitStack() as held:
            with explained():
                self._folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(exclusive(self._folder / "lock"))
            yield

    def write(self, arrays: Arrays, save_vectors: Callable[[Path], None], notes: Notes) -> None:
        """Put an index in force; call it while `building`.

        Parameters
        ----------
        arrays
            By name; none holds Python objects.
        save_vectors
            Writes the vector index to a file, or nothing.
        notes
            Whatever else must be known to use it.

        Raises
        ------
        IndexUnavailableError
            The disk is full, or the folder cannot be written; what was in force still is.
        """
        with explained():
            files = {}
            for name, save in (
                (_ARRAYS, lambda file: _save_arrays(file, arrays)),
                (_VECTORS, save_vectors),
            ):
                if checksum := self._put(name, save):
                    files[name] = checksum
            body = {"version": VERSION, "files": files, "notes": dict(notes)}
            fresh = self._folder / f"{_MANIFEST}.new"
            fresh.write_bytes(_dump(body | {"sha256": _sha256(_dump(body))}))
            self._settle(fresh, _MANIFEST)
            self._tidy({_stored(name, checksum) for name, checksum in files.items()})

    def _put(self, name: str, save: Callable[[Path], None]) -> str | None:
        """Write a file under a name that holds its checksum, and return the checksum."""
        fresh = self._folder / f"{name}.new"
        fresh.unlink(missing_ok=True)
        try:
            save(fresh)
            if not fresh.exists():
                return None
            checksum = _checksum(fresh)
            self._settle(fresh, _stored(name, checksum))
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        return checksum

    def _settle(self, fresh: Path, name: str) -> None:
        """Put a written file in its place, on the disk."""
        _sync(fresh)
        fresh.replace(self._folder / name)
        _sync(self._folder)

    def _tidy(self, kept: set[str]) -> None:
        """Delete the files of earlier indexes, and the folder of earlier versions."""
        for file in self._folder.iterdir():
            if file.name.endswith(".new") or (_NAME.fullmatch(file.name) and file.name not in kept):
                file.unlink(missing_ok=True)
        shutil.rmtree(self._home / _BEFORE, ignore_errors=True)

    def _manifest(self) -> dict[str, Any]:
        try:
            data = (self._folder / _MANIFEST).read_bytes()
        except FileNotFoundError:
            raise IndexUnavailableError("There is no saved index yet.") from None
        except OSError as error:
            raise IndexUnavailableError(f"{_MANIFEST} cannot be read ({error.strerror})") from error
        return _verified(data)

    def _read(self, manifest: Mapping[str, Any]) -> Saved:
        files = {
            name: self._folder / _stored(name, said) for name, said in manifest["files"].items()
        }
        for name, file in files.items():
            if _checksum(file) != manifest["files"][name]:
                raise IndexUnavailableError(f"{file.name} is damaged: its SHA-256 differs")
        arrays = _load_arrays(files[_ARRAYS])
        return Saved(arrays, files.get(_VECTORS, self._folder / _VECTORS), manifest["notes"])


@contextmanager
def explained() -> Iterator[None]:
    """Turn a full disk or a read-only folder into a sentence."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailableError(
            f"The index cannot be saved ({error.strerror or error}). Make room or make the folder "
            "of MATCHER_HOME writable, then run: matcher index"
        ) from error


def _verified(data: bytes) -> dict[str, Any]:
    """Return what a manifest says, if it is exactly what this version writes."""
    try:
        body = json.loads(data)
        intact = _dump(body) == data and body.pop("sha256") == _sha256(_dump(body))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        intact = False
    if not intact or not _is_complete(body):
        raise IndexUnavailableError(f"{_MANIFEST} is damaged, or another program wrote it")
    if body["version"] != VERSION:
        raise IndexUnavailableError("another version of the matcher wrote the saved index")
    return dict(body)


def _is_complete(body: Mapping[str, Any]) -> bool:
    files, notes = body.get("files"), body.get("notes")
    return (
        "version" in body
        and isinstance(files, dict)
        and _ARRAYS in files
        and all(_NAME.fullmatch(_stored(name, str(said))) for name, said in files.items())
        and isinstance(notes, dict)
        and all(isinstance(note, str) for note in notes.values())
    )


def _save_arrays(file: Path, arrays: Arrays) -> None:
    with file.open("wb") as opened:
        np.savez(opened, allow_pickle=False, **arrays)


def _load_arrays(file: Path) -> Arrays:
    try:
        with np.load(file, allow_pickle=False) as opened:
            return dict(opened)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise IndexUnavailableError(f"{file.name} holds no arrays that can be read") from error


def _stored(name: str, checksum: str) -> str:
    stem, _, suffix = name.partition(".")
    return f"{stem}-{checksum[:16]}.{suffix}"


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until the disk has a file, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
