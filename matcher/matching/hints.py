"""What an asker should know of an answer as a whole."""

from collections.abc import Iterator, Sequence

from matcher.embedding.lexical import lexical_text
from matcher.i18n.message import Message
from matcher.matching.corpus import Corpus
from matcher.matching.purposes import PURPOSES
from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import Recommendation
from matcher.matching.trade_reasons import GENERAL
from matcher.matching.words import trade_name
from matcher.profiles.language import language_warning
from matcher.profiles.paragraph import Understood
from matcher.profiles.profile import DraftProfile

_THIN_TEXT = 12
"""Words under which a profile says too little to be matched well."""

_OWN = 0.55
"""How far a trade must be the asker's own for its absence among partners to be told."""


def hints(profile: DraftProfile, query: PartnerQuery, *, english_only: bool) -> Iterator[Message]:
    """Say why the partners may be poor, and what to do about it.

    Parameters
    ----------
    profile, query
        Who asks, and what.
    english_only
        Whether the embedding model reads English alone.

    Yields
    ------
    Message
    """
    if len(lexical_text(profile).split()) < _THIN_TEXT:
        yield Message("There is little to go by: say more to get better partners.")
    if english_only and not query.cluster and (language := language_warning(profile)):
        yield Message("Language: {text}.", text=language)


def notice_of(
    asker: Corpus,
    understood: Understood | None,
    query: PartnerQuery,
    partners: Sequence[Recommendation],
    eligible: int,
) -> Message | None:
    """Say why a list is empty, short, or without the asker's own trade.

    Parameters
    ----------
    asker
        Corpus of one row.
    understood
        What was read from a text.
    query
        With its scope filled in.
    partners
        The answer.
    eligible
        How many clusters could be suggested.
    """
    if understood and understood.missing:
        return understood.missing
    if partners:
        return _of_a_list(asker, query, partners, eligible)
    if not eligible:
        return Message("No cluster meets these conditions: loosen a filter.")
    return Message(
        "None of the {count:,} clusters that could be suggested fits well enough. Say more "
        "about what you do and look for, or ask for weak fits, too.",
        count=eligible,
    )


def _of_a_list(
    asker: Corpus, query: PartnerQuery, partners: Sequence[Recommendation], eligible: int
) -> Message | None:
    if (alone := _alone_in_its_trade(asker, partners)) is not None:
        return Message(
            "No partner in your trade ({trade}) was found; these are the nearest: {nearest}.",
            trade=trade_name(alone),
            nearest=tuple(partner.name for partner in partners[:3]),
        )
    if query.intent and not _shows_purpose(partners):
        return Message(
            "How well these partners suit your purpose ({purpose}) could not be judged: nothing "
            "that is known of them shows it.",
            purpose=Message(PURPOSES[query.intent].title),
        )
    if len(partners) < query.k and not query.include_weak:
        return Message(
            "Only {shown} of {count:,} clusters fit well enough to be listed. Ask for weak fits, "
            "too, to see more.",
            shown=len(partners),
            count=eligible,
        )
    return None


def _shows_purpose(partners: Sequence[Recommendation]) -> bool:
    return any(one.kind == "purpose" for partner in partners for one in partner.evidence)


def _alone_in_its_trade(asker: Corpus, partners: Sequence[Recommendation]) -> str | None:
    """The asker's main trade, where it is definite and no listed partner works in it."""
    own = [
        shown.trade
        for shown in asker.meanings[0].trades
        if shown.weight >= _OWN and shown.trade not in GENERAL
    ]
    if not own or any(
        one.kind in ("trade", "field") for partner in partners for one in partner.evidence
    ):
        return None
    return own[0]
