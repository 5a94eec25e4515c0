"""Uploaded profile files, and what is told about them."""

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from matcher.errors import FieldProblem
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import ImportReport, read_profiles
from matcher.web.http.exports import MEDIA_TYPES
from matcher.web.http.problems import FieldError

_FORMATS: dict[str, Format] = {
    "text/csv": "csv",
    MEDIA_TYPES["xlsx"]: "xlsx",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
_MULTIPART = "multipart/form-data"
UPLOAD_BODY = dict.fromkeys((*_FORMATS, _MULTIPART), bytes)
UPLOAD_PROBLEMS = ("malformed-request", "too-large", "unsupported-media-type", "unreadable-file")


def read_upload() -> ImportReport:
    """Return what the uploaded file holds.

    Raises
    ------
    BadRequest, UnsupportedMediaType, UnreadableFileError
        There is no file, or it cannot be read.
    """
    media_type = request.mimetype
    if media_type == _MULTIPART:
        file = request.files.get("file")
        if file is None:
            raise BadRequest("Send the file as the form field named file.")
        return read_profiles(file.read(), name=file.filename)
    if media_type not in _FORMATS:
        raise UnsupportedMediaType("Send CSV, XLSX, JSON or JSONL, or a form with a file.")
    return read_profiles(request.get_data(), form=_FORMATS[media_type])


def field_errors(problems: tuple[FieldProblem, ...]) -> tuple[FieldError, ...]:
    """Problems of a file as the API tells them."""
    return tuple(FieldError(str(p.where), p.field, str(p.message)) for p in problems)
