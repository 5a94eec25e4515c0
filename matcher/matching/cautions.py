"""What to keep in mind about a pair, the gravest first."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from matcher.i18n.message import Message
from matcher.matching.recommendation import BACKGROUND, Evidence
from matcher.matching.words import ecosystem_titles
from matcher.profiles.profile import DraftProfile
from matcher.readiness.cautions import pair_cautions

_THIN = 0.5
_OLD = 2016
"""Year before which facts are called old; fixed, so that an answer is the same on every day."""
_ONE_SIDED = 0.2
_LISTED = 3


class Cautions(NamedTuple):
    """What to keep in mind about a pair.

    Attributes
    ----------
    grave
        Rules that may forbid it.
    others
        What the two profiles show, then rules to note.
    """

    grave: tuple[Message, ...]
    others: tuple[Message, ...]

    def with_fits(self, for_you: float, for_them: float) -> tuple[Message, ...]:
        """All of them, the gravest first, for a pair that fits each side so far, in [0, 1]."""
        if for_you - for_them <= _ONE_SIDED:
            return (*self.grave, *self.others)
        one_sided = Message(
            "They would gain less than you: think first of what you can offer them."
        )
        return (*self.grave, one_sided, *self.others)


def cautions(
    you: DraftProfile,
    they: DraftProfile,
    completeness: float,
    found: Sequence[Evidence],
    today: date,
) -> Cautions:
    """Cautions of a pair, whatever its score.

    Parameters
    ----------
    you, they
        The asker and the partner.
    completeness
        Of the partner's profile, in [0, 1].
    found
        What speaks for the pair.
    today
        The day on which rules are looked up.
    """
    cautions = pair_cautions(you, they, today)
    grave = [one.sentence for one in cautions if one.rule.gravity != "note"]
    notes = [one.sentence for one in cautions if one.rule.gravity == "note"]
    return Cautions(tuple(grave), (*_seen(you, they, completeness, found), *notes))


def _seen(
    you: DraftProfile, they: DraftProfile, completeness: float, found: Sequence[Evidence]
) -> Iterator[Message]:
    if completeness < _THIN:
        yield Message(
            "Their profile is thin ({share:.0%} complete): ask before you plan.",
            share=completeness,
        )
    if you.ecosystems and they.ecosystems and not set(you.ecosystems) & set(they.ecosystems):
        titles = tuple(ecosystem_titles(they)[:_LISTED])
        yield Message("You share no industrial ecosystem; theirs: {titles}.", titles=titles)
    if they.as_of and they.as_of < _OLD:
        yield Message(
            "What is known of them dates from {year}: check that they are still active.",
            year=str(they.as_of),
        )
    yield from (one.sentence for one in found if one.kind in BACKGROUND)
    if not any(one.kind == "need_met" for one in found):
        yield Message(
            "No stated need of one side is met by an offer of the other: agree on a purpose first."
        )
    if not they.website:
        yield Message("No website of theirs is known: find a contact before you count on them.")
