"""What a readiness check answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, get_args

from matcher.i18n.message import Message
from matcher.profiles.completeness import Completeness
from matcher.profiles.profile import Label
from matcher.readiness.rules import Basis, CountryStatus, Sureness

Status = Literal[
    "met",
    "signed",
    "some_regions",
    "unknown",
    "none_seen",
    "probably_not",
    "not_met",
    "not_applicable",
]
"""From open to closed. `unknown`: the profile does not say, pages differ, or a person must look
first; `probably_not`: inferred, on no page read."""

WaiverState = Literal["may_apply", "unknown"]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of the profile that decided a check, with the value it held."""

    field: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A page that a rule was read on; `url` is ``None`` where only `note` names the document."""

    url: str | None
    date: str
    note: str | None


@dataclass(frozen=True, slots=True)
class WaiverNote:
    """A waiver that may spare the cluster a rule; never counted as met."""

    id: str
    state: WaiverState
    sentence: Message


@dataclass(frozen=True, slots=True)
class CountryHistory:
    """What an earlier list of a programme said of the country."""

    as_of: str
    status: CountryStatus
    sure: Sureness
    sources: tuple[Reference, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule applied to one profile.

    Attributes
    ----------
    status
        ``"unknown"`` also where it is open whether the rule applies to the country at all. Only
        programmes are ``"signed"`` (not seen in force), ``"some_regions"``, ``"none_seen"`` (no
        agreement on the pages read) or ``"probably_not"`` (inferred).
    orientation
        In that case, how the profile compares with the rule; else ``None``.
    sentence
        The finding in plain English; never says more than rule and profile do.
    decided_by
        The fields that decided, empty where no field of a profile can.
    rule_date, sources, sure
        Date of the rule or ``"undated"``, where it was read, how sure the finding is at best.
    """

    id: str
    criterion: str
    threshold: str
    status: Status
    sentence: Message
    decided_by: tuple[FieldValue, ...]
    rule_date: str
    sources: tuple[Reference, ...]
    sure: Sureness
    orientation: Status | None = None
    waivers: tuple[WaiverNote, ...] = ()

    @property
    def open(self) -> bool:
        """Whether an answer of the cluster may settle it."""
        return self.status in ("unknown", "some_regions")


@dataclass(frozen=True, slots=True)
class Fact:
    """A rule that is worth knowing and cannot be checked."""

    id: str
    text: str
    threshold: str
    rule_date: str
    sources: tuple[Reference, ...]
    sure: Sureness


@dataclass(frozen=True, slots=True)
class ProgrammeCheck(Check):
    """A programme or call, checked by country, region, legal form and owner.

    Attributes
    ----------
    call, call_closed
        ``None`` for the programme itself; calls that have ended are not among the checks.
    since, checked_on, recheck_by
        Start of effect, newest page that shows it, and the day to look again.
    """

    name: str = ""
    country_status: CountryStatus = "unknown"
    call: str | None = None
    call_closed: bool | None = None
    consortium: str | None = None
    money: str | None = None
    history: tuple[CountryHistory, ...] = ()
    since: str | None = None
    checked_on: str | None = None
    recheck_by: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of checks by status; `share` is met over met and not met, ``None`` without any."""

    met: int
    not_met: int
    unknown: int
    not_applicable: int
    signed: int
    some_regions: int
    none_seen: int
    probably_not: int

    @property
    def share(self) -> float | None:
        """Met checks over decided ones; any other counts neither as met nor as failed."""
        decided = self.met + self.not_met
        return self.met / decided if decided else None

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Self:
        """Count the statuses of checks."""
        found = [check.status for check in checks]
        return cls(**{status: found.count(status) for status in get_args(Status)})


@dataclass(frozen=True, slots=True)
class RegimeNote:
    """Which list of criteria the country is judged by; without a country, for orientation only."""

    basis: Basis
    sentence: Message
    sure: Sureness
    sources: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """Readiness for registration on the ECCP."""

    regime: RegimeNote
    checks: tuple[Check, ...]
    facts: tuple[Fact, ...]
    figures: Counts
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """Something that the registration form asks for.

    Attributes
    ----------
    title
        What it is called.
    fields, missing
        Fields of the profile that answer it, and those of them that are blank; none for a tick.
    obtain
        How to come by the answer.
    sources
        Where it was read that the form asks for it.
    """

    title: str
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    obtain: str
    sources: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class LabelStep:
    """The checks of one label."""

    level: Label
    checks: tuple[Check, ...]
    facts: tuple[Fact, ...]
    figures: Counts


@dataclass(frozen=True, slots=True)
class LabelPath:
    """The way from bronze to gold; `held` is what the profile states."""

    held: Label | None
    held_since: int | None
    steps: tuple[LabelStep, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programmes:
    """Programmes and open calls, judged by the seat."""

    checks: tuple[ProgrammeCheck, ...]
    figures: Counts
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question whose answer would settle `rules`; `fields` are where the answer belongs."""

    id: str
    text: str
    fields: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """Everything that a profile can be checked against, on a day.

    Attributes
    ----------
    rules_read
        When the pages behind the rules were read.
    figures
        Registration and labels together: what a cluster can work on. Which programmes admit its
        country is counted in `programmes` alone.
    questions
        What to ask the cluster, most decisive first.
    """

    today: date
    rules_read: str
    registration: Registration
    labels: LabelPath
    programmes: Programmes
    figures: Counts
    questions: tuple[OpenQuestion, ...]
    completeness: Completeness
