"""`Store`: clusters, partnerships and cached vectors in one database."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, select

from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.audit import AuditLog
from matcher.store.database import Database, upsert
from matcher.store.drafts import DraftTable
from matcher.store.imports import Imports
from matcher.store.migrate import migrate
from matcher.store.records import CLUSTERS, PARTNERSHIPS, Record, Records
from matcher.store.shipped import follow_shipped, parse_lines, read_file
from matcher.store.sums import note_sum
from matcher.store.tables import meta
from matcher.store.tokens import TokenTable
from matcher.store.vectors import VectorTable

if TYPE_CHECKING:
    from matcher.store.mappings import Mappings


class Store:
    """Everything that is kept; safe to share between threads.

    Every method raises `StoreUnavailableError` when the database cannot be read or written; a
    write that fails changes nothing.

    Attributes
    ----------
    vectors
        The cached vectors.
    tokens
        Who may write through the API.
    audit
        What was written through it.
    imports
        What users imported, and what can be taken back of it.
    drafts
        What visitors describe.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.vectors = VectorTable(database)
        self.tokens = TokenTable(database)
        self.audit = AuditLog(database)
        self.imports = Imports(database)
        self.drafts = DraftTable(database)

    @cached_property
    def mappings(self) -> "Mappings":
        """What the columns of files were read as; only reading files needs what reads them."""
        from matcher.store.mappings import Mappings

        return Mappings(self._database)

    @classmethod
    def open(cls, url: str, *, read_url: str | None = None, threads: int = 8) -> Self:
        """Open a database, making or upgrading its tables.

        Parameters
        ----------
        url
            SQLAlchemy URL, ``sqlite:///path`` or ``postgresql://user@host/database``.
        read_url
            URL of a replica of that database.
        threads
            How many threads will use the store at once.

        Raises
        ------
        StoreUnavailableError
            It cannot be opened, or a newer version wrote it.
        """
        database = Database(url, read_url=read_url, threads=threads)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @property
    def database(self) -> Database:
        """The database itself, for what other rooms keep in it."""
        return self._database

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def require(self) -> None:
        """Make sure that the database, and its replica where there is one, answer."""
        self._database.require(meta)

    def profiles(self) -> list[ClusterProfile]:
        """Read all clusters, sorted by id."""
        with self._database.read() as connection:
            return CLUSTERS.all(connection)

    def bodies(self) -> Iterator[tuple[str, str]]:
        """Read id and JSON of all clusters one by one, sorted by id, unparsed."""
        with self._database.read() as connection:
            yield from CLUSTERS.bodies(connection)

    def verify(self) -> None:
        """Go through the rows of all clusters, which a saved index makes nobody read.

        Raises
        ------
        StoreUnavailableError
            They are not the ones that were written.
        """
        deque(self.bodies(), maxlen=0)

    def profile(self, cluster_id: str) -> ClusterProfile | None:
        """Read one cluster."""
        with self._database.read() as connection:
            return CLUSTERS.one(connection, cluster_id)

    def save_profile(self, profile: ClusterProfile) -> None:
        """Save one cluster whole, as those who speak for it have it."""
        with self._database.write() as connection:
            there = CLUSTERS.found(connection, [profile.id])
            CLUSTERS.put(connection, there, [("user", profile)])

    def partnerships(self) -> list[Partnership]:
        """Read all partnerships, sorted by id."""
        with self._database.read() as connection:
            return PARTNERSHIPS.all(connection)

    def collection(self) -> str:
        """Return a digest of all clusters and partnerships; quick, as it is kept with them."""
        with self._database.read() as connection:
            sums = (kept.digest(connection) for kept in (CLUSTERS, PARTNERSHIPS))
            return sha256(" ".join(sums).encode()).hexdigest()

    def load_shipped(self, data_dir: Path) -> bool:
        """Load the shipped files if they are not the ones loaded last.

        What a user added stays, and so does each field that a user changed; shipped records that
        are no longer in a file go.

        Parameters
        ----------
        data_dir
            Holds ``clusters.jsonl`` and ``partnerships.jsonl``.

        Returns
        -------
        bool
            Whether a file was loaded.
        """
        clusters, partnerships = data_dir / "clusters.jsonl", data_dir / "partnerships.jsonl"
        changed = [
            self._load_file(clusters, CLUSTERS, ClusterProfile, follow_shipped),
            self._load_file(partnerships, PARTNERSHIPS, Partnership),
        ]
        return any(changed)

    def _load_file(
        self,
        file: Path,
        kept: Records[Record],
        model: type[Record],
        follow: Callable[[Connection, Iterable[Record]], None] = lambda *_: None,
    ) -> bool:
        data, digest = read_file(file)
        key = f"shipped:{file.name}"
        with self._database.read() as connection:
            if _noted(connection, key) == digest and kept.is_summed(connection):
                return False
        records = parse_lines(data, model, file.name)
        with self._database.write() as connection:
            kept.replace_shipped(connection, records)
            follow(connection, records)
            upsert(connection, meta, [{"key": key, "value": digest}])
        return True


def sum_up(connection: Connection) -> None:
    """Sum clusters and partnerships after they were written as plain rows."""
    for kept in (CLUSTERS, PARTNERSHIPS):
        note_sum(connection, kept.table, kept.summed(connection))


def _noted(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == key))
