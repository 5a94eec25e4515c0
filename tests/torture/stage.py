"""Where the torture takes place: a few shipped clusters, and what a fresh process makes of them."""

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from secrets import token_hex

import psycopg
from postgres import wait_for
from sqlalchemy import select
from support import FakeEncoder

from matcher.config import DATA_DIR, Settings
from matcher.matcher import Matcher
from matcher.matching import current
from matcher.store import Store
from matcher.store.backup import REBUILT
from matcher.store.tables import metadata

CLUSTERS = 16
ROOMS = ("introductions", "events")

for room in ROOMS:
    import_module(f"matcher.{room}.tables")


def use_few_clusters(folder):
    """Let the product ship with the first clusters alone, so that a start takes moments."""
    lines = (DATA_DIR / "clusters.jsonl").read_text().splitlines(keepends=True)[:CLUSTERS]
    folder.mkdir()
    (folder / "clusters.jsonl").write_text("".join(lines))
    shutil.copy(DATA_DIR / "partnerships.jsonl", folder)
    current.DATA_DIR = folder


@dataclass(frozen=True)
class Place:
    """A home folder and the URL of its database."""

    home: Path
    url: str

    @property
    def database(self):
        """Name of the database on its server."""
        return self.url.rpartition("/")[2]


class Sqlite:
    """Places with an SQLite file each."""

    name = "sqlite"

    def __init__(self, folder):
        self._folder = folder

    def empty(self):
        home = self._folder / f"place-{token_hex(4)}"
        home.mkdir()
        return Place(home, f"sqlite:///{home}/matcher.db")

    def copy(self, place):
        copied = self.empty()
        shutil.copytree(place.home, copied.home, dirs_exist_ok=True)
        return copied

    def drop(self, place):
        shutil.rmtree(place.home)

    def wait(self, place):
        """Wait until nothing of a process that was killed is left."""


class Postgres(Sqlite):
    """Places with a database each on a server, and a folder for their index."""

    name = "postgresql"

    def __init__(self, folder, server):
        super().__init__(folder)
        self._server = server

    def empty(self, template="template0"):
        home = super().empty().home
        name = home.name.replace("-", "_")
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Place(home, f"{self._server.rpartition('/')[0]}/{name}")

    def copy(self, place):
        copied = self.empty(place.database)
        shutil.copytree(place.home, copied.home, dirs_exist_ok=True)
        return copied

    def drop(self, place):
        super().drop(place)
        self._execute(f"DROP DATABASE {place.database} WITH (FORCE)")

    def wait(self, place):
        wait_for(lambda: not self.connections(place), "the server gives up what a process held")

    def connections(self, place):
        """How many connections there are to the database of a place."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = "
        return self._execute(f"{query} '{place.database}'")[0][0]

    def _execute(self, statement):
        with psycopg.connect(self._server, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def opened(place):
    """The matcher of a place, as a fresh process opens it."""
    settings = Settings(home=place.home, database_url=place.url)
    store = Store.open(settings.store_url)
    with Matcher(store, FakeEncoder(), settings) as matcher:
        matcher.load()
        yield matcher


CHANCE = {"imports.id", "imports.at", "import_rows.import_id"}
"""When an import was, and its number: PostgreSQL skips that of one that never came to its end."""


def served(place):
    """Digest of all that a fresh process answers and keeps; it must not be degraded."""
    with opened(place) as matcher:
        assert matcher.status().degraded is None, matcher.status().degraded
        said = [
            repr(matcher.recommend(one.id, k=5, include_weak=True)) for one in matcher.clusters[::9]
        ]
        return digest([*said, *kept(matcher.store.database)])


def kept(database):
    """The rows of all tables that cannot be made again, read by their keys, as the product does.

    SQLite has each key twice, in the table and in its index; nothing reads the table's copy.
    """
    skipped = REBUILT | {"meta", "vectors"}
    with database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name not in skipped:
                columns = [one for one in table.columns if str(one) not in CHANCE]
                rows = connection.execute(select(*columns).order_by(*table.primary_key)).all()
                yield f"{table.name}: {sorted(map(repr, rows))}"


def digest(texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
