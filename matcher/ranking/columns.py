"""Profiles as aligned arrays, one row a cluster, so that factors work on all rows at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """The plain (not embedded) fields of n profiles.

    Attributes
    ----------
    country, kind, label
        (n,) strings, empty where unknown.
    home
        (n,) place of the country among all countries, -1 where unknown.
    ecosystems, nace, targets
        (n, 14), (n, 88), (n, countries) truth tables.
    members, lat, lon
        (n,) floats, NaN where unknown.
    """

    country: NDArray[np.str_]
    kind: NDArray[np.str_]
    label: NDArray[np.str_]
    home: NDArray[np.intp]
    ecosystems: Bools
    nace: Bools
    targets: Bools
    members: Floats
    lat: Floats
    lon: Floats

    @classmethod
    def of(cls, profiles: Sequence[DraftProfile]) -> "Columns":
        """Columns of the given profiles, in their order."""
        return cls(
            country=np.array([p.country or "" for p in profiles], dtype="<U2"),
            kind=np.array([p.kind or "" for p in profiles], dtype="<U24"),
            label=np.array([p.label or "" for p in profiles], dtype="<U6"),
            home=np.array([_COUNTRY.get(p.country or "", -1) for p in profiles], dtype=np.intp),
            ecosystems=_truth_table([p.ecosystems for p in profiles], tuple(ecosystems())),
            nace=_truth_table([p.nace for p in profiles], tuple(nace_divisions())),
            targets=_truth_table([p.target_countries for p in profiles], tuple(countries())),
            members=_numbers([p.members_total for p in profiles]),
            lat=_numbers([p.lat for p in profiles]),
            lon=_numbers([p.lon for p in profiles]),
        )

    def take(self, rows: NDArray[np.intp]) -> "Columns":
        """The given rows only."""
        return Columns(*(getattr(self, name)[rows] for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.country)


_COUNTRY = {code: place for place, code in enumerate(countries())}


def _truth_table(values: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> Bools:
    column = {word: place for place, word in enumerate(vocabulary)}
    table = np.zeros((len(values), len(vocabulary)), dtype=np.bool_)
    for row, words in enumerate(values):
        for word in words:
            table[row, column[word]] = True
    return table


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
