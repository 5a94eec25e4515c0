"""Records kept as JSON documents: clusters and partnerships."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Table, collate, delete, select

from matcher.errors import StoreUnavailableError
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import upsert

Record = TypeVar("Record", ClusterProfile, Partnership)

CHUNK = 500
"""Ids in one statement; databases limit its parameters."""


class SaveCounts(NamedTuple):
    """What a save did."""

    added: int
    changed: int
    unchanged: int


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
        rows = connection.execute(select(self.table.c.id, self.table.c.body))
        return [self._parse(key, body) for key, body in sorted(map(tuple, rows))]

    def bodies(self, connection: Connection) -> Iterator[tuple[str, str]]:
        """Read id and document of every record as they come, sorted by id."""
        table = self.table.c
        sorts_by_bytes = connection.dialect.name == "sqlite"
        order = table.id if sorts_by_bytes else collate(table.id, "C")
        rows = connection.execution_options(yield_per=CHUNK).execute(
            select(table.id, table.body).order_by(order)
        )
        yield from map(tuple, rows)

    def one(self, connection: Connection, key: str) -> Record | None:
        """Read one record."""
        body = connection.scalar(select(self.table.c.body).where(self.table.c.id == key))
        return None if body is None else self._parse(key, body)

    def save(self, connection: Connection, records: Iterable[Record]) -> SaveCounts:
        """Save a user's records; of several with one id the last one counts."""
        new = {record.id: record for record in records}
        bodies = self._bodies(connection, list(new))
        changed = [record for key, record in new.items() if bodies.get(key) != _body(record)]
        upsert(connection, self.table, [self._row(record, "user") for record in changed])
        added = len(new) - len(bodies)
        return SaveCounts(added, len(changed) - added, len(new) - len(changed))

    def delete(self, connection: Connection, keys: Sequence[str]) -> None:
        """Delete records; ids that are not there are passed over."""
        for part in chunks(keys):
            connection.execute(delete(self.table).where(self.table.c.id.in_(part)))

    def replace_shipped(self, connection: Connection, records: Iterable[Record]) -> None:
        """Make the shipped records these, apart from what a user changed or added."""
        table = self.table.c
        origins = dict(map(tuple, connection.execute(select(table.id, table.origin))))
        new = {record.id: record for record in records}
        free = [record for key, record in new.items() if origins.get(key) != "user"]
        upsert(connection, self.table, [self._row(record, "shipped") for record in free])
        gone = [key for key, origin in origins.items() if origin == "shipped" and key not in new]
        self.delete(connection, gone)

    def _bodies(self, connection: Connection, keys: Sequence[str]) -> dict[str, str]:
        table = self.table.c
        found: dict[str, str] = {}
        for part in chunks(keys):
            rows = connection.execute(select(table.id, table.body).where(table.id.in_(part)))
            found.update(map(tuple, rows))
        return found

    def _row(self, record: Record, origin: str) -> dict[str, str]:
        return {
            "id": record.id,
            "origin": origin,
            "body": _body(record),
            **self._columns(record),
        }

    def _parse(self, key: str, body: str) -> Record:
        try:
            return self._model.model_validate_json(body)
        except ValidationError as error:
            raise StoreUnavailableError(
                f"The record {key!r} in the table {self.table.name} of the database is damaged. "
                "Import the record again or put a backup of the database in its place."
            ) from error


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of keys into parts that fit into one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _body(record: ClusterProfile | Partnership) -> str:
    return record.model_dump_json()
