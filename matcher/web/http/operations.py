"""What each API route takes and answers, said once beside its code and read by `openapi`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import get_annotations, getdoc
from typing import Any

from flask import Flask, Response, jsonify, request
from pydantic import BaseModel
from werkzeug.routing import Rule

from matcher.web.http.context import keep_private
from matcher.web.http.jsonio import read_body
from matcher.web.http.parameters import Parameter, number_of, parameters_of, read_query
from matcher.web.http.validation import validated

_operations: dict[Any, "Operation"] = {}


@dataclass(frozen=True, slots=True)
class Operation:
    """A route of the API, attached as a decorator to the function that answers it.

    The function gets the body where it is JSON, then the query, both checked, and the parts of the
    path by name, as numbers where it takes numbers. What it returns is sent as JSON, with its
    `version` as ETag where it has one; what is sent to a token is kept by nobody.

    Attributes
    ----------
    answer
        Type of the body of a good answer; what the function says that it returns, when absent.
    summary, description
        One line; more, where one line is not enough. Both are read from the function's docstring;
        a description that holds figures is given here.
    query
        Model of the query.
    parameters
        All query parameters; those of `query`, or of a query that the function reads itself.
    body
        Model of a body in JSON: that of the function's argument beside the query.
    takes
        Media types of a body that is a file.
    problems
        Codes of the problems that the route can answer, besides those that follow from the rest.
    example
        A request body to start from.
    scope
        What a token must be allowed to do; ``None`` where anybody may ask.
    files
        Media types of the answer where it is a file; `answer` is then ``bytes``.
    if_match
        Whether a change must name the version that it is made from, in the header If-Match.
    uploads
        Form fields for files, of a body that is ``multipart/form-data``.
    status
        Of a good answer: 200, or 202 where a job is begun.
    """

    answer: Any = None
    summary: str = ""
    description: str = ""
    query: type[BaseModel] | None = None
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    takes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    example: Any = None
    scope: str | None = None
    files: tuple[str, ...] = ()
    if_match: bool = False
    uploads: tuple[str, ...] = ("file",)
    status: int = 200

    def __call__(self, view: Callable[..., object]) -> Callable[..., Response]:
        """Make a view that reads the request and sends the answer of the function."""
        summary, _, more = (getdoc(view) or "").partition("\n\n")
        kinds = get_annotations(view)
        returned = kinds.pop("return")
        models = [kind for kind in kinds.values() if issubclass(kind, BaseModel)]
        operation = replace(
            self,
            answer=bytes if self.files else self.answer or returned,
            body=next((model for model in models if model is not self.query), None),
            summary=summary.rstrip("."),
            description=self.description or " ".join(more.split()),
            parameters=parameters_of(self.query) if self.query else self.parameters,
        )
        numbers = [name for name, kind in kinds.items() if kind is int]

        @wraps(view)
        def answered(**path: str) -> Response:
            keys = {name: number_of(name.removesuffix("_id"), path[name]) for name in numbers}
            return operation._sent(view(*operation._given(), **{**path, **keys}))

        _operations[answered] = operation
        return answered

    def _given(self) -> list[BaseModel]:
        given: list[BaseModel] = []
        if self.body:
            given.append(validated(self.body, read_body(), where="body"))
        if self.query:
            given.append(read_query(self.parameters, request.args, self.query))
        return given

    def _sent(self, answer: object) -> Response:
        response = answer if isinstance(answer, Response) else jsonify(answer)
        if (version := getattr(answer, "version", None)) is not None:
            response.set_etag(str(version))
        return keep_private(response) if self.scope else response


def operation_of(view: object) -> Operation | None:
    """Return the operation of a view; ``None`` where it has none."""
    return _operations.get(view)


def documented_routes(app: Flask) -> list[tuple[Rule, Operation]]:
    """Return the documented routes of `app` with their operations, in the order of registration."""
    return [
        (rule, _operations[app.view_functions[rule.endpoint]])
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint] in _operations
    ]
