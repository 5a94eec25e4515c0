"""Scope, filters and exclusions, over all shipped clusters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.matching.eligibility import eligible, meets, why_not_eligible
from matcher.matching.query import Filters, PartnerQuery
from matcher.profiles.profile import KINDS, LABELS
from matcher.profiles.taxonomy import country_group, ecosystems


def allowed(matcher, asker, **options):
    corpus = matcher.snapshot.corpus
    nobody = np.zeros(len(corpus), dtype=bool)
    query = PartnerQuery(cluster=asker, **options)
    rows = np.flatnonzero(eligible(corpus, matcher.find(asker), query, nobody))
    return [corpus.profiles[row] for row in rows]


KHARKIV = "ua-kharkiv-it-cluster"
CLUJ = "ro-cluj-it-cluster"
BELARUS = "by-belarusian-innovation-fund"


def test_an_eap_asker_gets_the_eu_and_an_eu_asker_the_eap(matcher):
    assert {p.group for p in allowed(matcher, KHARKIV)} == {"EU"}
    assert {p.group for p in allowed(matcher, CLUJ)} == {"EaP"}


def test_scope_eap_leaves_out_the_own_country_unless_asked(matcher):
    abroad = {p.country for p in allowed(matcher, KHARKIV, scope="eap")}
    at_home = {p.country for p in allowed(matcher, KHARKIV, scope="eap", same_country=True)}
    assert abroad == country_group("EaP") - {"UA", "BY"}
    assert at_home == country_group("EaP") - {"BY"}


@pytest.mark.parametrize(
    "options", [{"include_suspended": True}, {"filters": {"countries": ["BY"]}}]
)
def test_belarus_is_suggested_only_when_asked_for(matcher, options):
    assert "BY" in {p.country for p in allowed(matcher, CLUJ, **options)}
    assert "BY" not in {p.country for p in allowed(matcher, CLUJ)}


def test_an_asker_from_belarus_is_answered(matcher):
    assert {p.group for p in allowed(matcher, BELARUS)} == {"EU"}


def test_nobody_is_suggested_to_itself(matcher):
    everyone = allowed(matcher, KHARKIV, scope="all", same_country=True, include_suspended=True)
    assert len(everyone) == len(matcher.clusters) - 1
    assert KHARKIV not in {p.id for p in everyone}


def test_exclusions_are_kept_whatever_they_are_called(matcher):
    left = allowed(matcher, KHARKIV, known_to_us=[CLUJ], not_for_us=["lv-it-cluster", "xx-none"])
    assert not {CLUJ, "lv-it-cluster"} & {p.id for p in left}


filters = st.builds(
    Filters,
    countries=st.lists(st.sampled_from(["PL", "RO", "DE", "UA"]), max_size=2),
    ecosystems=st.lists(st.sampled_from(sorted(ecosystems())), max_size=2),
    kinds=st.lists(st.sampled_from(KINDS), max_size=2),
    labels=st.lists(st.sampled_from(LABELS), max_size=2),
    min_members=st.none() | st.integers(0, 200),
    technologies=st.lists(st.sampled_from(["Solar", "software", "wine"]), max_size=2),
)


def plainly_meets(profile, f):
    text = "\n".join((*profile.technologies, *profile.services, *profile.offers)).casefold()
    return all(
        (
            not f.countries or profile.country in f.countries,
            not f.ecosystems or bool(set(profile.ecosystems) & set(f.ecosystems)),
            not f.kinds or profile.kind in f.kinds,
            not f.labels or profile.label in f.labels,
            f.min_members is None or (profile.members_total or -1) >= f.min_members,
            not f.technologies or any(t.casefold() in text for t in f.technologies),
        )
    )


@given(wanted=filters)
def test_filters_agree_with_reading_each_profile(matcher, wanted):
    corpus = matcher.snapshot.corpus
    met = meets(corpus, wanted)
    assert [bool(v) for v in met] == [plainly_meets(p, wanted) for p in corpus.profiles]


@given(unwanted=filters)
def test_none_of_leaves_out_whoever_meets_any_condition(matcher, unwanted):
    left = allowed(matcher, KHARKIV, none_of=unwanted)
    given_ = unwanted.model_dump(exclude_defaults=True)
    each = [Filters.model_validate({name: value}) for name, value in given_.items() if value]
    assert not any(plainly_meets(p, one) for p in left for one in each)


@pytest.mark.parametrize(
    ("asker", "partner", "options", "because"),
    [
        (KHARKIV, CLUJ, {}, None),
        (KHARKIV, "ua-lviv-it-cluster", {}, "scope"),
        (KHARKIV, "ua-lviv-it-cluster", {"scope": "eap"}, "same country"),
        (KHARKIV, "ua-lviv-it-cluster", {"scope": "eap", "same_country": True}, None),
        (CLUJ, BELARUS, {}, "suspended"),
        (CLUJ, BELARUS, {"include_suspended": True}, None),
    ],
)
def test_why_not_eligible(matcher, asker, partner, options, because):
    query = PartnerQuery(cluster=asker, **options)
    told = why_not_eligible(matcher.find(asker), matcher.find(partner), query)
    assert (told is None) if because is None else (because in told)
