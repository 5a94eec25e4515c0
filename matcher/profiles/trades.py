"""Trades: fields of work that a cluster, a text or a need can be about, found by their words."""

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from matcher.config import DATA_DIR
from matcher.errors import FieldProblem, InvalidInputError
from matcher.profiles.finder import WordFinder
from matcher.profiles.taxonomy import ecosystems, nace_divisions
from matcher.profiles.wordlists import LANGUAGES, listed

FILE = DATA_DIR / "taxonomy" / "trades.csv"
COLUMNS = ("id", "broader", "ecosystems", "nace", *LANGUAGES, "uses")


class Trade(NamedTuple):
    """A field of work.

    `names` holds its usual name and `words` all its words and phrases, by language; `uses` the
    trades that its firms buy from.
    """

    id: str
    broader: str | None
    ecosystems: tuple[str, ...]
    nace: tuple[str, ...]
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    uses: tuple[str, ...]


class TradeHit(NamedTuple):
    """A trade found in a text: the words that show it, as written, and where they stand."""

    trade: str
    words: str
    start: int
    end: int


@lru_cache(maxsize=1)
def trades() -> Mapping[str, Trade]:
    """All trades of the shipped table by id, in its order.

    Raises
    ------
    InvalidInputError
        A line of the table is broken; every one is named.
    """
    return MappingProxyType(read_trades(FILE))


def read_trades(path: Path) -> dict[str, Trade]:
    """Read a table of trades.

    Raises
    ------
    InvalidInputError
        As for `trades`.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    problems = [] if rows and tuple(rows[0]) == COLUMNS else [_wrong_header(path)]
    found: dict[str, Trade] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS):
            text = f"has {len(row)} columns instead of {len(COLUMNS)}"
            problems.append(FieldProblem(f"line {number}", text))
            continue
        trade = _trade(dict(zip(COLUMNS, row, strict=True)))
        problems += [FieldProblem(f"line {number}", text) for text in _faults(trade, found)]
        found[trade.id] = trade
    problems += [
        FieldProblem(trade.id, text)
        for trade in found.values()
        for text in _loose_ends(trade, found)
    ]
    if problems:
        raise InvalidInputError(f"{path.name} is not a table of trades", problems)
    return found


@lru_cache(maxsize=1000)
def ancestors(trade: str) -> tuple[str, ...]:
    """Broader trades of a trade, nearest first; none for an unknown one."""
    return tuple(_upwards(trade)) if trade in trades() else ()


def find_trades(text: str, language: str | None = None) -> tuple[TradeHit, ...]:
    """Trades named in a text, in order, with the words that show each.

    Parameters
    ----------
    text
        In any of the seven languages, or a mixture.
    language
        Of `text`, where known: keeps Romanian and Azerbaijani words out of English phrases
        too short to show their language.
    """
    return tuple(
        TradeHit(hit.key, hit.words, hit.start, hit.end) for hit in _finder().find(text, language)
    )


@lru_cache(maxsize=1)
def _finder() -> WordFinder:
    return WordFinder(
        (trade.id, language, words)
        for trade in trades().values()
        for language, words in trade.words.items()
    )


def _upwards(trade: str) -> Iterator[str]:
    broader = trades()[trade].broader
    while broader:
        yield broader
        broader = trades()[broader].broader


def _wrong_header(path: Path) -> FieldProblem:
    return FieldProblem("line 1", f"must name the columns {', '.join(COLUMNS)}")


def _trade(row: Mapping[str, str]) -> Trade:
    words = {language: listed(row[language]) for language in LANGUAGES}
    return Trade(
        row["id"].strip(),
        row["broader"].strip() or None,
        listed(row["ecosystems"]),
        listed(row["nace"]),
        MappingProxyType({language: listed[0] for language, listed in words.items() if listed}),
        MappingProxyType(words),
        listed(row["uses"]),
    )


def _faults(trade: Trade, known: Mapping[str, Trade]) -> Iterator[str]:
    if not trade.id:
        yield "has no id"
    if trade.id in known:
        yield f"repeats the id {trade.id}"
    missing = [language for language in LANGUAGES if not trade.words[language]]
    if missing:
        yield f"has no words in {', '.join(missing)}"
    for ecosystem in trade.ecosystems:
        if ecosystem not in ecosystems():
            yield f"names the unknown ecosystem {ecosystem!r}"
    for division in trade.nace:
        if division not in nace_divisions():
            yield f"names the unknown NACE division {division!r}"


def _loose_ends(trade: Trade, known: Mapping[str, Trade]) -> Iterator[str]:
    for other in (*((trade.broader,) if trade.broader else ()), *trade.uses):
        if other not in known:
            yield f"refers to the unknown trade {other!r}"
    seen, broader = {trade.id}, trade.broader
    while broader and broader in known:
        if broader in seen:
            yield "is broader than itself"
            return
        seen.add(broader)
        broader = known[broader].broader
