"""Data of every earlier version is opened by this one, and nothing of it is lost."""

import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select
from support import FakeEncoder

from matcher.config import Settings
from matcher.events.repository import Meetings
from matcher.introductions.desk import Desk
from matcher.matcher import Matcher
from matcher.matching import current
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.archive import write_archive
from matcher.store.backup import REBUILT, back_up, restore
from matcher.store.database import Database
from matcher.store.migrate import HEAD, alembic_config, recorded_revision, upgrade

KEPT = sorted(Path(__file__).parent.glob("home-*.zip"))
DROPPED = {"removals", "generations", "generation_files"}
"""Tables that a later version gave up on purpose: never filled, or made from others."""
BACKUPS = sorted(Path(__file__).parent.glob("backup-*.zip"))
FIRST_ARCHIVED = "0006"
"""The revision at which backups began."""
REVISIONS = sorted(
    script.revision
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    if script.revision != HEAD
)
VALUES = {int: 7, str: "x", bytes: b"\x00\x01", bool: True, float: 0.5, date: date(2026, 11, 2)}


def rows(file):
    """Rows of all tables of an SQLite file, as sets of column and value."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "alembic_version"
        ]
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]
            for name in names
        }


def missing(before, after):
    """Rows of before that are not in after, whatever columns came on."""
    return [
        (table, row)
        for table, there in before.items()
        if table not in DROPPED
        for row in there
        if not any(row.items() <= other.items() for other in after.get(table, ()))
    ]


@pytest.fixture(params=KEPT, ids=lambda file: file.stem)
def home(request, tmp_path):
    """A folder as an earlier version left it."""
    folder = tmp_path / "home"
    shutil.unpack_archive(request.param, folder)
    return folder


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Shipped files that hold nothing new, so that only the upgrade changes anything."""
    monkeypatch.setattr(Store, "load_shipped", lambda store, folder: False)


def opened(home):
    settings = Settings(home=home)
    matcher = Matcher(Store.open(settings.store_url), FakeEncoder(), settings)
    matcher.load()
    return matcher


def test_folders_of_earlier_versions_are_kept():
    assert KEPT
    assert BACKUPS


def test_a_kept_folder_is_opened_with_nothing_lost(home, shipped):
    before = rows(home / "matcher.db")
    assert sum(map(len, before.values())) > 40
    with opened(home) as matcher:
        assert matcher.status().degraded is None
        assert {"ge-wine-route", "ro-cellars"} <= {one.id for one in matcher.clusters}
        assert matcher.find("ღვინის გზა").id == "ge-wine-route"
        assert matcher.recommend("ge-wine-route", include_weak=True).partners
        stored = Meetings(matcher.store.database).get("wine-fair")
        assert (stored.version, len(stored.schedule.meetings)) == (2, 1)
        assert matcher.store.tokens.all()[0].name == "office"
        url = Settings(home=home).store_url
    with Store.open(url) as store:
        desk = Desk(store.database)
        (person,) = desk.people.of_cluster("ge-wine-route", "introduction").values()
        assert person.email == "contact@example.org"
        assert [one.state for one in desk.introductions.all()] == ["draft"]
    assert missing(before, rows(home / "matcher.db")) == []
    assert {item.name for item in home.iterdir()} == {"index", "matcher.db"}


def test_the_index_of_a_kept_folder_is_built_from_its_vectors(home, shipped):
    class Gone(FakeEncoder):
        def encode(self, texts, progress=None):
            raise AssertionError("every text is embedded already")

    settings = Settings(home=home)
    with Matcher(Store.open(settings.store_url), Gone(), settings) as matcher:
        matcher.load()
        assert matcher.recommend("ge-wine-route", include_weak=True).partners


@pytest.mark.parametrize("backup", BACKUPS, ids=lambda file: file.stem)
def test_a_kept_backup_is_restored_with_nothing_lost(backup, shipped, tmp_path, database_url):
    with closing(Database(database_url)) as database:
        manifest = restore(database, backup)
    assert manifest.rows > 40
    settings = Settings(home=tmp_path / "new", database_url=database_url)
    with Matcher(Store.open(database_url), FakeEncoder(), settings) as matcher:
        matcher.load()
        assert matcher.status().degraded is None
        assert matcher.find("ღვინის გზა").id == "ge-wine-route"
        assert matcher.recommend("ge-wine-route", include_weak=True).partners
        assert matcher.store.tokens.all()[0].name == "office"
    with Store.open(database_url) as store:
        desk = Desk(store.database)
        (person,) = desk.people.of_cluster("ge-wine-route", "introduction").values()
        assert person.email == "contact@example.org"


def test_a_kept_database_in_postgresql_is_upgraded_with_nothing_lost(postgres):
    """What generations of the index left there goes; records and cached vectors stay."""
    url = postgres.empty_database()
    left = "vectors_0123456789abcdef"
    with closing(Database(url)) as database, database.write() as connection:
        upgrade(connection, "0008")
        fill(connection)
        connection.exec_driver_sql(f"CREATE TABLE {left} (number integer, id text)")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('generation', '0123456789abcdef')")
        before = everything(connection)
    with Store.open(url) as store, store.database.read() as connection:
        after = everything(connection)
    assert left in before
    assert left not in after
    lost = missing({name: before[name] for name in before.keys() - {left}}, after)
    assert lost == [("meta", {"key": "generation", "value": "0123456789abcdef"})]
    postgres.drop(url)


def test_a_kept_folder_takes_over_what_is_shipped_today(home, tmp_path, monkeypatch):
    lines = (current.DATA_DIR / "clusters.jsonl").read_text().splitlines()[:9]
    (tmp_path / "clusters.jsonl").write_text("\n".join(lines))
    (tmp_path / "partnerships.jsonl").write_text("")
    monkeypatch.setattr(current, "DATA_DIR", tmp_path)
    with opened(home) as matcher:
        assert len(matcher.clusters) == 11
        assert matcher.find("ge-wine-route").offers == ("wine tourism",)


def test_a_kept_folder_goes_on_working(home, shipped):
    new = ClusterProfile(id="bg-cellars", name="Cellars of the south", country="BG")
    with opened(home) as matcher:
        matcher.import_profiles([new])
    with opened(home) as again:
        assert again.find("bg-cellars") == new


def make_older(revision, file):
    """A database of an earlier revision, with two rows in every table."""
    with closing(Database(f"sqlite:///{file}")) as database, database.write() as connection:
        upgrade(connection, revision)
        fill(connection)


def fill(connection):
    """Put two rows into every table."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name != "alembic_version":
            connection.execute(insert(table), [_row(table, number) for number in (1, 2)])


def everything(connection):
    """Rows of all tables of a database, as sets of column and value."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in metadata.sorted_tables
        if table.name != "alembic_version"
    }


def _row(table, number):
    """A row in which keys are numbered, so that those that refer to each other fit."""
    key = ClusterProfile(id=f"ua-{number}", name="X", country="UA").model_dump_json()
    found = {"body": key} if table.name == "clusters" else {}
    for column in table.columns:
        kind = column.type.python_type
        numbered = column.primary_key or column.foreign_keys
        value = {int: number, str: str(number)}.get(kind) if numbered else None
        length = getattr(column.type, "length", None)
        fallback = VALUES[kind]
        found.setdefault(column.name, fallback[:length] if kind is str else fallback)
        if value is not None:
            found[column.name] = value
    return found


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_earlier_revision_is_upgraded_with_nothing_lost(revision, tmp_path):
    file = tmp_path / "older.db"
    make_older(revision, file)
    before = rows(file)
    assert all(len(there) == 2 for there in before.values())
    Store.open(f"sqlite:///{file}").close()
    assert missing(before, rows(file)) == []
    with closing(Database(f"sqlite:///{file}")) as database, database.read() as connection:
        assert recorded_revision(connection) == HEAD


@pytest.mark.parametrize("revision", [one for one in REVISIONS if one >= FIRST_ARCHIVED])
def test_an_archive_of_an_earlier_revision_is_restored_with_nothing_lost(
    revision, tmp_path, database_url
):
    file, archive, restored = (tmp_path / name for name in ("older.db", "old.zip", "again.db"))
    make_older(revision, file)
    before = {name: there for name, there in rows(file).items() if name not in REBUILT}
    write_archive(archive, revision, _as_json(before))
    with closing(Database(database_url)) as database:
        restore(database, archive)
        back_up(database, archive)
    with closing(Database(f"sqlite:///{restored}")) as again:
        restore(again, archive)
    assert missing(before, rows(restored)) == []


def _as_json(tables):
    for name, there in tables.items():
        yield (
            name,
            [
                {
                    key: b64encode(value).decode() if isinstance(value, bytes) else value
                    for key, value in row.items()
                }
                for row in there
            ],
        )
