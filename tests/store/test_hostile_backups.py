"""Backups whose seal fits and whose content is none: refused, never a failure."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import select

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.store import Store
from matcher.store import archive as archive_module
from matcher.store.archive import open_archive, write_archive
from matcher.store.backup import back_up, restore
from matcher.store.database import Database
from matcher.store.migrate import migrate
from matcher.store.tables import metadata

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


@pytest.fixture
def kept(tmp_path):
    """A database that must stay as it is."""
    with holding_a_token(f"sqlite:///{tmp_path}/kept.db") as database:
        yield database


@pytest.fixture
def kept_anywhere(database_url):
    """The same on each engine: what a row is wrong in may be for the database to find."""
    with holding_a_token(database_url) as database:
        yield database


@contextmanager
def holding_a_token(url):
    with closing(Database(url)) as database:
        migrate(database)
        Store(database).tokens.create("ministry", ["import"])
        yield database


def refused(kept, file):
    """Why; in words, and with nothing changed."""
    before = content(kept)
    with pytest.raises(UnreadableFileError, match=r"Use another one|Update the matcher") as caught:
        restore(kept, file, replace=True)
    assert content(kept) == before
    return str(caught.value)


def content(database):
    names = ("clusters", "meta", "tokens")
    with database.read() as connection:
        return [connection.execute(select(metadata.tables[name])).all() for name in names]


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
def test_bad_ones_are_refused(tmp_path, kept, parts):
    file = sealed(tmp_path, parts)
    with pytest.raises(UnreadableFileError):
        read(file)
    refused(kept, file)


MARK_OF_A = {"cluster_id": "ge-a", "partner_id": "ge-b", "kind": "known_to_us"}
EVENT = {"id": "a", "event": "{}", "schedule": None}
FORGED = {
    "a column is missing": ("meta", {"key": "a"}),
    "a list for a text": ("meta", {"key": "a", "value": ["b"]}),
    "a number for a text": ("meta", {"key": "a", "value": 7}),
    "half a character": ("meta", {"key": "a", "value": "\ud800"}),
    "nothing where something must be": ("meta", {"key": "a", "value": None}),
    "a key twice": ("meta", {"key": "a", "value": "b"}, {"key": "a", "value": "c"}),
    "a number for a day": ("partner_marks", MARK_OF_A | {"day": 7}),
    "a day that never was": ("partner_marks", MARK_OF_A | {"day": "2026-02-30"}),
    "broken base64": ("vectors", {"fingerprint": "m@1", "key": "a", "data": "a"}),
    "a number for bytes": ("vectors", {"fingerprint": "m@1", "key": "a", "data": 7}),
    "a text for a number": ("events", EVENT | {"version": "1"}),
    "a number beyond all bounds": ("events", EVENT | {"version": 1 << 70}),
    "a move of no introduction": (
        "introduction_moves",
        {"introduction_id": 5, "place": 0, "day": "2026-01-01", "role": "a", "to_state": "draft"}
        | {"reason": "", "answer": None, "outcome": None},
    ),
}


@pytest.fixture
def parts(tmp_path):
    """The parts of a good backup."""
    file = tmp_path / "good.backup"
    with closing(Database(f"sqlite:///{tmp_path}/other.db")) as other:
        migrate(other)
        back_up(other, file)
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_rows_that_fit_no_table_are_refused(tmp_path, kept_anywhere, parts):
    for what, (table, *rows) in FORGED.items():
        lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        said = json.loads(parts["manifest.json"])
        said["tables"][table] = {"rows": len(rows), "sha256": hashlib.sha256(lines).hexdigest()}
        changed = {"manifest.json": json.dumps(said).encode(), f"{table}.jsonl": lines}
        assert table in refused(kept_anywhere, sealed(tmp_path, parts | changed)), what


@pytest.mark.parametrize("revision", [None, "0001"])
def test_a_manifest_that_is_silent_on_a_table_is_refused(tmp_path, kept, parts, revision):
    said = json.loads(parts["manifest.json"])
    del said["tables"]["meta"]
    said["revision"] = revision or said["revision"]
    refused(kept, sealed(tmp_path, parts | {"manifest.json": json.dumps(said).encode()}))


def test_bytes_that_are_sealed_and_no_archive(tmp_path):
    body = b"anything" + MARK
    (tmp_path / "a.backup").write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    with pytest.raises(UnreadableFileError):
        read(tmp_path / "a.backup")


@pytest.mark.parametrize("name", ["manifest.json", "meta.jsonl"])
def test_what_unpacks_beyond_all_measure_is_refused_in_little_memory(tmp_path, name):
    """Some kB of archive that say 300 MB: of a manifest, and of one line."""
    blank, blanks = b" " * (1 << 20), 300
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open(name, "w") as part:
            for _ in range(blanks):
                part.write(blank)
        if name != "manifest.json":
            packed.writestr("manifest.json", manifest())
        packed.comment = MARK + b"0" * 64
    body = file.read_bytes()[:-64]
    file.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError):
            read(file)
        assert tracemalloc.get_traced_memory()[1] < 120 << 20
    finally:
        tracemalloc.stop()


def test_more_rows_than_the_manifest_speaks_of_are_not_read_to_the_end(tmp_path):
    file = sealed(tmp_path, {"manifest.json": manifest(), "meta.jsonl": ROWS * 100_000})
    with pytest.raises(UnreadableFileError), open_archive(file) as archive:
        taken = [row for _, row in zip(range(100), archive.rows("meta"), strict=False)]
        assert len(taken) <= 2


def test_a_row_that_no_restore_would_read_is_not_saved(tmp_path):
    row = {"key": "a", "value": "x" * archive_module.LONGEST_LINE}
    with pytest.raises(InvalidInputError, match="too large"):
        write_archive(tmp_path / "a.backup", "0001", [("meta", [row])])
    assert list(tmp_path.iterdir()) == []
