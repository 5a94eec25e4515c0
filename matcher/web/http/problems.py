"""Errors as RFC 9457 problem details: one shape, and a stable type for each code."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException

from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    FieldProblem,
    InvalidInputError,
    MatcherError,
)
from matcher.profiles.io.headers import Heading, MissingColumnsError

MEDIA_TYPE = "application/problem+json"
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
MAX_ERRORS = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its HTTP status, its title, and what to do about it."""

    status: int
    title: str
    advice: str


PROBLEM_TYPES: Mapping[str, ProblemType] = {
    "malformed-request": ProblemType(
        400,
        "The request cannot be read",
        "The body is not what its content type says. Check the JSON syntax and the encoding, "
        "which must be UTF-8.",
    ),
    "token-required": ProblemType(
        401,
        "A valid token is needed here",
        "Send it in the header Authorization: Bearer ... The operator makes one with "
        "`matcher token create`.",
    ),
    "sign-in-required": ProblemType(
        401,
        "Please sign in first",
        "You get a link by e-mail; no password is needed.",
    ),
    "role-missing": ProblemType(
        403,
        "This page is for others",
        "You have signed in, but not as somebody who may do this. Ask an owner of the cluster, "
        "or the staff.",
    ),
    "scope-missing": ProblemType(
        403,
        "This token is not allowed to do this",
        "The operator makes a token with the scope that the route names.",
    ),
    "cross-site-request": ProblemType(
        403,
        "This form was sent from another site",
        "Browsers may send forms only from this service's own pages. Open the page here and "
        "send it again; programs should leave out the Origin and Sec-Fetch-Site headers.",
    ),
    "not-found": ProblemType(
        404, "Nothing here", "Check the address; all routes are listed under /docs."
    ),
    "cluster-not-found": ProblemType(
        404,
        "No such cluster",
        "Addresses take the id of a cluster, not its name. Use one of the suggestions, or "
        "search by name with GET /api/v1/clusters?q=...",
    ),
    "method-not-allowed": ProblemType(
        405,
        "This address does not support that method",
        "The Allow header of the answer names the supported methods.",
    ),
    "too-slow": ProblemType(
        408,
        "The request took too long to arrive",
        "Send it again over a faster connection, or send less at once.",
    ),
    "ambiguous-name": ProblemType(
        409,
        "Several clusters have that name",
        "Ask again with the id of one of the suggestions.",
    ),
    "conflict": ProblemType(
        409,
        "Somebody else has changed it meanwhile",
        "Read it again and repeat the change.",
    ),
    "job-cancelled": ProblemType(
        409,
        "The work was cancelled",
        "Somebody cancelled it, the token or session that began it no longer works, or a "
        "contact person was erased before it ended. Start it again if it is still wanted.",
    ),
    "illegal-move": ProblemType(
        409,
        "An introduction cannot take this step now",
        "The message names the possible steps; the two sides are asked one after the other.",
    ),
    "version-outdated": ProblemType(
        412,
        "It was changed after you read it",
        "Read it again, then repeat the change with its new ETag if it still makes sense.",
    ),
    "too-large": ProblemType(
        413,
        "The request is too large",
        "Send less at once: split a file into several, shorten a text.",
    ),
    "unsupported-media-type": ProblemType(
        415,
        "That content type is not supported here",
        "Set the Content-Type header to one that the route lists under /docs.",
    ),
    "invalid-input": ProblemType(
        422,
        "Something in the request breaks a rule",
        "The list of errors says where each error is, what is wrong and what to do.",
    ),
    "unreadable-file": ProblemType(
        422,
        "The file cannot be read",
        "Send CSV, XLSX, JSON or JSONL; open and save a damaged file again first.",
    ),
    "link-used-up": ProblemType(
        410,
        "This link works no more",
        "It was used already, or is too old. Ask for a new one.",
    ),
    "too-many-links": ProblemType(
        429,
        "Too many links were asked for",
        "Try again in an hour.",
    ),
    "version-needed": ProblemType(
        428,
        "Say which version you are changing",
        "Send the ETag of what you read in the header If-Match, so that nobody's change is "
        "overwritten.",
    ),
    "too-many-requests": ProblemType(
        429, "Too many requests", "Wait for as long as the Retry-After header says."
    ),
    "internal": ProblemType(
        500,
        "Something went wrong on our side",
        "Your request seems fine. Please give the operator the request id.",
    ),
    "overloaded": ProblemType(
        503,
        "Too much is being sent at once",
        "Wait for as long as the Retry-After header says, then send it again.",
    ),
    "model-unavailable": ProblemType(
        503,
        "The language model is not available",
        "Registered clusters can still be matched, but not texts and new profiles. `matcher "
        "doctor` tells the operator what is missing.",
    ),
    "index-unavailable": ProblemType(
        503,
        "The search index is not available",
        "The operator rebuilds it with `matcher index`.",
    ),
    "index-busy": ProblemType(
        503,
        "The search index is being rebuilt",
        "Another process is rebuilding it. Try again in a minute.",
    ),
    "job-lost": ProblemType(
        503,
        "The work was interrupted",
        "The process doing this has stopped. Nothing was changed; please start it again.",
    ),
    "store-unavailable": ProblemType(
        503,
        "The database is not available",
        "`matcher doctor` tells the operator what is wrong.",
    ),
}
_CODE_OF_STATUS = {
    400: "malformed-request",
    401: "token-required",
    404: "not-found",
    405: "method-not-allowed",
    408: "too-slow",
    412: "version-outdated",
    413: "too-large",
    415: "unsupported-media-type",
    428: "version-needed",
    429: "too-many-requests",
    503: "overloaded",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place in a request: query, body or a row; the field; what is wrong."""

    where: str
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A cluster that may have been meant."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of every error answer (RFC 9457).

    `asked` is the name that `suggestions` are for; `headings` are those of a file without a column
    that is needed.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    asked: str | None = None
    headings: tuple[Heading, ...] = ()


def problem_of(error: Exception) -> Problem:
    """Return the problem that tells the client of an error, and nothing of the inside."""
    if isinstance(error, MatcherError):
        return _deliberate(error)
    if isinstance(error, HTTPException):
        return _http(error)
    return _problem("internal", PROBLEM_TYPES["internal"].advice)


def init_app(app: Flask) -> None:
    """Answer every error of `app` with a problem: JSON to programs, a page to browsers."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """Return the response to an error."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return cast(Response, error.get_response())
    problem = problem_of(error)
    if problem.status >= 500:
        log.error("request %s failed", problem.request_id, exc_info=error)
    response = _rendered(problem)
    response.status_code = problem.status
    response.headers.extend(_headers_of(error))
    return response


def _headers_of(error: Exception) -> list[tuple[str, str]]:
    """Return what an answer tells programs besides its problem."""
    if isinstance(error, HTTPException):
        return [pair for pair in error.get_headers() if pair[0] in _KEPT_HEADERS]
    wait = error.retry_after if isinstance(error, MatcherError) else None
    return [("Retry-After", str(wait))] if wait else []


def _rendered(problem: Problem) -> Response:
    if wants_page():
        return Response(render_template("problem.html", problem=problem))
    return Response(current_app.json.dumps(problem), content_type=MEDIA_TYPE)


def wants_page() -> bool:
    """Whether a person is looking: a browser that asks for one of the pages."""
    if request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")):
        return False
    if isinstance(request.routing_exception, BadRequest):
        return False  # no address can be made for a host that is broken or not trusted
    best = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return best == "text/html" and "text/html" in request.headers.get("Accept", "")


def _problem(
    code: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    suggestions: tuple[tuple[str, str], ...] = (),
    asked: str | None = None,
) -> Problem:
    kind = PROBLEM_TYPES[code]
    return Problem(
        type=f"/problems/{code}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=g.get("request_id", ""),
        errors=errors,
        suggestions=tuple(Suggestion(key, name) for key, name in suggestions),
        asked=asked,
    )


def _deliberate(error: MatcherError) -> Problem:
    code = error.code if error.code in PROBLEM_TYPES else "internal"
    if isinstance(error, InvalidInputError):
        return _problem(code, str(error), _told(error.problems))
    if isinstance(error, ClusterNotFoundError):
        near, bare = error.suggestions, str(ClusterNotFoundError(error.name))
        return _problem(code, bare, suggestions=near, asked=error.name)
    if isinstance(error, AmbiguousNameError):
        near, bare = error.candidates, str(AmbiguousNameError(error.name))
        return _problem(code, bare, suggestions=near, asked=error.name)
    if isinstance(error, MissingColumnsError):
        return replace(_problem(code, str(error)), headings=error.headings)
    return _problem(code, str(error))


def _told(problems: Sequence[FieldProblem]) -> tuple[FieldError, ...]:
    """Return the first ones: an answer must not grow with what a request holds of nonsense."""
    told = tuple(FieldError(str(p.where), p.field, str(p.message)) for p in problems[:MAX_ERRORS])
    more = len(problems) - len(told)
    return (*told, FieldError("request", None, f"{more} more are not listed")) if more else told


def _http(error: HTTPException) -> Problem:
    status = error.code or 500
    code = getattr(error, "problem", _CODE_OF_STATUS.get(status))
    if code is None:
        return Problem("about:blank", error.name, status, error.name + ".", g.request_id)
    own_words = error.description != type(error).description
    detail = error.description if own_words and error.description else PROBLEM_TYPES[code].advice
    if status == 413 and not own_words:
        detail += f" At most {current_app.config['MAX_CONTENT_LENGTH'] // 1024:,} kB are taken."
    return _problem(code, detail)
