"""Countries by any usual name: codes, English and own names, official ones, those of the CLDR."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from anyascii import anyascii
from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from matcher.profiles.io.headers import compact
from matcher.profiles.io.spellings import spelling_key, spellings
from matcher.profiles.language import LANGUAGES
from matcher.profiles.taxonomy import countries

# Their writing leaves out vowels or is no alphabet, so that names in ASCII would be chance hits.
_NOT_COMPARED = frozenset(("ar", "he", "ja", "ko", "zh"))
_OFFICIAL = frozenset(
    (
        *("republic", "of", "the", "kingdom", "state", "federal", "grand", "duchy"),
        *("principality", "republik", "republique", "repubblica", "republica", "republika"),
        *("respublika", "de", "la"),
        *("respublikasi", "bundesrepublik", "rzeczpospolita", "reino", "royaume", "du", "d"),
        *("koenigreich", "konigreich", "korolivstvo", "korolevstvo", "gosudarstvo", "derzhava"),
        *("hanrapetutyun", "hanrapetut'yown", "respubliki", "regatul"),
    )
)  # fmt: skip
_PARTS = re.compile(r"\s*[-–—,/|:()\[\]]\s*")
_LIKENESS = 85
_SHORTEST = 5


@lru_cache(maxsize=10_000)
def country_of(text: str) -> str | None:
    """ISO code of the country that a text names and nothing else, or ``None``.

    "UA", "UKR", "Україна", "Republic of Moldova" and "Ukraine (UA)" name one.
    """
    code = _named(text)
    if code:
        return code
    parts = [part for part in _PARTS.split(text) if part.strip()]
    named = {_named(part) for part in parts}
    if len(parts) > 1 and len(named) == 1:
        return named.pop()
    outside = re.sub(r"\(.*?\)", " ", text)
    named.discard(None)
    return _named(outside) if outside != text and len(named) == 1 else None


def nearest_country(text: str) -> str | None:
    """Code of the one country whose name a text most likely misspells, or ``None``."""
    key = spelling_key(text)
    names = _names_by_letter().get(key[:1], ())
    near = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=3)
    meant = {_names()[name] for name, _, _ in near}
    return meant.pop() if len(meant) == 1 else None


@lru_cache(maxsize=1)
def _names_by_letter() -> Mapping[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in _names():
        if len(name) >= _SHORTEST:
            groups[name[0]].append(name)
    return groups


def _named(text: str) -> str | None:
    stripped = text.strip(" .\t\r\n")
    key = spelling_key(stripped)
    if len(key) == 2 and not stripped.replace(".", "").isascii():  # "РФ" is no code
        return spellings("country").get(key)
    return _names().get(key) or _names().get(_unofficial(stripped))


def _unofficial(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", anyascii(text).casefold())
    return compact("".join(word for word in words if word not in _OFFICIAL)) or "?"


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """All names by `spelling_key`; what two countries are called by other peoples is left out."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for name, code in _foreign_names():
        meant[spelling_key(name)].add(code)
    certain = {key: codes.pop() for key, codes in meant.items() if len(codes) == 1 and len(key) > 3}
    english = {spelling_key(country.name): code for code, country in countries().items()}
    codes = {code.casefold(): code for code in countries()}
    return certain | english | dict(_three_letter_codes()) | dict(spellings("country")) | codes


def _foreign_names() -> Iterator[tuple[str, str]]:
    for language in frozenset(LANGUAGES) - _NOT_COMPARED:
        names = Locale(language).territories
        yield from ((names[code], code) for code in countries() if code in names)


def _three_letter_codes() -> Iterator[tuple[str, str]]:
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1 and codes[0] in countries():
            yield alias.casefold(), codes[0]
