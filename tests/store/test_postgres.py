"""What PostgreSQL alone needs: restarts, turns of writers, a replica, words for its troubles."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from importlib import import_module
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import PostgresServer, free_port, wait_for
from sqlalchemy import text

import matcher
from matcher.config import PROJECT_DIR
from matcher.errors import ConflictError, InvalidInputError, StoreUnavailableError
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.database import Database
from matcher.store.tables import clusters, metadata

PROFILE = ClusterProfile(id="ge-a", name="A", country="GE")
ROW = {"country": "GE", "visibility": "public", "origin": "user", "body": "{}"}
COUNT = text("SELECT count(*) FROM clusters")


@pytest.fixture(scope="module")
def own_postgres(postgres_binaries):
    """A server that the tests here may stop and kill; it runs when a test begins."""
    with closing(PostgresServer.make(postgres_binaries)) as server:
        yield server.start()


@pytest.fixture(scope="module")
def replica(own_postgres):
    with closing(own_postgres.replica()) as replica:
        yield replica.start()


@pytest.fixture
def database(postgres_url):
    with closing(Database(postgres_url)) as database:
        yield database


def test_migrations_lead_to_the_tables_of_every_room(database):
    for module in Path(matcher.__file__).parent.glob("*/tables.py"):
        import_module(f"matcher.{module.parent.name}.tables")
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_two_first_starts_at_once_make_one_database(postgres):
    url = postgres.empty_database()
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(Store.open, [url] * 4):
            assert store.profiles() == []
            store.close()


def test_a_reader_sees_one_state_while_another_writes(database):
    with database.read() as reading:
        assert reading.scalar(COUNT) == 0
        with database.write() as writing:
            writing.execute(clusters.insert().values(id="a", **ROW))
        assert reading.scalar(COUNT) == 0
    with database.read() as reading:
        assert reading.scalar(COUNT) == 1


def test_a_reader_cannot_write(database):
    with pytest.raises(StoreUnavailableError, match="only be read"), database.read() as reading:
        reading.execute(clusters.delete())


def test_of_writers_that_judge_by_what_they_read_only_one_is_right(postgres_url):
    """Eight services make a token of one name at once, which no constraint forbids."""
    together = Barrier(8)

    def make(_: int) -> bool:
        with Store.open(postgres_url) as store:
            together.wait()
            with suppress(ConflictError):
                store.tokens.create("ministry", ["import"])
                return True
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(make, range(8))) == [False] * 7 + [True]


def test_a_writer_does_not_wait_for_ever(database):
    with (
        database.write(),
        pytest.raises(StoreUnavailableError, match="busy"),
        database.write(beside_others=True) as other,
    ):
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        other.execute(text(f"SELECT pg_advisory_xact_lock({0x636C7573})"))


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_next_request_after_a_restart_of_the_server_works(own_postgres, how):
    with Store.open(own_postgres.database(), threads=3) as store:
        store.imports.save([PROFILE])
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: store.profiles(), range(9)))
        getattr(own_postgres, how)()
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            store.profiles()
        own_postgres.start()
        assert store.profiles() == [PROFILE]
        assert store.imports.save([PROFILE]).unchanged == 1


def test_what_the_url_says_of_connections_counts(postgres_url):
    for query, told in (("", "cluster-matcher"), ("?application_name=desk", "desk")):
        with closing(Database(postgres_url + query)) as database, database.read() as connection:
            assert connection.scalar(text("SELECT current_setting('application_name')")) == told


def test_each_thread_has_a_connection_and_the_rest_is_told(postgres_url, monkeypatch):
    monkeypatch.setattr("matcher.store.engines.POOL_SECONDS", 0.05)
    with closing(Database(postgres_url, threads=1)) as database:
        opened = [database.read() for _ in range(6)]
        for one in opened[:5]:
            one.__enter__()
        with pytest.raises(StoreUnavailableError, match="all connections"):
            opened[5].__enter__()
        for one in opened[:5]:
            one.__exit__(None, None, None)


def test_reads_go_to_the_replica_where_some_moments_do_not_matter(own_postgres, replica):
    url = own_postgres.database()
    name = url.rpartition("/")[2]
    wait_for(lambda: _has(replica, name), "the replica has the database")
    with closing(Database(url, read_url=replica.url(name))) as database:
        recovering = text("SELECT pg_is_in_recovery()")
        with database.read() as fresh, database.read(stale=True) as stale:
            assert (fresh.scalar(recovering), stale.scalar(recovering)) == (False, True)


def test_primary_and_replica_stand_in_for_each_other(own_postgres, replica):
    url = own_postgres.database()
    name = url.rpartition("/")[2]
    with Store.open(url) as store:
        store.imports.save([PROFILE])
    wait_for(lambda: _has(replica, name), "the replica has the database")
    replicated = replica.url(name)
    wait_for(lambda: replica.execute("SELECT 1 FROM clusters", name), "the replica has the row")
    with Store.open(url, read_url=replicated) as store:
        store.require()
        own_postgres.kill()
        assert store.profiles() == [PROFILE]
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            store.imports.save([PROFILE])
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            store.require()
        with Store.open(url, read_url=replicated) as other:
            assert other.profiles() == [PROFILE]
        own_postgres.start()
        assert store.imports.save([PROFILE]).unchanged == 1
        store.require()
    away = f"postgresql://postgres@127.0.0.1:{free_port()}/{name}"
    with Store.open(url, read_url=away) as store:
        with store.database.read(stale=True) as connection:
            assert connection.scalar(COUNT) == 1
        with pytest.raises(
            StoreUnavailableError, match=r"read replica .*MATCHER_DATABASE_READ_URL"
        ):
            store.require()


def _has(server, name):
    return server.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")


def test_a_store_whose_only_url_is_a_replicas_says_so(own_postgres, replica):
    url = own_postgres.database()
    name = url.rpartition("/")[2]
    wait_for(lambda: _has(replica, name), "the replica has the database")
    with (
        Store.open(replica.url(name)) as store,
        pytest.raises(StoreUnavailableError, match="leads to a replica"),
    ):
        store.imports.save([PROFILE])


def test_a_url_of_both_servers_follows_the_primary_when_the_replica_takes_over(postgres_binaries):
    with ExitStack() as stack:
        primary = stack.enter_context(closing(PostgresServer.make(postgres_binaries))).start()
        name = primary.database().rpartition("/")[2]
        replica = stack.enter_context(closing(primary.replica())).start()
        hosts = "&".join(f"host=127.0.0.1:{server.port}" for server in (primary, replica))
        url = f"postgresql://postgres@/{name}?{hosts}&target_session_attrs=read-write"
        store = stack.enter_context(Store.open(url))
        store.imports.save([PROFILE])
        wait_for(lambda: replica.execute("SELECT 1 FROM clusters", name), "replicated")
        primary.kill()
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            store.imports.save([PROFILE])
        replica.execute("SELECT pg_promote()")
        assert store.imports.save([PROFILE]).unchanged == 1
        store.require()


def test_tables_may_be_partitioned(postgres, postgres_url):
    """By the very statements of the guide."""
    guide = (PROJECT_DIR / "docs" / "deployment.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", guide, re.DOTALL)
    (statements,) = (block for block in blocks if "PARTITION" in block)
    with Store.open(postgres_url) as store:
        store.imports.save([PROFILE])
        store.vectors.put("m@1", {"a": np.full(4, 1, np.float32)})
    postgres.execute(statements, postgres_url.rpartition("/")[2])
    many = [PROFILE.model_copy(update={"id": f"ge-{number}"}) for number in range(50)]
    with Store.open(postgres_url) as store:
        assert store.profiles() == [PROFILE]
        assert store.imports.save([*many, PROFILE]).added == len(many)
        assert store.imports.save(many).unchanged == len(many)
        assert len(store.profiles()) == len(many) + 1
        store.vectors.put("m@1", {"a": np.full(4, 2, np.float32)})
        assert store.vectors.get("m@1", ["a"])["a"].tolist() == [2, 2, 2, 2]
        with store.database.read() as connection:
            parts = connection.scalars(text("SELECT DISTINCT tableoid FROM clusters")).all()
    assert len(parts) > 4


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda url: url.replace("/test", "/absent"), "is not there: create it"),
        (lambda url: url.replace("127.0.0.1", "127.0.0.9"), "cannot be reached"),
        (lambda url: url.replace("postgres@", "nobody@"), "does not know the user"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_words(postgres_url, change, named):
    with pytest.raises(StoreUnavailableError, match=named) as caught:
        Store.open(change(postgres_url))
    assert "postgres@" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "read_url"),
    [
        ("sqlite:///{home}/a.db", "sqlite:///{home}/b.db"),
        ("sqlite:///{home}/a.db", "postgresql://host/db"),
        ("postgresql://host/db", "sqlite:///{home}/a.db"),
    ],
)
def test_only_postgresql_has_a_replica(tmp_path, url, read_url):
    with pytest.raises(StoreUnavailableError, match="for a replica of a database in PostgreSQL"):
        Store.open(url.format(home=tmp_path), read_url=read_url.format(home=tmp_path))


def test_a_user_without_rights_is_told_which_are_missing(postgres, postgres_url):
    postgres.execute("CREATE ROLE visitor LOGIN")
    with pytest.raises(StoreUnavailableError, match="Grant the user"):
        Store.open(postgres_url.replace("postgres@", "visitor@"))


def test_what_a_column_cannot_hold_is_the_senders_mistake(postgres_url):
    with Store.open(postgres_url) as store, pytest.raises(InvalidInputError, match="too long"):
        store.audit.read("x" * 81, "import", "")


def test_without_the_driver_the_reader_is_told_how_to_get_it():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from matcher.errors import StoreUnavailableError\nfrom matcher.store import Store\n"
        "try: Store.open('postgresql://host/db')\n"
        "except StoreUnavailableError as error: assert 'pip install' in str(error), error\n"
        "else: raise AssertionError"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
