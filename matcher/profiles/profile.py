"""`ClusterProfile`, what the matcher knows about a cluster, and `DraftProfile`, its sketch."""

import re
from datetime import date
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from matcher.profiles.bounds import AtMost
from matcher.profiles.taxonomy import (
    CountryGroup,
    countries,
    ecosystems,
    nace_divisions,
)
from matcher.profiles.trades import trades

Kind = Literal[
    "cluster",
    "cluster_network",
    "business_association",
    "technology_park",
    "incubator_accelerator",
    "innovation_hub",
    "public_agency",
]
Label = Literal["gold", "silver", "bronze"]
Intent = Literal[
    "market_access",
    "joint_rd",
    "eu_proposal",
    "value_chain",
    "know_how",
    "investment",
    "exchange",
]
LegalForm = Literal["state_body", "state_university", "state_owned", "private", "ngo"]
Visibility = Literal["public", "private", "hidden"]
Origin = Literal["public_page", "owner", "staff"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LABELS: tuple[Label, ...] = get_args(Label)
LEGAL_FORMS: tuple[LegalForm, ...] = get_args(LegalForm)
INTENTS: tuple[Intent, ...] = get_args(Intent)
ORIGINS: tuple[Origin, ...] = get_args(Origin)

MAX_ITEMS = 300
"""Entries of a list, which is more than there are countries."""

MAX_PHRASES = 50
"""Entries of a list of phrases of a profile: technologies, services, offers, seeks."""

CLUSTER_ID = r"^[a-z]{2}(-[a-z0-9]+)+$"
NUTS2 = r"^[A-Z]{2}[0-9A-Z]{2}$"
LANGUAGE = r"^[a-z]{2}$"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _clean(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("contains control characters; remove them")
    return text


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _country(code: str) -> str:
    if code not in countries():
        raise ValueError(f"unknown country code {code!r}; use ISO 3166-1 alpha-2, such as UA or PL")
    return code


def _member_country(code: str) -> str:
    if countries()[_country(code)].group == "other":
        raise ValueError(f"{code} is neither an EU nor an Eastern Partnership country")
    return code


def _ecosystem(name: str) -> str:
    if name not in ecosystems():
        raise ValueError(f"unknown ecosystem {name!r}; use one of {', '.join(ecosystems())}")
    return name


def _nace(code: str) -> str:
    if code not in nace_divisions():
        raise ValueError(f"unknown NACE division {code!r}; use two digits, such as 62")
    return code


def _trade(trade: str) -> str:
    if trade not in trades():
        raise ValueError(f"unknown trade {trade!r}; use an id of taxonomy/trades.csv, such as wine")
    return trade


def _field_origin(entry: str) -> str:
    field, _, origin = entry.partition("=")
    if field not in ClusterProfile.model_fields or origin not in ORIGINS:
        raise ValueError(
            f"{entry!r} does not say where a field comes from; write it as offers=owner, with one "
            f"of {', '.join(ORIGINS)}"
        )
    return entry


def _website(url: str) -> str:
    problem = "must be a web address that begins with http:// or https://"
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(problem) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError(problem)
    if not url.isprintable() or " " in url:
        raise ValueError("contains spaces or invisible characters; remove them")
    return url


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


_FEW = AtMost(MAX_ITEMS)
Line = Annotated[str, Field(strict=True, min_length=1, max_length=300), AfterValidator(_one_line)]
Phrase = Annotated[str, Field(strict=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, Field(strict=True, min_length=1, max_length=20_000), AfterValidator(_clean)]
Phrases = Annotated[tuple[Phrase, ...], AtMost(MAX_PHRASES), AfterValidator(_unique)]
CountryCode = Annotated[str, AfterValidator(_country)]
MemberCountry = Annotated[str, AfterValidator(_member_country)]
EcosystemId = Annotated[str, AfterValidator(_ecosystem)]
NaceDivision = Annotated[str, AfterValidator(_nace)]
TradeId = Annotated[str, AfterValidator(_trade)]
FieldOrigin = Annotated[str, AfterValidator(_field_origin)]
Language = Annotated[str, Field(pattern=LANGUAGE)]
WebAddress = Annotated[str, Field(max_length=500), AfterValidator(_website)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Year = Annotated[int, Field(strict=True, ge=1500, le=2100)]


class DraftProfile(BaseModel):
    """What an asker says of a cluster that need not be registered: every field may be missing.

    Unknown is ``None`` or an empty tuple, never a guess. Lists keep their order: most fitting
    first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: Annotated[str, Field(pattern=CLUSTER_ID, max_length=120)] | None = None
    name: Line | None = None
    native_name: Line | None = None
    acronym: Line | None = None
    country: MemberCountry | None = None
    region: Line | None = None
    nuts2: Annotated[str, Field(pattern=NUTS2)] | None = None
    city: Line | None = None
    lat: Annotated[float, Field(strict=True, ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(strict=True, ge=-180, le=180)] | None = None
    website: WebAddress | None = None
    founded: Year | None = None
    kind: Kind | None = None
    members_total: Count | None = None
    members_sme: Count | None = None
    members_large: Count | None = None
    members_research: Count | None = None
    members_public: Count | None = None
    employees_represented: Count | None = None
    label: Label | None = None
    label_year: Year | None = None
    ecosystems: Annotated[tuple[EcosystemId, ...], _FEW, AfterValidator(_unique)] = ()
    nace: Annotated[tuple[NaceDivision, ...], _FEW, AfterValidator(_unique)] = ()
    technologies: Phrases = ()
    services: Phrases = ()
    offers: Phrases = ()
    seeks: Phrases = ()
    target_countries: Annotated[tuple[CountryCode, ...], _FEW, AfterValidator(_unique)] = ()
    languages: Annotated[tuple[Language, ...], _FEW, AfterValidator(_unique)] = ()
    description: Text | None = None
    management_fte: Annotated[float, Field(strict=True, ge=0, le=10_000)] | None = None
    recognised_programme: Annotated[bool, Field(strict=True)] | None = None
    english_site: Annotated[bool, Field(strict=True)] | None = None
    legal_form: LegalForm | None = None
    registered_in: Line | None = None
    owner_country_over_50: CountryCode | None = None
    opt_in_countries: Annotated[tuple[CountryCode, ...], _FEW, AfterValidator(_unique)] = ()
    intents: Annotated[tuple[Intent, ...], _FEW, AfterValidator(_unique)] = ()
    capacity: Count | None = None
    visibility: Visibility = "public"
    as_of: Year | None = None
    last_verified: date | None = None
    sources: Annotated[tuple[WebAddress, ...], _FEW] = ()
    native_description: Text | None = None
    trades: Annotated[tuple[TradeId, ...], _FEW, AfterValidator(_unique)] = ()
    origins: Annotated[tuple[FieldOrigin, ...], _FEW, AfterValidator(_unique)] = ()

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together: give both or neither")
        if self.id and self.country and self.id[:2] != self.country.lower():
            raise ValueError(f"id must begin with the country: {self.country.lower()}-...")
        return self

    def origin(self, field: str) -> Origin:
        """Who says what a field holds: a public page, unless `origins` names somebody else."""
        stated = dict(entry.partition("=")[::2] for entry in self.origins)
        return stated.get(field, "public_page")  # type: ignore[return-value]

    @property
    def group(self) -> CountryGroup | None:
        """``"EU"`` or ``"EaP"``, from the country; ``None`` where that is unknown."""
        return countries()[self.country].group if self.country else None


class ClusterProfile(DraftProfile):
    """A registered cluster: a draft that has at least an id, a name and a country."""

    id: Annotated[str, Field(pattern=CLUSTER_ID, max_length=120)]
    name: Line
    country: MemberCountry
