"""Backups as files: a zip of one JSON-lines file a table, a manifest, and a seal over every byte.

The seal is the zip's comment: the SHA-256 of all bytes before it. A file is written beside its
place and takes it once it is whole and on the disk; read is only what the seal vouches for.
"""

import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.store.database import now

Row = Mapping[str, Any]
"""Values by column, as JSON has them."""

FORMAT = 1
"""Raised when files of this version could be misread by an older one."""

_MANIFEST = "manifest.json"
_MARK = b"cluster-matcher backup, sha256 "
_DIGITS = 64
_SEAL = re.compile(re.escape(_MARK) + rb"[0-9a-f]{64}")
_BLOCK = 1 << 20
_LONGEST_MANIFEST = 1 << 20
LONGEST_LINE = 1 << 25
"""Bytes of one row at most: some ten times what the largest event takes."""
_DAMAGE = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class TableEntry(BaseModel):
    """What the manifest says of a table: how many rows, and the SHA-256 of its file."""

    model_config = ConfigDict(frozen=True)

    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds.

    Attributes
    ----------
    format
        Version of the file's layout.
    created
        When, ISO 8601 in UTC.
    revision
        Which tables these are: the database's revision.
    tables
        By name, those first that others refer to.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    created: str
    revision: str
    tables: dict[str, TableEntry]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(entry.rows for entry in self.tables.values())


@dataclass(frozen=True)
class Archive:
    """A backup that was found whole."""

    manifest: Manifest
    _zip: zipfile.ZipFile

    def rows(self, table: str) -> Iterator[Row]:
        """Read the rows of a table.

        Raises
        ------
        UnreadableFileError
            There are none, or, at the end, they are not the ones that the manifest speaks of.
        """
        digest, count = hashlib.sha256(), 0
        with _readable(table), self._zip.open(_member(table)) as lines:
            said = self.manifest.tables[table]
            while count <= said.rows and (line := _line(lines)):
                digest.update(line)
                count += 1
                yield _row(line)
        if (count, digest.hexdigest()) != (said.rows, said.sha256):
            raise UnreadableFileError(f"The backup contradicts itself in {table}. Use another one.")


def write_archive(
    target: Path, revision: str, tables: Iterable[tuple[str, Iterable[Row]]]
) -> Manifest:
    """Write a backup; a file that is there already is replaced by the whole new one or not at all.

    Only the user who runs this may read it.

    Parameters
    ----------
    target
        The file.
    revision
        The database's revision.
    tables
        Names with rows.

    Raises
    ------
    InvalidInputError
        A row is larger than any that a restore reads.
    OSError
        It cannot be written.
    """
    with _named(target), _replacing(target) as file:
        entries = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, rows in tables:
                entries[name] = _add(packed, name, rows)
            created = now(timespec="seconds")
            manifest = Manifest(format=FORMAT, created=created, revision=revision, tables=entries)
            packed.writestr(_MANIFEST, manifest.model_dump_json(indent=2))
            packed.comment = _MARK + b"0" * _DIGITS
        _seal(file)
    return manifest


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Verify every byte of a backup and open it.

    Raises
    ------
    UnreadableFileError
        It is damaged, no backup at all, or of a newer version of the matcher.
    """
    with file.open("rb") as opened:
        if not _is_sealed(opened):
            raise UnreadableFileError(
                f"{file} is damaged, cut off, or no backup at all. Use another one; nothing was "
                "changed."
            )
        with ExitStack() as held:
            with _readable(str(file)):
                packed = held.enter_context(zipfile.ZipFile(opened))
                manifest = _manifest(packed, file)
            yield Archive(manifest, packed)


def _add(packed: zipfile.ZipFile, table: str, rows: Iterable[Row]) -> TableEntry:
    digest, count = hashlib.sha256(), 0
    with packed.open(_member(table), "w", force_zip64=True) as lines:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            if len(line) > LONGEST_LINE:
                raise InvalidInputError(f"A row of {table} is too large for a backup.")
            digest.update(line)
            count += 1
            lines.write(line)
    return TableEntry(rows=count, sha256=digest.hexdigest())


def _line(lines: IO[bytes]) -> bytes:
    line = lines.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise ValueError("a line beyond all measure")
    return line


def _manifest(packed: zipfile.ZipFile, file: Path) -> Manifest:
    with packed.open(_MANIFEST) as opened:
        content = opened.read(_LONGEST_MANIFEST + 1)
    if len(content) > _LONGEST_MANIFEST:
        raise ValueError("a manifest beyond all measure")
    found = _row(content).get("format")
    try:
        if found != FORMAT:
            raise ValueError(found)
        return Manifest.model_validate_json(content)
    except (ValidationError, ValueError) as error:
        raise UnreadableFileError(
            f"{file} was made by another version of the matcher (format {found}, this one reads "
            f"{FORMAT}). Update the matcher; nothing was changed."
        ) from error


def _row(line: bytes) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("not an object")
    return row


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """A seal that fits speaks of the bytes alone: what they hold may still be anything."""
    try:
        yield
    except _DAMAGE as error:
        raise UnreadableFileError(
            f"The backup cannot be read in {what}, although its seal fits. Use another one."
        ) from error


def _member(table: str) -> str:
    return f"{table}.jsonl"


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """Let errors of the disk name the file that was to be written."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A private file that takes the place of `target` at the end, unless something went wrong."""
    descriptor, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(file: IO[bytes]) -> None:
    end = file.seek(0, os.SEEK_END) - _DIGITS
    digest = _digest_until(file, end)
    file.seek(end)
    file.write(digest)


def _is_sealed(file: IO[bytes]) -> bool:
    end = file.seek(0, os.SEEK_END) - _DIGITS
    if end < len(_MARK):
        return False
    file.seek(end - len(_MARK))
    seal = file.read()
    return bool(_SEAL.fullmatch(seal)) and seal.endswith(_digest_until(file, end))


def _digest_until(file: IO[bytes], end: int) -> bytes:
    """SHA-256 of the first `end` bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(min(_BLOCK, end - file.tell())):
        digest.update(block)
    return digest.hexdigest().encode()
