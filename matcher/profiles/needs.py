"""What a cluster seeks and offers, understood: the kind of thing, its trades, its places."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from matcher.profiles.finder import Hit, WordFinder
from matcher.profiles.places import REGIONS, find_places
from matcher.profiles.trades import ancestors, find_trades, trades
from matcher.profiles.wordlists import listed, read_word_lists
from matcher.profiles.words import tokens

NeedKind = Literal[
    "buyers",
    "suppliers",
    "project_partners",
    "technology",
    "know_how",
    "investors",
    "members",
    "exchange",
    "visitors",
    "talent",
    "visibility",
    "facilities",
    "residents",
    "policy",
]
NEED_KINDS: tuple[NeedKind, ...] = get_args(NeedKind)

TradeRelation = Literal["same", "narrower", "broader", "chain", "sibling", "none", "unknown"]
TRADE_RELATIONS: tuple[TradeRelation, ...] = get_args(TradeRelation)
"""How the trade of an offer stands to that of a need, closest first."""

_THERE = frozenset(
    (
        *("firm", "exporter", "supplier", "product", "member", "cluster", "contact", "community"),
        "talent",
    )
)
"""Things of the glossary that say who is there, and what they make."""

_SOMEBODY = _THERE | frozenset(
    ("buyer", "market", "partner", "project", "visitor", "resident", "investor")
)
"""Things that somebody can be, or join."""

_LEARNT: frozenset[NeedKind] = frozenset(("know_how", "technology"))
_NEW = frozenset(("innovation", "research"))

_PREPOSITIONS = frozenset(
    (
        *("for", "of", "in", "with", "from", "to", "on", "among", "as", "into", "between", "about"),
        *("outside", "that", "who", "which", "at", "для", "в", "у", "з", "із", "зі", "до", "на"),
        *("серед", "від", "из", "с", "от", "по", "pentru", "de", "din", "la", "cu", "pe", "spre"),
    )
)
_COUNT_WORDS = frozenset(("about", "over", "more", "than", "almost", "nearly", "some", "around"))


class Need(NamedTuple):
    """A thing sought: its phrase, kinds (most fitting first), trades and places."""

    phrase: str
    kinds: tuple[NeedKind, ...]
    trades: tuple[str, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]


class Offer(NamedTuple):
    """A thing offered: its phrase, the kinds of need that it can meet, trades and places."""

    phrase: str
    meets: tuple[NeedKind, ...]
    trades: tuple[str, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]


class Agreement(NamedTuple):
    """How far an offer meets a need, part by part.

    Attributes
    ----------
    strength
        In [0, 1], from the parts below.
    kind_agrees
        Whether the offer is of a kind that is sought; ``None`` where either kind is unknown.
    kinds
        The kinds on which they agree.
    trade_relation
        Of the offer's trade to the need's; "unknown" where either names none.
    trades
        The two trades that stand so, the need's first; ``None`` for "none" and "unknown".
    country_fit
        Whether the offer holds for the place that is sought; ``None`` where none is named.
    """

    strength: float
    kind_agrees: bool | None
    kinds: tuple[NeedKind, ...]
    trade_relation: TradeRelation
    trades: tuple[str, str] | None
    country_fit: bool | None


class Thing(NamedTuple):
    """A word list of the glossary: what is meant, the needs it stands for, the needs it meets.

    A `general` thing, such as a partner, tells the kind only where nothing more definite does.
    """

    name: str
    kinds: tuple[NeedKind, ...]
    meets: tuple[NeedKind, ...]
    general: bool


def read_need(phrase: str, language: str | None = None) -> Need:
    """Understand a phrase that says what is sought.

    Parameters
    ----------
    phrase
        In any of the seven languages.
    language
        Of the phrase, where known.
    """
    hits = find_things(phrase, language)
    head = [hit for hit in hits if hit.start < _head_end(phrase)]
    kinds = _kinds(head, general=False) or _kinds(hits, general=False) or _kinds(hits, general=True)
    return Need(phrase, kinds, _trades(phrase, language), *_places(phrase, language))


def read_offer(phrase: str, language: str | None = None) -> Offer:
    """Understand a phrase that says what is offered; a mere number of members meets no need.

    Parameters
    ----------
    phrase, language
        As in `read_need`.
    """
    offer = Offer(phrase, (), _trades(phrase, language), *_places(phrase, language))
    if only_counts(offer):
        return offer
    hits = find_things(phrase, language)
    return offer._replace(meets=_unique(kind for hit in hits for kind in glossary()[hit.key].meets))


def agree(
    need: Need, offer: Offer, need_home: str | None = None, offer_home: str | None = None
) -> Agreement:
    """Compare what one side seeks with what the other offers.

    Parameters
    ----------
    need, offer
        The two phrases, understood.
    need_home, offer_home
        Countries of the two sides.
    """
    kinds = tuple(kind for kind in need.kinds if kind in offer.meets)
    kind_agrees = bool(kinds) if need.kinds and offer.meets else None
    stands, pair = trade_relation(need.trades, offer.trades)
    fit = _country_fit(need, offer, need_home, offer_home)
    strength = _KIND[kind_agrees] * _RELATION[stands] * (_ELSEWHERE if fit is False else 1.0)
    return Agreement(strength, kind_agrees, kinds, stands, pair, fit)


_KIND: Mapping[bool | None, float] = {True: 1.0, None: 0.5, False: 0.2}
_RELATION: Mapping[TradeRelation, float] = {
    "same": 1.0,
    "narrower": 0.9,
    "broader": 0.8,
    "chain": 0.6,
    "sibling": 0.4,
    "unknown": 0.4,
    "none": 0.1,
}
_ELSEWHERE = 0.3


def trade_relation(
    sought: Sequence[str], offered: Sequence[str]
) -> tuple[TradeRelation, tuple[str, str] | None]:
    """Closest relation of any offered trade to any sought one, and the two trades.

    Parameters
    ----------
    sought, offered
        Ids of trades.
    """
    if not sought or not offered:
        return "unknown", None
    best = min(
        ((TRADE_RELATIONS.index(relation(a, b)), a, b) for a in sought for b in offered),
        key=lambda found: found[0],
    )
    closest = TRADE_RELATIONS[best[0]]
    return closest, None if closest == "none" else (best[1], best[2])


def find_things(text: str, language: str | None = None) -> tuple[Hit, ...]:
    """Words of the glossary in a text; keys as in `glossary`."""
    return _finder().find(text, language)


@lru_cache(maxsize=1)
def glossary() -> Mapping[str, Thing]:
    """Return the things that needs and offers are about, by id."""
    return {
        row.columns["id"]: Thing(
            row.words["en"][0],
            listed(row.columns["kinds"]),  # type: ignore[arg-type]
            listed(row.columns["meets"]),  # type: ignore[arg-type]
            row.columns["general"] == "yes",
        )
        for row in read_word_lists("glossary.csv")
    }


@lru_cache(maxsize=1)
def _finder() -> WordFinder:
    return WordFinder(
        (row.columns["id"], language, words)
        for row in read_word_lists("glossary.csv")
        for language, words in row.words.items()
    )


def _unique(kinds: Iterable[NeedKind]) -> tuple[NeedKind, ...]:
    return tuple(dict.fromkeys(kinds))


def _kinds(hits: Iterable[Hit], *, general: bool) -> tuple[NeedKind, ...]:
    """Kinds of what is named; a cluster comes last, as it is mostly the partner of a need."""
    named = [glossary()[hit.key] for hit in hits if glossary()[hit.key].general <= general]
    named.sort(key=lambda thing: thing.name == "cluster")
    return _unique(kind for thing in named for kind in thing.kinds)


def _head_end(phrase: str) -> int:
    """Where the first preposition stands: what comes before it says what is sought."""
    words = tokens(phrase)
    after = (word.start for word in words[1:] if word.plain in _PREPOSITIONS)
    return next(after, len(phrase))


def _trades(phrase: str, language: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.trade for hit in find_trades(phrase, language)))


def _places(phrase: str, language: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    places = find_places(phrase, language)
    countries = dict.fromkeys(place.country for place in places if place.country)
    regions = dict.fromkeys(place.region for place in places if place.region)
    return tuple(countries), tuple(regions)


@lru_cache(maxsize=20_000)
def only_counts(offer: Offer) -> bool:
    """Whether an offer is no more than a number of something: "about 80 agreements"."""
    if offer.trades:
        return False
    words = (word.plain for word in tokens(offer.phrase) if word.plain not in _COUNT_WORDS)
    return next(words, "-")[0].isdigit()


@lru_cache(maxsize=20_000)
def answers(need: Need, offer: Offer) -> bool:
    """Whether an offer can be the answer to a need at all, by what the two phrases name.

    A wish to learn or to renew is answered by what can teach; who is there, such as members, is
    an answer where somebody is sought.
    """
    offered = {hit.key for hit in find_things(offer.phrase)}
    if not offered:
        return True
    sought = {hit.key for hit in find_things(need.phrase) if _in_head(hit, need.phrase)}
    definite = {thing for thing in sought if not glossary()[thing].general} or sought
    if _LEARNT.intersection(need.kinds[:1]) or (definite and definite <= _NEW):
        return bool(_LEARNT.intersection(offer.meets))
    return not offered <= _THERE or bool(sought & _SOMEBODY)


def _in_head(hit: Hit, phrase: str) -> bool:
    """Whether a thing is what is sought, not what it is for: "technoparks as partners"."""
    return hit.start < _head_end(phrase) or phrase[: hit.start].endswith(" as ")


def relation(sought: str, offered: str) -> TradeRelation:
    """How an offered trade stands to a sought one."""
    if sought == offered:
        return "same"
    above_sought, above_offered = ancestors(sought), ancestors(offered)
    if sought in above_offered:
        return "narrower"
    if offered in above_sought:
        return "broader"
    known = trades()
    if offered in known[sought].uses or sought in known[offered].uses:
        return "chain"
    return "sibling" if set(above_sought) & set(above_offered) else "none"


def _country_fit(
    need: Need, offer: Offer, need_home: str | None, offer_home: str | None
) -> bool | None:
    """Whether the places named on either side are those of the other."""
    wanted = _area(need) - {need_home} if need.countries else _area(need)
    named = _area(offer) - {offer_home}
    if wanted:
        held = named | ({offer_home} - {None})
        return bool(held & wanted) if held else None
    return need_home in named if named and need_home else None


def _area(phrase: Need | Offer) -> set[str]:
    if phrase.countries:
        return set(phrase.countries)
    return set().union(*(REGIONS[region] for region in phrase.regions))
