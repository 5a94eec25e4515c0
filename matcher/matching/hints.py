"""What an asker should know of an answer as a whole."""

from collections.abc import Iterator, Sequence

from matcher.embedding.lexical import lexical_text
from matcher.i18n.message import Message
from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import Recommendation
from matcher.profiles.language import language_warning
from matcher.profiles.profile import DraftProfile

_THIN_TEXT = 12
"""Words under which a profile says too little to be matched well."""
_BY_CHANCE = 1 / 20
"""Score of a cluster taken by chance: scores are told as if one in so many were documented."""


def hints(
    profile: DraftProfile,
    query: PartnerQuery,
    partners: Sequence[Recommendation],
    *,
    english_only: bool,
) -> Iterator[Message]:
    """Say why the partners may be poor, and what to do about it.

    Parameters
    ----------
    profile, query
        Who asks, and what.
    partners
        The answer.
    english_only
        Whether the embedding model reads English alone.

    Yields
    ------
    Message
    """
    if len(lexical_text(profile).split()) < _THIN_TEXT:
        yield Message("There is little to go by: say more to get better partners.")
    described = not (query.cluster or query.weights)
    if described and partners and max(found.score for found in partners) < _BY_CHANCE:
        yield Message(
            "None of these fits better than a cluster taken by chance: say what you do, "
            "offer and seek."
        )
    if english_only and (language := language_warning(profile)):
        yield Message("Language: {text}.", text=language)
