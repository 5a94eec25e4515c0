"""Uploaded profile files, and what is told about them."""

from collections.abc import Iterable

from flask import request
from pydantic import Field
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from matcher.errors import FieldProblem
from matcher.i18n.message import Message
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import ImportReport
from matcher.store.mappings import parsed_mapping
from matcher.web.http.context import current_matcher
from matcher.web.http.exports import MEDIA_TYPES
from matcher.web.http.languages import current_language
from matcher.web.http.problems import FieldError
from matcher.web.http.validation import Given

_FORMATS: dict[str, Format] = {
    "text/csv": "csv",
    MEDIA_TYPES["xlsx"]: "xlsx",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
_MULTIPART = "multipart/form-data"
UPLOAD_TYPES = (*_FORMATS, _MULTIPART)
UPLOAD_PROBLEMS = ("malformed-request", "too-large", "unsupported-media-type", "unreadable-file")


class UploadOptions(Given):
    """How to read and merge a file."""

    replace: bool = Field(
        default=False,
        description="Empty what the file does not hold of the clusters that it names, instead of "
        "keeping it.",
    )
    mapping: tuple[str, ...] = Field(
        default=(),
        alias="map",
        description="What a column means, as `Heading=column`; `Heading=` leaves it out. Kept by "
        "an import for the next file that has the same headings.",
    )


def read_upload(entries: Iterable[str]) -> ImportReport:
    """Return what the uploaded file holds.

    Parameters
    ----------
    entries
        What its columns mean, as in `UploadOptions`.

    Raises
    ------
    BadRequest, UnsupportedMediaType, UnreadableFileError, InvalidInputError
        There is no file, or it cannot be read, or so.
    """
    mapping, mappings = parsed_mapping(entries), current_matcher().store.mappings
    media_type = request.mimetype
    if media_type == _MULTIPART:
        file = request.files.get("file")
        if file is None:
            raise BadRequest("Send the file as the form field named file.")
        return mappings.read(file.read(), mapping, name=file.filename)
    if media_type not in _FORMATS:
        raise UnsupportedMediaType("Send CSV, XLSX, JSON or JSONL, or a form with a file.")
    return mappings.read(request.get_data(), mapping, form=_FORMATS[media_type])


def uploaded_name() -> str:
    """Name of the uploaded file; its type where it came without a name."""
    file = request.files.get("file")
    return (file.filename if file else None) or request.mimetype


def field_errors(problems: Iterable[FieldProblem]) -> tuple[FieldError, ...]:
    """Problems of a file as the API tells them, in the reader's language."""
    return tuple(FieldError(_said(p.where), p.field, _said(p.message)) for p in problems)


def _said(text: object) -> str:
    return current_language().say(text) if isinstance(text, Message) else str(text)
