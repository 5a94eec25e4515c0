"""What a profile is about: its trades with the words that show them, its needs and offers."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import starmap
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, overload

import orjson

from matcher.profiles.needs import Need, Offer, read_need, read_offer
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import KEPT
from matcher.profiles.trades import TradeHit, find_trades, trades
from matcher.profiles.words import latin_language

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "trades": 4.0,
        "name": 3.0,
        "technologies": 2.0,
        "opening": 1.5,
        "offers": 0.8,
        "description": 0.6,
        "services": 0.3,
        "seeks": 0.3,
    }
)
"""What one mention of a trade counts, by where it stands: names say most, needs least."""

HALF = 1.5
"""Mentions, weighted, at which a trade counts half."""

Phrase = TypeVar("Phrase", Need, Offer)

_QUOTED = ("technologies", "offers", "services", "name", "opening", "description", "seeks")
"""Where a trade is best quoted from, best first."""


class Shown(NamedTuple):
    """A trade of a profile: how far it is one, in [0, 1), and the words that show it."""

    trade: str
    weight: float
    words: str


class Meaning(NamedTuple):
    """A profile, understood: trades from the weightiest on, and the phrases of its lists."""

    trades: tuple[Shown, ...]
    seeks: tuple[Need, ...]
    offers: tuple[Offer, ...]
    services: tuple[Offer, ...]


class Meanings(Sequence[Meaning]):
    """Meanings of n profiles as JSON texts, each read when it is asked for.

    Parameters
    ----------
    texts
        What `as_json` gave.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._read = lru_cache(maxsize=KEPT)(self._reading)

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> Meaning: ...

    @overload
    def __getitem__(self, place: slice) -> list[Meaning]: ...

    def __getitem__(self, place: int | slice) -> Meaning | list[Meaning]:
        """Read one meaning or several."""
        if isinstance(place, slice):
            return [self[row] for row in range(*place.indices(len(self)))]
        return self._read(int(place))

    def _reading(self, place: int) -> Meaning:
        shown, seeks, offers, services = orjson.loads(self._texts[place])
        return Meaning(
            tuple(starmap(Shown, shown)),
            _read_back(Need, seeks),
            _read_back(Offer, offers),
            _read_back(Offer, services),
        )


def as_json(understood: Meaning) -> str:
    """Write a meaning as the text that `Meanings` reads."""
    return json.dumps(understood, ensure_ascii=False)


def _read_back(kind: Callable[..., Phrase], said: Iterable[Sequence[Any]]) -> tuple[Phrase, ...]:
    return tuple([kind(phrase, *map(tuple, lists)) for phrase, *lists in said])


@lru_cache(maxsize=KEPT)
def meaning(profile: DraftProfile) -> Meaning:
    """Understand a profile by its words, in any of the seven languages."""
    return Meaning(
        _shown(profile),
        tuple(read_need(phrase) for phrase in profile.seeks),
        tuple(read_offer(phrase) for phrase in profile.offers),
        tuple(read_offer(phrase) for phrase in profile.services),
    )


def _share(mentions: float) -> float:
    return mentions / (mentions + HALF)


def _shown(profile: DraftProfile) -> tuple[Shown, ...]:
    weights, quotes = _mentions(profile)
    found = [Shown(trade, _share(said), quotes[trade][1]) for trade, said in weights.items()]
    return tuple(sorted(found, key=lambda shown: (-shown.weight, shown.trade)))


def _mentions(profile: DraftProfile) -> tuple[dict[str, float], dict[str, tuple[int, str]]]:
    """Weighted mentions of each trade, and the words that show it best with their rank."""
    weights: defaultdict[str, float] = defaultdict(float)
    quotes: dict[str, tuple[int, str]] = {}
    for trade in profile.trades:
        if trade in trades():
            weights[trade] += WEIGHTS["trades"]
            quotes[trade] = (-1, trades()[trade].names["en"])
    said = tuple(_said(profile))
    spoken = latin_language(*(text for _, text in said))
    for place, text in said:
        rank, whole = _QUOTED.index(place), place == "technologies"
        for hit in find_trades(text, spoken):
            if hit.words == profile.city or _shortens(hit, text, profile):
                continue  # Cork is where it sits, not what it makes; BEE is no bee
            weights[hit.trade] += WEIGHTS[place]
            before = quotes.get(hit.trade)
            if before is None or rank < before[0]:
                quotes[hit.trade] = (rank, text if whole else hit.words)
    return weights, quotes


def _shortens(hit: TradeHit, text: str, profile: DraftProfile) -> bool:
    """Whether the word is a name in short: "Renewable Energy Federation (BEE)"."""
    if not hit.words.isupper() or not (hit.words == profile.acronym or f"({hit.words})" in text):
        return False
    return not any(hit.words in listed for listed in trades()[hit.trade].words.values())


def _said(profile: DraftProfile) -> Iterator[tuple[str, str]]:
    """All that a profile says, part by part, with the place where it stands."""
    yield "name", profile.name or ""
    for place in ("technologies", "offers", "services", "seeks"):
        for phrase in getattr(profile, place):
            yield place, phrase
    for text in (profile.description, profile.native_description):
        opening, _, rest = (text or "").partition(". ")
        yield "opening", opening
        yield "description", rest
