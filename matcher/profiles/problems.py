"""Validation errors in plain English."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from matcher.errors import FieldProblem, InvalidInputError

_PATTERNS = {
    "id": "must be the country code and small letters, digits and dashes, such as "
    "ua-kharkiv-it-cluster",
    "nuts2": "must be a NUTS 2 code of four characters, such as PL21",
    "languages": "must be a two-letter language code, such as en",
}
_TEXTS = {
    "missing": "is missing; every cluster needs it",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "string_too_short": "is empty",
    "string_type": "must be text",
    "string_unicode": "contains broken characters; write them anew",
    "string_pattern_mismatch": "is not written as expected",
    "int_type": "must be a whole number, such as 120",
    "float_type": "must be a number, such as 1.5",
    "finite_number": "must be a number, such as 1.5",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "too_long": "has more than {max_length} entries; keep the most fitting ones",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be {expected}",
    "extra_forbidden": "is not known here",
}
_DATE = "must be a date such as 2026-03-31"
_PAIRED = {"lat and lon": "lat", "id must": "id"}


Model = TypeVar("Model", bound=BaseModel)


def parsed(model: type[Model], data: object, message: str) -> Model:
    """Build a model from outside data.

    Parameters
    ----------
    model, data
        The model, and what to build it from.
    message
        What to say above the problems.

    Raises
    ------
    InvalidInputError
        The data breaks a rule; `problems` names every field.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInputError(message, field_problems(error)) from None


def field_problems(
    error: ValidationError,
    *,
    where: str | None = None,
    columns: Mapping[str, str] | None = None,
    skip: Collection[str] = (),
) -> list[FieldProblem]:
    """Everything that a failed validation of a profile found, one problem each.

    Parameters
    ----------
    error
        What `ClusterProfile` or `DraftProfile` raised.
    where
        The row concerned; without it each problem stands at its field.
    columns
        Field -> its column as the file spells it.
    skip
        Fields whose problems are known already.
    """
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        field, message = _place(detail), _message(detail)
        if field in skip:
            continue
        column = (columns or {}).get(field, field)
        found.append(
            FieldProblem(where, message, column) if where else FieldProblem(column, message)
        )
    return found


def _place(detail: ErrorDetails) -> str:
    if detail["loc"]:
        return ".".join(part for part in detail["loc"] if isinstance(part, str))
    message = _own_words(detail)
    return next((field for start, field in _PAIRED.items() if message.startswith(start)), "profile")


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        text = _own_words(detail)
    elif kind == "string_pattern_mismatch" and _place(detail) in _PATTERNS:
        text = _PATTERNS[_place(detail)]
    elif kind.startswith("date"):
        text = _DATE
    else:
        text = _TEXTS.get(kind, "is not valid").format(**context)
    entry = detail["loc"][-1] if detail["loc"] else None
    return f"entry {entry + 1} {text}" if isinstance(entry, int) else text


def _own_words(detail: ErrorDetails) -> str:
    """Text of the profile's own validators."""
    return str(detail.get("ctx", {}).get("error", "is not valid"))
