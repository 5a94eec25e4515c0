"""The brief of a pair, from the profiles, the recommendation and the introduction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from matcher.documents.brief import Brief, Mini, Source, Why
from matcher.documents.letters import Occasion, answer_day
from matcher.documents.text import clean, opening
from matcher.i18n import LanguageCode
from matcher.i18n.languages import Language, language
from matcher.introductions.eligibility import eligibility
from matcher.introductions.programme import Programme
from matcher.introductions.wording import PairWords, field_name
from matcher.introductions.workflow import WAITING_DAYS, Introduction
from matcher.matching.recommendation import Recommendation
from matcher.profiles.profile import DraftProfile, Intent

MEMBER_COUNTS = {
    "members_sme": "SMEs: {count}",
    "members_large": "large: {count}",
    "members_research": "research: {count}",
    "members_public": "public: {count}",
}
DAYS_TO_ANSWER = WAITING_DAYS["asked_a"][1]
"""How long letters give a side to answer at most."""

_IN_TOUCH = ("agreed", "introduced", "met", "outcome")


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
        Its state tells whether contacts may be named; absent: nobody was asked.
    intent
        What the pair is sought for, where that is known.
    contacts
        Cluster id -> contact lines of persons who have consented. They are shown only when both
        sides have agreed as well.
    programme
        What staff have settled for all papers.
    occasion
        An event to come in which both take part; without it, the programme's own counts.
    """

    on: date
    language: LanguageCode = "en"
    introduction: Introduction | None = None
    intent: Intent | None = None
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    programme: Programme = field(default_factory=Programme)
    occasion: Occasion | None = None


def build_brief(
    a: DraftProfile, b: DraftProfile, found: Recommendation, context: BriefContext
) -> Brief:
    """Put the page together.

    Parameters
    ----------
    a, b
        The two clusters, a being the asker, who may have no name yet.
    found
        The recommendation of b to a.
    context
        Day, language, state of the introduction.
    """
    say = language(context.language)
    if a.name is None:
        a = a.model_copy(update={"name": say("Your cluster")})
    pair = PairWords(a, b, found, say)
    introduction = context.introduction
    purpose = introduction.purpose if introduction else pair.purpose(context.intent)
    programme = context.programme
    occasion = context.occasion or programme.occasion(context.on)
    talk = [occasion.sentence(say)] if occasion else []
    return Brief(
        language=context.language,
        made_on=context.on,
        purpose=clean(purpose),
        a=_mini(a, say, _contacts(a, context)),
        b=_mini(b, say, _contacts(b, context)),
        why_for_a=_why(pair, "you"),
        why_for_b=_why(pair, "them"),
        unknown=pair.unknown(),
        eligibility=eligibility(a, b, context.on, say),
        past=pair.past(),
        first_step=" ".join((pair.first_step(), *talk)),
        questions=pair.questions(),
        sources=_sources(a, b, found),
        programme=programme.name,
        signature=programme.signature(say),
        answer_by=answer_day(context.on, DAYS_TO_ANSWER, occasion, programme.deadline),
    )


def _mini(cluster: DraftProfile, say: Language, contacts: tuple[str, ...]) -> Mini:
    town = [cluster.city or cluster.region or "", say.country(cluster.country or "")]
    place = [*town]
    if cluster.kind:
        place.append(say(cluster.kind.replace("_", " ")))
    if cluster.as_of:
        place.append(say("facts as of {year}", year=cluster.as_of))
    return Mini(
        id=cluster.id or "",
        name=clean(cluster.name or ""),
        native_name=clean(cluster.native_name) if cluster.native_name else None,
        town=clean(", ".join(filter(None, town))),
        place=clean(", ".join(part for part in place if part)),
        summary=_quoted(opening(clean(cluster.description), 230), say)
        if cluster.description
        else None,
        facts=_facts(cluster, say),
        offers=tuple(_quoted(clean(offer), say) for offer in cluster.offers[:3]),
        seeks=tuple(_quoted(clean(need), say) for need in cluster.seeks[:3]),
        website=clean(cluster.website) if cluster.website else None,
        contacts=tuple(map(clean, contacts)),
    )


def _quoted(words: str, say: Language) -> str:
    """Mark what a cluster says in its own words, whatever the language around it."""
    return say("“{text}”", text=words)


def _facts(cluster: DraftProfile, say: Language) -> tuple[tuple[str, str], ...]:
    facts = [(say("Fields"), ", ".join(field_name(key, say) for key in cluster.ecosystems[:3]))]
    if cluster.members_total is not None:
        facts.append((say("Members"), _members(cluster, say)))
    if cluster.founded:
        facts.append((say("Founded"), str(cluster.founded)))
    if cluster.label:
        facts.append((say("Label"), say(cluster.label)))
    return tuple((name, value) for name, value in facts if value)


def _members(cluster: DraftProfile, say: Language) -> str:
    parts = [
        say(phrase, count=count)
        for name, phrase in MEMBER_COUNTS.items()
        if (count := getattr(cluster, name))
    ]
    total = str(cluster.members_total)
    return f"{total} ({', '.join(parts)})" if parts else total


def _why(pair: PairWords, seeker: Literal["you", "them"]) -> Why:
    say, (me, other) = pair.say, (clean(side.name or "") for side in pair.sides(seeker))
    return Why(
        title=say("Why this suits {name}", name=me),
        matches=pair.matches(seeker)[:2],
        need_label=say("{seeker} is looking for", seeker=me),
        offer_label=say("{giver} offers", giver=other),
        no_match=say(
            "{giver} does not offer exactly what {seeker} is looking for; "
            "the reasons to talk all the same are below.",
            seeker=me,
            giver=other,
        ),
        points=pair.points(seeker)[:3],
    )


def _contacts(cluster: DraftProfile, context: BriefContext) -> tuple[str, ...]:
    introduction = context.introduction
    if introduction is None or introduction.state not in _IN_TOUCH:
        return ()
    return context.contacts.get(cluster.id or "", ())


def _sources(a: DraftProfile, b: DraftProfile, found: Recommendation) -> tuple[Source, ...]:
    urls = [*a.sources[:2], *b.sources[:2]]
    urls += [url for link in found.known_links[:1] for url in link.sources[:1]]
    safe = [url for url in dict.fromkeys(urls) if urlsplit(url).scheme in ("http", "https")]
    return tuple(Source(_short(url), url) for url in safe)


def _short(url: str) -> str:
    parts = urlsplit(url)
    text = clean((parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/"))
    return text if len(text) <= 48 else text[:47] + "…"
