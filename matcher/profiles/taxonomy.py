"""The closed word lists: industrial ecosystems, NACE divisions, countries."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from matcher.config import DATA_DIR

CountryGroup = Literal["EU", "EaP", "other"]


class Country(NamedTuple):
    """A country: English name and the group it belongs to."""

    name: str
    group: CountryGroup


def _read(name: str) -> list[dict[str, str]]:
    with (DATA_DIR / "taxonomy" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def ecosystems() -> Mapping[str, str]:
    """Return the EU's 14 industrial ecosystems: identifier -> English title."""
    return MappingProxyType({row["id"]: row["title"] for row in _read("ecosystems.csv")})


@lru_cache(maxsize=1)
def nace_divisions() -> Mapping[str, str]:
    """Return the 88 divisions of NACE Rev. 2: two-digit code -> English title."""
    return MappingProxyType({row["code"]: row["title"] for row in _read("nace.csv")})


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """All countries: ISO 3166-1 alpha-2 code -> name and group."""
    return MappingProxyType(
        {
            row["code"]: Country(row["name"], row["group"])  # type: ignore[arg-type]
            for row in _read("countries.csv")
        }
    )


@lru_cache(maxsize=3)
def country_group(group: CountryGroup) -> frozenset[str]:
    """Codes of the countries of a group."""
    return frozenset(code for code, country in countries().items() if country.group == group)
