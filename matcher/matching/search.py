"""What a text typed into a search field means for each cluster: trades, places, words, names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from matcher.matching.columns import COUNTRIES, Bools, Floats
from matcher.matching.snapshot import Snapshot
from matcher.matching.topics import column
from matcher.profiles.names import is_filler
from matcher.profiles.places import REGIONS, Place, find_places
from matcher.profiles.trades import find_trades, trades
from matcher.profiles.words import Token, says_nothing, tokens

_SAID = 0.5
"""What a word counts beside a trade, which counts up to 1."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well each of n clusters matches a text.

    Attributes
    ----------
    found
        (n,) which do.
    score
        (n,) the best have the highest.
    trades
        Trades that the text names.
    topical
        Whether it names nothing else.
    partly
        Whether no cluster matches every part of the text.
    """

    found: Bools
    score: Floats
    trades: tuple[str, ...] = ()
    topical: bool = False
    partly: bool = False


class _Part(NamedTuple):
    """A part of a text: where it stands, how far each cluster matches it, trades that it names."""

    start: int
    end: int
    strength: Floats
    trades: tuple[str, ...] = ()


def matched(snapshot: Snapshot, text: str | None) -> Match:
    """Match all clusters with a text; without one, all of them match alike.

    Clusters must match every part of the text or, where none does, as many parts as any does.
    Those whose name begins with or contains the whole text come first, unless it is the word for
    a trade: "мед" is honey and no beginning of "MedTech". Names that are like it, typing errors
    forgiven, count where nothing else is found.
    """
    if text is None:
        return Match(np.ones(len(snapshot.corpus), np.bool_), _nothing(snapshot))
    parts = _parts(snapshot, text)
    met = sum(((part.strength > 0).astype(int) for part in parts), start=_nothing(snapshot))
    most = met.max(initial=0)
    found = (met == most) & (most > 0)
    score = sum((part.strength for part in parts), start=_nothing(snapshot))
    topical = bool(parts) and all(part.trades for part in parts)
    if not topical or not found.any():
        names = _by_name(snapshot, text, like_it=not found.any())
        found, score = found | (names > 0), score + names
    named = tuple(dict.fromkeys(trade for part in parts for trade in part.trades))
    return Match(found, score, named, topical, partly=bool(0 < most < len(parts)))


def _nothing(snapshot: Snapshot) -> Floats:
    return np.zeros(len(snapshot.corpus), dtype=np.float32)


def _parts(snapshot: Snapshot, text: str) -> list[_Part]:
    """Trades first, then places, then what is left of the text, word by word."""
    parts = list(_trades(snapshot, text))
    for place in find_places(text):
        if _is_free(place, parts):
            parts.append(_Part(place.start, place.end, _SAID * _in_place(snapshot, place)))
    for token in tokens(text):
        if _is_free(token, parts) and not (is_filler(token.plain) or says_nothing(token.plain)):
            said = snapshot.words.saying([token.plain])
            parts.append(_Part(token.start, token.end, _SAID * said.astype(np.float32)))
    return parts


def _is_free(found: Place | Token, parts: Iterable[_Part]) -> bool:
    return all(found.end <= part.start or found.start >= part.end for part in parts)


def _trades(snapshot: Snapshot, text: str) -> Iterator[_Part]:
    """Trades named by the same words make one part."""
    reach = snapshot.corpus.topics.reach
    hits = sorted(find_trades(text), key=lambda hit: (hit.start, hit.end))
    for (start, end), same in groupby(hits, key=lambda hit: (hit.start, hit.end)):
        named = tuple(hit.trade for hit in same)
        columns = np.zeros(len(trades()), dtype=np.float32)
        columns[[column(trade) for trade in named]] = 1
        yield _Part(start, end, reach.dot(columns), named)


def _in_place(snapshot: Snapshot, place: Place) -> Floats:
    if place.city:
        found = snapshot.words.saying(token.plain for token in tokens(place.city))
    else:
        codes = REGIONS[place.region] if place.region else [place.country or ""]
        found = COUNTRIES.among(snapshot.corpus.columns.country, codes)
    return found.astype(np.float32)


def _by_name(snapshot: Snapshot, text: str, *, like_it: bool) -> Floats:
    """(n,) above all other scores for names that match, the best one highest."""
    score, rows = _nothing(snapshot), snapshot.corpus.row_of
    look_up = snapshot.names.search if like_it else snapshot.names.matching
    found = look_up(text, len(rows))
    for place, cluster in enumerate(found):
        score[rows[cluster.id]] = 1 + len(found) - place
    return score
