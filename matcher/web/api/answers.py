"""Bodies of answers that no other room has a type for."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import FieldDifference, Recommendation
from matcher.profiles.io.headers import Heading
from matcher.profiles.needs import NeedKind
from matcher.profiles.preview import ToldChange
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.store.imports import PastImport
from matcher.web.http.problems import FieldError


class TradeRead(BaseModel):
    """A trade that a text names."""

    id: str
    name: str = Field(description="In English.")
    words: tuple[str, ...] = Field(description="The words of the text that show it.")


class NeedRead(BaseModel):
    """Something that a text seeks."""

    phrase: str
    kinds: tuple[NeedKind, ...] = Field(
        description="What kind of thing it is, the likeliest first."
    )


class TextRead(BaseModel):
    """What was read from a text; send `profile` back with corrections to answer from that."""

    trades: tuple[TradeRead, ...]
    offers: tuple[str, ...]
    seeks: tuple[NeedRead, ...]
    countries: tuple[str, ...] = Field(description="Countries that a need names.")
    home: str | None = Field(description="The writer's country.")
    languages: tuple[str, ...] = Field(
        description="ISO 639-1 codes; `und` stands for a language that is not known here."
    )
    unread: tuple[str, ...] = Field(description="Sentences in which nothing was understood.")
    profile: DraftProfile


class PartnersAnswer(BaseModel):
    """Partners, best first, and what the asker should know about this answer.

    A partner's `level` is `strong` from a score of 0.7, `worth_a_talk` from 0.35, else `weak`; one
    without `evidence` is weak. `cautions` begins with the gravest, which `caution` repeats.
    """

    cluster: ClusterProfile | None = Field(description="The asker, where it is registered.")
    query: PartnerQuery
    eligible: int = Field(description="How many clusters passed scope, filters and exclusions.")
    partners: tuple[Recommendation, ...]
    warnings: tuple[str, ...]
    notice: str | None = Field(
        description="Why the list is short, empty, or without the asker's own trade."
    )
    understood: TextRead | None = Field(
        description="What was read from a text, or from a profile that holds no more than one."
    )
    generation: str
    model: str
    weights: str


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
    headings: tuple[Heading, ...] = Field(description="What each column was read as.")
    changes: tuple[ToldChange, ...] = Field(
        description="What an import changes. Without a token of the scope `import`, only public "
        "clusters are compared."
    )


class ImportResult(CheckReport):
    """What an import found in a file, and what it changed.

    `generation` is the index that answers come from now.
    """

    added: int
    changed: int
    unchanged: int
    import_id: int | None = Field(
        description="To take it back by; absent where nothing was changed."
    )
    generation: str


class PastImports(BaseModel):
    """Imports that can be taken back, the newest first."""

    imports: tuple[PastImport, ...]


class ImportChanges(BaseModel):
    """What an import changed, cluster by cluster."""

    changes: tuple[ToldChange, ...]


class Joined(BaseModel):
    """Two clusters that are one now; `import_id` is the number to take it back by."""

    gone: str
    kept: str
    import_id: int
