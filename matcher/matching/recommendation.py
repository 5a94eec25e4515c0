"""What a ranking answers: recommendations that carry their own explanation."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from matcher.frames import pandas
from matcher.i18n.message import Message, Text
from matcher.matching.query import PartnerQuery
from matcher.profiles.paragraph import Understood
from matcher.profiles.profile import ClusterProfile, DraftProfile

if TYPE_CHECKING:
    import pandas as pd


Level = Literal["strong", "worth_a_talk", "weak"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one factor adds to a score, in log-odds.

    Attributes
    ----------
    factor, title
        Name of the factor, and its plain English title.
    contribution
        Share of the joint score's logit; all contributions sum to it.
    to_you, to_them
        The same factor's share of the logits of `fit_for_you` and `fit_for_them`.
    yours, theirs
        The two values that met, in words; ``None`` where unknown.
    """

    factor: str
    title: str
    contribution: float
    to_you: float
    to_them: float
    yours: Text | None
    theirs: Text | None


Side = Literal["you", "them", "both"]
EvidenceKind = Literal[
    "need_met",
    "need_near",
    "trade",
    "field",
    "value_chain",
    "interest",
    "same_wish",
    "speciality",
    "same_offer",
    "organisation",
    "purpose",
]
BACKGROUND: frozenset[EvidenceKind] = frozenset(("field", "organisation"))
"""Kinds too general to be a reason: told as what to keep in mind, where nothing else is shared."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that speaks for a pair.

    Attributes
    ----------
    kind
        What it is.
    side
        For whom it is a reason.
    yours, theirs
        The two phrases or facts that met.
    strength
        Orders reasons, the strongest first; above 1 for needs that are met.
    sentence
        The same in words.
    """

    kind: EvidenceKind
    side: Side
    yours: Text
    theirs: Text
    strength: float
    sentence: Message


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A need of one side that an offer of the other side meets.

    Attributes
    ----------
    seeker
        Whose need it is: ``"you"`` or ``"them"``.
    need, offer
        The two phrases, quoted from the profiles.
    similarity
        How likely the offer meets the need, in [0, 1].
    """

    seeker: Literal["you", "them"]
    need: str
    offer: str
    similarity: float


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A documented partnership in which both clusters took part."""

    id: str
    name: str
    kind: str
    year_start: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One suggested partner.

    Attributes
    ----------
    id, name, country
        The partner.
    rank
        Place in the list, from 1.
    score
        Likelihood, in [0, 1], that an adviser would call the pair good; it joins both fits.
    level
        The score in a word; a pair that has no reason is at most worth a talk, one without any
        evidence weak.
    fit_for_you, fit_for_them
        The two directed fits, each in [0, 1].
    confidence
        In [0, 1]: how much of what the score would use is known on both sides.
    reasons, reasons_for_them
        Why this partner suits the asker, and why the partner would agree, in words.
    evidence
        What stands behind the reasons, and more of it, the strongest first.
    caution
        The first of `cautions`, or ``None``.
    cautions
        What to keep in mind, the gravest first.
    contributions
        Signed shares of the score's logit, the largest first.
    matches
        Needs and offers that met, the closest first.
    known_links
        Documented partnerships that the two already share.
    """

    id: str
    name: str
    country: str
    rank: int
    score: float
    level: Level
    fit_for_you: float
    fit_for_them: float
    confidence: float
    reasons: tuple[Message, ...]
    reasons_for_them: tuple[Message, ...]
    evidence: tuple[Evidence, ...]
    caution: Message | None
    cautions: tuple[Message, ...]
    contributions: tuple[Contribution, ...]
    matches: tuple[PhraseMatch, ...]
    known_links: tuple[KnownLink, ...]


@dataclass(frozen=True, slots=True)
class PartnerList:
    """The answer to a `PartnerQuery`.

    Attributes
    ----------
    cluster
        The asker where it is registered, otherwise ``None``.
    query
        The query as understood, defaults filled in.
    partners
        Best first.
    eligible
        How many clusters passed scope, filters and exclusions.
    warnings
        What the asker should know about this answer.
    notice
        Why the list is short or empty, or ``None``.
    understood
        What was read from a text; ``None`` where the asker gave none.
    generation, model, weights
        Provenance: index generation, model fingerprint, version of the scoring model.
    """

    cluster: ClusterProfile | None
    query: PartnerQuery
    partners: tuple[Recommendation, ...]
    eligible: int
    warnings: tuple[Text, ...]
    notice: Message | None
    understood: Understood | None
    generation: str
    model: str
    weights: str

    def to_frame(self) -> "pd.DataFrame":
        """One row a partner, indexed by rank."""
        plain = ("id", "name", "country", "score", "fit_for_you", "fit_for_them", "confidence")
        rows = [
            {
                "rank": partner.rank,
                **{name: getattr(partner, name) for name in plain},
                "known_links": len(partner.known_links),
                "reasons": "\n".join(map(str, partner.reasons)),
                "reasons_for_them": "\n".join(map(str, partner.reasons_for_them)),
                "caution": str(partner.caution) if partner.caution else None,
            }
            for partner in self.partners
        ]
        columns = ["rank", *plain, "known_links", "reasons", "reasons_for_them", "caution"]
        frame: pd.DataFrame = pandas().DataFrame(rows, columns=columns).set_index("rank")
        return frame

    def contributions_frame(self) -> "pd.DataFrame":
        """What each factor (a column) adds to the logit of each partner's score (a row)."""
        rows = {
            partner.id: {item.factor: item.contribution for item in partner.contributions}
            for partner in self.partners
        }
        frame: pd.DataFrame = pandas().DataFrame.from_dict(rows, orient="index")
        return frame


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of two profiles side by side, in words; ``None`` where unknown."""

    field: str
    yours: Text | None
    theirs: Text | None


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why (or why not) `b` is a partner for `a`.

    Attributes
    ----------
    a, b
        The asker and the partner.
    recommendation
        The partner as it would stand in the asker's list; rank 0 if it is not in it.
    ineligible_because
        Why the partner is not in the list, or ``None`` if it is.
    differences
        The fields of both profiles that differ or are known on one side only.
    generation, model, weights
        Provenance, as in `PartnerList`.
    """

    a: DraftProfile
    b: ClusterProfile
    recommendation: Recommendation
    ineligible_because: str | None
    differences: tuple[FieldDifference, ...]
    generation: str
    model: str
    weights: str

    def to_frame(self) -> "pd.DataFrame":
        """One row a factor, the weightiest first; contributions in log-odds."""
        rows = [
            {name: _plain(value) for name, value in asdict(item).items()}
            for item in self.recommendation.contributions
        ]
        frame: pd.DataFrame = pandas().DataFrame(rows).set_index("factor")
        return frame


def _plain(value: object) -> object:
    """A message in English; other values as they are."""
    return str(value) if isinstance(value, Message) else value
