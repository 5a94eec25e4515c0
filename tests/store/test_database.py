import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import matcher
from matcher.errors import StoreUnavailableError
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store, migrate
from matcher.store.database import Database
from matcher.store.tables import metadata

PROFILE = ClusterProfile(id="ge-a", name="A", country="GE")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "home" / "matcher.db"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


@pytest.fixture
def closed(url):
    """A database that holds one cluster, closed."""
    with Store.open(url) as store:
        store.imports.save([PROFILE])


def execute(file, statement):
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


def test_migrations_lead_to_the_tables_of_every_room(closed, url):
    for module in Path(matcher.__file__).parent.glob("*/tables.py"):
        import_module(f"matcher.{module.parent.name}.tables")
    database = Database(url)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_recorded_head_is_the_newest_revision():
    script = ScriptDirectory.from_config(migrate.alembic_config())
    assert script.get_heads() == [migrate.HEAD]


def test_opening_a_migrated_store_imports_neither_alembic_nor_torch(closed, url):
    code = (
        "import sys\nfrom matcher.store import Store\n"
        "with Store.open(sys.argv[1]) as store: assert len(store.profiles()) == 1\n"
        "assert not {'alembic', 'torch', 'sqlalchemy.orm'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, url], check=True)


def test_sqlite_is_set_up_for_readers_beside_a_writer(closed, url):
    database = Database(url)
    with database.read() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "busy_timeout": 10000, "foreign_keys": 1}
    database.close()


def test_a_reader_sees_one_state_while_another_writes(closed, url):
    one, other = Database(url), Database(url)
    count = text("SELECT count(*) FROM clusters")
    with one.read() as reading:
        assert reading.scalar(count) == 1
        with other.write() as writing:
            writing.execute(text("DELETE FROM clusters"))
        assert reading.scalar(count) == 1
    with one.read() as reading:
        assert reading.scalar(count) == 0
    one.close()
    other.close()


def test_a_writer_holds_the_lock_from_the_start(closed, file, url):
    database = Database(url)
    with database.write():
        rival = sqlite3.connect(file, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            rival.execute("BEGIN IMMEDIATE")
        rival.close()
    database.close()


def test_two_first_starts_at_once_make_one_database(url):
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(Store.open, [url] * 4):
            assert store.profiles() == []
            store.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(closed, file, url):
    execute(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(StoreUnavailableError, match=r"newer version .*9999.*Update the matcher"):
        Store.open(url)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database " * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(file, url, content):
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(StoreUnavailableError, match="damaged"):
        Store.open(url)
    assert file.read_bytes() == content


def test_a_damaged_page_is_said_in_words(closed, file, url):
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StoreUnavailableError, match="damaged"), Store.open(url) as store:
        store.profiles()


def test_a_damaged_schema_is_said_in_words(closed, file, url):
    data = file.read_bytes()
    assert b"tablemetameta" in data
    damaged = data.replace(b"tablemetameta", b"table\xbe\xfftameta")
    file.write_bytes(damaged.replace(b"CREATE TABLE meta", b"CRE\xffTE TABLE meta"))
    with pytest.raises(StoreUnavailableError, match="damaged"):
        Store.open(url)


@pytest.mark.parametrize("body", ["'{'", '\'{"id": "ge-a"}\'', "CAST(x'ff' AS TEXT)"])
def test_a_damaged_record_is_said_in_words(closed, file, url, body):
    execute(file, f"UPDATE clusters SET body = {body}")
    with (
        Store.open(url) as store,
        pytest.raises(StoreUnavailableError, match="damaged") as caught,
    ):
        store.profiles()
    assert "SELECT" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailableError, match="MATCHER_HOME"):
        Store.open(f"sqlite:///{tmp_path}/file/matcher.db")


def test_a_path_that_cannot_be_opened_is_said_in_words(tmp_path):
    with pytest.raises(StoreUnavailableError, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_read_only_database_keeps_answering_and_says_that_it_cannot_be_written(closed, url):
    from sqlalchemy import event

    with Store.open(url) as store:
        event.listen(
            store._database._engine,
            "connect",
            lambda connection, _: connection.execute("PRAGMA query_only = ON"),
        )
        store._database._engine.dispose()
        with pytest.raises(StoreUnavailableError, match="cannot be written"):
            store.imports.save([ClusterProfile(id="pl-b", name="B", country="PL")])
        assert store.profiles() == [PROFILE]


def test_a_full_disk_loses_nothing(closed, url):
    many = [
        ClusterProfile(id=f"pl-{n}", name="B", country="PL", description="x" * 9000)
        for n in range(50)
    ]
    database = Database(url)
    with database.read() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
    store = Store(database)
    with pytest.raises(StoreUnavailableError, match="disk is full"):
        store.imports.save(many)
    assert store.profiles() == [PROFILE]
    store.close()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("matcher.db", "is not a database URL"),
        ("mysql://host/db", "sqlite, postgresql"),
        ("postgresql+nodriver://host/db", "is not a database URL"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_words(url, named):
    with pytest.raises(StoreUnavailableError, match=named):
        Store.open(url)


def test_a_killed_import_leaves_all_or_nothing(closed, url):
    script = Path(__file__).with_name("crash_import.py")
    subprocess.run([sys.executable, str(script), url], check=True)
