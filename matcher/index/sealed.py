"""Folders of arrays that are read back exactly as written, or not at all.

A folder holds one ``<name>.npy`` an array, ``ids.json``, and, written last, ``manifest.json`` with
size and SHA-256 of each file and of itself. The content's digest does not depend on the moment of
writing, so equal content has an equal digest.
"""

import hashlib
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from matcher.errors import IndexUnavailableError

Array = NDArray[Any]

_DTYPES = {np.dtype(code) for code in ("<f4", "<i4", "<i8", "|u1")}
_FILE = re.compile(r"[a-z][a-z0-9_]*\.npy|ids\.json")
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Packed:
    """Content ready to be written: bytes of each file, what is said of them, and its digest."""

    files: Mapping[str, bytes]
    meta: Mapping[str, str]

    @property
    def body(self) -> dict[str, Any]:
        """What the manifest says, apart from the time."""
        sizes = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in self.files.items()
        }
        return {"files": sizes, "meta": dict(self.meta)}

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that name this content."""
        return _digest(self.body)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder holds; the arrays are read-only."""

    ids: tuple[str, ...]
    arrays: Mapping[str, Array]
    meta: Mapping[str, str]
    created: str
    digest: str


def pack(arrays: Mapping[str, Array], ids: Sequence[str], meta: Mapping[str, str]) -> Packed:
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
    files = {"ids.json": _dump(list(ids))}
    for name in sorted(arrays):
        if not _FILE.fullmatch(f"{name}.npy"):
            raise IndexUnavailableError(f"{name!r} cannot be the name of an array")
        _check(name, arrays[name])
        stream = io.BytesIO()
        npy.write_array(stream, np.ascontiguousarray(arrays[name]), allow_pickle=False)
        files[f"{name}.npy"] = stream.getvalue()
    return Packed(files, meta)


def write_sealed(folder: Path, packed: Packed) -> None:
    """Write every file and force it to the disk, the manifest last.

    Raises
    ------
    OSError
        The disk is full, the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in packed.files.items():
        write_durably(folder / name, data)
    body = packed.body | {"created": datetime.now(UTC).isoformat(timespec="microseconds")}
    write_durably(folder / _MANIFEST, _dump(body | {"sha256": _sha256(_dump(body))}))
    sync_folder(folder)


def read_sealed(folder: Path) -> Contents:
    """Read a folder and verify every byte of it.

    Raises
    ------
    IndexUnavailableError
        Something is missing, damaged, or cannot be used; the text names it.
    """
    body = _read_manifest(folder)
    files = {name: _read_file(folder, name, said) for name, said in body["files"].items()}
    if "ids.json" not in files:
        raise IndexUnavailableError(f"{folder.name}: {_MANIFEST} does not list ids.json")
    ids = tuple(json.loads(files.pop("ids.json")))
    arrays = {name.removesuffix(".npy"): _parse(name, data) for name, data in files.items()}
    created = body.pop("created")
    return Contents(ids, arrays, body["meta"], created, _digest(body))


def write_durably(file: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with file.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's list of names."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_manifest(folder: Path) -> dict[str, Any]:
    data = _read(folder, _MANIFEST)
    damaged = IndexUnavailableError(f"{folder.name}: {_MANIFEST} is damaged")
    try:
        body = json.loads(data)
    except ValueError:
        raise damaged from None
    if not isinstance(body, dict) or _dump(body) != data:
        raise damaged
    if body.pop("sha256", None) != _sha256(_dump(body)):
        raise damaged
    if not body.keys() >= {"files", "meta", "created"}:
        raise damaged
    return body


def _read_file(folder: Path, name: str, said: Mapping[str, Any]) -> bytes:
    if not _FILE.fullmatch(name):
        raise IndexUnavailableError(f"{folder.name}: {_MANIFEST} lists {name!r}, which is no part")
    data = _read(folder, name)
    if len(data) != said["bytes"]:
        raise IndexUnavailableError(
            f"{folder.name}: {name} has {len(data)} bytes instead of {said['bytes']}"
        )
    if _sha256(data) != said["sha256"]:
        raise IndexUnavailableError(f"{folder.name}: {name} is damaged (its SHA-256 differs)")
    return data


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise IndexUnavailableError(f"{folder.name}: {name} is missing") from None
    except OSError as error:
        raise IndexUnavailableError(
            f"{folder.name}: {name} cannot be read ({error.strerror})"
        ) from error


def _parse(name: str, data: bytes) -> Array:
    stream = io.BytesIO(data)
    try:
        version = npy.read_magic(stream)
        shape, fortran, dtype = npy.read_array_header_1_0(stream)
    except ValueError as error:
        raise IndexUnavailableError(f"{name} is not an array file") from error
    if version != (1, 0) or fortran or dtype not in _DTYPES:
        raise IndexUnavailableError(f"{name} holds numbers of a kind that is not used ({dtype})")
    array: Array = np.frombuffer(data, dtype=dtype, offset=stream.tell()).reshape(shape)
    _check(name.removesuffix(".npy"), array)
    return array


def _check(name: str, array: Array) -> None:
    if array.dtype not in _DTYPES:
        raise IndexUnavailableError(f"{name} holds numbers of a kind that is not used")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise IndexUnavailableError(f"{name} contains NaN or infinity")


def _digest(body: Mapping[str, Any]) -> str:
    return _sha256(_dump(body))[:16]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _dump(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
