"""What each API route takes and answers, said once beside its code and read by `openapi`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import getdoc
from typing import Any, ParamSpec, TypeVar

from flask import Flask
from werkzeug.routing import Rule

from matcher.web.http.parameters import Parameter

P = ParamSpec("P")
R = TypeVar("R")


_operations: dict[Any, "Operation"] = {}


@dataclass(frozen=True, slots=True)
class Operation:
    """The documented side of a route, attached to its view as a decorator.

    Attributes
    ----------
    answer
        Type of the body of a good answer.
    summary, description
        One line; more, where one line is not enough. Both are read from the view's docstring; a
        description that holds figures is given here.
    parameters
        All query parameters.
    body
        Content type -> type of the request body; ``bytes`` for a file.
    problems
        Codes of the problems that the route can answer, besides those of every route.
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

    answer: Any
    summary: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Any] | None = None
    problems: tuple[str, ...] = ()
    example: Any = None
    scope: str | None = None
    files: tuple[str, ...] = ()
    if_match: bool = False
    uploads: tuple[str, ...] = ("file",)
    status: int = 200

    def __call__(self, view: Callable[P, R]) -> Callable[P, R]:
        """Remember the operation of a view, with the words of the view's docstring."""
        summary, _, more = (getdoc(view) or "").partition("\n\n")
        _operations[view] = replace(
            self,
            summary=summary.rstrip("."),
            description=self.description or " ".join(more.split()),
        )
        return view


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
