import shutil
from datetime import date

import pytest
from support import FakeEncoder

from matcher.documents.archive import brief_archive
from matcher.introductions.briefing import BriefContext
from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.papers import (
    introduction_brief,
    pair_brief,
    plan_with,
    programme_briefs,
)
from matcher.introductions.workflow import Move, propose
from matcher.matcher import Matcher
from matcher.planning.plan import PlanRequest, SideLimits
from matcher.store import Store

DAY = date(2026, 3, 2)
KOSICE = "sk-kosice-it-valley"


@pytest.fixture(scope="module")
def matcher(matcher, settings, tmp_path_factory):
    """All shipped clusters, in a home that may be changed."""
    home = shutil.copytree(settings.home, tmp_path_factory.mktemp("papers") / "home")
    own = settings.model_copy(update={"home": home})
    with Matcher(Store.open(own.store_url), FakeEncoder(), own) as matcher:
        matcher.load()
        yield matcher


@pytest.fixture(scope="module")
def desk(matcher):
    return Desk(matcher.store.database)


def ids(programme):
    return {(pair.a.id, pair.b.id) for pair in programme.introductions}


def request(matcher, **more):
    east = [c.id for c in matcher.clusters if c.country == "UA" and "digital" in c.ecosystems][:4]
    west = [c.id for c in matcher.clusters if c.country == "SK"][:5]
    return PlanRequest(askers=tuple(east), targets=tuple(west), **more)


def test_a_plan_of_the_shipped_clusters_uses_the_rankings_scores(matcher):
    programme = plan_with(matcher, request(matcher, target_limits=SideLimits(at_most=1)))
    assert programme.plan.method == "exact"
    for pair in programme.introductions[:3]:
        found = matcher.explain(pair.a.id, pair.b.id).recommendation
        assert pair.value == pytest.approx(found.score, abs=1e-5)
        assert pair.fit_for_a == pytest.approx(found.fit_for_you, abs=1e-5)
        assert pair.fit_for_b == pytest.approx(found.fit_for_them, abs=1e-5)


def test_documented_partnerships_are_not_introduced(matcher):
    wish = PlanRequest(askers=("ua-kharkiv-it-cluster",), targets=("ro-cluj-it-cluster",))
    assert ids(plan_with(matcher, wish)) == set()
    again = wish.model_copy(update={"allow_known": True})
    assert ids(plan_with(matcher, again)) == {("ua-kharkiv-it-cluster", "ro-cluj-it-cluster")}


def test_from_the_plan_to_the_handshake(matcher, desk):
    wish = request(matcher)
    first = plan_with(matcher, wish, desk).introductions[0]
    assert (first.a.id, first.b.id) in ids(plan_with(matcher, wish, desk))
    desk.people.add(
        Person(first.a.id, "Olena K.", "olena@one.example"), Consent("introduction", "herself", DAY)
    )
    saved = desk.introductions.add(propose(first.a.id, first.b.id, purpose="A bid", on=DAY))
    assert (first.a.id, first.b.id) not in ids(plan_with(matcher, wish, desk))
    before = introduction_brief(matcher, desk, saved, on=DAY)
    assert (before.a.contacts, before.purpose) == ((), "A bid")
    for step in ("vetted", "asked_a", "asked_b", "agreed"):
        saved = desk.introductions.move(saved.id, Move(DAY, "staff", step), version=saved.version)
    after = introduction_brief(matcher, desk, saved, on=DAY, language="uk")
    assert after.a.contacts == ("Olena K., olena@one.example",)


def test_briefs_of_a_whole_programme(matcher):
    programme = plan_with(matcher, request(matcher, asker_limits=SideLimits(at_most=1)))
    briefs = programme_briefs(matcher, programme, BriefContext(DAY, "ro"))
    assert {(b.a.id, b.b.id) for b in briefs} == ids(programme)
    assert brief_archive(briefs, formats=("docx",))[:2] == b"PK"


def test_a_brief_by_name_quotes_the_needs_that_met(matcher):
    brief = pair_brief(matcher, "Kharkiv IT Cluster", KOSICE, BriefContext(DAY))
    found = matcher.explain("ua-kharkiv-it-cluster", KOSICE).recommendation
    quoted = set(brief.why_for_a.matches + brief.why_for_b.matches)
    assert quoted <= {(match.need, match.offer) for match in found.matches}
    assert len(brief.questions) == 3
