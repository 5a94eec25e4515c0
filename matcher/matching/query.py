"""`PartnerQuery`: who asks, and for what kind of partner."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from matcher.profiles.bounds import AtMost
from matcher.profiles.profile import (
    MAX_ITEMS,
    Count,
    CountryCode,
    DraftProfile,
    EcosystemId,
    Intent,
    Kind,
    Label,
    NaceDivision,
    Phrase,
    Text,
)

Scope = Literal["eu", "eap", "all"]
Multiplier = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
Ids = Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=5_000)]
MAX_K = 100
_FEW = AtMost(MAX_ITEMS)


class Filters(BaseModel):
    """Conditions on a partner: any of the values within a field, and all of the fields.

    A cluster whose value is unknown does not meet a condition on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    countries: Annotated[tuple[CountryCode, ...], _FEW] = ()
    ecosystems: Annotated[tuple[EcosystemId, ...], _FEW] = ()
    nace: Annotated[tuple[NaceDivision, ...], _FEW] = ()
    kinds: Annotated[tuple[Kind, ...], _FEW] = ()
    labels: Annotated[tuple[Label, ...], _FEW] = ()
    technologies: Annotated[tuple[Phrase, ...], _FEW] = Field(
        default=(), description="Words; a technology, service or offer must contain one of them."
    )
    min_members: Count | None = None


class PartnerQuery(BaseModel):
    """One request for partners; exactly one of `cluster`, `profile` and `text` says who asks."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    cluster: str | None = Field(default=None, min_length=1, max_length=300)
    profile: DraftProfile | None = None
    text: Text | None = None
    scope: Scope | None = Field(
        default=None,
        description="Where partners are sought: by default the EU for an asker of the Eastern "
        "Partnership, the Eastern Partnership for an asker of the EU, the EU when unknown.",
    )
    same_country: bool = Field(default=False, description="Also suggest the asker's own country.")
    k: int = Field(default=10, ge=1, le=MAX_K, description="How many partners.")
    intent: Intent | None = Field(default=None, description="What the partnership is for.")
    weights: dict[str, Multiplier] = Field(
        default_factory=dict,
        max_length=MAX_ITEMS,
        description="Multipliers on factors, by name: 0 ignores one, 1 leaves it, 2 doubles it.",
    )
    diversity: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="0 ranks by score alone; towards 1, partners unlike each other are preferred.",
    )
    filters: Filters = Filters()
    none_of: Filters = Filters()
    known_to_us: Ids = Field(default=(), description="Ids to leave out: known.")
    not_for_us: Ids = Field(default=(), description="Ids to leave out: unwanted.")
    include_weak: bool = Field(
        default=False, description="Also list partners that are no more than a weak fit."
    )
    include_suspended: bool = Field(
        default=False,
        description="Also suggest organisations of countries that have suspended their part in "
        "the Eastern Partnership.",
    )
    new_only: bool = Field(
        default=False, description="Leave out partners with a documented link to the asker."
    )

    @model_validator(mode="after")
    def _one_asker(self) -> Self:
        given = [name for name in ("cluster", "profile", "text") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "say who asks in exactly one way: cluster (a name or id), profile, or text"
            )
        return self
