"""Query parameters, derived from the models that they fill: one list for reading and for docs."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from rapidfuzz import process
from werkzeug.datastructures import MultiDict

from matcher.errors import FieldProblem, InvalidInputError, NotFoundError
from matcher.web.http.validation import summary, validated

JsonSchema = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter.

    Attributes
    ----------
    name
        As it stands in the address.
    path
        Where its value goes in the model: ``("filters", "countries")``.
    schema
        JSON schema of one value.
    repeated
        Whether it may be given several times.
    description
        What it does, for the documentation.
    """

    name: str
    path: tuple[str, ...]
    schema: JsonSchema
    repeated: bool
    description: str


def parameters_of(
    model: type[BaseModel],
    names: Mapping[str, str] | None = None,
    *,
    under: tuple[str, ...] = (),
    choices: Mapping[str, Collection[str]] | None = None,
) -> tuple[Parameter, ...]:
    """Parameters for some fields of a model.

    Parameters
    ----------
    model, names
        The model, and its fields with their names in the address; all of them, as they are called
        in the model, when absent.
    under
        Path of the model within the whole.
    choices
        Closed lists of values that the model checks in code.
    """
    properties = model.model_json_schema()["properties"]
    made = []
    for field, name in (names or dict(zip(properties, properties, strict=True))).items():
        schema = _known(properties[field])
        repeated = schema.get("type") == "array"
        value = dict(schema["items"] if repeated else schema)
        if choices and field in choices:
            value["enum"] = list(choices[field])
        description = properties[field].get("description", "")
        made.append(Parameter(name, (*under, field), value, repeated, description))
    return tuple(made)


def _known(schema: JsonSchema) -> JsonSchema:
    """Drop "or null", title and description from a schema: a parameter is left out instead."""
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    return {k: v for k, v in options[0].items() if k not in ("title", "description", "default")}


def number_of(kind: str, text: str) -> int:
    """Return the number of a record, as a path has it.

    Raises
    ------
    NotFoundError
        No record has such a number.
    """
    if not is_number(text):
        raise NotFoundError(f"There is no {kind} {text!r}.")
    return int(text)


def is_number(text: str) -> bool:
    """Whether a record or a version can have this number."""
    return text.isdecimal() and len(text) < 10


def known_values(given: MultiDict[str, str], known: Collection[str]) -> MultiDict[str, str]:
    """Return the parameters of a page that are filled in, without blanks around them.

    Others are left out: newsletters and social networks add names of their own.
    """
    return MultiDict(
        (name, value.strip())
        for name, value in given.items(multi=True)
        if name in known and value.strip()
    )


def read_query(
    parameters: Sequence[Parameter], given: MultiDict[str, str], model: type[Model], **fixed: object
) -> Model:
    """Return the model that the query parameters describe.

    Parameters
    ----------
    parameters
        All parameters that the route takes.
    given
        The query of the request.
    model
        What to build.
    fixed
        Fields that the route itself sets.

    Raises
    ------
    InvalidInputError
        With each unknown, repeated or wrong parameter.
    """
    known = {parameter.name: parameter for parameter in parameters}
    problems = [_unknown(name, known) for name in given if name not in known]
    data: dict[str, Any] = dict(fixed)
    for name in sorted(known.keys() & given.keys()):
        values = given.getlist(name)
        if len(values) > 1 and not known[name].repeated:
            problems.append(FieldProblem("query", "give it only once", name))
        try:
            _put(data, known[name], values)
        except ValueError as error:
            problems.append(FieldProblem("query", str(error), name))
    if problems:
        raise InvalidInputError(summary(problems), problems)
    return validated(model, data, where="query", names={p.path: p.name for p in parameters})


def _unknown(name: str, known: Mapping[str, Parameter]) -> FieldProblem:
    nearest = process.extractOne(name, list(known))
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    return FieldProblem("query", f"unknown parameter{hint}", name)


def _put(data: dict[str, Any], parameter: Parameter, values: list[str]) -> None:
    *folders, last = parameter.path
    converted = [_converted(value, parameter.schema.get("type")) for value in values]
    for folder in folders:
        data = data.setdefault(folder, {})
    data[last] = converted if parameter.repeated else converted[0]


def _converted(text: str, kind: str | None) -> str | int | float:
    """Convert text to the type of a schema; a ValueError says what to do where it is not one."""
    if kind == "boolean":
        if text not in _BOOLEANS:
            raise ValueError("must be true or false")
        return _BOOLEANS[text]
    if kind == "integer":
        if not _INTEGER.fullmatch(text):
            raise ValueError("must be a whole number")
        return int(text)
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError("must be a number, such as 0.5")
        return float(text)
    return text
