"""Completeness: its range, its order, what counts as filled."""

import pytest
from hypothesis import given
from profile_strategies import profiles

from matcher.profiles.completeness import WEIGHTS, completeness
from matcher.profiles.profile import ClusterProfile, DraftProfile


def test_an_empty_draft_lacks_everything_the_most_valuable_first():
    result = completeness(DraftProfile())
    assert result.share == 0
    assert set(result.missing) == set(WEIGHTS)
    weights = [WEIGHTS[field] for field in result.missing]
    assert weights == sorted(weights, reverse=True)


def test_weights_are_of_fields_that_exist():
    assert set(WEIGHTS) <= set(ClusterProfile.model_fields)
    assert all(weight > 0 for weight in WEIGHTS.values())


def test_zero_and_no_are_answers():
    result = completeness(DraftProfile(members_sme=0, english_site=False))
    assert not {"members_sme", "english_site"} & set(result.missing)


def test_what_is_matched_weighs_more_than_what_is_shown():
    offers = completeness(DraftProfile(offers=("software",))).share
    website = completeness(DraftProfile(website="https://a.example")).share
    assert offers > website > 0


@given(profiles())
def test_the_share_says_what_is_missing(profile):
    result = completeness(profile)
    missing = sum(WEIGHTS[field] for field in result.missing)
    assert result.share == pytest.approx(1 - missing / sum(WEIGHTS.values()))
    assert 0 <= result.share <= 1


def test_a_full_profile_is_complete():
    full = DraftProfile(
        id="ua-a", name="A", country="UA", lat=1.0, lon=1.0, website="https://a.example",
        founded=2000, kind="cluster", members_total=1, members_sme=1, members_research=1,
        members_public=1,
        ecosystems=("digital",), nace=("62",), technologies=("a",), offers=("a",), seeks=("a",),
        target_countries=("PL",), description="a", management_fte=1.0, recognised_programme=True,
        english_site=True, intents=("joint_rd",), last_verified="2026-01-01",
    )  # fmt: skip
    result = completeness(full)
    assert (result.share, result.missing) == (1.0, ())
