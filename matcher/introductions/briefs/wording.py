"""Sentences that are derived from a pair: purpose, reasons, unknowns, first step, questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.introductions.briefs.labels import Labels
from matcher.introductions.briefs.text import clean
from matcher.matching.recommendation import Recommendation
from matcher.profiles.profile import ClusterProfile, Intent

Seeker = Literal["you", "them"]
_SEEKERS: tuple[Seeker, Seeker] = ("you", "them")
_ASKED_FOR = (
    "members_total",
    "seeks",
    "offers",
    "target_countries",
    "management_fte",
    "languages",
    "website",
    "founded",
)


@dataclass(frozen=True)
class PairWords:
    """What can be said about a and b, in one language."""

    a: ClusterProfile
    b: ClusterProfile
    found: Recommendation
    say: Labels

    @classmethod
    def of(
        cls, a: ClusterProfile, b: ClusterProfile, found: Recommendation, say: Labels
    ) -> "PairWords":
        """Words for the pair."""
        return cls(a, b, found, say)

    def sides(self, seeker: Seeker) -> tuple[ClusterProfile, ClusterProfile]:
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
            return self.say(f"intent_{intent}")
        for seeker, need, offer in self._all_matches():
            me, other = self.sides(seeker)
            return self.say(
                "purpose_match", seeker=_short(me), need=need, giver=_short(other), offer=offer
            )
        if field := self._shared_field():
            return self.say("purpose_field", field=field)
        return self.say("purpose_open")

    def points(self, seeker: Seeker) -> tuple[str, ...]:
        """Reasons besides needs and offers, what is special to this side first."""
        return tuple(self._points(*self.sides(seeker)))

    def unknown(self) -> tuple[str, ...]:
        """Name what the profiles leave out, for each side in one line."""
        lines = []
        for side in (self.a, self.b):
            blank = [
                self.say(f"field_{name}")
                for name in _ASKED_FOR
                if getattr(side, name) in (None, ())
            ]
            if blank:
                lines.append(self.say("unknown_of", name=_short(side), items=", ".join(blank[:4])))
        return tuple(lines) or (self.say("nothing_unknown"),)

    def past(self) -> tuple[str, ...]:
        """Documented partnerships of the two."""
        lines = [
            clean(link.name) + (f" ({link.year_start})" if link.year_start else "")
            for link in self.found.known_links[:3]
        ]
        return tuple(lines) or (self.say("no_past"),)

    def first_step(self) -> str:
        """Suggest a step that is small, concrete and fits what is known of the pair."""
        if self.found.known_links:
            return self.say("first_step_known", project=clean(self.found.known_links[0].name))
        for seeker, need, offer in self._all_matches():
            me, other = self.sides(seeker)
            return self.say(
                "first_step_match", giver=_short(other), offer=offer, seeker=_short(me), need=need
            )
        if field := self._shared_field():
            return self.say("first_step_field", field=field)
        return self.say("first_step_open")

    def questions(self) -> tuple[str, ...]:
        """Three different questions that only this pair would be asked."""
        return tuple(dict.fromkeys(self._questions()))[:3]

    def _points(self, me: ClusterProfile, other: ClusterProfile) -> Iterator[str]:
        say = self.say
        if other.country in me.target_countries:
            yield say(
                "target_country",
                partner=_short(other),
                country=say.country(other.country),
                name=_short(me),
            )
        if shared := [name for name in me.ecosystems if name in other.ecosystems]:
            yield say("shared_ecosystems", items=say.many("ecosystem", shared[:3]))
        theirs = {word.casefold() for word in other.technologies}
        if same := [clean(word) for word in me.technologies if word.casefold() in theirs]:
            yield say("shared_technologies", items=", ".join(same[:3]))
        if other.members_research:
            yield say("research_of_partner", partner=_short(other), count=other.members_research)
        if other.label:
            yield say("label_of_partner", partner=_short(other), label=say(f"label_{other.label}"))
        if markets := self._third_markets():
            yield say("third_markets", items=say.countries(markets[:4]))

    def _questions(self) -> Iterator[str]:
        say = self.say
        if self.found.known_links:
            yield say("ask_project", project=clean(self.found.known_links[0].name))
        matched = [
            (seeker, need, offer) for seeker in _SEEKERS for need, offer in self.matches(seeker)[:1]
        ]
        for seeker, need, offer in matched:
            _, other = self.sides(seeker)
            yield say("ask_match", giver=_short(other), offer=offer, need=need)
        for me, other in ((self.a, self.b), (self.b, self.a)):
            met = {need for seeker in _SEEKERS for need, _ in self.matches(seeker)}
            for need in [clean(n) for n in me.seeks if clean(n) not in met][:1]:
                yield say("ask_seek", giver=_short(other), seeker=_short(me), need=need)
        if markets := self._third_markets():
            yield say("ask_market", country=say.country(markets[0]))
        for me, other in ((self.a, self.b), (self.b, self.a)):
            if not me.seeks and other.offers:
                yield say(
                    "ask_offer",
                    seeker=_short(me),
                    giver=_short(other),
                    offer=clean(other.offers[0]),
                )
        for side in (self.a, self.b):
            if not side.seeks:
                yield say("ask_seeks", name=_short(side))
            if side.members_total is None:
                yield say("ask_members", name=_short(side))
        yield say("ask_call")
        yield from (say("ask_seeks", name=_short(side)) for side in (self.a, self.b))

    def _all_matches(self) -> Iterator[tuple[Seeker, str, str]]:
        for match in self.found.matches:
            yield match.seeker, clean(match.need), clean(match.offer)

    def _shared_field(self) -> str | None:
        shared = [name for name in self.a.ecosystems if name in self.b.ecosystems]
        return self.say(f"ecosystem_{shared[0]}") if shared else None

    def _third_markets(self) -> list[str]:
        homes = (self.a.country, self.b.country)
        return [
            code
            for code in self.a.target_countries
            if code in self.b.target_countries and code not in homes
        ]


def _short(cluster: ClusterProfile) -> str:
    """Take the name, or the acronym where the name is long."""
    if cluster.acronym and len(cluster.name) > 32:
        return clean(cluster.acronym)
    return clean(cluster.name)
