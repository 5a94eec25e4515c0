"""Backups whose seal fits and whose content is none: refused, never a failure."""

import hashlib
import io
import json
import zipfile

import pytest

from matcher.errors import UnreadableFileError
from matcher.store.archive import open_archive, write_archive

MARK = b"cluster-matcher backup, sha256 "
ROWS = b'{"key":"a"}\n'


def manifest(**changes):
    entry = {"rows": 1, "sha256": hashlib.sha256(ROWS).hexdigest()}
    said = {"format": 1, "created": "2026-01-01", "revision": "0001", "tables": {"meta": entry}}
    return json.dumps(said | changes).encode()


def sealed(tmp_path, parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
        packed.comment = MARK + b"0" * 64
    body = target.getvalue()[:-64]
    file = tmp_path / "a.backup"
    file.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    return file


def read(file):
    with open_archive(file) as archive:
        return {table: list(archive.rows(table)) for table in archive.manifest.tables}


def test_a_good_one_is_read(tmp_path):
    file = sealed(tmp_path, {"manifest.json": manifest(), "meta.jsonl": ROWS})
    assert read(file) == {"meta": [{"key": "a"}]}
    write_archive(file, "0001", [("meta", [{"key": "b"}])])
    assert read(file) == {"meta": [{"key": "b"}]}


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"manifest.json": b""},
        {"manifest.json": b"[]"},
        {"manifest.json": b"[" * 100_000},
        {"manifest.json": b"\xff"},
        {"manifest.json": manifest(tables=[])},
        {"manifest.json": manifest()},
        {"manifest.json": manifest(), "meta.jsonl": b"7\n"},
        {"manifest.json": manifest(), "meta.jsonl": b"{\n"},
        {"manifest.json": manifest(), "meta.jsonl": ROWS * 2},
    ],
)
def test_bad_ones_are_refused(tmp_path, parts):
    with pytest.raises(UnreadableFileError):
        read(sealed(tmp_path, parts))


def test_bytes_that_are_sealed_and_no_archive(tmp_path):
    body = b"anything" + MARK
    (tmp_path / "a.backup").write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    with pytest.raises(UnreadableFileError):
        read(tmp_path / "a.backup")
