"""Erasures: a person's words go from all tables by their marks, and a record without words stays.

The record finishes what was cut short, and lets the erasure hold after an older backup is restored:
it has salted digests of what the person was known by.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from matcher.errors import StoreUnavailableError
from matcher.store.database import Database, now
from matcher.store.jobs import overtake
from matcher.store.marks import DOCUMENT, OWN, WORDS, marked
from matcher.store.mentions import Known, blanked, doubtful_spans, sure_spans
from matcher.store.store import sum_up
from matcher.store.tables import all_tables, clusters, erasures, metadata, partnerships

_PATIENCE = 10.0
"""How many seconds an erasure waits for another one of this process to rewrite the files."""
_REWRITING = Lock()
_AROUND = 80


@dataclass(frozen=True)
class Wanted:
    """Whom texts are searched for.

    Attributes
    ----------
    known
        Tells the keys that are surely the person's.
    words
        The words of the name, where they are known: they show doubtful mentions, too.
    """

    known: Known
    words: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names a person, surely or perhaps.

    Attributes
    ----------
    place
        Table, row and column, as an erasure takes them.
    text
        All of it, or what stands around the name.
    words
        What looks like the person; empty where it surely is.
    """

    place: str
    text: str
    words: tuple[str, ...] = ()

    @property
    def in_profile(self) -> bool:
        """Whether the text is a public one, of a cluster or a partnership."""
        return self.place.split("/")[0] in (clusters.name, partnerships.name)


def mentions(connection: Connection, wanted: Wanted) -> Iterator[Mention]:
    """Find the texts that name a person surely, and those that do perhaps."""
    for place, text in _texts(connection):
        sure = sure_spans(text, wanted.known, wanted.words)
        if sure:
            yield Mention(place, _around(text, sure[0]))
        doubtful = doubtful_spans(text, wanted.words or (), sure)
        if doubtful:
            words = dict.fromkeys(text[start:end] for start, end in doubtful)
            yield Mention(place, _around(text, doubtful[0]), tuple(words))


def forget(
    connection: Connection,
    rows: Sequence[RowMapping],
    keys: frozenset[str],
    words: frozenset[str],
    also: Collection[str] = (),
) -> None:
    """Delete a person, blank every sure mention, and leave the record that there was an erasure.

    Parameters
    ----------
    connection
        A writer's.
    rows
        The person's own, of the table of people.
    keys, words
        What surely is the person, and the words of the name.
    also
        Places of doubtful mentions that are the person, too.
    """
    people = metadata.tables["people"]
    keys |= {_row_key(people, row) for row in rows}
    _scrub(connection, Wanted(keys.__contains__, words), frozenset(also))
    salt = connection.scalar(select(erasures.c.salt).limit(1)) or secrets.token_hex(16)
    record = {
        "at": now(timespec="seconds"),
        "salt": salt,
        "digests": " ".join(sorted(_digest(salt, key) for key in keys)),
        "rewritten": False,
    }
    connection.execute(insert(erasures), [{"person_id": row["id"], **record} for row in rows])


def is_forgotten(connection: Connection, person_id: int) -> bool:
    """Whether a person of that id was erased, be the files rewritten or not."""
    query = select(erasures.c.id).where(erasures.c.person_id == person_id).limit(1)
    return connection.scalar(query) is not None


def unfinished(connection: Connection) -> list[int]:
    """Ids of the persons whose words may still be in freed parts of the files."""
    query = select(erasures.c.person_id).where(erasures.c.rewritten.is_(False))
    return sorted(set(connection.scalars(query)))


def finish(database: Database) -> None:
    """Rewrite the files if an erasure has been begun since they were rewritten last.

    Raises
    ------
    StoreUnavailableError
        That cannot be done now; the text says what is done and what is not.
    """
    try:
        if not _REWRITING.acquire(timeout=_PATIENCE):
            raise StoreUnavailableError("The database is busy: it is being rewritten.")
        try:
            _rewrite(database)
        finally:
            _REWRITING.release()
    except StoreUnavailableError as error:
        reason = str(error).partition(". ")[0].rstrip(".")
        raise StoreUnavailableError(
            "The person is gone from all records and answers, but the files of the database may "
            f"still hold deleted words. {reason}. Repeat the erasure to finish it."
        ) from error


def carried_over(connection: Connection) -> list[Mapping[str, Any]]:
    """Read the records of a database that a backup is going to replace."""
    query = select(erasures).order_by(erasures.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def later(
    records: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Records of erasures that are not among those known; whoever was added again later stays."""
    there = {_identity(row) for row in known}
    return [row for row in records if _identity(row) not in there]


def forget_again(connection: Connection, records: Sequence[Mapping[str, Any]]) -> None:
    """Let erasures hold that a restored backup does not know.

    Parameters
    ----------
    connection
        A writer's, which has filled in the backup.
    records
        Of the database as it was before.
    """
    unknown = later(records, carried_over(connection))
    if unknown:
        _scrub(connection, Wanted(_recogniser(unknown)))
        rows = [{**row, "rewritten": False} for row in unknown]
        for row in rows:
            del row["id"]
        connection.execute(insert(erasures), rows)


def _identity(record: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(record[name] for name in ("person_id", "at", "salt", "digests"))


def _row_key(table: Table, row: Mapping[Any, Any]) -> str:
    """What tells whose row it is, as a key."""
    values = (str(row[column.name]).casefold() for column in marked(table, OWN))
    return "\n".join((f"row:{table.name}", *values))


def _rewrite(database: Database) -> None:
    with database.read() as connection:
        left = connection.scalars(select(erasures.c.id).where(erasures.c.rewritten.is_(False)))
        begun = left.all()
    if not begun:
        return
    database.compact(all_tables())
    done = update(erasures).where(erasures.c.id.in_(begun)).values(rewritten=True)
    database.change(done)


def _recogniser(records: Iterable[Mapping[str, Any]]) -> Known:
    by_salt: dict[str, set[str]] = {}
    for row in records:
        by_salt.setdefault(row["salt"], set()).update(row["digests"].split())

    def known(key: str) -> bool:
        return any(_digest(salt, key) in digests for salt, digests in by_salt.items())

    return known


def _digest(salt: str, key: str) -> str:
    return hashlib.sha256(f"{salt}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _scrub(connection: Connection, wanted: Wanted, also: frozenset[str] = frozenset()) -> None:
    overtake(connection)
    changed = {
        table.name for table in all_tables() if _scrub_table(connection, table, wanted, also)
    }
    if changed & {clusters.name, partnerships.name}:
        sum_up(connection)


def _scrub_table(
    connection: Connection, table: Table, wanted: Wanted, also: frozenset[str]
) -> bool:
    """Delete the rows of a table that are the person's, clean the others; tell if any changed."""
    changed = False
    for row in _rows(connection, table):
        here = [column == row[column.name] for column in table.primary_key.columns]
        if _is_own(table, row, wanted.known):
            connection.execute(delete(table).where(*here))
            changed = True
        elif values := _cleaned(table, row, wanted, also):
            if "version" in table.c:  # an editor who has seen the words must not write them back
                values["version"] = row["version"] + 1
            connection.execute(update(table).where(*here).values(values))
            changed = True
    return changed


def _rows(connection: Connection, table: Table) -> Sequence[RowMapping]:
    if not marked(table, OWN, WORDS, DOCUMENT):
        return ()
    return connection.execute(select(table)).mappings().all()


def _is_own(table: Table, row: RowMapping, known: Known) -> bool:
    columns = marked(table, OWN)
    if not columns:
        return False
    mails = (f"mail:{str(row[column.name]).casefold()}" for column in columns)
    return known(_row_key(table, row)) or any(map(known, mails))


def _cleaned(table: Table, row: RowMapping, wanted: Wanted, also: frozenset[str]) -> dict[str, Any]:
    """The columns of a row that name the person, without that."""
    values: dict[str, Any] = {}
    for column in marked(table, WORDS, DOCUMENT):
        before = row[column.name]
        chosen = _place(table, row, column.name) in also

        def clean(text: str, chosen: bool = chosen) -> str:
            return _clean(text, wanted, chosen)

        after = before and _each_text(column.info == DOCUMENT, before, clean)
        if after != before:
            values[column.name] = after
    return values


def _clean(text: str, wanted: Wanted, chosen: bool) -> str:
    spans = sure_spans(text, wanted.known, wanted.words)
    if chosen:
        spans = sorted([*spans, *doubtful_spans(text, wanted.words or (), spans)])
    return blanked(text, spans)


def _each_text(is_document: bool, text: str, change: Callable[[str], str]) -> str:
    """Change a text, or all texts of a document; one that changes nothing stays as it is."""
    if not is_document:
        return change(text)
    try:
        document = json.loads(text)
    except ValueError:  # damaged: what stands in it goes all the same
        return change(text)
    after = _walked(document, change)
    if after == document:
        return text
    return json.dumps(after, ensure_ascii=False, separators=(",", ":"))


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_walked(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): _walked(one, change) for key, one in value.items()}
    return value


def _texts(connection: Connection) -> Iterator[tuple[str, str]]:
    """All texts that may name persons, with their places; those of people's own rows not."""
    for table in all_tables():
        columns = marked(table, WORDS, DOCUMENT)
        if not columns or marked(table, OWN):
            continue
        for row in _rows(connection, table):
            for column in columns:
                found: list[str] = []

                def note(text: str, found: list[str] = found) -> str:
                    found.append(text)
                    return text

                if row[column.name]:
                    _each_text(column.info == DOCUMENT, row[column.name], note)
                place = _place(table, row, column.name)
                yield from ((place, text) for text in found)


def _place(table: Table, row: RowMapping, column: str) -> str:
    keys = (str(row[key.name]) for key in table.primary_key.columns)
    return "/".join((table.name, *keys, column))


def _around(text: str, span: tuple[int, int]) -> str:
    start, end = max(span[0] - _AROUND, 0), span[1] + _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
