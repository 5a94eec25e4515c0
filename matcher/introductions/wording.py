"""Sentences that are derived from a pair: purpose, reasons, unknowns, first step, questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.documents.text import clean
from matcher.i18n.languages import Language
from matcher.matching.purposes import INTENT_TITLES
from matcher.matching.recommendation import Recommendation
from matcher.profiles.profile import DraftProfile, Intent

Seeker = Literal["you", "them"]
_SEEKERS: tuple[Seeker, Seeker] = ("you", "them")
ASKED_FOR = {
    "members_total": "number of members",
    "seeks": "what it is looking for",
    "offers": "what it offers",
    "target_countries": "target markets",
    "management_fte": "size of the team",
    "languages": "working languages",
    "website": "website",
    "founded": "year founded",
}
FIELD_NAMES = {
    "aerospace_defence": "aerospace and defence",
    "agrifood": "agri-food",
    "construction": "construction",
    "cultural_creative": "cultural and creative industries",
    "digital": "digital",
    "electronics": "electronics",
    "energy_intensive": "energy-intensive industries",
    "energy_renewables": "renewable energy",
    "health": "health",
    "mobility_transport_automotive": "mobility, transport and automotive",
    "proximity_social_economy": "proximity and social economy",
    "retail": "retail",
    "textile": "textile",
    "tourism": "tourism",
}
"""Industrial ecosystems as they read within a sentence."""


@dataclass(frozen=True)
class PairWords:
    """What can be said about a and b, in one language."""

    a: DraftProfile
    b: DraftProfile
    found: Recommendation
    say: Language

    def sides(self, seeker: Seeker) -> tuple[DraftProfile, DraftProfile]:
        """Who seeks and who gives."""
        return (self.a, self.b) if seeker == "you" else (self.b, self.a)

    def matches(self, seeker: Seeker) -> tuple[tuple[str, str], ...]:
        """(need, offer), the closest first, each need once."""
        first: dict[str, str] = {}
        for match in self.found.matches:
            if match.seeker == seeker:
                first.setdefault(clean(match.need), clean(match.offer))
        return tuple(first.items())

    def purpose(self, intent: Intent | None) -> str:
        """One line on what the introduction is for."""
        if intent:
            return self.say(INTENT_TITLES[intent])
        if words := self._first_match():
            return self.say("{seeker} is looking for “{need}”; {giver} offers “{offer}”", **words)
        if field := self._shared_field():
            return self.say("To explore cooperation in {field}", field=field)
        return self.say("To get to know each other and find a first topic to work on together")

    def points(self, seeker: Seeker) -> tuple[str, ...]:
        """What to ask the other side about, then reasons besides needs and offers."""
        return (*self._asks(seeker), *self._points(*self.sides(seeker)))

    def unknown(self) -> tuple[str, ...]:
        """Name what the profiles leave out, for each side in one line."""
        lines = []
        for side in (self.a, self.b):
            blank = [
                self.say(words)
                for name, words in ASKED_FOR.items()
                if getattr(side, name) in (None, ())
            ]
            if blank:
                lines.append(f"{_short(side)}: {', '.join(blank[:4])}")
        return tuple(lines) or (self.say("Both profiles cover the main points."),)

    def past(self) -> tuple[str, ...]:
        """Documented partnerships of the two."""
        lines = [
            clean(link.name) + (f" ({link.year_start})" if link.year_start else "")
            for link in self.found.known_links[:3]
        ]
        return tuple(lines) or (self.say("No joint project is documented."),)

    def first_step(self) -> str:
        """Suggest a step that is small, concrete and fits what is known of the pair."""
        if self.found.known_links:
            return self.say(
                "A 30-minute call to pick up “{project}” again, with one new topic from each side.",
                project=clean(self.found.known_links[0].name),
            )
        if words := self._first_match():
            return self.say(
                "A 30-minute call: {giver} presents “{offer}” and {seeker} explains what it needs "
                "in “{need}”. Each side brings one member company.",
                **words,
            )
        if field := self._shared_field():
            return self.say(
                "A 30-minute call on {field}: each side presents three members and one project "
                "that still needs a partner.",
                field=field,
            )
        return self.say(
            "A 30-minute call: each side presents three members and one project that still needs a "
            "partner."
        )

    def questions(self) -> tuple[str, ...]:
        """Three different questions that only this pair would be asked."""
        return tuple(dict.fromkeys(self._questions()))[:3]

    def _asks(self, seeker: Seeker) -> Iterator[str]:
        """Needs that an offer of the other side may meet, as the cards of partners name them."""
        for one in self.found.evidence:
            if one.kind == "need_near" and one.side == seeker:
                mine_first = (one.yours, one.theirs)
                need, offer = mine_first if seeker == "you" else mine_first[::-1]
                words = self._words(seeker, self.say.say(need), self.say.say(offer))
                yield self.say(
                    "{seeker} is looking for “{need}”: ask {giver} about “{offer}”", **words
                )

    def _points(self, me: DraftProfile, other: DraftProfile) -> Iterator[str]:
        say = self.say
        if other.country in me.target_countries:
            yield say(
                "{partner} is in {country}, one of the target markets of {name}",
                partner=_short(other),
                country=say.country(other.country),
                name=_short(me),
            )
        if shared := [name for name in me.ecosystems if name in other.ecosystems]:
            yield say(
                "Same field: {items}", items=", ".join(field_name(key, say) for key in shared[:3])
            )
        theirs = {word.casefold() for word in other.technologies}
        if same := [clean(word) for word in me.technologies if word.casefold() in theirs]:
            yield say("Shared technologies: {items}", items=", ".join(same[:3]))
        if other.members_research:
            yield say(
                "Research organisations among the members of {partner}: {count}",
                partner=_short(other),
                count=other.members_research,
            )
        if other.label:
            yield say(
                "{partner} holds the {label} label of cluster excellence",
                partner=_short(other),
                label=say(other.label),
            )
        if markets := self._third_markets():
            yield say(
                "Both target these markets: {items}", items=", ".join(map(say.country, markets[:4]))
            )

    def _questions(self) -> Iterator[str]:
        say = self.say
        if self.found.known_links:
            yield say(
                "To both: what came of “{project}”, and what should be different this time?",
                project=clean(self.found.known_links[0].name),
            )
        for seeker in _SEEKERS:
            for match in self.matches(seeker)[:1]:
                yield say(
                    "To {giver}: which of your members provide “{offer}”, and could it meet the "
                    "need “{need}”?",
                    **self._words(seeker, *match),
                )
        for me, other in ((self.a, self.b), (self.b, self.a)):
            met = {need for seeker in _SEEKERS for need, _ in self.matches(seeker)}
            for need in [clean(n) for n in me.seeks if clean(n) not in met][:1]:
                yield say(
                    "To {giver}: does one of your members have what {seeker} is looking for, "
                    "“{need}”?",
                    giver=_short(other),
                    seeker=_short(me),
                    need=need,
                )
        if markets := self._third_markets():
            yield say(
                "To both: which members are already active in {country}, and what would a joint "
                "visit there need?",
                country=say.country(markets[0]),
            )
        for me, other in ((self.a, self.b), (self.b, self.a)):
            if not me.seeks and other.offers:
                yield say(
                    "To {seeker}: which of your members could use “{offer}” from {giver}?",
                    seeker=_short(me),
                    giver=_short(other),
                    offer=clean(other.offers[0]),
                )
        gaps = [
            say(
                "To {name}: which gap among your members should a partner abroad fill first?",
                name=_short(side),
            )
            for side in (self.a, self.b)
        ]
        for side, gap in zip((self.a, self.b), gaps, strict=True):
            if not side.seeks:
                yield gap
            if side.members_total is None:
                yield say(
                    "To {name}: how many members do you have, and of what kind?", name=_short(side)
                )
        yield say(
            "To both: is there an open call or event in the next six months that you could enter "
            "together?"
        )
        yield from gaps

    def _words(self, seeker: Seeker, need: str, offer: str) -> dict[str, str]:
        """Name who seeks what, and who gives what."""
        me, other = map(_short, self.sides(seeker))
        return {"seeker": me, "need": clean(need), "giver": other, "offer": clean(offer)}

    def _first_match(self) -> dict[str, str] | None:
        found = self.found.matches
        return self._words(found[0].seeker, found[0].need, found[0].offer) if found else None

    def _shared_field(self) -> str | None:
        shared = [name for name in self.a.ecosystems if name in self.b.ecosystems]
        return field_name(shared[0], self.say) if shared else None

    def _third_markets(self) -> list[str]:
        homes = (self.a.country, self.b.country)
        return [
            code
            for code in self.a.target_countries
            if code in self.b.target_countries and code not in homes
        ]


def _short(cluster: DraftProfile) -> str:
    """Take the name, or the acronym where the name is long."""
    name = cluster.name or ""
    if cluster.acronym and len(name) > 32:
        return clean(cluster.acronym)
    return clean(name)


def field_name(ecosystem: str, say: Language) -> str:
    """Name an industrial ecosystem within a sentence."""
    return say(FIELD_NAMES[ecosystem])
