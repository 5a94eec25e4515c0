"""The data files that come with the product: whether they changed, and what they hold."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select

from matcher.errors import StoreUnavailableError
from matcher.profiles.merging import followed
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.store.records import CLUSTERS
from matcher.store.tables import shipped_clusters

Record = TypeVar("Record", ClusterProfile, Partnership)


def read_file(file: Path) -> tuple[bytes, str]:
    """Read a shipped file; give its content and its SHA-256.

    Raises
    ------
    StoreUnavailableError
        It cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise StoreUnavailableError(
            f"The shipped file data/{file.name} cannot be read ({error.strerror}). Restore it from "
            "the repository."
        ) from error
    return data, hashlib.sha256(data).hexdigest()


def parse_lines(data: bytes, model: type[Record], name: str) -> list[Record]:
    """Read one record a line.

    Raises
    ------
    StoreUnavailableError
        A line is not a valid record, or an id comes twice; the text names the line.
    """
    records: dict[str, Record] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            record = model.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "line"
            raise StoreUnavailableError(
                f"data/{name}, line {number}, {place}: {first['msg']}. Correct the file."
            ) from error
        if record.id in records:
            raise StoreUnavailableError(
                f"data/{name}, line {number}: the id {record.id!r} stands there twice. Correct the "
                "file."
            )
        records[record.id] = record
    return list(records.values())


def follow_shipped(connection: Connection, records: Iterable[ClusterProfile]) -> None:
    """Let clusters that a user changed follow what is shipped now, in their other fields.

    Parameters
    ----------
    connection
        A writer's.
    records
        All clusters that are shipped.
    """
    new = {record.id: record for record in records}
    shipped = _shipped(connection)
    there = CLUSTERS.found(connection, sorted(new.keys() & shipped.keys()))
    users = {key: kept.record for key, kept in there.items() if kept.origin == "user"}
    after = [followed(one, shipped[key], new[key]) for key, one in users.items()]
    CLUSTERS.put(connection, there, [("user", one) for one in after if one != users[one.id]])
    connection.execute(delete(shipped_clusters))
    rows = [{"id": key, "body": record.model_dump_json()} for key, record in new.items()]
    if rows:
        connection.execute(insert(shipped_clusters), rows)


def _shipped(connection: Connection) -> dict[str, ClusterProfile]:
    """What was shipped last, by id; a damaged record is left out, so that nothing follows it."""
    found: dict[str, ClusterProfile] = {}
    for row in connection.execute(select(shipped_clusters)):
        with suppress(StoreUnavailableError):
            found[row.id] = CLUSTERS.parse(row.id, row.body)
    return found
