"""Simple tables whose columns are called as ours are: calls, contact persons."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from matcher.errors import UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.files import content_of, raw_file
from matcher.profiles.io.formats import format_of
from matcher.profiles.io.headers import compact

ListedRow = tuple[str, Mapping[str, str], "str | Message | None"]
"""Where a row stands, its cells by column, and why it as a whole cannot be read, if so."""


def listed_rows(
    source: Path | bytes,
    name: str | None,
    table: str,
    columns: Sequence[str],
    needed: Sequence[str],
) -> Iterator[ListedRow]:
    """Read the rows of a table, CSV or XLSX.

    Parameters
    ----------
    source, name
        The file, and what it is called.
    table
        What it holds: the sheet of that name is read, where there is one.
    columns, needed
        Names of its columns, and those that it must have.

    Raises
    ------
    UnreadableFileError
        The file as a whole cannot be read, or lacks a column that it needs.
    """

    def column(heading: str) -> str | None:
        return next((one for one in columns if compact(one) == compact(heading)), None)

    content = content_of(source)
    form = format_of(content, source.name if isinstance(source, Path) else name)
    raw = raw_file(content, "xlsx" if form == "xlsx" else "csv", sheet=table, meaning=column)
    named = {heading: column(heading) for heading in raw.columns or ()}
    missing = [one for one in needed if one not in named.values()]
    if missing:
        raise UnreadableFileError(
            f"The table of {table} has no column {' and '.join(missing)}. "
            f"Its columns are: {', '.join(columns)}; the file has {', '.join(named)}."
        )
    for row in raw.rows:
        cells = {name: str(value) for key, value in row.cells if (name := named[key])}
        yield f"line {row.line}", cells, row.fault
