"""Calls that groups are built for: a list for everybody, a form and a file for staff."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.errors import FieldProblem, InvalidInputError, MatcherError, UnreadableFileError
from matcher.planning.calls import COLUMNS, NEEDED, read_call, read_calls
from matcher.web.api.calls import current_calls, uploaded
from matcher.web.api.group_queries import saved_groups
from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import today
from matcher.web.http.uploads import field_errors

calls = Blueprint("calls", __name__)
FIELDS = (
    ("title", "Title", "text"),
    ("programme", "Programme", "text"),
    ("deadline", "Deadline", "date"),
    ("link", "Address of the call", "url"),
    ("topic", "What the group is for", "text"),
    ("at_least", "Members at least", "number"),
    ("at_most", "Members at most", "number"),
    ("countries", "Countries at least", "number"),
    ("eu_countries", "EU countries at least", "number"),
    ("must_countries", "Must take part", "text"),
    ("only_countries", "Only these may take part", "text"),
    ("roles", "Roles", "text"),
    ("trades", "Trades", "text"),
)
"""What the form asks of a call: field, title, kind of input."""


@calls.get("/calls")
def listed() -> str:
    """Show the calls whose deadline has not passed."""
    return _page()


@calls.post("/staff/calls")
@only_for("staff")
def enter() -> Redirect | tuple[str, int]:
    """Enter the call of the form."""
    cells = {name: request.form.get(name, "")[:2000] for name, _, _ in FIELDS}
    try:
        call = read_call(cells)
        with entered("enter call", call.id):
            current_calls().save([call])
    except InvalidInputError as error:
        return _page(error), 422
    return redirect(url_for("calls.listed"), 303)


@calls.post("/staff/calls/file")
@only_for("staff")
def enter_file() -> Redirect | tuple[str, int]:
    """Enter the calls of a file; rows that cannot be read are named."""
    content, name = uploaded()
    try:
        with entered("enter calls", name) as outcome:
            read = read_calls(content, name)
            current_calls().save(read.calls)
            outcome.text = f"{len(read.calls)} calls"
    except UnreadableFileError as error:
        return _page(error), 422
    if read.problems:
        return _page(problems=read.problems), 422
    return redirect(url_for("calls.listed"), 303)


@calls.post("/staff/calls/<call_id>/removal")
@only_for("staff")
def remove(call_id: str) -> Redirect:
    """Take a call away."""
    current_calls().get(call_id)
    with entered("take call away", call_id):
        current_calls().delete(call_id)
    return redirect(url_for("calls.listed"), 303)


def _page(error: MatcherError | None = None, problems: tuple[FieldProblem, ...] = ()) -> str:
    return render_template(
        "calls.html",
        calls=current_calls().open(today()),
        error=error,
        rows=[(one.where, one.field, one.message) for one in field_errors(problems)],
        fields=FIELDS,
        needed=NEEDED,
        columns=COLUMNS,
        given=request.form,
        groups=saved_groups().kept,
    )
