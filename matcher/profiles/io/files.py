"""A file, or its content, to raw rows, whichever of the four formats it has."""

from pathlib import Path

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.profiles.io.decoding import decode
from matcher.profiles.io.documents import read_json, read_json_lines
from matcher.profiles.io.formats import Format, require_size, text_format
from matcher.profiles.io.raw import RawFile
from matcher.profiles.io.table import read_table
from matcher.profiles.io.workbook import read_workbook


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
            f"The file {source.name!r} cannot be opened: {reason}. Check the name and the rights."
        ) from error


def raw_file(content: bytes, form: Format | None, *, sheet: str = "clusters") -> RawFile:
    """Rows of a file as it spells them.

    Parameters
    ----------
    form
        The format; ``None`` for a text whose first characters tell it.
    sheet
        The sheet of a workbook that is wanted; the first where none is called so.

    Raises
    ------
    UnreadableFileError
        It is damaged, or in an unknown encoding.
    """
    if form == "xlsx":
        return read_workbook(content, sheet)
    text, encoding = decode(content)
    text = text.removeprefix("\ufeff")
    read = {"csv": read_table, "jsonl": read_json_lines, "json": read_json}
    raw = read[form or text_format(text)](text)
    if encoding != "cp1251":
        return raw
    note = FieldProblem("file", "was read as Windows-1251 text; save it as UTF-8 to be sure")
    return RawFile(raw.rows, raw.columns, raw.header_line, (note,))
