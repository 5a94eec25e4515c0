"""A file, or its content, to raw rows, whichever of the four formats it has."""

from dataclasses import replace
from pathlib import Path

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.decoding import CODEPAGES, decode
from matcher.profiles.io.documents import read_json, read_json_lines
from matcher.profiles.io.formats import Format, require_size, text_format
from matcher.profiles.io.raw import Meaning, RawFile, RawTables
from matcher.profiles.io.table import read_table
from matcher.profiles.io.workbook import read_sheet, read_sheets


def content_of(source: Path | bytes) -> bytes:
    """Content of a file.

    Raises
    ------
    UnreadableFileError
        It cannot be opened, or is too large.
    """
    if isinstance(source, bytes):
        require_size(len(source))
        return source
    try:
        require_size(source.stat().st_size)
        return source.read_bytes()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UnreadableFileError(
            Message(
                "The file {name} cannot be opened: {reason}. Check the name and the rights.",
                name=repr(source.name),
                reason=reason,
            )
        ) from error


def raw_file(content: bytes, form: Format | None, *, sheet: str, meaning: Meaning) -> RawFile:
    """Rows of a CSV file, or of a sheet of a workbook.

    Parameters
    ----------
    form
        The format; ``None`` for a text.
    sheet
        The sheet of a workbook that is wanted; the first where none is called so.
    meaning
        As for `raw_tables`.

    Raises
    ------
    UnreadableFileError
        It is damaged, or in an unknown encoding.
    """
    if form == "xlsx":
        return read_sheet(content, sheet, meaning)
    text, notes = _decoded(content)
    table = read_table(text, meaning)
    return replace(table, notes=(*notes, *table.notes))


def raw_tables(content: bytes, form: Format | None, meaning: Meaning) -> RawTables:
    """All rows of a file as it spells them: of every visible sheet, where it is a workbook.

    Parameters
    ----------
    form
        The format; ``None`` for a text whose first characters tell it.
    meaning
        Tells headings, which are looked for in the first rows, from what stands above them.

    Raises
    ------
    UnreadableFileError
        It is damaged, or in an unknown encoding.
    """
    if form == "xlsx":
        return read_sheets(content, meaning)
    text, notes = _decoded(content)
    form = form or text_format(text)
    if form == "csv":
        return RawTables([read_table(text, meaning)], notes)
    return RawTables([(read_json if form == "json" else read_json_lines)(text)], notes)


def _decoded(content: bytes) -> tuple[str, tuple[FieldProblem, ...]]:
    text, encoding = decode(content)
    text = text.removeprefix("\ufeff")
    if encoding not in CODEPAGES:
        return text, ()
    message = Message(
        "was read as {encoding} text; check its accented letters, and save it as UTF-8 to be sure",
        encoding=CODEPAGES[encoding],
    )
    return text, (FieldProblem("file", message),)
