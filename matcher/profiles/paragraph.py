"""Reads a paragraph, as somebody would paste it, as the sketch of a profile."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from matcher.i18n.message import Message
from matcher.profiles.clauses import (
    VERB_LAST,
    Clause,
    marker_finder,
    read_clauses,
    unknown_language,
)
from matcher.profiles.needs import (
    Need,
    NeedKind,
    Offer,
    find_things,
    glossary,
    read_need,
    read_offer,
)
from matcher.profiles.places import Place, find_places
from matcher.profiles.problems import parsed
from matcher.profiles.profile import MAX_PHRASES, DraftProfile
from matcher.profiles.taxonomy import countries
from matcher.profiles.trades import find_trades, trades
from matcher.profiles.words import plain_word, sentences, tokens

_LONGEST_PHRASE = 200
_NEAR = 4
"""Words between a number and what it counts."""

_AND = "and|or|also|și|si|sau|і|й|та|и|а также|და|և|ու|və|ve|həmçinin"
_PARTS = re.compile(rf"\s*[,;:]\s*|\s+[-–—]\s+|\s+(?:{_AND})\s+", re.IGNORECASE)
_BEGINNING = re.compile(rf"^\W*(?:(?:{_AND}|for|to)\s+)*", re.IGNORECASE)
_ENDING = re.compile(rf"(?:[\s,]+(?:{_AND}))+\W*$", re.IGNORECASE)
_SURE_SEEKS = frozenset(("buyers", "investors", "suppliers"))
_IF = frozenset(("if", "якщо", "если", "თუ", "եթե", "daca", "eger"))
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[ ,.]\d{3})+|\d+)(?![\w])")
_MOST_MEMBERS = 100_000

KIND_WORDS: dict[NeedKind, str] = {
    "buyers": "buyers, distribution and export markets",
    "suppliers": "suppliers of materials and equipment",
    "project_partners": "partners for joint projects and research",
    "technology": "technology and solutions",
    "know_how": "know-how, training and advice",
    "investors": "investors and funding",
    "members": "new members",
    "exchange": "exchange with other clusters",
    "visitors": "visitors and tour operators",
    "talent": "skilled staff",
    "visibility": "visibility, fairs and promotion",
    "facilities": "laboratories and test beds",
    "residents": "companies that settle",
    "policy": "influence on policy",
}
"""Kinds of need in English words, as a gloss says them."""


class TradeFound(NamedTuple):
    """A trade of a text: the words that show it; `sought` where only a need names it."""

    trade: str
    words: tuple[str, ...]
    sought: bool


class Understood(NamedTuple):
    """What a text says, as far as it was understood.

    Attributes
    ----------
    profile
        The sketch of a profile that the text gives.
    trades
        In the order of the text, those that are only sought last.
    offers, seeks
        Typed, each with the words of the text.
    home, city
        Where the writer is.
    countries
        Meant by a need, the writer's own left out.
    languages
        ISO 639-1 codes in order; ``"und"`` for what is in none of the seven.
    unread
        Sentences in which nothing was understood.
    gloss
        The text's trades and needs in English words.
    """

    profile: DraftProfile
    trades: tuple[TradeFound, ...]
    offers: tuple[Offer, ...]
    seeks: tuple[Need, ...]
    home: str | None
    city: str | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    unread: tuple[str, ...]
    gloss: str

    @property
    def says_nothing(self) -> bool:
        """Whether the text holds no trade and no need, so that nothing can be matched."""
        return not self.trades and not self.seeks

    @property
    def missing(self) -> Message | None:
        """What the writer should add; ``None`` where the text says enough."""
        if not self.says_nothing:
            return None
        if "und" in self.languages:
            return Message(
                "We could not tell the language of this text. Please write in English, Ukrainian, "
                "Romanian, Russian, Georgian, Armenian or Azerbaijani what your members make or "
                "do, and what you look for."
            )
        return Message(
            "This text names no field of work and no need. Please say what your members make or "
            "do, such as wine or software, and what you look for, such as buyers or project "
            "partners."
        )


def read_paragraph(text: str) -> Understood:
    """Understand a text in any of the seven languages, or a mixture of them.

    Raises
    ------
    InvalidInputError
        The text is too long or has control characters.
    """
    text = text.strip()
    clauses = _with_bare_needs(read_clauses(text))
    home, city = _home(clauses)
    seeks = tuple(_seeks(clauses, home))
    offers = tuple(_offers(clauses))
    found = _trades_of(clauses)
    meant = dict.fromkeys(code for need in seeks for code in need.countries)
    profile = _draft(text, clauses, found, offers, seeks, home, city, tuple(meant))
    return Understood(
        profile,
        found,
        offers,
        seeks,
        home,
        city,
        tuple(meant),
        _languages(text, clauses),
        tuple(_unread(text)),
        _gloss(found, offers, seeks, home, tuple(meant)),
    )


def _draft(
    text: str,
    clauses: Sequence[Clause],
    found: Iterable[TradeFound],
    offers: Iterable[Offer],
    seeks: Iterable[Need],
    home: str | None,
    city: str | None,
    meant: Sequence[str],
) -> DraftProfile:
    own = [trade for trade in found if not trade.sought]
    fields = {
        "description": text or None,
        "country": home,
        "city": city,
        "kind": _kind(clauses),
        "members_total": _members(clauses),
        "technologies": _phrases(words for trade in own for words in trade.words),
        "offers": _phrases(offer.phrase for offer in offers),
        "seeks": _phrases(need.phrase for need in seeks),
        "ecosystems": _ecosystems(own or found),
        "target_countries": meant,
    }
    return parsed(DraftProfile, fields, "this text cannot be read")


def _phrases(found: Iterable[str]) -> tuple[str, ...]:
    return tuple({plain_word(phrase): phrase for phrase in found}.values())[:MAX_PHRASES]


def _ecosystems(found: Iterable[TradeFound]) -> tuple[str, ...]:
    known = trades()
    return tuple(dict.fromkeys(name for trade in found for name in known[trade.trade].ecosystems))


def _trades_of(clauses: Iterable[Clause]) -> tuple[TradeFound, ...]:
    words: dict[tuple[bool, str], dict[str, None]] = {}
    for clause in clauses:
        for hit in find_trades(clause.text, clause.language):
            words.setdefault((clause.role == "seek", hit.trade), {})[hit.words] = None
    own = [TradeFound(trade, tuple(w), False) for (sought, trade), w in words.items() if not sought]
    named = {trade.trade for trade in own}
    return (
        *own,
        *(
            TradeFound(trade, tuple(w), True)
            for (sought, trade), w in words.items()
            if sought and trade not in named
        ),
    )


def _offers(clauses: Iterable[Clause]) -> Iterator[Offer]:
    for clause in clauses:
        if clause.role == "offer":
            offer = read_offer(_short(clause.body), clause.language)
            if offer.meets or offer.trades:
                yield offer


def _with_bare_needs(clauses: list[Clause]) -> list[Clause]:
    """Take "buyers for honey in Germany" for a need where no word in the text says so."""
    if any(clause.role == "seek" for clause in clauses):
        return clauses
    return [
        clause._replace(role="seek")
        if clause.role == "do" and _SURE_SEEKS & set(read_need(clause.body, clause.language).kinds)
        else clause
        for clause in clauses
    ]


def _seeks(clauses: Sequence[Clause], home: str | None) -> Iterator[Need]:
    for run in _runs(clauses):
        if run.role == "seek":
            yield from _needs(run, clauses, home)


def _runs(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Clauses with neighbours of the same sentence and role joined."""
    run: Clause | None = None
    for clause in clauses:
        if run and (clause.sentence, clause.role) == (run.sentence, run.role):
            run = run._replace(text=f"{run.text} {clause.text}", body=f"{run.body} {clause.text}")
            continue
        if run:
            yield run
        run = clause
    if run:
        yield run


def _needs(run: Clause, clauses: Iterable[Clause], home: str | None) -> Iterator[Need]:
    around = " ".join(clause.text for clause in clauses if clause.sentence == run.sentence)
    elsewhere = read_need(around, run.language)
    for item in _items(run.body, run.language):
        need = read_need(_short(item), run.language)
        if need.kinds or need.trades:
            named = need.countries or elsewhere.countries
            yield need._replace(
                countries=tuple(code for code in named if code != home),
                regions=need.regions or elsewhere.regions,
            )


def _items(body: str, language: str | None) -> list[str]:
    """Things listed in a clause; what names no kind of thing belongs to the one before it."""
    items: list[str] = []
    ends = [match.start() for match in _PARTS.finditer(body)] + [len(body)]
    starts = [0, *(match.end() for match in _PARTS.finditer(body))]
    begun = 0
    for start, end in zip(starts, ends, strict=True):
        part = body[start:end]
        if items and not _names_a_kind(part, language):
            items[-1] = body[begun:end]
        elif part.strip():
            begun = start
            items.append(part)
    if len(items) > 1 and not _names_a_kind(items[0], language):
        del items[0]
    return [_BEGINNING.sub("", item) for item in items]


def _names_a_kind(part: str, language: str | None) -> bool:
    return any(
        glossary()[hit.key].kinds and not glossary()[hit.key].general
        for hit in find_things(part, language)
    ) or any(hit.key == "partner" for hit in find_things(part, language))


def _short(phrase: str) -> str:
    phrase = " ".join(_ENDING.sub("", phrase).strip(" .,:;!?-–—()").split())
    return phrase if len(phrase) <= _LONGEST_PHRASE else phrase[:_LONGEST_PHRASE].rsplit(" ", 1)[0]


def _home(clauses: Sequence[Clause]) -> tuple[str | None, str | None]:
    """Country and town of the writer: a town first, else the first country, not a sought one.

    Where verbs stand last, "our Moldovan cluster wants" is one clause with what is wanted; there
    a country of the Eastern Partnership counts, if no other clause names one.
    """
    places = [
        *_places(clause for clause in clauses if clause.role != "seek"),
        *(
            place
            for place in _places(clause for clause in clauses if clause.language in VERB_LAST)
            if countries()[place.country or ""].group == "EaP"
        ),
    ]
    best = next((place for place in places if place.city), places[0] if places else None)
    return (best.country, best.city) if best else (None, None)


def _places(clauses: Iterable[Clause]) -> Iterator[Place]:
    for clause in clauses:
        yield from filter(_may_be_home, find_places(clause.text, clause.language))


def _may_be_home(place: Place) -> bool:
    return place.country is not None and countries()[place.country].group != "other"


def _kind(clauses: Iterable[Clause]) -> str | None:
    marks = _marks(clauses)
    return next((key.removeprefix("kind:") for key in marks if key.startswith("kind:")), None)


def _marks(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        if clause.role != "seek":
            yield from (hit.key for hit in marker_finder().find(clause.text, clause.language))


def _members(clauses: Iterable[Clause]) -> int | None:
    for clause in clauses:
        words = tokens(clause.text)
        if clause.role == "seek" or any(word.plain in _IF for word in words):
            continue
        marks = marker_finder().find(clause.text, clause.language)
        counted = [hit.start for hit in marks if hit.key == "members"]
        for number, end in _numbers(clause):
            between = [sum(end <= word.start < at for word in words) for at in counted if at > end]
            if 1 < number <= _MOST_MEMBERS and between and min(between) < _NEAR:
                return number
    return None


def _numbers(clause: Clause) -> Iterator[tuple[int, int]]:
    for match in _NUMBER.finditer(clause.text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) <= len(str(_MOST_MEMBERS)):
            yield int(digits), match.end()
    for hit in marker_finder().find(clause.text, clause.language):
        if hit.key.startswith("number:"):
            yield int(hit.key.removeprefix("number:")), hit.end


def _languages(text: str, clauses: Iterable[Clause]) -> tuple[str, ...]:
    told = dict.fromkeys(clause.language for clause in clauses if clause.language)
    unknown = ("und",) if unknown_language(text) else ()
    return (*told, *unknown)


def _unread(text: str) -> Iterator[str]:
    for _, sentence in sentences(text):
        if not (find_trades(sentence) or find_things(sentence) or find_places(sentence)):
            yield sentence.strip()


def _gloss(
    found: Sequence[TradeFound],
    offers: Iterable[Offer],
    seeks: Iterable[Need],
    home: str | None,
    meant: Iterable[str],
) -> str:
    known, nations = trades(), countries()
    own = [known[trade.trade].names["en"] for trade in found if not trade.sought]
    sought = [known[trade.trade].names["en"] for trade in found if trade.sought]
    kinds = dict.fromkeys(kind for need in seeks for kind in need.kinds)
    offered = dict.fromkeys(
        glossary()[hit.key].name for offer in offers for hit in find_things(offer.phrase)
    )
    parts = [
        ", ".join(own),
        f"in {nations[home].name}" if home else "",
        f"offers {', '.join(offered)}" if offered else "",
        f"looking for {'; '.join([*(KIND_WORDS[kind] for kind in kinds), *sought])}"
        if kinds or sought
        else "",
        f"in {', '.join(nations[code].name for code in meant)}" if meant else "",
    ]
    return ". ".join(part for part in parts if part)
