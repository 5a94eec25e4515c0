"""Records kept as JSON documents: clusters and partnerships."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, starmap
from operator import xor
from typing import Generic, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Table, collate, delete, select

from matcher.errors import StoreUnavailableError
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import upsert
from matcher.store.sums import note_sum, noted_sum, require_sum, row_sum
from matcher.store.tables import clusters, partnerships

Record = TypeVar("Record", ClusterProfile, Partnership)
Key = TypeVar("Key", str, int)

CHUNK = 500
"""Ids in one statement; databases limit its parameters."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[Record]):
    """A record as it is stored.

    Attributes
    ----------
    origin
        ``"shipped"``, or ``"user"`` where somebody has added or changed it.
    body
        Its JSON.
    """

    origin: str
    record: Record
    body: str


class Records(Generic[Record]):
    """One table of documents.

    Parameters
    ----------
    table
        Has the columns ``id``, ``origin`` and ``body``.
    model
        What a body is.
    columns
        The table's other columns, from a record.
    """

    def __init__(
        self,
        table: Table,
        model: type[Record],
        columns: Callable[[Record], Mapping[str, str]] = lambda _record: {},
    ) -> None:
        self.table = table
        self._model: type[Record] = model
        self._columns: Callable[[Record], Mapping[str, str]] = columns

    def all(self, connection: Connection) -> list[Record]:
        """Read every record, sorted by id."""
        return [self.parse(key, body) for key, body in self.bodies(connection)]

    def bodies(self, connection: Connection) -> Iterator[tuple[str, str]]:
        """Read id and document of every record as they come, sorted by id.

        Raises
        ------
        StoreUnavailableError
            At the end, when these are not the rows that were written.
        """
        kept_by_server = connection.dialect.name != "sqlite"
        said, found = None if kept_by_server else noted_sum(connection, self.table), 0
        for key, origin, body in self._rows(connection):
            if said is not None:
                found ^= row_sum(key, origin, body)
            yield key, body
        require_sum(self.table, said, found)

    def one(self, connection: Connection, key: str) -> Record | None:
        """Read one record."""
        body = connection.scalar(select(self.table.c.body).where(self.table.c.id == key))
        return None if body is None else self.parse(key, body)

    def found(self, connection: Connection, keys: Sequence[str]) -> dict[str, Kept[Record]]:
        """Read the records of these ids that are there."""
        rows = self._found(connection, keys)
        return {
            key: Kept(origin, self.parse(key, body), body) for key, (origin, body) in rows.items()
        }

    def put(
        self,
        connection: Connection,
        there: Mapping[str, Kept[Record]],
        records: Iterable[tuple[str, Record]],
        gone: Sequence[str] = (),
    ) -> None:
        """Save records, each with its origin, and delete those gone.

        Parameters
        ----------
        there
            What is there now of all these; read in the same transaction.
        """
        before = {key: (kept.origin, kept.body) for key, kept in there.items()}
        self._replace(connection, before, [self._row(one, by) for by, one in records], gone)

    def replace_shipped(self, connection: Connection, records: Iterable[Record]) -> None:
        """Make the shipped records these, apart from what a user changed or added."""
        there = {key: (origin, body) for key, origin, body in self._rows(connection)}
        users = {key for key, (origin, _) in there.items() if origin == "user"}
        new = {record.id: record for record in records}
        free = [self._row(record, "shipped") for key, record in new.items() if key not in users]
        gone = there.keys() - users - new.keys()
        self._replace(connection, there, free, sorted(gone))

    def is_summed(self, connection: Connection) -> bool:
        """Whether changes of the table are going to be noticed."""
        return noted_sum(connection, self.table) is not None

    def digest(self, connection: Connection) -> str:
        """Return a text that changes with any record."""
        total = noted_sum(connection, self.table)
        return "" if total is None else f"{total:064x}"

    def _replace(
        self,
        connection: Connection,
        there: Mapping[str, tuple[str, str]],
        rows: Sequence[Mapping[str, str]],
        gone: Sequence[str] = (),
    ) -> None:
        """Put rows in the place of those there, delete those gone, and keep the table's sum."""
        total = noted_sum(connection, self.table) or self.summed(connection)
        after: dict[str, tuple[str, str]] = {
            row["id"]: (row["origin"], row["body"]) for row in rows
        }
        before = {key: there[key] for key in (*after, *gone) if key in there}
        upsert(connection, self.table, rows)
        for part in chunks(gone):
            connection.execute(delete(self.table).where(self.table.c.id.in_(part)))
        for key, (origin, body) in chain(before.items(), after.items()):
            total ^= row_sum(key, origin, body)
        note_sum(connection, self.table, total)

    def summed(self, connection: Connection) -> int:
        """Sum all records anew."""
        return reduce(xor, starmap(row_sum, self._rows(connection)), 0)

    def _rows(self, connection: Connection) -> Iterator[tuple[str, str, str]]:
        """Id, origin and document of all records, sorted by id."""
        table = self.table.c
        sorts_by_bytes = connection.dialect.name == "sqlite"
        order = table.id if sorts_by_bytes else collate(table.id, "C")
        query = select(table.id, table.origin, table.body).order_by(order)
        rows = connection.execute(query.execution_options(yield_per=CHUNK))
        yield from map(tuple, rows)

    def _found(self, connection: Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Origin and document of the records of these ids that are there."""
        table = self.table.c
        found: dict[str, tuple[str, str]] = {}
        for part in chunks(keys):
            query = select(table.id, table.origin, table.body).where(table.id.in_(part))
            found |= {key: (origin, body) for key, origin, body in connection.execute(query)}
        return found

    def _row(self, record: Record, origin: str) -> dict[str, str]:
        return {
            "id": record.id,
            "origin": origin,
            "body": record.model_dump_json(),
            **self._columns(record),
        }

    def parse(self, key: str, body: str) -> Record:
        """Read the document of a record."""
        try:
            return self._model.model_validate_json(body)
        except ValidationError as error:
            raise StoreUnavailableError(
                f"The record {key!r} in the table {self.table.name} of the database is damaged. "
                "Put a backup of the database in its place."
            ) from error


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Cut a list of keys into parts that fit into one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


CLUSTERS = Records(
    clusters,
    ClusterProfile,
    lambda profile: {"country": profile.country, "visibility": profile.visibility},
)
PARTNERSHIPS = Records(partnerships, Partnership)
