"""`Partnership`: a documented cooperation between organisations."""

from itertools import combinations
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from matcher.profiles.ids import SLUG
from matcher.profiles.profile import Line, Text, WebAddress, Year

PartnershipKind = Literal["consortium", "memorandum", "network", "project", "exchange"]


class PartnershipMember(BaseModel):
    """One organisation of a partnership; `id` is ``None`` where it has no profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None
    name: Line
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None


class Partnership(BaseModel):
    """A documented partnership, as `data/partnerships.jsonl` states it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=SLUG)]
    name: Line
    acronym: Line | None = None
    programme: Line | None = None
    kind: PartnershipKind
    year_start: Year | None = None
    year_end: Year | None = None
    theme: Text | None = None
    members: tuple[PartnershipMember, ...]
    sources: tuple[WebAddress, ...] = ()

    @property
    def member_ids(self) -> tuple[str, ...]:
        """Ids of the members that have a profile, each once, sorted."""
        return tuple(sorted({member.id for member in self.members if member.id}))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All unordered pairs of its profiled members, each sorted."""
        return tuple(combinations(self.member_ids, 2))
