"""Validation errors in plain English."""

from collections.abc import Collection
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Message, plain
from matcher.profiles.ids import SLUG
from matcher.profiles.profile import CLUSTER_ID, LANGUAGE, NUTS2

_PATTERNS = {
    CLUSTER_ID: Message(
        "must be the country code and small letters, digits and dashes, such as "
        "ua-kharkiv-it-cluster"
    ),
    NUTS2: Message("must be a NUTS 2 code of four characters, such as PL21"),
    LANGUAGE: Message("must be a two-letter language code, such as en"),
    SLUG: Message("may only have small Latin letters and digits, with single dashes between"),
}
_TEXTS = {
    "missing": Message("is missing"),
    "string_too_long": Message("is longer than {max_length} characters; shorten it"),
    "string_too_short": Message("is empty"),
    "string_type": Message("must be text"),
    "string_unicode": Message("contains broken characters; write them anew"),
    "int_type": Message("must be a whole number, such as 120"),
    "float_type": Message("must be a number, such as 1.5"),
    "finite_number": Message("must be a number, such as 1.5"),
    "bool_type": Message("must be true or false"),
    "tuple_type": Message("must be a list"),
    "too_long": Message("has more than {max_length} entries; keep the most fitting ones"),
    "greater_than_equal": Message("must be at least {ge}"),
    "less_than_equal": Message("must be at most {le}"),
    "literal_error": Message("must be {expected}"),
    "extra_forbidden": Message("is not known here"),
}
_DATE = Message("must be a date such as 2026-03-31")
_UNEXPECTED = Message("is not written as expected")
_EXACT = 1_000_000  # from there on, the shortest spelling of a number is 1e+06
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
    skip: Collection[str] = (),
) -> list[FieldProblem]:
    """Everything that a failed validation found, one problem each.

    Parameters
    ----------
    error
        What a model raised.
    where
        The row or form concerned; without it each problem stands at its field.
    skip
        Fields whose problems are known already.
    """
    return [
        FieldProblem(where, fault.message, fault.field)
        if where
        else FieldProblem(fault.field, fault.message)
        for fault in faults(error)
        if fault.field not in skip
    ]


class Fault(NamedTuple):
    """A value that breaks a rule: its field, which entry of a list it is from 0, and the rule."""

    field: str
    entry: int | None
    message: Message


def faults(error: ValidationError) -> list[Fault]:
    """Every value that a failed validation found, with what is wrong in plain English."""
    return [
        Fault(_place(detail), _entry(detail), _message(detail))
        for detail in error.errors(include_url=False, include_input=False)
    ]


def _place(detail: ErrorDetails) -> str:
    if detail["loc"]:
        *outer, last = map(str, detail["loc"])
        return ".".join(outer if _entry(detail) is not None else [*outer, last])
    message = _own_words(detail)
    return next((field for start, field in _PAIRED.items() if message.startswith(start)), "content")


def _message(detail: ErrorDetails) -> Message:
    entry = _entry(detail)
    text = _rule(detail)
    return text if entry is None else Message("entry {n} {text}", n=str(entry + 1), text=text)


def _rule(detail: ErrorDetails) -> Message:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return plain(_own_words(detail))
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], _UNEXPECTED)
    if kind.startswith("date_"):
        return _DATE
    if kind in _TEXTS:
        parts = {name: _shown(part) for name, part in context.items()}
        return Message(_TEXTS[kind].template, **parts)
    return plain(detail["msg"].replace("Input should", "must"))


def _shown(part: object) -> str:
    return f"{part:g}" if isinstance(part, (int, float)) and part < _EXACT else str(part)


def _entry(detail: ErrorDetails) -> int | None:
    """Which entry of a list is wrong, from 0; ``None`` where it is no list, or all of it."""
    last = detail["loc"][-1] if detail["loc"] else None
    return last if isinstance(last, int) else None


def _own_words(detail: ErrorDetails) -> str:
    """Text of the model's own validators."""
    return str(detail.get("ctx", {}).get("error", "is not valid"))
