"""`Store`: clusters, partnerships and cached vectors in one database."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from matcher.profiles.origins import keep_owners_word
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.audit import AuditLog
from matcher.store.database import Database, upsert
from matcher.store.migrate import migrate
from matcher.store.records import Record, Records, SaveCounts
from matcher.store.shipped import parse_lines, read_file
from matcher.store.sums import note_sum
from matcher.store.tables import clusters, meta, partnerships
from matcher.store.tokens import TokenTable
from matcher.store.vectors import VectorTable

_CLUSTERS = Records(
    clusters,
    ClusterProfile,
    lambda profile: {"country": profile.country, "visibility": profile.visibility},
)
_PARTNERSHIPS = Records(partnerships, Partnership)


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
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.vectors = VectorTable(database)
        self.tokens = TokenTable(database)
        self.audit = AuditLog(database)

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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def require(self) -> None:
        """Make sure that the database, and its replica where there is one, answer."""
        self._database.require(meta)

    def profiles(self) -> list[ClusterProfile]:
        """Read all clusters, sorted by id."""
        with self._database.read() as connection:
            return _CLUSTERS.all(connection)

    def bodies(self) -> Iterator[tuple[str, str]]:
        """Read id and JSON of all clusters one by one, sorted by id, unparsed."""
        with self._database.read() as connection:
            yield from _CLUSTERS.bodies(connection)

    def profile(self, cluster_id: str) -> ClusterProfile | None:
        """Read one cluster."""
        with self._database.read() as connection:
            return _CLUSTERS.one(connection, cluster_id)

    def save_profiles(
        self, profiles: Iterable[ClusterProfile], *, by_owner: bool = False
    ) -> SaveCounts:
        """Save a user's clusters, all or none; of several with one id the last one counts.

        Parameters
        ----------
        profiles
            The clusters.
        by_owner
            Whether they are their owners' word; otherwise what an owner has said of itself stays.
        """
        with self._database.write() as connection:
            if not by_owner:
                profiles = [_kept_word(connection, profile) for profile in profiles]
            return _CLUSTERS.save(connection, profiles)

    def partnerships(self) -> list[Partnership]:
        """Read all partnerships, sorted by id."""
        with self._database.read() as connection:
            return _PARTNERSHIPS.all(connection)

    def collection(self) -> str:
        """Return a digest of all clusters and partnerships; quick, as it is kept with them."""
        with self._database.read() as connection:
            sums = (kept.digest(connection) for kept in (_CLUSTERS, _PARTNERSHIPS))
            return sha256(" ".join(sums).encode()).hexdigest()

    def load_shipped(self, data_dir: Path) -> bool:
        """Load the shipped files if they are not the ones loaded last.

        What a user changed or added stays so; shipped records that are no longer in a file go.

        Parameters
        ----------
        data_dir
            Holds ``clusters.jsonl`` and ``partnerships.jsonl``.

        Returns
        -------
        bool
            Whether a file was loaded.
        """
        changed = [
            self._load_file(data_dir / "clusters.jsonl", _CLUSTERS, ClusterProfile),
            self._load_file(data_dir / "partnerships.jsonl", _PARTNERSHIPS, Partnership),
        ]
        return any(changed)

    def _load_file(self, file: Path, kept: Records[Record], model: type[Record]) -> bool:
        data, digest = read_file(file)
        key = f"shipped:{file.name}"
        with self._database.read() as connection:
            if _noted(connection, key) == digest and kept.is_summed(connection):
                return False
        records = parse_lines(data, model, file.name)
        with self._database.write() as connection:
            kept.replace_shipped(connection, records)
            upsert(connection, meta, [{"key": key, "value": digest}])
        return True


def sum_up(connection: Connection) -> None:
    """Sum clusters and partnerships after they were written as plain rows."""
    for kept in (_CLUSTERS, _PARTNERSHIPS):
        note_sum(connection, kept.table, kept.summed(connection))


def _kept_word(connection: Connection, new: ClusterProfile) -> ClusterProfile:
    known = _CLUSTERS.one(connection, new.id)
    return keep_owners_word(known, new) if known else new


def _noted(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == key))
