"""Reasons that lie in trades: what the two share, and what one supplies to the other."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product, repeat

from matcher.i18n.message import Message
from matcher.matching.features.organisation import SUPPORT
from matcher.matching.reason_pair import Pair
from matcher.matching.recommendation import Evidence
from matcher.matching.words import trade_name
from matcher.profiles.meaning import Meaning, Shown
from matcher.profiles.trades import ancestors, trades

STATED = 0.4
"""How far a trade must be a cluster's own to be named: more than a mention in passing."""

OWN = 0.57
"""How far trades must be the clusters' own for one to be said to serve the other: a technology."""

COMMON = 0.08
"""Share of clusters from which a trade is called a wide field."""

WIDE = frozenset(("software",))
"""Trades as wide as the field they are of, though fewer profiles name them."""

_TRADES_TOLD = 2
_FIELD_STRENGTH = 0.1

GENERAL = frozenset(
    (
        *("cluster-management", "business-advocacy", "startups", "technology-transfer"),
        *("digital-transformation", "export-promotion", "innovation-policy", "business-support"),
        "cooperatives",
        *("regional-development", "research-development", "acceleration-incubation"),
        *("certification-standards", "science-parks", "industrial-parks", "high-tech"),
        *("finance-investment", "education", "vocational-training", "higher-education"),
        *(
            "digital-skills",
            "open-source",
            "fintech",
            "intellectual-property",
            "quality-control-testing",
            "engineering-services",
        ),
    )
)
"""Trades that serve all others: shared by bodies that live by them, a remark for everybody else."""

EVERYWHERE = frozenset(
    (
        *("software", "it-services", "cybersecurity", "telecommunications", "cloud"),
        "artificial-intelligence",
    )
)
"""Trades that everybody uses: to supply them makes no value chain."""

PARKS = ("technology_park", "incubator_accelerator", "innovation_hub")
"""Places of firms of many trades."""


def shared_trades(pair: Pair) -> list[Evidence]:
    """The most telling trade of both sides, and one more if it is another field.

    A wide field is named only where no branch of it is shared.
    """
    found = sorted(_shared(pair), key=lambda item: (item[1] in pair.wide, -item[0]))
    told: dict[str, Evidence] = {}
    for strength, trade, yours, theirs in found:
        if len(told) < _TRADES_TOLD and not any(map(_common_trade, repeat(trade), told)):
            told[trade] = (
                _in_wide_field(trade, yours, theirs)
                if trade in pair.wide
                else _in_trade(trade, yours, theirs, strength)
            )
    return list(told.values())


def wide_trades(share: Mapping[str, float]) -> frozenset[str]:
    """Wide fields, where each trade is that of such a share of the clusters."""
    return WIDE | {trade for trade, part in share.items() if part > COMMON}


def _shared(pair: Pair) -> Iterator[tuple[float, str, Shown, Shown]]:
    """Trades that both work in, or one in a branch of the other's."""
    yours, theirs = (
        [shown for shown in side.trades if shown.weight >= STATED]
        for side in (pair.your_meaning, pair.their_meaning)
    )
    support = pair.you.kind in SUPPORT and pair.they.kind in SUPPORT
    for mine, other in product(yours, theirs):
        common = _common_trade(mine.trade, other.trade)
        if common is None or (common in GENERAL and not support):
            continue
        if pair.share[common] > COMMON * (4 if mine.weight > 0.7 else 1):
            continue
        exact = 1.0 if mine.trade == other.trade else 0.8
        weight = min(mine.weight, other.weight)
        yield exact * weight * (1 - pair.share[common]), common, mine, other


@lru_cache(maxsize=20_000)
def _common_trade(one: str, other: str) -> str | None:
    """The broader of two trades of which one is a branch of the other, if they are so related."""
    if one == other or one in ancestors(other):
        return one
    return other if other in ancestors(one) else None


def _in_trade(trade: str, yours: Shown, theirs: Shown, strength: float) -> Evidence:
    mine, other = yours.words.casefold(), theirs.words.casefold()
    if yours.trade == theirs.trade and not (" " in mine and " " in other):
        said = Message("You both work in {trade}.", trade=trade_name(trade))
    else:
        said = _both_quoted(trade, yours.words, theirs.words)
    return Evidence("trade", "both", yours.words, theirs.words, strength, said)


def _in_wide_field(trade: str, yours: Shown, theirs: Shown) -> Evidence:
    said = Message(
        "As far as we know, you share only a wide field, {trade}: ask what they do in it.",
        trade=trade_name(trade),
    )
    return Evidence("field", "both", yours.words, theirs.words, _FIELD_STRENGTH, said)


def is_telling(phrase: str, pair: Pair) -> bool:
    """Whether a phrase is more than one word and more than the name of a wide field."""
    plain = phrase.casefold()
    return " " in plain and plain not in _names(pair.wide)


@lru_cache(maxsize=4)
def _names(among: frozenset[str]) -> frozenset[str]:
    """All that some trades are called, in any language."""
    listed = (words for trade in among for words in trades()[trade].words.values())
    return frozenset(word.casefold() for words in listed for word in words)


def _both_quoted(trade: str, yours: str, theirs: str) -> Message:
    name = trade_name(trade)
    if yours.casefold() == theirs.casefold():
        return Message("You both work in {trade}: “{words}”.", trade=name, words=theirs)
    return Message(
        "You both work in {trade}: you in “{yours}”, they in “{theirs}”.",
        trade=name,
        yours=yours,
        theirs=theirs,
    )


def value_chain(pair: Pair) -> Iterator[Evidence]:
    """A trade of one side that supplies what the other's main trades use."""
    for used, user, side in (
        (pair.their_meaning, pair.your_meaning, "you"),
        (pair.your_meaning, pair.their_meaning, "them"),
    ):
        best = max(_supplies(used, user, pair), default=None, key=lambda item: item[0])
        if best is None:
            continue
        strength, supplied, by = best
        parts = {"supplied": trade_name(supplied.trade), "user": trade_name(by.trade)}
        if side == "you":
            sentence = Message(
                "They work in {supplied}, you in {user}: two links of one value chain.", **parts
            )
            yield Evidence("value_chain", "you", by.words, supplied.words, strength, sentence)
        else:
            sentence = Message(
                "You work in {supplied}, they in {user}: two links of one value chain.", **parts
            )
            yield Evidence("value_chain", "them", supplied.words, by.words, strength, sentence)


def _supplies(used: Meaning, user: Meaning, pair: Pair) -> Iterator[tuple[float, Shown, Shown]]:
    if {pair.you.kind, pair.they.kind} & set(PARKS):
        return  # what the firms of a park do is no trade of the park
    own, theirs = (
        {shown.trade for shown in side.trades if shown.weight >= STATED} for side in (user, used)
    )
    for by, supplied in product(user.trades, used.trades):
        weight = min(by.weight, supplied.weight)
        if (
            weight >= OWN
            and supplied.trade in trades()[by.trade].uses
            and by.trade not in GENERAL
            and supplied.trade not in GENERAL | EVERYWHERE
            and not any(map(_common_trade, repeat(supplied.trade), own))
            and not any(map(_common_trade, repeat(by.trade), theirs))
        ):
            yield 0.6 * weight * (1 - pair.share[supplied.trade]), supplied, by
