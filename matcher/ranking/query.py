"""`PartnerQuery`: who asks, and for what kind of partner."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from matcher.profiles.profile import (
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
MAX_K = 100


class Filters(BaseModel):
    """Conditions on a partner: any of the values within a field, and all of the fields.

    A cluster whose value is unknown does not meet a condition on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    countries: tuple[CountryCode, ...] = ()
    ecosystems: tuple[EcosystemId, ...] = ()
    nace: tuple[NaceDivision, ...] = ()
    kinds: tuple[Kind, ...] = ()
    labels: tuple[Label, ...] = ()
    technologies: tuple[Phrase, ...] = Field(
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
    known_to_us: tuple[str, ...] = Field(default=(), description="Ids to leave out: known.")
    not_for_us: tuple[str, ...] = Field(default=(), description="Ids to leave out: unwanted.")
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
