"""Countries, regions and towns named in a text of any of the seven languages."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from matcher.profiles.finder import WordFinder
from matcher.profiles.taxonomy import countries, country_group
from matcher.profiles.wordlists import LANGUAGES, read_word_lists
from matcher.profiles.words import plain_word

_EUROPE = country_group("EU") | country_group("EaP") | {"GB", "CH", "NO", "IS", "RS", "MK", "AL"}
REGIONS: Mapping[str, frozenset[str]] = {
    "EU": country_group("EU"),
    "EUROPE": _EUROPE,
    "EAP": country_group("EaP"),
    "CAUCASUS": frozenset(("AM", "AZ", "GE")),
    "EAST": frozenset(
        ("BG", "CZ", "EE", "HU", "LT", "LV", "PL", "RO", "SK", "BY", "MD", "UA", "AM", "GE")
    ),
    "BLACKSEA": frozenset(("BG", "RO", "UA", "MD", "GE", "TR", "AM", "AZ", "GR")),
    "BALTIC": frozenset(("DE", "DK", "EE", "FI", "LT", "LV", "PL", "SE")),
    "BALKANS": frozenset(("AL", "BA", "BG", "GR", "HR", "ME", "MK", "RO", "RS", "SI")),
    "DANUBE": frozenset(("AT", "BG", "CZ", "DE", "HR", "HU", "MD", "RO", "SI", "SK", "UA")),
    "NORDIC": frozenset(("DK", "FI", "IS", "NO", "SE")),
    "CENTRALASIA": frozenset(("KG", "KZ", "TJ", "TM", "UZ")),
    "ASIA": frozenset(("CN", "IN", "JP", "KR", "KZ", "SG", "TH", "UZ", "VN")),
    "MIDEAST": frozenset(("AE", "IL", "JO", "KW", "QA", "SA", "TR")),
    "CIS": frozenset(("AM", "AZ", "BY", "KG", "KZ", "MD", "RU", "TJ", "UZ")),
}
"""Names of regions wider than a country -> countries that count as theirs."""

# Territories whose English name is an ordinary word of a trade text.
_AMBIGUOUS = frozenset(("JE", "RE"))
_SHORTEST_STEM = 5
_ENDINGS = "аяіїоеийьaeăiუოაეիա"


class Place(NamedTuple):
    """A place found in a text: a country with or without a town, or a region of `REGIONS`."""

    country: str | None
    region: str | None
    city: str | None
    words: str
    start: int
    end: int


def find_places(text: str, language: str | None = None) -> tuple[Place, ...]:
    """Places named in a text, in order; adjectives and inhabitants count, too.

    Parameters
    ----------
    text, language
        As in `matcher.profiles.trades.find_trades`.
    """
    found = []
    for hit in _finder().find(text, language):
        area, _, city = hit.key.partition("|")
        region = area[1:] if area.startswith("@") else None
        country = None if region else area
        found.append(Place(country, region, city or None, hit.words, hit.start, hit.end))
    return tuple(found)


@lru_cache(maxsize=1)
def _finder() -> WordFinder:
    rows = read_word_lists("places.csv")
    listed = [
        (f"{row.columns['country']}|{row.columns['place']}", language, words)
        for row in rows
        for language, words in row.words.items()
    ]
    known = frozenset(row.columns["country"] for row in rows)
    return WordFinder([*listed, *_named_by_cldr(known)])


def _named_by_cldr(known: frozenset[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Names of all countries, with stems for those whose forms are not in the file."""
    for language in LANGUAGES:
        names = Locale(language).territories
        for code in countries():
            name = names.get(code)
            if name and code not in _AMBIGUOUS:
                forms = (name,) if language == "en" or code in known else (name, *_stem(name))
                yield f"{code}|", language, forms


def _stem(name: str) -> tuple[str, ...]:
    plain = plain_word(name)
    stem = plain.rstrip(_ENDINGS)
    return (f"{stem}*",) if " " not in plain and len(stem) >= _SHORTEST_STEM else ()
