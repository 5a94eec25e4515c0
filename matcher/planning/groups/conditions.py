"""What is asked of a group: who is sure of a place, how many, from where, and for which roles."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from matcher.profiles.profile import (
    Count,
    CountryCode,
    EcosystemId,
    Label,
    MemberCountry,
    TradeId,
)

Role = Literal["coordinator", "research", "smes", "dissemination"]
Sides = Literal["both", "eap", "eu", "any"]
Ids = Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=200)]
SMALLEST, LARGEST = 3, 10
DESCRIBED = "described"
"""Names a cluster that leads and is not registered, where a question comes with its profile."""


def _printable(text: str) -> str:
    joined = " ".join(text.split())
    if not joined.isprintable():
        raise ValueError("contains control characters; remove them")
    return joined


class Conditions(BaseModel):
    """Conditions on a group; every one holds exactly.

    A cluster whose value is unknown does not meet a condition on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    members: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=10)] = (
        Field(default=(), description="Clusters that are sure of a place; the first one leads.")
    )
    topic: Annotated[str, Field(max_length=2000), AfterValidator(_printable)] = Field(
        default="", description="What the group is for, in a few words."
    )
    at_least: int = Field(default=4, ge=SMALLEST, le=LARGEST, description="Fewest members.")
    at_most: int = Field(default=5, ge=SMALLEST, le=LARGEST, description="Most members.")
    countries: int = Field(default=3, ge=1, le=LARGEST, description="Fewest countries.")
    eu_countries: int = Field(default=0, ge=0, le=LARGEST, description="Fewest of the EU.")
    of_one_country: int = Field(
        default=2, ge=1, le=LARGEST, description="Most members from one country."
    )
    must_countries: tuple[MemberCountry, ...] = Field(
        default=(), max_length=LARGEST, description="Countries that must take part."
    )
    only_countries: tuple[CountryCode, ...] = Field(
        default=(), max_length=40, description="The only countries that may take part."
    )
    sides: Sides = Field(
        default="both",
        description="Both the Eastern Partnership and the EU, one of them only, or any.",
    )
    roles: tuple[Role, ...] = Field(
        default=(), max_length=4, description="Roles that a member must be able to take."
    )
    ecosystems: tuple[EcosystemId, ...] = Field(
        default=(), max_length=40, description="Each member works in one of them."
    )
    trades: tuple[TradeId, ...] = Field(
        default=(), max_length=40, description="Each member works in one of them."
    )
    labels: tuple[Label, ...] = Field(
        default=(), max_length=3, description="Each member bears one of them."
    )
    smallest: Count | None = Field(default=None, description="Fewest firms of each cluster.")
    largest: Count | None = Field(default=None, description="Most firms of each cluster.")
    excluded: Ids = Field(default=(), description="Clusters that are left out.")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.at_least > self.at_most:
            raise ValueError("at_least must not be more than at_most")
        return self

    def led_by(self, key: str) -> Self:
        """Return the same conditions with one more member, who leads."""
        return self.model_copy(update={"members": (key, *self.members)})

    @property
    def has_topic(self) -> bool:
        """Whether they say what the group is about, or who starts it."""
        return bool(self.members or self.topic or self.trades or self.ecosystems)
