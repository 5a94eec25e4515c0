"""What a fuller profile would change: drafts from a form, and what each blank field is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from werkzeug.datastructures import MultiDict

from matcher.errors import FieldProblem, InvalidInputError
from matcher.profiles.completeness import WEIGHTS, completeness
from matcher.profiles.problems import parsed
from matcher.profiles.profile import DraftProfile
from matcher.web.http.validation import summary

TEXTS = ("description", "name", "region", "website")
LINES = ("offers", "seeks", "technologies", "services")
NUMBERS = (
    *("members_total", "members_sme", "members_large", "members_research", "members_public"),
    *("label_year", "founded", "employees_represented"),
)
DECIMALS = ("management_fte", "lat", "lon")
ANSWERS = ("english_site", "recognised_programme")
CHOICES = ("country", "kind", "label")
LISTS = ("ecosystems", "target_countries", "nace", "languages", "intents")
FORM_FIELDS = (*TEXTS, *LINES, *NUMBERS, "management_fte", *ANSWERS, *CHOICES, *LISTS)


@dataclass(frozen=True, slots=True)
class Gain:
    """What filling one blank field is worth: to completeness, and to confidence in every partner.

    Attributes
    ----------
    field
        The blank field.
    completeness
        Added to the share, in [0, 1].
    confidence
        Factor on the confidence of every suggestion, from 1.
    """

    field: str
    completeness: float
    confidence: float


def gains(profile: DraftProfile) -> tuple[Gain, ...]:
    """Return what each blank field is worth, the most first; exact, whatever is filled in."""
    state, total = completeness(profile), sum(WEIGHTS.values())
    return tuple(
        Gain(field, WEIGHTS[field] / total, sqrt((state.share + WEIGHTS[field] / total) / share))
        for field in state.missing
        for share in (max(state.share, 1 / total),)
    )


def filled(
    base: DraftProfile,
    form: MultiDict[str, str],
    fields: tuple[str, ...] = FORM_FIELDS,
    *,
    whole: bool = False,
) -> DraftProfile:
    """Return the profile with what a form says; what it shows blank is blank from now on.

    Parameters
    ----------
    base, form
        The profile so far, and what the form says.
    fields
        What the form may say.
    whole
        Whether a field that the form does not send is blank, too, as boxes without a tick are.

    Raises
    ------
    InvalidInputError
        With each field that is wrong.
    """
    problems: list[FieldProblem] = []
    data: dict[str, Any] = base.model_dump(mode="json")
    blank = DraftProfile().model_dump(mode="json")
    for field in fields:
        if field not in form and not whole:
            continue
        values = [value.strip() for value in form.getlist(field) if value.strip()]
        try:
            data[field] = _value(field, values) if values else blank[field]
        except ValueError:
            problems.append(FieldProblem("form", "must be a number", field))
    if problems:
        raise InvalidInputError(summary(problems), problems)
    return parsed(type(base), data, "Please check the entries of the form.", where="form")


def _value(field: str, values: list[str]) -> Any:
    if field in LINES:
        lines = (line.strip(" \t-•;") for line in values[0].splitlines())
        return [line for line in lines if line]
    if field in LISTS:
        return values
    if field in NUMBERS:
        return int(values[0])
    if field in DECIMALS:
        return float(values[0].replace(",", "."))
    if field in ANSWERS:
        return {"yes": True, "no": False}.get(values[0], values[0])
    return values[0]


def form_values(profile: DraftProfile, fields: tuple[str, ...] = FORM_FIELDS) -> Mapping[str, str]:
    """Show the fields of a profile as a form shows them."""
    shown = {}
    for field in fields:
        value = getattr(profile, field)
        if isinstance(value, bool):
            shown[field] = "yes" if value else "no"
        elif isinstance(value, tuple):
            shown[field] = "\n".join(value)
        elif value is not None:
            shown[field] = str(value)
    return shown
