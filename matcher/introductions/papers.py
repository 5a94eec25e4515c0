"""Briefs of real pairs: the matcher's explanation, the introduction's state, the contacts."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np

from matcher.documents.brief import Brief
from matcher.documents.group_brief import GroupBrief, MemberPart
from matcher.documents.letters import Letter, Occasion, first_ask, joint_introduction
from matcher.documents.text import clean, opening
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language as load_language
from matcher.introductions.briefing import BriefContext, build_brief
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Introduction
from matcher.matcher import Matcher
from matcher.planning.groups import describe_group
from matcher.planning.groups.saved import SavedGroup
from matcher.planning.plan import IntroductionPlan, PlanRequest, participants, plan_introductions
from matcher.planning.rules import Exclusions, documented
from matcher.planning.solver.instance import PairFits
from matcher.planning.solver.planner import Progress
from matcher.profiles.profile import DraftProfile


def plan_with(
    matcher: Matcher,
    request: PlanRequest,
    desk: Desk | None = None,
    *,
    progress: Progress | None = None,
) -> IntroductionPlan:
    """Plan introductions between clusters of the matcher's clusters.

    Parameters
    ----------
    matcher
        Source of clusters, values and documented partnerships.
    request
        Whom to bring together, and how.
    desk
        Source of refusals, marks and introductions under way; none are known without it.
    progress
        Called with (steps done, steps in all).

    Raises
    ------
    InvalidInputError
        Participants or wishes that cannot be.
    """
    sides = participants(matcher.clusters, request)
    askers, targets = ([one.id for one in side] for side in sides)
    pairs = matcher.pair_scores(askers, targets, intent=request.intent)
    fits = PairFits(
        *(
            values.astype(np.float64)
            for values in (pairs.score, pairs.fit_for_asker, pairs.fit_for_partner)
        )
    )
    recorded = desk.introductions.exclusions() if desk else Exclusions()
    known = recorded.known | documented(matcher.links, sides[0])
    exclusions = replace(recorded, known=known)
    return plan_introductions(request, sides, fits, exclusions, progress=progress)


def pair_brief(
    matcher: Matcher,
    a: str | DraftProfile,
    b: str,
    context: BriefContext,
    desk: Desk | None = None,
) -> Brief:
    """Make the brief of two clusters.

    Parameters
    ----------
    matcher
        Explains the pair.
    a, b
        The asker and the partner, by name or id; the asker need not be registered.
    context
        Day and language; where a desk is given, its contacts and programme are filled in.
    desk
        Source of the programme, and of contacts that have consented.

    Raises
    ------
    ClusterNotFoundError, AmbiguousNameError
        One of the names is not known.
    """
    found = matcher.explain(a, b, intent=context.intent)
    if desk:
        keys = (key for key in (found.a.id, found.b.id) if key)
        contacts = {key: desk.people.contact_lines(key) for key in keys}
        context = replace(context, contacts=MappingProxyType(contacts), programme=desk.programme)
    return build_brief(found.a, found.b, found.recommendation, context)


def group_brief(
    matcher: Matcher, group: SavedGroup, on: date, language: LanguageCode = "en"
) -> GroupBrief:
    """Make the one brief for all members of a group; members that are not public are left out."""
    members = [
        found
        for key in group.members
        if (found := matcher.get(key)) and found.visibility == "public"
    ]
    say = load_language(language)
    described = (
        describe_group(matcher, group.asked, [one.id for one in members]) if members else None
    )
    brings = {seat.cluster.id: seat.brings for seat in described.seats} if described else {}
    return GroupBrief(
        language,
        on,
        group.asked.topic,
        tuple(
            MemberPart(
                clean(one.name),
                ", ".join(filter(None, (one.city, say.country(one.country)))),
                opening(clean(one.description), 230) if one.description else "",
                tuple(map(clean, one.offers)),
                tuple(map(clean, one.seeks)),
                tuple(say.say(sentence) for sentence in brings[one.id]),
                one.website,
            )
            for one in members
        ),
        tuple(say.say(sentence) for sentence in described.missing) if described else (),
    )


def introduction_brief(
    matcher: Matcher,
    desk: Desk,
    introduction: Introduction,
    *,
    on: date,
    language: LanguageCode = "en",
    occasion: Occasion | None = None,
) -> Brief:
    """Make the brief of an introduction: its purpose, its consents, its contacts."""
    context = BriefContext(on, language, introduction, occasion=occasion)
    return pair_brief(matcher, introduction.a, introduction.b, context, desk)


def introduction_letters(
    matcher: Matcher,
    desk: Desk,
    introduction: Introduction,
    *,
    on: date,
    language: LanguageCode = "en",
    occasion: Occasion | None = None,
    sender: str | None = None,
) -> dict[str, Letter]:
    """Write the letters of an introduction, by name.

    Parameters
    ----------
    matcher, desk, introduction
        Which introduction, and what is known of its sides.
    on, language
        Today, and in whose language.
    occasion
        An event to come in which both take part.
    sender
        Who signs them; as the programme says when absent.

    Returns
    -------
    dict
        ``ask_a``, ``ask_b`` and, when both sides have agreed, ``joint``.
    """
    page = introduction_brief(
        matcher, desk, introduction, on=on, language=language, occasion=occasion
    ).signed_by(sender)
    a, b = (_addresses(desk, key) for key in (introduction.a, introduction.b))
    letters = {
        "ask_a": first_ask(page, "a", to=a),
        "ask_b": first_ask(page, "b", to=b),
    }
    if introduction.consent("a") and introduction.consent("b"):
        letters["joint"] = joint_introduction(page, to=(*a, *b))
    return letters


def _addresses(desk: Desk, cluster: str) -> tuple[str, ...]:
    people = desk.people.of_cluster(cluster, "introduction").values()
    return tuple(dict.fromkeys(person.email for person in people))


def programme_briefs(
    matcher: Matcher, plan: IntroductionPlan, context: BriefContext
) -> tuple[Brief, ...]:
    """Make the briefs of all pairs of a plan, ready for `brief_archive`.

    No contacts are in them: nobody of a fresh plan has been asked yet.
    """
    context = replace(context, intent=plan.request.intent)
    return tuple(pair_brief(matcher, pair.a.id, pair.b.id, context) for pair in plan.introductions)
