"""The rules that readiness is checked by, as the files of ``data/readiness`` state them."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from matcher.profiles.profile import CountryCode, DraftProfile, EcosystemId, Label, WebAddress

Sureness = Literal["A", "B", "C", "?"]
"""A: read on the owner's or an authority's page; B: on another page; C: inferred; ?: unknown."""

CountryStatus = Literal["yes", "part", "no", "absent", "signed", "unknown"]
Basis = Literal["applies", "probable", "orientation"]


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _real_date(text: str) -> str:
    try:
        if text != "undated":
            last_day(text)
    except ValueError as error:
        raise ValueError("write a date as 2026, 2026-11 or 2026-11-30, or undated") from error
    return text


def _dated(text: str) -> str:
    if text == "undated":
        raise ValueError("give at least the year of a call")
    return text


def _profile_field(name: str) -> str:
    if name not in DraftProfile.model_fields:
        raise ValueError(f"{name!r} is not a field of a profile")
    return name


def last_day(text: str) -> date:
    """Return the last day of a date that may lack its day or month.

    Raises
    ------
    ValueError
        If there is no such date.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError(f"{text!r} is not a date")
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])


RuleDate = Annotated[str, BeforeValidator(_iso), AfterValidator(_real_date)]
CallDate = Annotated[RuleDate, AfterValidator(_dated)]
ProfileField = Annotated[str, AfterValidator(_profile_field)]
Words = Annotated[str, Field(min_length=1)]
SourceIds = Annotated[tuple[str, ...], Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Model):
    """A page that a rule was read on."""

    url: WebAddress | None = None
    date: RuleDate = "undated"
    note: Words | None = None

    @model_validator(mode="after")
    def _can_be_named(self) -> Self:
        if self.url is None and self.note is None:
            raise ValueError("give the address, or a note that names the document")
        return self


class AtLeast(_Model):
    """A number of the profile reaches `value`; `reading` says how the field may fall short."""

    kind: Literal["at_least"]
    field: ProfileField
    value: Annotated[float, Field(gt=0)]
    unit: Words
    reading: Words | None = None


class Yes(_Model):
    """The profile says yes; `needs` must be filled as well."""

    kind: Literal["yes"]
    field: ProfileField
    subject: Words
    needs: ProfileField | None = None


class MemberTypes(_Model):
    """Members are of at least `value` types."""

    kind: Literal["member_types"]
    value: Annotated[int, Field(ge=1, le=3)]


class PublicCooperation(_Model):
    """Cooperation with public bodies is asked for where none of them is a member."""

    kind: Literal["public_cooperation"]


class HeldLabel(_Model):
    """A step towards a label; whoever holds the label has taken it."""

    kind: Literal["held_label"]
    level: Label


class LabelValidity(_Model):
    """The label is within `years` of its award."""

    kind: Literal["label_validity"]
    level: Label
    years: Annotated[int, Field(ge=1, le=20)]


class Ask(_Model):
    """No field of a profile tells; `reason` says why."""

    kind: Literal["ask"]
    reason: Words


class Fact(_Model):
    """Worth knowing, nothing to check."""

    kind: Literal["fact"]


Test = Annotated[
    AtLeast | Yes | MemberTypes | PublicCooperation | HeldLabel | LabelValidity | Ask | Fact,
    Field(discriminator="kind"),
]


class _Sourced(_Model):
    date: RuleDate
    sources: SourceIds
    sure: Sureness


class Rule(_Sourced):
    """One rule of registration or of a label."""

    id: Words
    criterion: Words
    threshold: Words
    check: Test
    applies_to: Literal["all", "eu_cosme", "third_country"] = "all"
    level: Label | None = None
    waivers: tuple[str, ...] = ()


class Waiver(_Sourced):
    """A condition on which the platform's team may waive a rule."""

    condition: Words
    field: ProfileField | None = None
    ecosystem: EcosystemId | None = None


class Regime(_Model):
    """Which list of criteria a country's clusters are judged by, and how sure that is."""

    basis: Basis
    sure: Sureness
    sources: SourceIds
    note: Words


class Call(_Model):
    """A call, or a programme that has ended; `ended` may lack the day or month."""

    kind: Literal["call", "programme"] = "call"
    code: Words
    opened: CallDate | None = None
    ended: CallDate
    note: Words | None = None


class CountryEntry(_Model):
    """Whether a programme admits a country; ``sources`` and ``date`` default to the edition's."""

    status: CountryStatus
    sure: Sureness
    sources: tuple[str, ...] = ()
    date: RuleDate | None = None
    regions: tuple[str, ...] = ()
    note: Words | None = None


class Edition(_Model):
    """The state of a programme's country list at a time."""

    as_of: RuleDate
    sources: SourceIds
    countries: dict[CountryCode | Literal["EU"], CountryEntry]

    def entry(self, country: str) -> CountryEntry:
        """Return the country's line, or that of the EU, with sources and date filled in."""
        found = self.countries.get(country) or self.countries["EU"]
        return found.model_copy(
            update={"sources": found.sources or self.sources, "date": found.date or self.as_of}
        )


class Programme(_Sourced):
    """A programme or call; its last edition is the one in force."""

    id: Words
    name: Words
    criterion: Words
    consortium: Words | None = None
    money: Words | None = None
    call: Call | None = None
    editions: Annotated[tuple[Edition, ...], Field(min_length=1)]


class Question(_Model):
    """A question to the cluster that settles undecided rules."""

    id: Words
    text: Words
    fields: tuple[ProfileField, ...] = ()
    rules: Annotated[tuple[str, ...], Field(min_length=1)]


class RegistrationFile(_Model):
    """``registration.toml``."""

    caveats: tuple[Words, ...]
    regimes: dict[CountryCode | Literal["EU"], Regime]
    waivers: dict[str, Waiver]
    rules: tuple[Rule, ...]


class LabelFile(_Model):
    """``labels.toml``."""

    caveats: tuple[Words, ...]
    rules: tuple[Rule, ...]


class ProgrammeFile(_Model):
    """``programmes.toml``."""

    caveats: tuple[Words, ...]
    programmes: tuple[Programme, ...]
    regions: dict[CountryCode, dict[str, tuple[str, ...]]]


class QuestionFile(_Model):
    """``questions.toml``."""

    questions: tuple[Question, ...]


class SourceFile(_Model):
    """``sources.toml``."""

    read: RuleDate
    sources: dict[str, Source]


class RuleBook(_Model):
    """All rules together, checked to agree with one another."""

    registration: RegistrationFile
    labels: LabelFile
    programmes: ProgrammeFile
    questions: QuestionFile
    sources: SourceFile
