"""Values of closed lists by their codes, titles and everyday words."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from babel import Locale
from rapidfuzz import fuzz, process

from matcher.i18n.message import Message
from matcher.profiles.io.countries import country_of, nearest_country
from matcher.profiles.io.numbers import CellError, Noted, quoted
from matcher.profiles.io.spellings import keyed, spelling_key, spellings
from matcher.profiles.language import LANGUAGES
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions
from matcher.profiles.trades import find_trades, trades

Converter = Callable[[str], object]
"""Reads a text, or raises a `CellError`."""

_NACE = re.compile(
    r"[A-Ua-u]?\s?(?:(\d{1,2})(?:\.\d{1,2}){0,2}|(\d{2})\d{2})(?:\s*[-–—:]?\s+[^\d,;/]+)?"
)
_BRACKETS = re.compile(r"\(.*?\)")
_LIKENESS = 75


def _look_up(text: str, table: Mapping[str, str], what: Message, advice: Message) -> str:
    for spelling in (text, _BRACKETS.sub(" ", text)):
        if spelling_key(spelling) in table:
            return table[spelling_key(spelling)]
    near = process.extractOne(
        spelling_key(text), table.keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS
    )
    if near:
        advice = Message("did you mean {value}?", value=table[near[0]])
    raise _unknown(text, what, advice)


def _unknown(text: str, what: Message, advice: Message) -> CellError:
    if "," in text:
        advice = Message("{advice}; separate several values by a semicolon", advice=advice)
    return CellError(
        Message("{text} is no known {what}; {advice}", text=quoted(text), what=what, advice=advice)
    )


def _use_one_of(names: Mapping[str, str] | tuple[str, ...]) -> Message:
    return Message("use one of {names}", names=", ".join(names))


def country(text: str) -> str:
    """Read the code of a country."""
    code = country_of(text)
    if code:
        return code
    near = nearest_country(text)
    advice = (
        Message("did you mean {value}?", value=f"{countries()[near].name} ({near})")
        if near
        else Message("give its English name or two-letter code, such as UA")
    )
    raise _unknown(text, Message("country"), advice)


def ecosystem(text: str) -> object:
    """Read an industrial ecosystem by its id, title, or a word for a trade of it."""
    table = _ecosystem_names()
    hits = () if spelling_key(text) in table else find_trades(text)
    named = [name for hit in hits for name in trades()[hit.trade].ecosystems[:1]]
    if len(set(named)) == 1:
        told = Message("{text} was read as {value}", text=quoted(text), value=named[0])
        return Noted(named[0], told)
    return _look_up(text, table, Message("industrial ecosystem"), _use_one_of(ecosystems()))


@lru_cache(maxsize=1)
def _ecosystem_names() -> Mapping[str, str]:
    titles = {spelling_key(title): name for name, title in ecosystems().items()}
    return {**spellings("ecosystem"), **titles, **keyed(ecosystems())}


def trade(text: str) -> object:
    """Read a trade by its id or a word for it."""
    if text in trades():
        return text
    named = list(dict.fromkeys(hit.trade for hit in find_trades(text)))
    if len(named) != 1:
        advice = Message("use an id of taxonomy/trades.csv, such as wine")
        raise _unknown(text, Message("trade"), advice)
    return Noted(named[0], Message("{text} was read as {value}", text=quoted(text), value=named[0]))


def one_of(names: tuple[str, ...], what: Message, field: str = "") -> Converter:
    """Make a reader of a list; `field` names its usual spellings."""

    def look_up(text: str) -> str:
        return _look_up(text, {**spellings(field), **keyed(names)}, what, _use_one_of(names))

    return look_up


def language(text: str) -> str:
    """Read the code of a language."""
    if re.fullmatch(r"[A-Za-z]{2}", text):
        return text.lower()
    advice = Message("give its two-letter code, such as en")
    return _look_up(text, _language_names(), Message("language"), advice)


@lru_cache(maxsize=1)
def _language_names() -> Mapping[str, str]:
    return dict(_named_languages())


def _named_languages() -> Iterator[tuple[str, str]]:
    """Names of the languages in each other; English and own names last, for they win."""
    spoken = {code: Locale(code).languages for code in LANGUAGES}
    for names in spoken.values():
        yield from ((spelling_key(names[code]), code) for code in LANGUAGES if code in names)
    for code, names in spoken.items():
        yield spelling_key(names.get(code, code)), code
    yield from ((spelling_key(spoken["en"][code]), code) for code in LANGUAGES)


def nace(text: str) -> str:
    """Read a division of NACE, also from a class or section with a number."""
    match = _NACE.fullmatch(text)
    division = (match[1] or match[2]).zfill(2) if match else _nace_titles().get(spelling_key(text))
    if division in nace_divisions():
        return str(division)
    raise _unknown(text, Message("NACE division"), Message("use two digits, such as 62"))


@lru_cache(maxsize=1)
def _nace_titles() -> Mapping[str, str]:
    return {spelling_key(title): code for code, title in nace_divisions().items()}
