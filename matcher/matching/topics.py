"""`Topics`: what n clusters are about, as arrays: trades, typed needs and offers, plain traits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.sparse import Floats, Sparse
from matcher.profiles.meaning import Meaning, meaning
from matcher.profiles.needs import NEED_KINDS, NeedKind, Offer
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import spans
from matcher.profiles.trades import ancestors, trades

Arrays = Mapping[str, NDArray[np.generic]]

UPWARDS = 0.5
"""How much of a trade its next broader one is."""

TRAITS = ("breadth", "focus", "eastward", "acts", "offers")
"""Columns of `Topics.traits`."""

_EAST = re.compile(
    r"\b(?:east(?:ern)?|ukrain\w*|moldov\w*|georgia\w*|armenia\w*|azerbaijan\w*|belarus\w*"
    r"|caucas\w*|black sea|third countr\w*|neighbour\w*|central asia)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"\b(?:members?|firms|companies|producers|smes)\b", re.IGNORECASE)
_MOST_MENTIONS = 3


@dataclass(frozen=True, slots=True)
class Phrases:
    """Needs or offers of n profiles, profile after profile, as their kinds and trades.

    Attributes
    ----------
    kinds
        (m,) bits, one for each of `NEED_KINDS`: what is sought, or which needs can be met.
    trades
        (m, T) 1 where a phrase names a trade.
    starts
        (n + 1,) row r owns the phrases ``starts[r]:starts[r + 1]``.
    """

    kinds: NDArray[np.uint16]
    trades: Sparse
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Sequence[tuple[Iterable[NeedKind], Iterable[str]]]]) -> Self:
        """Put the phrases of n profiles, each as its kinds and trades, into arrays."""
        said = [phrase for row in rows for phrase in row]
        return cls(
            np.array([bits(kinds) for kinds, _ in said], dtype=np.uint16),
            Sparse.of({column(name): 1.0 for name in named} for _, named in said),
            np.cumsum([0, *map(len, rows)], dtype=np.int64),
        )

    def any_of(self, wanted: np.uint16) -> NDArray[np.bool_]:
        """(n,) profiles with a phrase of one of the wanted kinds, given as bits."""
        owner = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        found = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        found[owner[(self.kinds & wanted) > 0]] = True
        return found

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The phrases of the given profiles only."""
        places, starts = spans(self.starts, rows)
        return type(self)(self.kinds.take(places), self.trades.take(places), starts)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The arrays as the saved index keeps them."""
        own: dict[str, NDArray[np.generic]] = {
            f"{name}_kinds": self.kinds,
            f"{name}_phrase_starts": self.starts,
        }
        return own | self.trades.arrays(f"{name}_trades")

    @classmethod
    def from_arrays(cls, name: str, arrays: Arrays) -> Self:
        """The inverse of `arrays`."""
        sparse = Sparse.from_arrays(f"{name}_trades", arrays)
        return cls(arrays[f"{name}_kinds"], sparse, arrays[f"{name}_phrase_starts"])  # type: ignore[arg-type]


@dataclass(frozen=True)
class Topics:
    """What n profiles are about.

    Attributes
    ----------
    stated
        (n, T) how far each trade is a profile's own, in [0, 1).
    reach
        (n, T) the same with broader trades filled in, in [0, 1].
    wanted
        (n, T) shares of the trades that a profile's needs name; a row sums to 1 or is empty.
    seeks, offers, services
        Needs, offers to partners and services to members, typed.
    traits
        (n, 5) `TRAITS`: number of ecosystems; how much the trades are one (negative entropy);
        mentions of the East; whether firms or members are named; number of offers.
    rarity
        (T,) inverse document frequency of each trade in the whole collection.
    """

    stated: Sparse
    reach: Sparse
    wanted: Sparse
    seeks: Phrases
    offers: Phrases
    services: Phrases
    traits: Floats
    rarity: Floats

    @classmethod
    def of(
        cls,
        profiles: Sequence[DraftProfile],
        rarity: Floats | None = None,
        meanings: Sequence[Meaning] | None = None,
    ) -> Self:
        """Understand profiles, or take their meanings, where they are known.

        `rarity` is theirs, or that of the collection they belong to.
        """
        understood = meanings or [meaning(one) for one in profiles]
        stated = Sparse.of(
            {column(shown.trade): shown.weight for shown in one.trades} for one in understood
        )
        reach = Sparse.of(_reach(stated, row) for row in range(len(stated)))
        rarity = _rarity(reach) if rarity is None else rarity
        return cls(
            stated,
            reach,
            Sparse.of(_wanted([need.trades for need in one.seeks], rarity) for one in understood),
            Phrases.of([[(need.kinds, need.trades) for need in one.seeks] for one in understood]),
            Phrases.of([_told(one.offers) for one in understood]),
            Phrases.of([_told(one.services) for one in understood]),
            _traits(profiles, stated, rarity),
            rarity,
        )

    def trait(self, name: str) -> Floats:
        """(n,) one of `TRAITS`."""
        return self.traits[:, TRAITS.index(name)]

    @property
    def shares(self) -> Mapping[str, float]:
        """Trade -> share of the whole collection that works in it."""
        return _trade_shares(self.rarity.tobytes())

    @cached_property
    def norms(self) -> Floats:
        """(n,) lengths of the rows of `reach`, weighted by rarity."""
        return _length(self.reach, self.rarity)

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The given rows only, in the given order."""
        parts = {name: getattr(self, name).take(rows) for name in _TABLES}
        return type(self)(**parts, traits=self.traits.take(rows, axis=0), rarity=self.rarity)

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All arrays by name, as the saved index keeps them."""
        kept: dict[str, NDArray[np.generic]] = {"traits": self.traits, "trade_rarity": self.rarity}
        for name in _TABLES:
            kept |= getattr(self, name).arrays(f"topic_{name}")
        return kept

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        parts = {
            name: (Sparse if name in _TABLES[:3] else Phrases).from_arrays(f"topic_{name}", arrays)
            for name in _TABLES
        }
        return cls(**parts, traits=arrays["traits"], rarity=arrays["trade_rarity"])  # type: ignore[arg-type]


_TABLES = ("stated", "reach", "wanted", "seeks", "offers", "services")


def column(trade: str) -> int:
    """Column of a trade."""
    return _columns()[trade]


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, int]:
    return {trade: place for place, trade in enumerate(trades())}


@lru_cache(maxsize=1)
def _names() -> Sequence[str]:
    return tuple(trades())


def _told(offers: Iterable[Offer]) -> list[tuple[Iterable[NeedKind], Iterable[str]]]:
    return [(offer.meets, offer.trades) for offer in offers]


@lru_cache(maxsize=4)
def _trade_shares(rarity: bytes) -> Mapping[str, float]:
    shares = np.exp(-np.frombuffer(rarity, np.float32))
    return dict(zip(_names(), shares.tolist(), strict=True))


def bits(kinds: Iterable[NeedKind]) -> int:
    """Kinds of need as bits."""
    return sum(1 << NEED_KINDS.index(kind) for kind in kinds)


def _reach(stated: Sparse, row: int) -> dict[int, float]:
    reached: dict[int, float] = {}
    first, end = stated.starts[row : row + 2]
    for place in range(first, end):
        share = float(stated.values[place])
        for trade in (name := _names()[stated.columns[place]], *ancestors(name)):
            reached[column(trade)] = min(1.0, reached.get(column(trade), 0.0) + share)
            share *= UPWARDS
    return reached


def _rarity(reach: Sparse) -> Floats:
    notable = np.bincount(reach.columns[reach.values > 0.15], minlength=len(_columns()))
    return np.log((len(reach) + 1) / (notable + 1)).astype(np.float32)


def _wanted(named: Iterable[Iterable[str]], rarity: Floats) -> dict[int, float]:
    columns = {column(trade) for trades_ in named for trade in trades_}
    total = sum(float(rarity[one]) for one in columns)
    return {one: float(rarity[one]) / total for one in columns} if total > 0 else {}


def _length(rows: Sparse, rarity: Floats) -> Floats:
    weighted = (rows.values * rarity[rows.columns]) ** 2
    return np.sqrt(Sparse(weighted, rows.columns, rows.starts).dot(np.ones_like(rarity)))


def _traits(profiles: Sequence[DraftProfile], stated: Sparse, rarity: Floats) -> Floats:
    said = [_all_words(one) for one in profiles]
    found = (
        [len(one.ecosystems) or np.nan for one in profiles],
        _focus(stated, rarity),
        [min(len(_EAST.findall(text)), _MOST_MENTIONS) for text in said],
        [bool(_MEMBERS.search(text)) for text in said],
        [len(one.offers) for one in profiles],
    )
    return np.array(found, dtype=np.float32).reshape(len(TRAITS), len(profiles)).T.copy()


def _focus(stated: Sparse, rarity: Floats) -> Floats:
    """(n,) negative entropy of each row's squared, weighted trades; NaN without trades."""
    length = np.repeat(_length(stated, rarity), np.diff(stated.starts))
    share = (stated.values * rarity[stated.columns] / np.maximum(length, 1e-9)) ** 2
    terms = (share * np.log(share + 1e-9)).astype(np.float32)
    focus = Sparse(terms, stated.columns, stated.starts).dot(np.ones_like(rarity))
    return np.where(stated.filled, focus, np.nan).astype(np.float32)


def _all_words(profile: DraftProfile) -> str:
    parts = (profile.technologies, profile.services, profile.offers, profile.seeks)
    return ". ".join([profile.description or "", *(phrase for part in parts for phrase in part)])
