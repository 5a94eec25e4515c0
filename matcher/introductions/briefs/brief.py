"""`Brief`: everything that the page for one pair says, ready for any view."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from matcher.introductions.briefs import wording
from matcher.introductions.briefs.eligibility import eligibility
from matcher.introductions.briefs.labels import Labels, Language, labels
from matcher.introductions.briefs.text import clean, opening
from matcher.introductions.workflow import Introduction
from matcher.matching.recommendation import Recommendation
from matcher.profiles.profile import ClusterProfile, Intent

_IN_TOUCH = ("agreed", "introduced", "met", "outcome")


@dataclass(frozen=True, slots=True)
class Source:
    """A web address that a statement rests on; `text` is its short form."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mini:
    """One cluster in a few lines."""

    id: str
    name: str
    native_name: str | None
    place: str
    summary: str | None
    facts: tuple[tuple[str, str], ...]
    offers: tuple[str, ...]
    seeks: tuple[str, ...]
    website: str | None
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for the partner, seen from one side.

    Attributes
    ----------
    seeker, giver
        Names of the side that gains, and of its partner.
    matches
        (need, offer) in the words of the two profiles.
    points
        Further reasons.
    fit
        Directed fit, 0 to 100.
    """

    seeker: str
    giver: str
    matches: tuple[tuple[str, str], ...]
    points: tuple[str, ...]
    fit: int


@dataclass(frozen=True, slots=True)
class Brief:
    """One page for a pair; plain text throughout, which every view escapes in its own way."""

    language: Language
    made_on: date
    purpose: str
    a: Mini
    b: Mini
    why_for_a: Why
    why_for_b: Why
    unknown: tuple[str, ...]
    eligibility: tuple[str, ...]
    past: tuple[str, ...]
    first_step: str
    questions: tuple[str, ...]
    consent: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def name(self) -> str:
        """File name without ending, made of the two ids."""
        return f"{self.a.id}--{self.b.id}"


@dataclass(frozen=True)
class BriefContext:
    """What a brief needs besides the pair itself.

    Attributes
    ----------
    on
        The day of the brief.
    language
        Language of the labels.
    introduction
        Its state tells the consents; absent: nobody was asked.
    intent
        What the pair is sought for, where that is known.
    contacts
        Cluster id -> contact lines of persons who have consented. They are shown only when both
        sides have agreed as well.
    """

    on: date
    language: Language = "en"
    introduction: Introduction | None = None
    intent: Intent | None = None
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


def build_brief(
    a: ClusterProfile, b: ClusterProfile, found: Recommendation, context: BriefContext
) -> Brief:
    """Put the page together.

    Parameters
    ----------
    a, b
        The two clusters, a being the asker.
    found
        The recommendation of b to a.
    context
        Day, language, state of the introduction.
    """
    say = labels(context.language)
    pair = wording.PairWords.of(a, b, found, say)
    introduction = context.introduction
    purpose = introduction.purpose if introduction else pair.purpose(context.intent)
    return Brief(
        language=context.language,
        made_on=context.on,
        purpose=clean(purpose),
        a=_mini(a, say, _contacts(a, context)),
        b=_mini(b, say, _contacts(b, context)),
        why_for_a=_why(pair, "you", found.fit_for_you),
        why_for_b=_why(pair, "them", found.fit_for_them),
        unknown=pair.unknown(),
        eligibility=eligibility(a, b, context.on, say),
        past=pair.past(),
        first_step=pair.first_step(),
        questions=pair.questions(),
        consent=_consent(a, b, context, say),
        sources=_sources(a, b, found),
    )


def _mini(cluster: ClusterProfile, say: Labels, contacts: tuple[str, ...]) -> Mini:
    place = [cluster.city or cluster.region or "", say.country(cluster.country)]
    if cluster.kind:
        place.append(say(f"kind_{cluster.kind}"))
    if cluster.as_of:
        place.append(say("as_of", year=cluster.as_of))
    return Mini(
        id=cluster.id,
        name=clean(cluster.name),
        native_name=clean(cluster.native_name) if cluster.native_name else None,
        place=clean(", ".join(part for part in place if part)),
        summary=opening(clean(cluster.description), 230) if cluster.description else None,
        facts=_facts(cluster, say),
        offers=tuple(map(clean, cluster.offers[:3])),
        seeks=tuple(map(clean, cluster.seeks[:3])),
        website=clean(cluster.website) if cluster.website else None,
        contacts=tuple(map(clean, contacts)),
    )


def _facts(cluster: ClusterProfile, say: Labels) -> tuple[tuple[str, str], ...]:
    facts = [(say("fields"), say.many("ecosystem", cluster.ecosystems[:3]))]
    if cluster.members_total is not None:
        facts.append((say("members"), _members(cluster, say)))
    if cluster.founded:
        facts.append((say("founded"), str(cluster.founded)))
    if cluster.label:
        facts.append((say("label"), say(f"label_{cluster.label}")))
    return tuple((name, value) for name, value in facts if value)


def _members(cluster: ClusterProfile, say: Labels) -> str:
    parts = [
        say(kind, count=count)
        for kind in ("sme", "large", "research", "public")
        if (count := getattr(cluster, f"members_{kind}"))
    ]
    total = str(cluster.members_total)
    return say("members_detail", total=total, parts=", ".join(parts)) if parts else total


def _why(pair: wording.PairWords, seeker: Literal["you", "them"], fit: float) -> Why:
    me, other = pair.sides(seeker)
    return Why(
        seeker=clean(me.name),
        giver=clean(other.name),
        matches=pair.matches(seeker)[:2],
        points=pair.points(seeker)[:3],
        fit=round(fit * 100),
    )


def _contacts(cluster: ClusterProfile, context: BriefContext) -> tuple[str, ...]:
    introduction = context.introduction
    if introduction is None or introduction.state not in _IN_TOUCH:
        return ()
    return context.contacts.get(cluster.id, ())


def _consent(
    a: ClusterProfile, b: ClusterProfile, context: BriefContext, say: Labels
) -> tuple[str, ...]:
    introduction = context.introduction
    asked = {move.to for move in introduction.moves} if introduction else set()
    lines = []
    for side, cluster in (("a", a), ("b", b)):
        agreed = introduction.consent("a" if side == "a" else "b") if introduction else False
        state = "yes" if agreed else "asked" if f"asked_{side}" in asked else "not_asked"
        lines.append(say(f"consent_{state}", name=clean(cluster.name)))
    if not (introduction and introduction.state in _IN_TOUCH):
        lines.append(say("contact_withheld"))
    return tuple(lines)


def _sources(a: ClusterProfile, b: ClusterProfile, found: Recommendation) -> tuple[Source, ...]:
    urls = [*a.sources[:2], *b.sources[:2]]
    urls += [url for link in found.known_links[:1] for url in link.sources[:1]]
    safe = [url for url in dict.fromkeys(urls) if urlsplit(url).scheme in ("http", "https")]
    return tuple(Source(_short(url), url) for url in safe)


def _short(url: str) -> str:
    parts = urlsplit(url)
    text = clean((parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/"))
    return text if len(text) <= 48 else text[:47] + "…"
