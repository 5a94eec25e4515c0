"""Media types of files, and how a file is sent to be saved."""

from collections.abc import Iterable, Mapping

from flask import Response

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""What each kind of file is called on the web, by the ending of its name."""


def bare_types(endings: Iterable[str]) -> tuple[str, ...]:
    """Media types of kinds of files, without their character sets."""
    return tuple(MEDIA_TYPES[ending].split(";")[0] for ending in endings)


def attachment(content: bytes, name: str) -> Response:
    """Send a file to be saved under that name, whose ending tells its kind; never shown inline."""
    response = Response(content, content_type=MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
