"""Routes for the calls that groups are built for."""

from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest

from matcher.planning.calls import Call, Calls, read_calls
from matcher.web.api import staff
from matcher.web.http.context import current_database, today
from matcher.web.http.exports import MEDIA_TYPES
from matcher.web.http.operations import Operation
from matcher.web.http.problems import FieldError
from matcher.web.http.uploads import UPLOAD_PROBLEMS, field_errors

calls = Blueprint("calls_api", __name__, url_prefix="/api/v1")
FILES = ("multipart/form-data", "text/csv", MEDIA_TYPES["xlsx"])


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """A call; `id` names it in addresses."""

    id: str
    call: Call


@dataclass(frozen=True, slots=True)
class CallList:
    """The calls whose deadline has not passed, the nearest first."""

    calls: tuple[CallAnswer, ...]


@dataclass(frozen=True, slots=True)
class RowsRead:
    """What a file held: how many rows were entered, and those that were refused."""

    entered: int
    problems: tuple[FieldError, ...]


@calls.get("/calls")
@Operation(CallList)
def open_calls() -> dict[str, object]:
    """Calls for proposals, and the conditions that they set to a group."""
    return _open_calls()


@calls.post("/calls")
@Operation(
    CallAnswer,
    example={
        "title": "Wine routes across borders",
        "programme": "Interreg NEXT",
        "deadline": "2030-03-31",
        "link": "https://example.org/call",
        "asked": {"eu_countries": 3, "trades": ["wine"]},
    },
    scope=staff.SCOPE,
)
def enter(call: Call) -> dict[str, object]:
    """Enter a call; one of the same title is replaced."""
    with staff.entered("enter call", call.id):
        current_calls().save([call])
    return _told(call)


@calls.post("/calls:import")
@Operation(takes=FILES, problems=(*UPLOAD_PROBLEMS, "invalid-input"), scope=staff.SCOPE)
def enter_file() -> RowsRead:
    """Enter the calls of a file.

    CSV or XLSX, a row for each call. Good rows are entered; every other one is named with its
    line, column and reason.
    """
    content, name = uploaded()
    read = read_calls(content, name)
    with staff.entered("enter calls", name) as outcome:
        current_calls().save(read.calls)
        outcome.text = f"{len(read.calls)} calls"
    return RowsRead(len(read.calls), field_errors(read.problems))


@calls.delete("/calls/<call_id>")
@Operation(CallList, scope=staff.SCOPE)
def take_away(call_id: str) -> dict[str, object]:
    """Take a call away; the answer lists those that are left."""
    current_calls().get(call_id)
    with staff.entered("take call away", call_id):
        current_calls().delete(call_id)
    return _open_calls()


def current_calls() -> Calls:
    """Return the calls of this application's database."""
    return Calls(current_database())


def uploaded() -> tuple[bytes, str]:
    """Return the content and the name of the file that the request brings.

    Raises
    ------
    BadRequest
        There is none.
    """
    if request.mimetype != "multipart/form-data":
        return request.get_data(), "calls"
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest("Send the file as the form field named file.")
    return file.read(), file.filename


def _open_calls() -> dict[str, object]:
    return {"calls": [_told(one) for one in current_calls().open(today())]}


def _told(call: Call) -> dict[str, object]:
    return {"id": call.id, "call": call.model_dump(mode="json", exclude_defaults=True)}
