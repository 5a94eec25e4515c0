"""What another profile would change: the list of partners before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.frames import pandas
from matcher.matching.recommendation import Recommendation
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import DraftProfile

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Move:
    """One partner of the new list; `before` is its old place, ``None`` for one beyond the top."""

    partner: Recommendation
    before: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """The list of partners before and after an addition.

    Attributes
    ----------
    added
        Fields that were filled in.
    complete_before, complete_after
        Completeness in [0, 1].
    moves
        The new top of the list.
    left
        Who dropped out of the top.
    confidence_before, confidence_after, needs_before, needs_after
        Mean confidence of the top, and how many of its partners have a stated need met.
    """

    added: tuple[str, ...]
    complete_before: float
    complete_after: float
    moves: tuple[Move, ...]
    left: tuple[Recommendation, ...]
    confidence_before: float
    confidence_after: float
    needs_before: int
    needs_after: int

    def to_frame(self) -> "pd.DataFrame":
        """One row a partner of the new list, by id: its `rank` now and `before`, and its name."""
        rows = [
            (move.partner.id, move.partner.name, move.partner.rank, move.before)
            for move in self.moves
        ]
        columns = ["id", "name", "rank", "before"]
        frame: pd.DataFrame = pandas().DataFrame(rows, columns=columns).set_index("id")
        return frame.astype({"before": "Int64"})


def change(
    before: DraftProfile,
    after: DraftProfile,
    old: Sequence[Recommendation],
    new: Sequence[Recommendation],
) -> Change:
    """Compare two lists of partners.

    Parameters
    ----------
    before, after
        The profile of each.
    old, new
        The lists, of one length.
    """
    place = {partner.id: partner.rank for partner in old}
    staying = {partner.id for partner in new}
    fields = DraftProfile.model_fields
    return Change(
        added=tuple(name for name in fields if getattr(before, name) != getattr(after, name)),
        complete_before=completeness(before).share,
        complete_after=completeness(after).share,
        moves=tuple(Move(partner, place.get(partner.id)) for partner in new),
        left=tuple(partner for partner in old if partner.id not in staying),
        confidence_before=_confidence(old),
        confidence_after=_confidence(new),
        needs_before=sum(bool(partner.matches) for partner in old),
        needs_after=sum(bool(partner.matches) for partner in new),
    )


def _confidence(partners: Sequence[Recommendation]) -> float:
    return sum(partner.confidence for partner in partners) / (len(partners) or 1)
