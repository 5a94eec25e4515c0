"""The data files that come with the product: whether they changed, and what they hold."""

import hashlib
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from matcher.errors import StoreUnavailableError
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile

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
