"""Bodies of answers that no other room has a type for."""

from dataclasses import dataclass

from pydantic import BaseModel

from matcher.matching.recommendation import FieldDifference, Recommendation
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.problems import FieldError


@dataclass(frozen=True, slots=True)
class PairAnswer(Recommendation):
    """A recommendation of one partner, with both profiles and what sets them apart.

    `rank` is the place in the full list of the first; 0 where the second is not in it, which
    `ineligible_because` explains.
    """

    a: ClusterProfile
    b: ClusterProfile
    ineligible_because: str | None
    differences: tuple[FieldDifference, ...]
    generation: str
    model: str
    weights: str


class CheckReport(BaseModel):
    """What a profile file holds, and every row that breaks a rule."""

    rows: int
    profiles: tuple[ClusterProfile, ...]
    problems: tuple[FieldError, ...]
    warnings: tuple[FieldError, ...]


class ImportResult(CheckReport):
    """What an import found in a file, and what it changed.

    `generation` is the index that answers come from now.
    """

    added: int
    changed: int
    unchanged: int
    generation: str
