"""`back_up` and `restore`: everything that cannot be made again, from one database to any other.

Which tables there are is asked of the migrations, so that none can be forgotten; an archive of an
older version passes through the same migrations as a database of that version.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    event,
    func,
    insert,
    select,
    text,
    true,
)
from sqlalchemy.exc import DataError, IntegrityError

from matcher.errors import ConflictError, NotFoundError, UnreadableFileError
from matcher.store.access import known_access, settle_access
from matcher.store.archive import (
    Archive,
    Manifest,
    Row,
    open_archive,
    write_archive,
)
from matcher.store.database import Database
from matcher.store.erasures import carried_over, finish, forget_again
from matcher.store.migrate import HEAD, known_revisions, migrate, recorded_revision, upgrade
from matcher.store.store import sum_up
from matcher.store.sums import NOTE
from matcher.store.tables import erasures, meta

Progress = Callable[[int, int], None]

REBUILT = frozenset(
    {
        "alembic_version",
        "generations",
        "generation_files",
        "sessions",
        "shipped_clusters",
        "tickets",
    }
)
"""Tables that hold only what is made anew, in this version or an earlier one, and who is signed in:
nobody is after a restore."""

_NOT_GIVEN_UP = frozenset({"meta", "vectors", erasures.name})
"""Tables that are filled without anybody's doing, and one whose rows outlive a restore."""
_WITH_ORIGIN = frozenset({"clusters", "partnerships"})
"""Tables whose rows say whether they came with the product."""
_CHUNK = 500
_CHUNK_LETTERS = 1 << 22
"""Rows are written once they have so many letters, however few rows these are."""
_NOTE = "last-backup"
_MISFITS = (DataError, IntegrityError, LookupError, OverflowError, TypeError, ValueError)
"""What a row raises that is none of its table: here, in the driver, or in the database."""


def back_up(database: Database, target: Path, progress: Progress | None = None) -> Manifest:
    """Write one state of the database to a file, whole or not at all; only its owner may read it.

    Parameters
    ----------
    database
        Whatever is written to it meanwhile is not in the file.
    target
        The file; a backup that is there already stays until the new one is whole.
    progress
        Told how many rows are written.

    Raises
    ------
    NotFoundError
        There is nothing in the database, not even tables.
    StoreUnavailableError
        It cannot be read, or a newer version wrote it.
    OSError
        The file cannot be written.
    """
    with database.read() as connection:
        if recorded_revision(connection) is None:
            raise NotFoundError(
                "There is nothing to back up: the database is empty. Check MATCHER_HOME and "
                "MATCHER_DATABASE_URL."
            )
    migrate(database)
    tables = _tables_today()
    with database.read() as connection:
        count = _counter(progress, sum(_size(connection, table) for table in tables))
        rows = ((table.name, map(count, _rows(connection, table))) for table in tables)
        return write_archive(target, HEAD, rows)


def restore(
    database: Database,
    source: Path,
    *,
    replace: bool = False,
    keep_tokens: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Fill a database from a backup, completely or not at all.

    Who was erased or shut out since the backup was made stays so: erasures and revocations that the
    database knows are carried over.

    Parameters
    ----------
    database
        May be another kind of database than the one that was backed up.
    source
        The backup.
    replace
        Whether to give up what a database holds that is not as shipped.
    keep_tokens
        Whether tokens of the backup go on to work, save those that the audit log does not know of
        or that were revoked later.
    progress
        Told how many rows are written.

    Raises
    ------
    UnreadableFileError
        The file is damaged, of a newer version, or holds rows that fit no table.
    ConflictError
        The database holds more than what is shipped, and `replace` is not set.
    StoreUnavailableError
        The database cannot be written, or a newer version wrote it; or everything is restored, but
        freed parts of the files may still hold words of persons that were erased.
    """
    with open_archive(source) as archive, current_rows(archive) as rows_of:
        migrate(database)
        tables = _tables_today()
        with database.write() as connection:
            _lock(connection, tables)
            if not replace:
                _require_as_shipped(connection, tables)
            erased, access = carried_over(connection), known_access(connection)
            for table in reversed(tables):
                connection.execute(table.delete())
            count = _counter(progress, archive.manifest.rows)
            for table in tables:
                _fill(connection, table, map(count, rows_of(table.name)))
            sum_up(connection)
            settle_access(connection, access, keep=keep_tokens)
            forget_again(connection, erased)
        finish(database)
        return archive.manifest


def note_backup(home: Path, manifest: Manifest, target: Path) -> None:
    """Remember on this machine when the last backup was made, and where it was put."""
    home.mkdir(parents=True, exist_ok=True)
    (home / _NOTE).write_text(f"{manifest.created} {target.resolve()}\n", encoding="utf-8")


def last_backup(home: Path) -> tuple[datetime, str] | None:
    """When the last backup was made on this machine, and where it was put.

    ``None`` where none is remembered.
    """
    try:
        created, _, place = (home / _NOTE).read_text(encoding="utf-8").strip().partition(" ")
        return datetime.fromisoformat(created), place
    except (OSError, ValueError):
        return None


@contextmanager
def current_rows(archive: Archive) -> Iterator[Callable[[str], Iterable[Row]]]:
    """Give the rows of each table as they are in today's tables."""
    revision = archive.manifest.revision
    if revision not in known_revisions():
        raise UnreadableFileError(
            f"The backup was made by a newer version of the matcher (revision {revision}, this one "
            f"knows {HEAD}). Update the matcher; nothing was changed."
        )
    if revision == HEAD:
        yield archive.rows
        return
    with _scratch(revision) as (connection, tables):
        for table in tables:
            _fill(connection, table, archive.rows(table.name))
        upgrade(connection, HEAD)
        yield {table.name: _rows(connection, table) for table in _reflected(connection)}.__getitem__


@contextmanager
def _scratch(revision: str) -> Iterator[tuple[Connection, list[Table]]]:
    """An empty database in memory, and the tables of a revision, as any engine takes them."""
    with closing(Database("sqlite://")) as database, database.write() as connection:
        upgrade(connection, revision)
        yield connection, _reflected(connection)


@lru_cache(maxsize=1)
def _tables_today() -> list[Table]:
    """All tables that are backed up, those first that others refer to."""
    with _scratch(HEAD) as (_, tables):
        return tables


def _reflected(connection: Connection) -> list[Table]:
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def _generalise(_inspector: object, _table: object, column: dict[str, Any]) -> None:
        column["type"] = column["type"].as_generic()

    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in REBUILT]


def _size(connection: Connection, table: Table) -> int:
    query = select(func.count()).select_from(table).where(_is_saved(table))
    return connection.scalar(query) or 0


def _is_saved(table: Table) -> ColumnElement[bool]:
    """Which rows belong in a backup: not the notes on what is made from other rows."""
    if table.name != meta.name:
        return true()
    return table.c.key.not_like(f"{NOTE}%")


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    query = select(table).where(_is_saved(table)).order_by(*table.primary_key.columns)
    found = connection.execute(query.execution_options(yield_per=_CHUNK))
    for row in found.mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _fill(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    readers = {column.name: _reader(column.type.python_type) for column in table.columns}
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(chunk) == _CHUNK or size > _CHUNK_LETTERS:
            _put(connection, table, readers, chunk)
            chunk.clear()
            size = 0
    _put(connection, table, readers, chunk)


def _put(
    connection: Connection,
    table: Table,
    readers: Mapping[str, Callable[[Any], Any]],
    rows: Iterable[Row],
) -> None:
    try:
        read = [
            {name: None if row[name] is None else read(row[name]) for name, read in readers.items()}
            for row in rows
        ]
        if read:
            connection.execute(insert(table), read)
            _count_on(connection, table)
    except _MISFITS as error:
        raise UnreadableFileError(
            f"The backup holds rows that do not fit the table {table.name}, although its seal "
            "fits. Use another one; nothing was changed."
        ) from error


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _reader(kind: type) -> Callable[[Any], Any]:
    """What makes a value of a column from its JSON."""
    if issubclass(kind, bytes):
        return partial(base64.b64decode, validate=True)
    if kind is bool:
        return _truth
    return kind.fromisoformat if issubclass(kind, date) else partial(_as_is, kind)


def _truth(value: Any) -> bool:
    if value not in (0, 1):  # as SQLite itself has them, or as JSON does
        raise TypeError(bool)
    return bool(value)


def _as_is(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(kind)
    return value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number further rows after those that were filled in; SQLite does so itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if column.type.python_type is int:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, func.max(column))))


def _lock(connection: Connection, tables: Iterable[Table]) -> None:
    """Keep writers out until the end; on SQLite the transaction itself does."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _require_as_shipped(connection: Connection, tables: Iterable[Table]) -> None:
    found = []
    for table in tables:
        query = select(func.count()).select_from(table)
        if table.name in _WITH_ORIGIN:
            query = query.where(table.c.origin != "shipped")
        count = 0 if table.name in _NOT_GIVEN_UP else connection.scalar(query)
        found += [f"{count} in {table.name}"] if count else []
    if found:
        raise ConflictError(
            f"The database holds more than the shipped data ({', '.join(found)}); nothing was "
            "changed. To give all of it up for the backup, add --replace."
        )


def _counter(progress: Progress | None, total: int) -> Callable[[Row], Row]:
    """Pass rows on and tell how many there were."""
    done = 0

    def count(row: Row) -> Row:
        nonlocal done
        done += 1
        if progress and (done % _CHUNK == 0 or done == total):
            progress(done, total)
        return row

    return count
