"""Reasons: what met between two clusters, each with its evidence, shown only where it is true.

A reason has a kind, the two phrases or facts behind it and a strength; a weak one is left out, and
nothing is said twice. What every third profile says is no reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from matcher.i18n.message import Message
from matcher.matching.columns import Floats
from matcher.matching.features.organisation import SUPPORT
from matcher.matching.purposes import PURPOSES
from matcher.matching.recommendation import Evidence, EvidenceKind, Side
from matcher.matching.words import country_name, kind_title, trade_name
from matcher.profiles.meaning import Meaning, Shown
from matcher.profiles.needs import Need, Offer, agree, find_things, only_counts
from matcher.profiles.places import REGIONS
from matcher.profiles.profile import DraftProfile, Intent
from matcher.profiles.trades import ancestors, trades

MAX_REASONS = 3

MET, MET_KIND_UNKNOWN = 0.75, 0.85
"""Likelihoods from which a need is said to be met: where the offer is of the kind that is sought,
and where that cannot be told."""

ASKED, ASKED_KIND_UNKNOWN = 0.5, 0.6
"""The same from which an offer is worth asking about, though it may not meet the need."""

STATED = 0.4
"""How far a trade must be a cluster's own to be named: more than a mention in passing."""

OWN = 0.57
"""How far trades must be the clusters' own for one to be said to serve the other: a technology."""

COMMON = 0.08
"""Share of clusters from which a trade is called a wide field."""

_TRADES_TOLD = 2
_FIELD_STRENGTH = 0.1

ALIKE = 0.8
"""Cosine from which two specialities are said to be the same."""

GENERAL = frozenset(
    (
        *("cluster-management", "business-advocacy", "startups", "technology-transfer"),
        *("digital-transformation", "export-promotion", "innovation-policy", "business-support"),
        "cooperatives",
        *("regional-development", "research-development", "acceleration-incubation"),
        *("certification-standards", "science-parks", "industrial-parks", "high-tech"),
        *("finance-investment", "education", "vocational-training", "higher-education"),
        *(
            "digital-skills",
            "open-source",
            "fintech",
            "intellectual-property",
            "quality-control-testing",
            "engineering-services",
        ),
    )
)
"""Trades that serve all others: shared by bodies that live by them, a remark for everybody else."""

EVERYWHERE = frozenset(
    (
        *("software", "it-services", "cybersecurity", "telecommunications", "cloud"),
        "artificial-intelligence",
    )
)
"""Trades that everybody uses: to supply them makes no value chain."""


class Pair(NamedTuple):
    """All that reasons are drawn from.

    Attributes
    ----------
    you, they
        The two profiles.
    your_meaning, their_meaning
        The same, understood.
    needs, their_needs
        (needs, offers) how likely the partner's offers meet the asker's needs, and the reverse.
    specialities
        (yours, theirs) cosines of the technologies.
    share
        Trade -> share of the clusters that work in it.
    intent
        What the partnership is for.
    """

    you: DraftProfile
    they: DraftProfile
    your_meaning: Meaning
    their_meaning: Meaning
    needs: Floats
    their_needs: Floats
    specialities: Floats
    share: Mapping[str, float]
    intent: Intent | None


def evidence_of(pair: Pair) -> tuple[Evidence, ...]:
    """Everything that speaks for a pair, the strongest first."""
    found = [
        *needs_met(pair),
        *(_trades(pair) or _specialities(pair) or _organisations(pair)),
        *_value_chain(pair),
        *_interest(pair),
        *_same_wish(pair),
        *_purpose(pair),
    ]
    told = _once(one for one in found if one.kind != "field") or _once(found)
    return tuple(sorted(told, key=lambda one: (-one.strength, one.kind)))


def reasons_for(evidence: Sequence[Evidence], side: Side) -> tuple[Message, ...]:
    """The strongest reasons of one side; what holds for both is told to the asker."""
    sides = ("you", "both") if side == "you" else ("them",)
    return tuple(one.sentence for one in evidence if one.side in sides)[:MAX_REASONS]


def needs_met(pair: Pair) -> Iterator[Evidence]:
    """Needs of either side that an offer of the other meets; where none does, the likeliest."""
    yours, theirs = pair.your_meaning, pair.their_meaning
    for one in _best(_met(yours.seeks, theirs.offers, pair.needs, pair, "you")):
        said = {"need": one.need.phrase, "offer": one.offer.phrase}
        sentence = (
            Message("They offer “{offer}”; you look for “{need}”.", **said)
            if one.sure
            else Message("You look for “{need}”: ask them about “{offer}”.", **said)
        )
        yield Evidence(one.kind, "you", said["need"], said["offer"], one.strength, sentence)
    for one in _best(_met(theirs.seeks, yours.offers, pair.their_needs, pair, "them")):
        said = {"need": one.need.phrase, "offer": one.offer.phrase}
        sentence = (
            Message("They look for “{need}”; you offer “{offer}”.", **said)
            if one.sure
            else Message("They look for “{need}”: your “{offer}” may help.", **said)
        )
        yield Evidence(one.kind, "them", said["offer"], said["need"], one.strength, sentence)


class _Met(NamedTuple):
    """A need with the offer that meets it best; `sure` where it can be said to meet it."""

    need: Need
    offer: Offer
    likelihood: float
    sure: bool

    @property
    def kind(self) -> EvidenceKind:
        return "need_met" if self.sure else "need_near"

    @property
    def strength(self) -> float:
        return 1 + self.likelihood if self.sure else self.likelihood


def _best(found: Iterable[_Met]) -> list[_Met]:
    listed = list(found)
    sure = [one for one in listed if one.sure]
    return sure or sorted(listed, key=lambda one: -one.likelihood)[:1]


def _met(
    needs: Sequence[Need], offers: Sequence[Offer], likely: Floats, pair: Pair, seeker: Side
) -> Iterator[_Met]:
    """Each need that is met or may be, with the offer that meets it best."""
    homes = (pair.you.country, pair.they.country)
    need_home, offer_home = homes if seeker == "you" else homes[::-1]
    for row, need in enumerate(needs):
        ranked = sorted(range(len(offers)), key=lambda place: -likely[row, place])
        for place in ranked:
            chance = float(likely[row, place])
            if chance < ASKED:
                break
            parts = agree(need, offers[place], need_home, offer_home)
            met, asked = (
                (MET, ASKED) if parts.kind_agrees else (MET_KIND_UNKNOWN, ASKED_KIND_UNKNOWN)
            )
            if (
                chance >= asked
                and not only_counts(offers[place])
                and parts.kind_agrees is not False
                and parts.trade_relation != "none"
                and parts.country_fit is not False
            ):
                yield _Met(need, offers[place], chance, chance >= met)
                break


def _trades(pair: Pair) -> list[Evidence]:
    """The most telling trade of both sides, and one more if it is another field."""
    found = sorted(_shared(pair), key=lambda item: -item[0])
    told: dict[str, Evidence] = {}
    for strength, trade, yours, theirs in found:
        if len(told) < _TRADES_TOLD and not any(_related(trade, other) for other in told):
            told[trade] = (
                _in_wide_field(trade, yours, theirs)
                if pair.share[trade] > COMMON
                else _in_trade(trade, yours, theirs, strength)
            )
    return list(told.values())


def _shared(pair: Pair) -> Iterator[tuple[float, str, Shown, Shown]]:
    """Trades that both work in, or one in a branch of the other's."""
    theirs = {shown.trade: shown for shown in pair.their_meaning.trades}
    support = pair.you.kind in SUPPORT and pair.they.kind in SUPPORT
    for mine in pair.your_meaning.trades:
        for trade, other in theirs.items():
            common = _common_trade(mine.trade, trade)
            if common is None or (common in GENERAL and not support):
                continue
            weight = min(mine.weight, other.weight)
            if weight < STATED or pair.share[common] > COMMON * (4 if mine.weight > 0.7 else 1):
                continue
            exact = 1.0 if mine.trade == trade else 0.8
            yield exact * weight * (1 - pair.share[common]), common, mine, other


def _common_trade(one: str, other: str) -> str | None:
    """The broader of two trades of which one is a branch of the other, if they are so related."""
    if one == other or one in ancestors(other):
        return one
    return other if other in ancestors(one) else None


_OF_A_KIND = ("technology_park", "incubator_accelerator", "innovation_hub")


def _related(one: str, other: str) -> bool:
    return _common_trade(one, other) is not None


def _in_trade(trade: str, yours: Shown, theirs: Shown, strength: float) -> Evidence:
    mine, other = yours.words.casefold(), theirs.words.casefold()
    if yours.trade == theirs.trade and not (" " in mine and " " in other):
        said = Message("You both work in {trade}.", trade=trade_name(trade))
    else:
        said = _both_quoted(trade, yours.words, theirs.words)
    return Evidence("trade", "both", yours.words, theirs.words, strength, said)


def _in_wide_field(trade: str, yours: Shown, theirs: Shown) -> Evidence:
    """Name a field that is too wide to be a reason beside others."""
    said = Message("You both work in {trade}, a wide field.", trade=trade_name(trade))
    return Evidence("field", "both", yours.words, theirs.words, _FIELD_STRENGTH, said)


def _both_quoted(trade: str, yours: str, theirs: str) -> Message:
    name = trade_name(trade)
    if yours.casefold() == theirs.casefold():
        return Message("You both work in {trade}: “{words}”.", trade=name, words=theirs)
    return Message(
        "You both work in {trade}: you in “{yours}”, they in “{theirs}”.",
        trade=name,
        yours=yours,
        theirs=theirs,
    )


def _value_chain(pair: Pair) -> Iterator[Evidence]:
    """A trade of one side that supplies what the other's main trades use."""
    for used, user, side in (
        (pair.their_meaning, pair.your_meaning, "you"),
        (pair.your_meaning, pair.their_meaning, "them"),
    ):
        best = max(_supplies(used, user, pair), default=None, key=lambda item: item[0])
        if best is None:
            continue
        strength, supplied, by = best
        parts = {"supplied": trade_name(supplied.trade), "user": trade_name(by.trade)}
        if side == "you":
            sentence = Message(
                "They work in {supplied}, you in {user}: two links of one value chain.", **parts
            )
            yield Evidence("value_chain", "you", by.words, supplied.words, strength, sentence)
        else:
            sentence = Message(
                "You work in {supplied}, they in {user}: two links of one value chain.", **parts
            )
            yield Evidence("value_chain", "them", supplied.words, by.words, strength, sentence)


def _supplies(used: Meaning, user: Meaning, pair: Pair) -> Iterator[tuple[float, Shown, Shown]]:
    if {pair.you.kind, pair.they.kind} & set(_OF_A_KIND):
        return  # what the firms of a park do is no trade of the park
    own, theirs = (
        {shown.trade for shown in side.trades if shown.weight >= STATED} for side in (user, used)
    )
    for by in user.trades:
        for supplied in used.trades:
            weight = min(by.weight, supplied.weight)
            if (
                weight >= OWN
                and supplied.trade in trades()[by.trade].uses
                and not {supplied.trade, by.trade} & GENERAL
                and supplied.trade not in EVERYWHERE
                and not any(_related(supplied.trade, trade) for trade in own)
                and not any(_related(by.trade, trade) for trade in theirs)
            ):
                yield 0.6 * weight * (1 - pair.share[supplied.trade]), supplied, by


def _interest(pair: Pair) -> Iterator[Evidence]:
    """A need of one side that names the other's country or region, or a target country."""
    for side, seeker, other, needs in (
        ("them", pair.they, pair.you, pair.their_meaning.seeks),
        ("you", pair.you, pair.they, pair.your_meaning.seeks),
    ):
        if other.country is None or seeker.country == other.country:
            continue
        named = next((need for need in needs if _names(need, other.country)), None)
        name = country_name(other.country)
        if named:
            strength = 0.9 if other.country in named.countries else 0.7
            if side == "them":
                sentence = Message("They look for “{need}”.", need=named.phrase)
                yield Evidence("interest", "them", name, named.phrase, strength, sentence)
            else:
                sentence = Message(
                    "You look for “{need}”; they are in {country}.",
                    need=named.phrase,
                    country=name,
                )
                yield Evidence("interest", "you", named.phrase, name, strength, sentence)
        elif other.country in seeker.target_countries:
            if side == "them":
                sentence = Message("They name {country} as a target country.", country=name)
                yield Evidence("interest", "them", name, name, 0.5, sentence)
            else:
                sentence = Message("{country} is among your target countries.", country=name)
                yield Evidence("interest", "you", name, name, 0.5, sentence)


def _names(need: Need, country: str) -> bool:
    if country in need.countries:
        return True
    wide = ("EU", "EUROPE")
    return any(country in REGIONS[region] for region in need.regions if region not in wide)


def _same_wish(pair: Pair) -> Iterator[Evidence]:
    """Both say that they look for partners or exchange in the same trade."""
    for mine in pair.your_meaning.seeks:
        for other in pair.their_meaning.seeks:
            kinds = set(mine.kinds) & set(other.kinds) & {"project_partners", "exchange"}
            shared = (set(mine.trades) & set(other.trades)) - GENERAL
            if kinds and shared and _asks_for_partners(mine) and _asks_for_partners(other):
                sentence = Message(
                    "You both look for partners: you for “{yours}”, they for “{theirs}”.",
                    yours=mine.phrase,
                    theirs=other.phrase,
                )
                yield Evidence("same_wish", "both", mine.phrase, other.phrase, 0.6, sentence)
                return


def _asks_for_partners(need: Need) -> bool:
    return any(hit.key in ("partner", "contact", "cluster") for hit in find_things(need.phrase))


def _specialities(pair: Pair) -> list[Evidence]:
    """The two technologies that are nearest, where they are nearly the same."""
    if not pair.specialities.size or pair.specialities.max() < ALIKE:
        return []
    row, column = divmod(int(pair.specialities.argmax()), pair.specialities.shape[1])
    yours, theirs = pair.you.technologies[row], pair.they.technologies[column]
    strength = 0.5 * float(pair.specialities.max())
    if " " not in yours or " " not in theirs:  # one word is a field, not a speciality
        return []
    if yours.casefold() == theirs.casefold():
        sentence = Message("You both name “{phrase}”.", phrase=yours)
    else:
        sentence = Message(
            "Your “{yours}” is close to their “{theirs}”.", yours=yours, theirs=theirs
        )
    return [Evidence("speciality", "both", yours, theirs, strength, sentence)]


def _organisations(pair: Pair) -> list[Evidence]:
    """Two places where firms of any trade settle or start, of the same kind."""
    kind = pair.you.kind
    if kind in _OF_A_KIND and kind == pair.they.kind:
        name = kind_title(kind)
        sentence = Message("You are the same kind of organisation: {kind}.", kind=name)
        return [Evidence("organisation", "both", name, name, 0.45, sentence)]
    return []


def _purpose(pair: Pair) -> Iterator[Evidence]:
    """What shows the purpose that the asker named."""
    if pair.intent is None:
        return
    purpose = PURPOSES[pair.intent]
    title = Message(purpose.title)
    meaning = pair.their_meaning
    for one in (*meaning.offers, *meaning.services):
        if set(one.meets) & set(purpose.offers):
            sentence = Message("{purpose}: they offer “{offer}”.", purpose=title, offer=one.phrase)
            yield Evidence("purpose", "you", title, one.phrase, 0.95, sentence)
            return
    for need in meaning.seeks:
        if set(need.kinds) & set(purpose.seeks):
            sentence = Message(
                "{purpose}: they look for “{need}”.", purpose=title, need=need.phrase
            )
            yield Evidence("purpose", "you", title, need.phrase, 0.9, sentence)
            return


_SAME_PHRASE = ("interest", "purpose")
"""Kinds that quote a single phrase."""


def _once(found: Iterable[Evidence]) -> list[Evidence]:
    """Leave out what quotes the same phrases as a stronger reason."""
    kept: list[Evidence] = []
    quoted: set[str] = set()
    for one in sorted(found, key=lambda item: -item.strength):
        phrases = {str(text).casefold() for text in (one.yours, one.theirs)}
        told_already = phrases & quoted if one.kind in _SAME_PHRASE else phrases <= quoted
        if told_already and one.kind != "need_met":
            continue
        quoted |= phrases
        kept.append(one)
    return kept
