"""Outside data into models, with every wrong field named in plain English."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.errors import FieldProblem, InvalidInputError

Model = TypeVar("Model", bound=BaseModel)


class Given(BaseModel):
    """What a request gives: no other fields; blanks around a text do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def validated(
    model: type[Model],
    data: object,
    *,
    where: str,
    names: Mapping[tuple[str, ...], str] | None = None,
) -> Model:
    """Build a model from outside data, naming every field that is wrong.

    Parameters
    ----------
    model, data
        The model, and what to build it from.
    where
        What to call the place in messages: ``"query"`` or ``"body"``.
    names
        Outside name of a path in the model, where it differs.

    Raises
    ------
    InvalidInputError
        If the data breaks a rule of the model.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [
            FieldProblem(
                where, _message(detail["type"], detail["msg"]), _outside(detail["loc"], names or {})
            )
            for detail in error.errors(include_url=False, include_context=False)
        ]
        raise InvalidInputError(summary(problems), problems) from error


def _message(kind: str, text: str) -> str:
    if kind == "extra_forbidden":
        return "unknown field"
    return re.sub(r"^(Value error, |[A-Z][a-z]+ (?=should ))", "", text)


def _outside(place: Sequence[str | int], names: Mapping[tuple[str, ...], str]) -> str | None:
    for length in range(len(place), 0, -1):
        if tuple(place[:length]) in names:
            return names[tuple(str(part) for part in place[:length])]
    return ".".join(str(part) for part in place) or None


def summary(problems: Sequence[FieldProblem]) -> str:
    """One sentence for several problems: the first, and how many more there are."""
    first = problems[0]
    message = str(first.message)
    link = " " if message.startswith(("should", "must")) else ": "
    sentence = f"{first.field}{link}{message}" if first.field else message
    if len(problems) > 1:
        return f"{sentence}; {len(problems) - 1} more below."
    return sentence if sentence.endswith("?") else f"{sentence}."
