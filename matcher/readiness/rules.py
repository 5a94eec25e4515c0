"""The rules that readiness is checked by, as the files of ``data/readiness`` state them."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from matcher.profiles.profile import (
    CountryCode,
    DraftProfile,
    EcosystemId,
    Label,
    LegalForm,
    WebAddress,
)
from matcher.profiles.taxonomy import countries
from matcher.readiness.dates import CallDate, RuleDate, last_day

Sureness = Literal["A", "B", "C", "≠", "?"]
"""A: read on the owner's or an authority's page; B: on another page; C: inferred; ≠: pages differ;
?: unknown."""

CountryStatus = Literal[
    "yes",
    "assoc",
    "assoc-part",
    "signed",
    "third-part",
    "third",
    "part",
    "no",
    "none-seen",
    "excluded",
    "unknown",
]
Gravity = Literal["stop", "check", "note"]
"""stop: a person must confirm before an introduction; check: look first; note: ordinary care."""

Verdict = Literal["not_met", "unknown"]
Basis = Literal["applies", "probable", "orientation"]


def _profile_field(name: str) -> str:
    if name not in DraftProfile.model_fields:
        raise ValueError(f"{name!r} is not a field of a profile")
    return name


Day = date  # fields named `date` hide the type
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


class OnForm(_Model):
    """The registration form asks for it; `obtain` says how to come by what `fields` lack."""

    kind: Literal["on_form"]
    fields: tuple[ProfileField, ...] = ()
    obtain: Words


class Fact(_Model):
    """Worth knowing, nothing to check."""

    kind: Literal["fact"]


Test = Annotated[
    AtLeast
    | Yes
    | MemberTypes
    | PublicCooperation
    | HeldLabel
    | LabelValidity
    | Ask
    | OnForm
    | Fact,
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
    waivers: tuple[str, ...] = ()


class LabelRule(Rule):
    """A rule on the way to a label."""

    level: Label


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


class _Reviewed(_Model):
    """A statement that ages, and what pages say where they differ."""

    sources: tuple[str, ...] = ()
    sure: Sureness
    recheck_by: Day | None = None
    differs: tuple[Words, Words] | None = None

    @model_validator(mode="after")
    def _both_are_told(self) -> Self:
        if self.sure == "≠" and not self.differs:
            raise ValueError("say in `differs` what either page says")
        return self


class Earlier(_Model):
    """What an earlier list said of the country."""

    as_of: CallDate
    status: CountryStatus
    sure: Sureness
    sources: SourceIds
    note: Words | None = None


class CountryEntry(_Reviewed):
    """Whether a programme admits a country; blanks are filled in from the programme."""

    status: CountryStatus
    date: RuleDate | None = None
    since: RuleDate | None = None
    checked_on: RuleDate | None = None
    regions: tuple[str, ...] = ()
    note: Words | None = None
    earlier: tuple[Earlier, ...] = ()


class Programme(_Model):
    """A programme, and who may take part from which country."""

    id: Words
    name: Words
    criterion: Words
    consortium: Words | None = None
    money: Words | None = None
    date: RuleDate
    recheck_by: Day
    sources: SourceIds
    countries: dict[CountryCode | Literal["EU", "EaP"], CountryEntry]

    def entry(self, country: str) -> CountryEntry | None:
        """Return the line of the country or of its group, if any."""
        return self._lines.get(country) or self._lines.get(countries()[country].group)

    @cached_property
    def _lines(self) -> Mapping[str, CountryEntry]:
        """Lines, with what the programme says for all of them."""
        common = {"sources": self.sources, "date": self.date, "recheck_by": self.recheck_by}
        return {
            code: line.model_copy(
                update={name: value for name, value in common.items() if not getattr(line, name)}
            )
            for code, line in self.countries.items()
        }


class Call(_Reviewed):
    """A call of a programme; `opened` and `ended` may lack the day or month."""

    id: Words
    programme: str
    name: Words
    only: tuple[CountryCode, ...] = ()
    opened: CallDate | None = None
    ended: CallDate
    consortium: Words | None = None
    money: Words | None = None
    sources: SourceIds

    def closed(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > last_day(self.ended)


class When(_Model):
    """One side of a pair; all that is named must hold."""

    country: CountryCode | None = None
    regions: tuple[str, ...] = ()
    legal_forms: tuple[LegalForm, ...] = ()
    owner: CountryCode | None = None


class CautionRule(_Sourced):
    """What to mind beside a cluster; where `programmes` are named, also what it is shut out of."""

    id: Words
    kind: Words
    gravity: Gravity
    when: When
    other: CountryCode | Literal["EU", "EaP"] | None = None
    unless_opted_in: bool = False
    programmes: tuple[str, ...] = ()
    verdict: Verdict | None = None
    text: Words
    checks: tuple[Words, ...] = ()
    recheck_by: Day

    @model_validator(mode="after")
    def _can_be_said(self) -> Self:
        if bool(self.programmes) != bool(self.verdict):
            raise ValueError("programmes and verdict go together")
        if self.text.format(region="") != self.text and not self.when.regions:
            raise ValueError("only a rule with regions can name the region")
        return self


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
    rules: tuple[LabelRule, ...]


class ProgrammeFile(_Model):
    """``programmes.toml``."""

    caveats: tuple[Words, ...]
    programmes: tuple[Programme, ...]
    regions: dict[CountryCode, dict[str, tuple[str, ...]]]

    @cached_property
    def spellings(self) -> Mapping[str, Mapping[str, str]]:
        """Country -> casefolded spelling of a region -> its name."""
        return {
            country: {
                spelling.casefold(): name
                for name, others in regions.items()
                for spelling in (name, *others)
            }
            for country, regions in self.regions.items()
        }


class CallFile(_Model):
    """``calls.toml``."""

    calls: tuple[Call, ...]


class CautionFile(_Model):
    """``cautions.toml``."""

    cautions: tuple[CautionRule, ...]


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
    calls: CallFile
    cautions: CautionFile
    questions: QuestionFile
    sources: SourceFile
