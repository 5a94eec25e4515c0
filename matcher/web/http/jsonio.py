"""JSON through orjson, with limits on what a body may hold."""

from collections.abc import Callable, Sized

import orjson
from flask import Flask, Response, request
from flask.json.provider import JSONProvider
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Message

MAX_DEPTH = 20
MAX_ENTRIES = 20_000
"""Of any one list or object: all that are meant to hold many have a lower bound of their own.

Those count what is right in them; a hundred thousand wrong entries would each be complained of.
"""


class OrjsonProvider(JSONProvider):
    """Flask's JSON, written and read by orjson."""

    def dumps(self, obj: object, **kwargs: object) -> str:
        """JSON text of `obj`."""
        return to_json(obj).decode()

    def loads(self, s: str | bytes, **kwargs: object) -> object:
        """Value of JSON text."""
        return orjson.loads(s)

    def response(self, *args: object, **kwargs: object) -> Response:
        """Return a response with the value as its JSON body."""
        value = self._prepare_response_obj(args, kwargs)
        return Response(to_json(value), mimetype="application/json")


def to_json(value: object, say: Callable[[Message], str] = str) -> bytes:
    """Write a value as JSON; a message is its text, in English where nobody says it otherwise."""

    def plain(value: object) -> object:
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json")
        if isinstance(value, Message):
            return say(value)
        raise TypeError(f"{type(value).__name__} has no JSON form")

    return orjson.dumps(value, default=plain)


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
    try:
        body = orjson.loads(request.get_data())
    except ValueError as error:
        if "depth limit" in str(error):
            raise _too_deep() from error
        raise BadRequest(f"The body is not valid JSON: {error}.") from error
    _check(body)
    return body


def nul_in(where: str) -> InvalidInputError:
    """PostgreSQL knows no text with NUL in it, and nobody needs one."""
    problem = FieldProblem(where, "holds the character NUL; remove it")
    return InvalidInputError(f"The {where} holds the character NUL.", [problem])


def _too_deep() -> InvalidInputError:
    problem = FieldProblem("body", f"JSON may nest at most {MAX_DEPTH} levels deep")
    return InvalidInputError("The body is nested too deeply.", [problem])


def _check(body: object) -> None:
    """Look through a value, a level at a time."""
    level, depth = [body], 0
    while level:
        inner: list[object] = []
        for one in level:
            if isinstance(one, str) and "\0" in one:
                raise nul_in("body")
            if isinstance(one, list | dict):
                _require_few(one)
                inner += [*one, *one.values()] if isinstance(one, dict) else one
                if depth == MAX_DEPTH:
                    raise _too_deep()
        level, depth = inner, depth + 1


def _require_few(entries: Sized) -> None:
    if len(entries) > MAX_ENTRIES:
        told = f"a list or object may have {MAX_ENTRIES:,} entries, not {len(entries):,}"
        raise InvalidInputError("The body is too long.", [FieldProblem("body", told)])
