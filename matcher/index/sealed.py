"""Folders of arrays that are read back exactly as written, or not at all.

A folder holds one ``<name>.npy`` an array, ``ids.json``, and, written last, ``manifest.json`` with
size and SHA-256 of each file and of itself. The content's digest does not depend on the moment of
writing, so equal content has an equal digest.

Arrays are written and verified piece by piece and opened as memory maps: a folder may be larger
than the memory, and of its arrays only what is asked for is ever loaded.
"""

import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from matcher.errors import IndexUnavailableError

Array = NDArray[Any]
Source = Array | Path
"""An array, or the finished .npy file that holds it: that one is moved, not copied."""
Piece = bytes | memoryview

_DTYPES = {np.dtype(code) for code in ("<f4", "<i4", "<i8", "|u1")}
_FILE = re.compile(r"[a-z][a-z0-9_]*\.npy|ids\.json")
MANIFEST = "manifest.json"
_SAID = {"bytes", "sha256"}
# The header of an array is read as a piece of Python, with all that can be wrong in one.
_NO_ARRAY = (ValueError, TypeError, OverflowError, SyntaxError, TokenError, OSError)
_PIECE = 1 << 22
"""Bytes of a file that are in memory at a time."""


@dataclass(frozen=True)
class Packed:
    """Content ready to be written: what goes into each file, what is said of them, its digest."""

    files: Mapping[str, bytes | Source]
    meta: Mapping[str, str]

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the manifest says, apart from the time."""
        sizes = {}
        for name, source in self.files.items():
            digest, size = hashlib.sha256(), 0
            for piece in _pieces(source):
                digest.update(piece)
                size += memoryview(piece).nbytes
            sizes[name] = {"bytes": size, "sha256": digest.hexdigest()}
        return {"files": sizes, "meta": dict(self.meta)}

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that name this content."""
        return _digest(self.body)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder holds; the arrays are read-only memory maps."""

    ids: tuple[str, ...]
    arrays: Mapping[str, Array]
    meta: Mapping[str, str]
    created: str
    digest: str


def pack(arrays: Mapping[str, Source], ids: Sequence[str], meta: Mapping[str, str]) -> Packed:
    """Prepare arrays for writing.

    Parameters
    ----------
    arrays
        By lower-case name; float32 (finite), int32, int64 or uint8.
    ids
        Names of the rows.
    meta
        Whatever else must stand in the manifest.

    Raises
    ------
    IndexUnavailableError
        An array cannot be stored.
    """
    files: dict[str, bytes | Source] = {"ids.json": _dump(list(ids))}
    for name in sorted(arrays):
        if not _FILE.fullmatch(f"{name}.npy"):
            raise IndexUnavailableError(f"{name!r} cannot be the name of an array")
        source = arrays[name]
        _check(name, mapped(source) if isinstance(source, Path) else source)
        files[f"{name}.npy"] = source
    return Packed(files, meta)


def write_sealed(folder: Path, packed: Packed) -> None:
    """Write every file and force it to the disk, the manifest last.

    Raises
    ------
    OSError
        The disk is full, the folder cannot be written.
    """
    body = packed.body | {"created": datetime.now(UTC).isoformat(timespec="microseconds")}
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in packed.files.items():
        if isinstance(source, Path):
            source.replace(folder / name)
        else:
            _write_pieces(folder / name, _pieces(source))
    write_durably(folder / MANIFEST, _dump(body | {"sha256": _sha256(_dump(body))}))
    sync_folder(folder)


def read_sealed(folder: Path) -> Contents:
    """Verify every byte of a folder and open it.

    Raises
    ------
    IndexUnavailableError
        Something is missing, damaged, or cannot be used; the text names it.
    """
    body = _read_manifest(folder)
    for name, said in body["files"].items():
        _verify(folder, name, said)
    if "ids.json" not in body["files"]:
        raise IndexUnavailableError(f"{folder.name}: {MANIFEST} does not list ids.json")
    ids = _ids(folder)
    names = [name.removesuffix(".npy") for name in body["files"] if name != "ids.json"]
    arrays = {name: mapped(folder / f"{name}.npy") for name in names}
    created = body.pop("created")
    return Contents(ids, arrays, body["meta"], created, _digest(body))


def mapped(file: Path) -> Array:
    """Open an .npy file as a read-only memory map.

    Raises
    ------
    IndexUnavailableError
        It is not one, or of a kind that is not used.
    """
    with file.open("rb") as opened:
        try:
            version = npy.read_magic(opened)
            shape, fortran, dtype = npy.read_array_header_1_0(opened)
        except _NO_ARRAY as error:
            raise IndexUnavailableError(f"{file.name} is not an array file") from error
        if version != (1, 0) or fortran or dtype not in _DTYPES:
            raise IndexUnavailableError(
                f"{file.name} holds numbers of a kind that is not used ({dtype})"
            )
        try:
            return np.asarray(np.memmap(opened, dtype, "r", opened.tell(), shape))
        except _NO_ARRAY as error:  # the file is shorter than its header says
            raise IndexUnavailableError(f"{file.name} is not an array file") from error


def write_durably(file: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    _write_pieces(file, [data])


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's list of names."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pieces(source: bytes | Source) -> Iterator[Piece]:
    """Give the bytes of a file piece by piece."""
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, Path):
        with source.open("rb") as opened:
            yield from iter(lambda: opened.read(_PIECE), b"")
    else:
        array = np.ascontiguousarray(source)
        header = io.BytesIO()
        npy.write_array_header_1_0(header, npy.header_data_from_array_1_0(array))
        yield header.getvalue()
        data = array.reshape(-1).view(np.uint8)
        for start in range(0, len(data), _PIECE):
            yield data[start : start + _PIECE].data


def _write_pieces(file: Path, pieces: Iterable[Piece]) -> None:
    with file.open("wb") as opened:
        for piece in pieces:
            opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())


def _read_manifest(folder: Path) -> dict[str, Any]:
    return verified_manifest(_read(folder, MANIFEST), folder.name)


def verified_manifest(data: bytes, name: str) -> dict[str, Any]:
    """Give what the manifest of a folder says, if it is exactly what was written.

    Raises
    ------
    IndexUnavailableError
        It is damaged; the text begins with the given name.
    """
    damaged = IndexUnavailableError(f"{name}: {MANIFEST} is damaged")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise damaged from None
    if not isinstance(body, dict) or _dump(body) != data:
        raise damaged
    if body.pop("sha256", None) != _sha256(_dump(body)):
        raise damaged
    if not _is_complete(body):
        raise damaged
    return body


def _is_complete(body: Mapping[str, Any]) -> bool:
    files, meta = body.get("files"), body.get("meta")
    return (
        isinstance(files, dict)
        and all(isinstance(said, dict) and said.keys() >= _SAID for said in files.values())
        and isinstance(meta, dict)
        and isinstance(body.get("created"), str)
    )


def _ids(folder: Path) -> tuple[str, ...]:
    try:
        ids = json.loads(_read(folder, "ids.json"))
    except (ValueError, RecursionError):
        ids = None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise IndexUnavailableError(f"{folder.name}: ids.json is no list of names")
    return tuple(ids)


def _verify(folder: Path, name: str, said: Mapping[str, Any]) -> None:
    """Compare a file with what the manifest says; it is read, so no page of a map is touched."""
    if not _FILE.fullmatch(name):
        raise IndexUnavailableError(f"{folder.name}: {MANIFEST} lists {name!r}, which is no part")
    with _named(folder, name), (folder / name).open("rb") as opened:
        size = os.fstat(opened.fileno()).st_size
        if size != said["bytes"]:
            raise IndexUnavailableError(
                f"{folder.name}: {name} has {size} bytes instead of {said['bytes']}"
            )
        digest, unusable = _read_through(opened, name)
    if digest != said["sha256"]:
        raise IndexUnavailableError(f"{folder.name}: {name} is damaged (its SHA-256 differs)")
    if unusable:
        raise unusable


def _read_through(opened: BinaryIO, name: str) -> tuple[str, IndexUnavailableError | None]:
    """Return the SHA-256 of an open file, and what else is wrong with its numbers."""
    head = opened.read(10)
    head += opened.read(int.from_bytes(head[8:10], "little"))
    digest, floats, unusable = hashlib.sha256(head), b"'<f4'" in head, None
    while piece := opened.read(_PIECE):
        digest.update(piece)
        if floats and not unusable:
            numbers = np.frombuffer(piece, np.float32, len(piece) // 4)
            try:
                _check(name.removesuffix(".npy"), numbers)
            except IndexUnavailableError as error:
                unusable = error
    return digest.hexdigest(), unusable


def _read(folder: Path, name: str) -> bytes:
    with _named(folder, name):
        return (folder / name).read_bytes()


@contextmanager
def _named(folder: Path, name: str) -> Iterator[None]:
    """Say which file it was that cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise IndexUnavailableError(f"{folder.name}: {name} is missing") from None
    except OSError as error:
        raise IndexUnavailableError(
            f"{folder.name}: {name} cannot be read ({error.strerror})"
        ) from error


def _check(name: str, array: Array) -> None:
    if array.dtype not in _DTYPES:
        raise IndexUnavailableError(f"{name} holds numbers of a kind that is not used")
    if array.dtype.kind != "f":
        return
    flat = array.reshape(-1)
    for start in range(0, len(flat), _PIECE):
        if not np.isfinite(flat[start : start + _PIECE]).all():
            raise IndexUnavailableError(f"{name} contains NaN or infinity")


def _digest(body: Mapping[str, Any]) -> str:
    return _sha256(_dump(body))[:16]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
