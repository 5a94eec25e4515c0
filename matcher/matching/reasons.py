"""Reasons: what met between two clusters, each with its evidence, shown only where it is true.

A reason has a kind, the two phrases or facts behind it and a strength; a weak one is left out, and
nothing is said twice. What every third profile says is no reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from matcher.i18n.message import Message
from matcher.matching.columns import Floats
from matcher.matching.purposes import PURPOSES
from matcher.matching.reason_pair import Pair
from matcher.matching.recommendation import BACKGROUND, Evidence, EvidenceKind, Side
from matcher.matching.trade_reasons import (
    GENERAL,
    PARKS,
    is_telling,
    shared_trades,
    value_chain,
)
from matcher.matching.words import country_name, kind_title
from matcher.profiles.needs import Need, Offer, agree, answers, find_things, only_counts
from matcher.profiles.places import REGIONS

MAX_REASONS = 3

MET, MET_KIND_UNKNOWN = 0.75, 0.85
"""Likelihoods from which a need is said to be met: where the offer is of the kind that is sought,
and where that cannot be told."""

ASKED, ASKED_KIND_UNKNOWN = 0.5, 0.6
"""The same from which an offer is worth asking about, though it may not meet the need."""

ALIKE = 0.8
"""Cosine from which two specialities are said to be the same."""

PEERS = 0.65
"""Cosine of two offers from which their bodies are said to do much the same."""


def evidence_of(pair: Pair) -> tuple[Evidence, ...]:
    """Everything that speaks for a pair, the strongest first."""
    found = [
        *needs_met(pair),
        *_in_common(pair),
        *_interest(pair),
        *_same_wish(pair),
        *_purpose(pair),
    ]
    told = _once(one for one in found if one.kind not in BACKGROUND)
    if not reasons_for(told, "you"):
        told = _once(found)
    return tuple(sorted(told, key=lambda one: (-one.strength, one.kind)))


def _in_common(pair: Pair) -> list[Evidence]:
    """What brings the two together apart from needs, as narrow as can be told."""
    trades = shared_trades(pair)
    narrow = [one for one in trades if one.kind == "trade"]
    return (
        narrow
        or _specialities(pair)
        or list(value_chain(pair))
        or _same_offer(pair)
        or trades
        or _organisations(pair)
    )


def reasons_for(evidence: Sequence[Evidence], side: Side) -> tuple[Message, ...]:
    """The strongest reasons of one side; what holds for both is told to the asker."""
    sides = ("you", "both") if side == "you" else ("them",)
    told = (one for one in evidence if one.side in sides and one.kind not in BACKGROUND)
    return tuple(one.sentence for one in told)[:MAX_REASONS]


def needs_met(pair: Pair) -> Iterator[Evidence]:
    """Needs of either side that an offer of the other meets; where none does, the likeliest."""
    yours, theirs = pair.your_meaning, pair.their_meaning
    homes = (pair.you.country, pair.they.country)
    for one in _best(needs_meeting(yours.seeks, theirs.offers, pair.needs, homes)):
        said = {"need": one.need.phrase, "offer": one.offer.phrase}
        sentence = (
            Message("They offer “{offer}”; you look for “{need}”.", **said)
            if one.sure
            else Message("You look for “{need}”: ask them about “{offer}”.", **said)
        )
        yield Evidence(one.kind, "you", said["need"], said["offer"], one.strength, sentence)
    for one in _best(needs_meeting(theirs.seeks, yours.offers, pair.their_needs, homes[::-1])):
        said = {"need": one.need.phrase, "offer": one.offer.phrase}
        sentence = (
            Message("They look for “{need}”; you offer “{offer}”.", **said)
            if one.sure
            else Message("They look for “{need}”: your “{offer}” may help.", **said)
        )
        yield Evidence(one.kind, "them", said["offer"], said["need"], one.strength, sentence)


class Met(NamedTuple):
    """A need with the offer that meets it best; `sure` where it can be said to meet it."""

    need: Need
    offer: Offer
    likelihood: float
    sure: bool

    @property
    def kind(self) -> EvidenceKind:
        """What kind of evidence it is."""
        return "need_met" if self.sure else "need_near"

    @property
    def strength(self) -> float:
        """How strong it is as a reason."""
        return 1 + self.likelihood if self.sure else self.likelihood


def _best(found: Iterable[Met]) -> list[Met]:
    listed = list(found)
    sure = [one for one in listed if one.sure]
    return sure or sorted(listed, key=lambda one: -one.likelihood)[:1]


def needs_meeting(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    likely: Floats,
    homes: tuple[str | None, str | None],
) -> Iterator[Met]:
    """Each need that is met or may be, with the offer that meets it best.

    Parameters
    ----------
    needs, offers
        Of two sides.
    likely
        (needs, offers) how likely each offer meets each need.
    homes
        Countries of who seeks and of who offers.
    """
    for row, need in enumerate(needs):
        for place in np.argsort(-likely[row], kind="stable").tolist():
            chance = float(likely[row, place])
            if chance < ASKED:
                break
            parts = agree(need, offers[place], *homes)
            met, asked = (
                (MET, ASKED) if parts.kind_agrees else (MET_KIND_UNKNOWN, ASKED_KIND_UNKNOWN)
            )
            if (
                chance >= asked
                and not only_counts(offers[place])
                and parts.kind_agrees is not False
                and parts.trade_relation != "none"
                and parts.country_fit is not False
                and (chance >= met or answers(need, offers[place]))
            ):
                yield Met(need, offers[place], chance, chance >= met)
                break


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


@lru_cache(maxsize=5000)
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
    if not (is_telling(yours, pair) and is_telling(theirs, pair)):
        return []
    if yours.casefold() == theirs.casefold():
        sentence = Message("You both name “{phrase}”.", phrase=yours)
    else:
        sentence = Message(
            "Your “{yours}” is close to their “{theirs}”.", yours=yours, theirs=theirs
        )
    return [Evidence("speciality", "both", yours, theirs, strength, sentence)]


def _same_offer(pair: Pair) -> list[Evidence]:
    """The two offers that are nearest, where who makes them could compare notes."""
    mine, other = (
        [place for place, offer in enumerate(side.offers) if not only_counts(offer)]
        for side in (pair.your_meaning, pair.their_meaning)
    )
    found = ((float(pair.offers[places]), *places) for places in product(mine, other))
    likeness, row, column = max(found, default=(0.0, 0, 0))
    if likeness < PEERS:
        return []
    said = {"yours": pair.you.offers[row], "theirs": pair.they.offers[column]}
    sentence = Message(
        "You could exchange experience: you offer “{yours}”, they offer “{theirs}”.", **said
    )
    return [Evidence("same_offer", "both", said["yours"], said["theirs"], 0.4 * likeness, sentence)]


def _organisations(pair: Pair) -> list[Evidence]:
    """Two places where firms of any trade settle or start, of the same kind."""
    kind = pair.you.kind
    if kind in PARKS and kind == pair.they.kind:
        name = kind_title(kind)
        sentence = Message(
            "As far as we know, you share only the kind of organisation, {kind}: "
            "ask what they work on.",
            kind=name,
        )
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
