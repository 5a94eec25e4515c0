"""Validation errors in plain English."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from matcher.errors import FieldProblem, InvalidInputError
from matcher.profiles.ids import SLUG
from matcher.profiles.profile import CLUSTER_ID, LANGUAGE, NUTS2

_PATTERNS = {
    CLUSTER_ID: "must be the country code and small letters, digits and dashes, such as "
    "ua-kharkiv-it-cluster",
    NUTS2: "must be a NUTS 2 code of four characters, such as PL21",
    LANGUAGE: "must be a two-letter language code, such as en",
    SLUG: "may only have small Latin letters and digits, with single dashes between",
}
_TEXTS = {
    "missing": "is missing",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "string_too_short": "is empty",
    "string_type": "must be text",
    "string_unicode": "contains broken characters; write them anew",
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


def parsed(model: type[Model], data: object, message: str, where: str | None = None) -> Model:
    """Build a model from outside data.

    Parameters
    ----------
    model, data
        The model, and what to build it from.
    message
        What to say above the problems.
    where
        As in `field_problems`.

    Raises
    ------
    InvalidInputError
        The data breaks a rule; `problems` names every field.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInputError(message, field_problems(error, where=where)) from None


def field_problems(
    error: ValidationError,
    *,
    where: str | None = None,
    columns: Mapping[str, str] | None = None,
    skip: Collection[str] = (),
) -> list[FieldProblem]:
    """Everything that a failed validation found, one problem each.

    Parameters
    ----------
    error
        What a model raised.
    where
        The row or form concerned; without it each problem stands at its field.
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
        *outer, last = map(str, detail["loc"])
        return ".".join(outer if _entry(detail) else [*outer, last])
    message = _own_words(detail)
    return next((field for start, field in _PAIRED.items() if message.startswith(start)), "content")


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        text = _own_words(detail)
    elif kind == "string_pattern_mismatch":
        text = _PATTERNS.get(context["pattern"], "is not written as expected")
    elif kind.startswith("date_"):
        text = _DATE
    elif kind in _TEXTS:
        text = _TEXTS[kind].format(**context)
    else:
        text = detail["msg"].replace("Input should", "must")
    entry = _entry(detail)
    return f"entry {entry} {text}" if entry else text


def _entry(detail: ErrorDetails) -> int | None:
    """Which entry of a list is wrong, from 1; ``None`` where it is no list, or all of it."""
    last = detail["loc"][-1] if detail["loc"] else None
    return last + 1 if isinstance(last, int) else None


def _own_words(detail: ErrorDetails) -> str:
    """Text of the model's own validators."""
    return str(detail.get("ctx", {}).get("error", "is not valid"))
