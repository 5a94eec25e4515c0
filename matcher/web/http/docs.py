"""What the service says of itself: its API, the page to try it, problem types, health."""

from dataclasses import asdict
from threading import Thread
from typing import Literal, cast

from flask import Blueprint, Response, abort, current_app, jsonify, render_template
from pydantic import BaseModel

from matcher.errors import StoreUnavailableError
from matcher.web.http.context import current_matcher
from matcher.web.http.openapi import openapi_document
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import JsonSchema
from matcher.web.http.problems import PROBLEM_TYPES
from matcher.web.http.refreshing import EXTENSION as REFRESHING

_OLDER = "The collection has changed. Answers are those of before the change until it is taken up."
docs = Blueprint("docs", __name__)


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Degraded(BaseModel):
    """A part that is not as it should be; answers are still given.

    `index`: an older index than the newest is served, or nobody looks for newer ones. `store`:
    nothing can be imported now.
    """

    part: Literal["index", "store"]
    reason: str


class Readiness(BaseModel):
    """Whether queries can be answered, from what, and what is degraded."""

    status: Literal["ready", "degraded"]
    degraded: tuple[Degraded, ...]
    clusters: int
    generation: str
    model: str
    weights: str


@docs.get("/healthz")
@Operation()
def healthz() -> Health:
    """Is the process alive?."""
    return Health(status="ok")


@docs.get("/readyz")
@Operation(problems=("index-unavailable",))
def readyz() -> Readiness:
    """Can it answer queries?."""
    status = current_matcher().status()
    degraded = _degraded(status.degraded)
    state = "degraded" if degraded else "ready"
    return Readiness(**{**asdict(status), "status": state, "degraded": degraded})


def _degraded(index: str | None) -> tuple[Degraded, ...]:
    thread = cast(Thread | None, current_app.extensions.get(REFRESHING))
    if thread and not thread.is_alive():
        index = index or "The thread that looks for changes of the collection has ended: restart."
    found = [Degraded(part="index", reason=index)] if index else []
    try:
        current_matcher().store.require()
        if not index and not current_matcher().is_current():
            found.append(Degraded(part="index", reason=_OLDER))
    except StoreUnavailableError as error:
        found.append(Degraded(part="store", reason=str(error)))
    return tuple(found)


@docs.get("/openapi.json")
def openapi() -> Response:
    """Show the OpenAPI document."""
    return jsonify(_document())


@docs.get("/docs")
def try_it() -> str:
    """Show the API as a page, each route with a form."""
    return render_template("docs.html", document=_document())


@docs.get("/problems/<code>")
def problem_type(code: str) -> str:
    """Show what a type of problem means and what to do about it."""
    if code not in PROBLEM_TYPES:
        abort(404)
    return render_template("problem_type.html", code=code, kind=PROBLEM_TYPES[code])


def _document() -> JsonSchema:
    """Show the document of this application, built when it is first asked for."""
    known = current_app.extensions
    if "openapi" not in known:
        known["openapi"] = openapi_document(current_app)
    return cast(JsonSchema, known["openapi"])
