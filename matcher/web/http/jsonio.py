"""JSON through orjson, with a limit on depth."""

import re
from operator import attrgetter

import orjson
from flask import Flask, Response, current_app, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from matcher.errors import FieldProblem, InvalidInputError

MAX_DEPTH = 20
MAX_ENTRIES = 20_000
"""Of any one list or object: all that are meant to hold many have a lower bound of their own.

Those count what is right in them; a hundred thousand wrong entries would each be complained of.
"""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
# Strings are matched whole, so that brackets within them do not count.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


class OrjsonProvider(JSONProvider):
    """Flask's JSON, written and read by orjson."""

    def dumps(self, obj: object, **kwargs: object) -> str:
        """JSON text of `obj`."""
        return to_json(obj).decode()

    def loads(self, s: str | bytes, **kwargs: object) -> object:
        """Value of JSON text.

        Raises
        ------
        ValueError
            If it is not JSON.
        InvalidInputError
            If it nests deeper than `MAX_DEPTH`.
        """
        data = s.encode() if isinstance(s, str) else s
        _check_depth(data)
        return orjson.loads(data)

    def response(self, *args: object, **kwargs: object) -> Response:
        """Return a response with the value as its JSON body."""
        value = self._prepare_response_obj(args, kwargs)
        return Response(to_json(value), mimetype="application/json")


def to_json(value: object) -> bytes:
    """Write a value as JSON; a message is its English text."""
    return orjson.dumps(value, default=attrgetter("english"))


def init_app(app: Flask) -> None:
    """Make `app` speak JSON through orjson."""
    app.json = OrjsonProvider(app)


def read_body() -> object:
    """Return the JSON body of the current request.

    Raises
    ------
    UnsupportedMediaType, BadRequest
        If the body is not said to be JSON, or is not.
    InvalidInputError
        If it nests too deeply, has too many entries, or holds the character NUL.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    if _NUL.search(request.get_data()):
        raise nul_in("body")
    try:
        body = current_app.json.loads(request.get_data())
    except ValueError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from error
    _check_breadth(body)
    return body


def nul_in(where: str) -> InvalidInputError:
    """PostgreSQL knows no text with NUL in it, and nobody needs one."""
    problem = FieldProblem(where, "holds the character NUL; remove it")
    return InvalidInputError(f"The {where} holds the character NUL.", [problem])


def _check_breadth(body: object) -> None:
    waiting = [body]
    while waiting:
        one = waiting.pop()
        inner = list(one.values()) if isinstance(one, dict) else one
        if isinstance(inner, list):
            if len(inner) > MAX_ENTRIES:
                told = f"a list or object may have {MAX_ENTRIES:,} entries, not {len(inner):,}"
                raise InvalidInputError("The body is too long.", [FieldProblem("body", told)])
            waiting.extend(inner)


def _check_depth(data: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(data):
        first = token.group()[:1]
        if first in b"[{":
            depth += 1
        elif first in b"]}":
            depth -= 1
        if depth > MAX_DEPTH:
            problem = FieldProblem("body", f"JSON may nest at most {MAX_DEPTH} levels deep")
            raise InvalidInputError("The body is nested too deeply.", [problem])
