"""Profiles as aligned arrays, one row a cluster, so that factors work on all rows at once.

A row takes 61 bytes: words of closed lists are kept as their places in the list, sets of them as
bits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from matcher.profiles.profile import KINDS, LABELS, DraftProfile
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

UNKNOWN = 255
"""The code of what is not known."""


class Words:
    """A closed list of at most 255 words; a word's code is its place."""

    def __init__(self, words: Iterable[str]) -> None:
        self.code: Mapping[str, int] = {word: place for place, word in enumerate(words)}

    def codes(self, words: Sequence[str | None]) -> Bytes:
        """(n,) codes, `UNKNOWN` for ``None``."""
        return np.array([self.code[word] if word else UNKNOWN for word in words], dtype=np.uint8)

    def bits(self, sets: Sequence[Sequence[str]]) -> Bytes:
        """(n, bytes) sets of words, one bit a word."""
        table = np.zeros((len(sets), len(self.code)), dtype=np.bool_)
        for row, words in enumerate(sets):
            table[row, [self.code[word] for word in words]] = True
        return np.packbits(table, axis=1, bitorder="little")

    def table(self, bits: Bytes) -> Bools:
        """(n, words) truth table of sets; the inverse of `bits`."""
        return np.unpackbits(bits, axis=1, count=len(self.code), bitorder="little").view(np.bool_)

    def among(self, codes: Bytes, words: Iterable[str]) -> Bools:
        """(n,) whether a code is one of these words."""
        wanted = np.zeros(UNKNOWN + 1, dtype=np.bool_)
        wanted[[self.code[word] for word in words]] = True
        return wanted.take(codes)

    def any_of(self, bits: Bytes, words: Iterable[str]) -> Bools:
        """(n,) whether a set has one of these words."""
        found = np.zeros(len(bits), dtype=np.bool_)
        for word in words:
            found |= has(bits, self.code[word])
        return found


def has(bits: Bytes, code: int) -> Bools:
    """(n,) whether a set, as `Words.bits` makes it, has the word of this code."""
    byte, bit = divmod(code, 8)
    found: Bools = (bits[:, byte] & np.uint8(1 << bit)) != 0
    return found


COUNTRIES, KIND, LABEL = Words(countries()), Words(KINDS), Words(LABELS)
ECOSYSTEMS, NACE = Words(ecosystems()), Words(nace_divisions())


class Rarities(NamedTuple):
    """Inverse document frequencies of the ecosystems, (14,), and of the NACE divisions, (88,)."""

    ecosystems: Floats
    nace: Floats


@dataclass(frozen=True, slots=True)
class Columns:
    """The plain (not embedded) fields of n profiles.

    Attributes
    ----------
    country, kind, label
        (n,) codes.
    public
        (n,) 1 where a profile may be suggested to others, else 0.
    ecosystem_bits, nace_bits, target_bits
        (n, 2), (n, 11), (n, 32) sets.
    main_ecosystem
        (n,) code of the first ecosystem.
    members, lat, lon, as_of
        (n,) floats, NaN where unknown.
    """

    country: Bytes
    kind: Bytes
    label: Bytes
    public: Bytes
    ecosystem_bits: Bytes
    nace_bits: Bytes
    target_bits: Bytes
    main_ecosystem: Bytes
    members: Floats
    lat: Floats
    lon: Floats
    as_of: Floats

    @classmethod
    def of(cls, profiles: Sequence[DraftProfile]) -> Self:
        """Columns of the given profiles, in their order."""
        return cls(
            country=COUNTRIES.codes([p.country for p in profiles]),
            kind=KIND.codes([p.kind for p in profiles]),
            label=LABEL.codes([p.label for p in profiles]),
            public=np.array([p.visibility == "public" for p in profiles], dtype=np.uint8),
            ecosystem_bits=ECOSYSTEMS.bits([p.ecosystems for p in profiles]),
            nace_bits=NACE.bits([p.nace for p in profiles]),
            target_bits=COUNTRIES.bits([p.target_countries for p in profiles]),
            main_ecosystem=ECOSYSTEMS.codes([next(iter(p.ecosystems), None) for p in profiles]),
            members=_numbers([p.members_total for p in profiles]),
            lat=_numbers([p.lat for p in profiles]),
            lon=_numbers([p.lon for p in profiles]),
            as_of=_numbers([p.as_of for p in profiles]),
        )

    @property
    def home(self) -> NDArray[np.intp]:
        """(n,) place of the country among all countries, -1 where unknown."""
        return np.where(self.country == UNKNOWN, -1, self.country.astype(np.intp))

    @property
    def ecosystems(self) -> Bools:
        """(n, 14) truth table."""
        return ECOSYSTEMS.table(self.ecosystem_bits)

    @property
    def targets(self) -> Bools:
        """(n, countries) truth table."""
        return COUNTRIES.table(self.target_bits)

    @property
    def rarities(self) -> Rarities:
        """How rare each ecosystem and each NACE division is."""
        tables = ECOSYSTEMS.table(self.ecosystem_bits), NACE.table(self.nace_bits)
        return Rarities(*map(_rarity, tables))

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by name, as the saved index keeps them."""
        return {f"column_{name}": getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `arrays`; raises `KeyError` where one is missing."""
        return cls(*(arrays[f"column_{name}"] for name in cls.__slots__))  # type: ignore[arg-type]

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The given rows only."""
        return type(self)(*(getattr(self, name).take(rows, axis=0) for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.country)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)


def _rarity(table: Bools) -> Floats:
    """Inverse document frequency of each column, ``log((n + 1) / (df + 1))``."""
    rarity: Floats = np.log((len(table) + 1) / (table.sum(axis=0) + 1)).astype(np.float32)
    return rarity
