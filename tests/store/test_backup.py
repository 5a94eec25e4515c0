"""Backup and restore: nothing is forgotten, nothing damaged gets in, all or nothing."""

import datetime
import json
import random
import shutil
import stat
import zipfile
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

import matcher
from matcher.errors import (
    ConflictError,
    NotFoundError,
    StoreUnavailableError,
    UnreadableFileError,
)
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store, archive
from matcher.store.backup import REBUILT, back_up, last_backup, note_backup, restore
from matcher.store.database import Database
from matcher.store.migrate import HEAD, migrate
from matcher.store.tables import metadata

for module in Path(matcher.__file__).parent.glob("*/tables.py"):
    import_module(f"matcher.{module.parent.name}.tables")
TABLES = [table for table in metadata.sorted_tables if table.name not in REBUILT]

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
VALUES = {
    str: TEXTS,
    int: st.integers(1, 2**31 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=30),
    datetime.date: st.dates(),
}


@st.composite
def contents(draw):
    """Rows for every table, those that refer to others referring to rows that are there."""
    found = {}
    for table in TABLES:
        columns = {column.name: _column(column, found) for column in table.columns}
        if any(column is None for column in columns.values()):
            found[table.name] = []
            continue
        keys = [column.name for column in table.primary_key.columns]
        found[table.name] = draw(
            st.lists(
                st.fixed_dictionaries(columns),
                max_size=4,
                unique_by=lambda row, keys=keys: tuple(row[key] for key in keys),
            )
        )
    return found


def _column(column, found):
    for key in column.foreign_keys:
        there = [row[key.column.name] for row in found[key.column.table.name]]
        return st.sampled_from(there) if there else None
    values = VALUES[column.type.python_type]
    length = getattr(column.type, "length", None)
    if length and column.type.python_type is str:
        values = values.map(lambda value: value[:length])
    return st.none() | values if column.nullable else values


def fill(database, content):
    with database.write() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
        for table in TABLES:
            if content[table.name]:
                connection.execute(insert(table), content[table.name])


def read(database):
    with database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in TABLES
        }


@pytest.fixture
def source(migrated, tmp_path):
    """A database in the way of services: users' clusters and a person."""
    (tmp_path / "source").mkdir()
    shutil.copy(migrated, tmp_path / "source")
    with closing(Database(f"sqlite:///{tmp_path}/source/matcher.db")) as database:
        store = Store(database)
        store.imports.save([ClusterProfile(id="ge-a", name="A", country="GE")])
        store.tokens.create("ministry", ["import"])
        yield database


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.zip"


@pytest.fixture
def target(database_url):
    with closing(Database(database_url)) as database:
        yield database


@given(content=contents())
def check_round_trip(source, file, target, content):
    fill(source, content)
    before = read(source)
    manifest = back_up(source, file)
    assert manifest.rows == sum(map(len, before.values()))
    migrate(target)
    fill(target, dict.fromkeys(content, ()))
    assert restore(target, file, replace=True) == manifest
    restored = read(target)
    assert as_saved(restored) == as_saved(before)
    again = back_up(target, file)
    assert {name: one.rows for name, one in again.tables.items()} == {
        name: len(rows) for name, rows in as_saved(restored).items()
    }
    restore(source, file, replace=True)
    assert as_saved(read(source)) == as_saved(restored)


def as_saved(rows):
    """All rows but what a restore makes anew: sums, when a token was revoked, rewritten files."""
    sums = [row for row in rows["meta"] if not row[0].startswith("sum:")]
    revoked = [*metadata.tables["tokens"].columns.keys()].index("revoked")
    tokens = [(*row[:revoked], *row[revoked + 1 :]) for row in rows["tokens"]]
    erasures = [row[:-1] for row in rows["erasures"]]
    return rows | {"meta": sums, "tokens": tokens, "erasures": erasures}


def test_every_table_survives_the_way_there_and_back(source, file, target):
    check_round_trip(source, file, target)


def test_every_table_of_every_room_is_in_a_backup(source, file):
    assert back_up(source, file).tables.keys() == {table.name for table in TABLES}
    assert metadata.tables.keys() - {table.name for table in TABLES} < REBUILT


def test_rows_that_come_after_a_restore_get_new_numbers(source, file, target):
    people = metadata.tables["people"]
    person = dict.fromkeys(("cluster_id", "name", "position", "email", "phone"), "x")
    with source.write() as connection:
        connection.execute(insert(people), [{"id": 7, **person}])
    back_up(source, file)
    restore(target, file)
    with target.write() as connection:
        assert connection.execute(insert(people).values(person)).inserted_primary_key == (8,)


def test_a_backup_holds_one_state_whatever_is_written_meanwhile(source, file):
    with source.write() as connection:
        rows = [{"key": f"k{n}", "value": "before"} for n in range(2000)]
        connection.execute(insert(metadata.tables["meta"]), rows)
    touched = []

    def write_meanwhile(done, total):
        if not touched:
            touched.append(done)
            with source.write() as connection:
                connection.execute(text("UPDATE meta SET value = 'after'"))
                connection.execute(text("DELETE FROM tokens"))

    back_up(source, file, write_meanwhile)
    assert touched
    with archive.open_archive(file) as opened:
        assert {row["value"] for row in opened.rows("meta")} == {"before"}
        assert len(list(opened.rows("tokens"))) == 1


def test_an_archive_is_private_and_can_be_read_by_other_programs(source, file):
    back_up(source, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
        (line,) = packed.read("clusters.jsonl").splitlines()
        assert json.loads(json.loads(line)["body"])["name"] == "A"


@pytest.fixture
def whole(source, file, migrated, tmp_path):
    """A good archive, and a database that must stay as it is."""
    back_up(source, file)
    shutil.copy(migrated, tmp_path / "kept.db")
    with closing(Database(f"sqlite:///{tmp_path}/kept.db")) as kept:
        restore(kept, file)
        yield file, kept


def refused(kept, file, before):
    with pytest.raises(UnreadableFileError, match=r"nothing was changed"):
        restore(kept, file, replace=True)
    assert read(kept) == before


def test_200_changed_bytes_are_each_refused(whole):
    file, kept = whole
    good, before = file.read_bytes(), read(kept)
    draw = random.Random(11)
    for _ in range(200):
        bad = bytearray(good)
        bad[draw.randrange(len(bad))] ^= draw.randint(1, 255)
        file.write_bytes(bad)
        refused(kept, file, before)


@pytest.mark.parametrize("left", [0, 1, 90, 0.3, 0.9, -1])
def test_a_cut_off_archive_is_refused(whole, left):
    file, kept = whole
    data, before = file.read_bytes(), read(kept)
    file.write_bytes(data[: int(left * len(data)) if isinstance(left, float) else left])
    refused(kept, file, before)


def test_something_behind_or_before_an_archive_is_refused(whole):
    file, kept = whole
    data, before = file.read_bytes(), read(kept)
    for other in (data + b"\n", b"\n" + data, data + data[:5]):
        file.write_bytes(other)
        refused(kept, file, before)


@pytest.mark.parametrize(("revision", "form"), [("9999", archive.FORMAT), ("0001", 2)])
def test_an_archive_of_a_newer_version_is_refused(whole, monkeypatch, revision, form):
    file, kept = whole
    before = read(kept)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "FORMAT", form)
        archive.write_archive(file, revision, [])
    with pytest.raises(UnreadableFileError, match="Update the matcher; nothing was changed"):
        restore(kept, file, replace=True)
    assert read(kept) == before


def test_rows_that_the_manifest_does_not_speak_of_are_refused(whole, monkeypatch):
    file, kept = whole
    before = read(kept)
    with closing(Database(f"sqlite:///{file.parent}/other.db")) as other:
        migrate(other)
        with monkeypatch.context() as patch:
            add = archive._add
            patch.setattr(
                archive,
                "_add",
                lambda *args: add(*args).model_copy(update={"rows": 1}),
            )
            back_up(other, file)
    with pytest.raises(UnreadableFileError, match="contradicts itself"):
        restore(kept, file, replace=True)
    assert read(kept) == before


def test_what_a_database_holds_is_not_given_up_unasked(whole, target):
    file, kept = whole
    before = read(kept)
    with pytest.raises(ConflictError, match=r"1 in clusters, .*1 in tokens.*--replace"):
        restore(kept, file)
    assert read(kept) == before
    migrate(target)
    with Store(target) as store:
        store.load_shipped(matcher.config.DATA_DIR)
        restore(target, file)
        assert [one.id for one in store.profiles()] == ["ge-a"]


def test_a_restore_that_fails_half_way_changes_nothing(whole, target, source):
    """The last table is refused by the database: a row refers to a person that is not there."""
    file, _ = whole
    restore(target, file)
    before = read(target)
    with closing(Database(f"sqlite:///{file.parent}/bad.db")) as bad:
        migrate(bad)
        with bad.write() as connection:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(
                insert(metadata.tables["person_log"]).values(
                    id=1, person_id=5, day=datetime.date(2026, 1, 1), role="x", action="x"
                )
            )
            connection.execute(
                insert(metadata.tables["people"]).values(
                    id=5, cluster_id="x", name="x", position="x", email="x", phone="x"
                )
            )
        tables = [table for table in TABLES if table.name != "people"]
        with bad.read() as connection:
            rows = {
                table.name: [
                    {
                        name: value.isoformat() if isinstance(value, datetime.date) else value
                        for name, value in row.items()
                    }
                    for row in connection.execute(select(table)).mappings()
                ]
                for table in tables
            }
    archive.write_archive(file, HEAD, [*rows.items(), ("people", [])])
    with pytest.raises(UnreadableFileError, match="do not fit the table person_log"):
        restore(target, file, replace=True)
    assert read(target) == before


def test_a_newer_database_is_neither_saved_nor_replaced(whole):
    file, kept = whole
    data = file.read_bytes()
    with kept.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (lambda: back_up(kept, file), lambda: restore(kept, file, replace=True)):
        with pytest.raises(StoreUnavailableError, match="newer version"):
            act()
    assert file.read_bytes() == data


def test_nothing_at_all_is_not_saved(tmp_path, file):
    with (
        closing(Database(f"sqlite:///{tmp_path}/empty.db")) as empty,
        pytest.raises(NotFoundError, match="Check MATCHER_HOME"),
    ):
        back_up(empty, file)
    assert not file.exists()


def test_a_backup_that_cannot_be_written_leaves_the_one_before(source, file, monkeypatch):
    back_up(source, file)
    data = file.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device") as caught:
        back_up(source, file)
    assert caught.value.filename == str(file)
    assert file.read_bytes() == data
    assert [item.name for item in file.parent.iterdir() if item.is_file()] == [file.name]


def test_the_last_backup_is_remembered(source, file, tmp_path):
    home = tmp_path / "home"
    assert last_backup(home) is None
    manifest = back_up(source, file)
    note_backup(home, manifest, file)
    created, place = last_backup(home)
    assert (created.isoformat(), place) == (manifest.created, str(file))
    (home / "last-backup").write_text("nonsense")
    assert last_backup(home) is None
