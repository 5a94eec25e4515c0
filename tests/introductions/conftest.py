import json
from datetime import date

import pytest
from rapidfuzz import fuzz

from matcher.config import DATA_DIR
from matcher.introductions.briefing import BriefContext, build_brief
from matcher.matching.recommendation import PhraseMatch, Recommendation
from matcher.profiles.profile import ClusterProfile


def _read(name):
    lines = (DATA_DIR / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def clusters():
    """All shipped clusters by id."""
    return {row["id"]: ClusterProfile.model_validate(row) for row in _read("clusters.jsonl")}


@pytest.fixture(scope="session")
def known_pairs():
    """Shipped pairs of EaP and EU with a documented partnership, the EaP cluster first."""
    eap = {"am", "az", "by", "ge", "md", "ua"}
    pairs = set()
    for row in _read("partnerships.jsonl"):
        ids = {member["id"] for member in row["members"] if member["id"]}
        pairs |= {(a, b) for a in ids for b in ids if a[:2] in eap and b[:2] not in eap}
    return sorted(pairs)


@pytest.fixture(scope="session")
def recommend():
    """Stand-in for the ranking: needs and offers that share words meet."""

    def found(a, b, *, matches=None, **changes):
        if matches is None:
            matches = tuple(
                PhraseMatch(side, need, max(giver.offers, key=lambda o: fuzz.ratio(need, o)), 0.6)
                for side, seeker, giver in (("you", a, b), ("them", b, a))
                for need in seeker.seeks
                if giver.offers
            )
        fields = {
            "id": b.id,
            "name": b.name,
            "country": b.country,
            "rank": 1,
            "score": 0.6,
            "level": "strong",
            "fit_for_you": 0.71,
            "fit_for_them": 0.58,
            "confidence": 0.8,
            "reasons": (),
            "reasons_for_them": (),
            "evidence": (),
            "caution": None,
            "cautions": (),
            "contributions": (),
            "matches": matches,
            "known_links": (),
        }
        return Recommendation(**(fields | changes))

    return found


@pytest.fixture
def make_brief(recommend):
    def make(a, b, *, on=date(2026, 3, 2), matches=None, found=None, **context):
        return build_brief(
            a, b, found or recommend(a, b, matches=matches), BriefContext(on, **context)
        )

    return make
