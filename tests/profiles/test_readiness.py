"""Readiness: every kind of rule, in every status it can have."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.config import DATA_DIR
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.profiles.taxonomy import country_group
from matcher.readiness import Check, ReadinessReport, check_readiness, rule_book

TODAY = date(2026, 11, 25)
SHIPPED = [
    ClusterProfile(**json.loads(line))
    for line in (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines()
]


def report(today: date = TODAY, **fields: object) -> ReadinessReport:
    return check_readiness(DraftProfile(**{"country": "DE", **fields}), today)


def all_checks(found: ReadinessReport) -> list[Check]:
    steps = [check for step in found.labels.steps for check in step.checks]
    return [*found.registration.checks, *steps, *found.programmes.checks]


def check(key: str, today: date = TODAY, **fields: object) -> Check:
    return {item.id: item for item in all_checks(report(today, **fields))}[key]


def programme(key: str, today: date = TODAY, **fields: object):
    found = report(today, **fields).programmes.checks
    return next(item for item in found if item.id == key)


@pytest.mark.parametrize(
    ("key", "fields", "status"),
    [
        ("ECCP-1", {"management_fte": 0.5}, "met"),
        ("ECCP-1", {"management_fte": 0.49}, "not_met"),
        ("ECCP-1", {"management_fte": 0.0}, "not_met"),
        ("ECCP-1", {}, "unknown"),
        ("ECCP-2", {"english_site": True, "website": "https://a.example"}, "met"),
        ("ECCP-2", {"english_site": True}, "unknown"),
        ("ECCP-2", {"english_site": False, "website": "https://a.example"}, "not_met"),
        ("ECCP-2", {"website": "https://a.example"}, "unknown"),
        ("ECCP-2b", {"website": "https://a.example"}, "unknown"),
        ("ECCP-3", {"members_total": 15}, "met"),
        ("ECCP-3", {"members_total": 14}, "not_met"),
        ("ECCP-3", {"members_total": 0}, "not_met"),
        ("ECCP-3", {}, "unknown"),
        ("ECCP-4", {"members_sme": 1, "members_research": 1}, "met"),
        ("ECCP-4", {"members_sme": 10, "members_large": 5}, "unknown"),
        ("ECCP-4", {"members_sme": 10, "members_large": 5, "members_total": 15}, "not_met"),
        ("ECCP-4", {"members_sme": 10, "members_large": 5, "members_total": 16}, "unknown"),
        ("ECCP-4", {"members_sme": 9, "members_public": 0, "members_research": 0}, "unknown"),
        ("ECCP-4", {}, "unknown"),
        ("ECCP-4b", {"members_public": 1}, "not_applicable"),
        ("ECCP-4b", {"members_public": 0}, "unknown"),
        ("ECCP-4b", {}, "unknown"),
        ("B-1", {"label": "bronze"}, "met"),
        ("B-1", {"label": "gold"}, "not_applicable"),
        ("B-1", {}, "unknown"),
        ("SI-1", {"label": "bronze"}, "unknown"),
        ("SI-4", {"label": "silver"}, "met"),
        ("SI-4", {"label": "gold"}, "not_applicable"),
        ("G-1", {"label": "gold"}, "met"),
        ("G-1", {"label": "silver"}, "unknown"),
        ("B-3", {"label": "bronze", "label_year": 2025}, "met"),
        ("B-3", {"label": "bronze", "label_year": 2024}, "unknown"),
        ("B-3", {"label": "bronze", "label_year": 2015}, "unknown"),
        ("B-3", {"label": "bronze", "label_year": 2027}, "unknown"),
        ("B-3", {"label": "bronze"}, "unknown"),
        ("B-3", {"label": "silver", "label_year": 2025}, "not_applicable"),
        ("B-3", {}, "unknown"),
        ("SI-5", {"label": "silver", "label_year": 2026}, "met"),
    ],
)
def test_status(key, fields, status):
    assert check(key, **fields).status == status


def test_the_deciding_field_and_its_value_are_named():
    found = check("ECCP-3", members_total=14)
    assert [(given.field, given.value) for given in found.decided_by] == [("members_total", 14)]
    assert "14 members" in found.sentence
    assert "at least 15" in found.sentence


def test_stated_members_are_not_taken_for_committed_ones():
    found = check("ECCP-3", members_total=40)
    assert found.sure == "C"
    assert "committed is open" in found.sentence


@pytest.mark.parametrize("country", ["UA", "MD"])
def test_the_eu_list_probably_applies_to_countries_with_an_agreement(country):
    found = report(country=country, management_fte=2.0)
    assert found.registration.regime.basis == "probable"
    item = next(item for item in found.registration.checks if item.id == "ECCP-1")
    assert (item.status, item.sure) == ("met", "C")
    assert "probably applies" in item.sentence


@pytest.mark.parametrize("country", ["AM", "AZ", "BY", "GE", None])
def test_elsewhere_the_eu_list_is_orientation_and_never_counted(country):
    found = report(country=country, management_fte=2.0, members_total=3)
    assert found.registration.regime.basis == "orientation"
    by_id = {item.id: item for item in found.registration.checks}
    assert (by_id["ECCP-1"].status, by_id["ECCP-1"].orientation) == ("unknown", "met")
    assert (by_id["ECCP-3"].status, by_id["ECCP-3"].orientation) == ("unknown", "not_met")
    assert "orientation only" in by_id["ECCP-1"].sentence
    assert by_id["ECCP-1"].sure == "?"
    assert by_id["ECCP-T"].status == "unknown"
    assert found.registration.figures.met == found.registration.figures.not_met == 0


def test_eu_clusters_are_not_shown_the_third_country_variant():
    assert "ECCP-T" not in {item.id for item in report().registration.checks}


def test_the_cut_public_text_is_admitted():
    caveats = " ".join(report().registration.caveats)
    assert "stops inside the fourth criterion" in caveats
    assert "third countries were not seen" in caveats


def test_a_recognised_cluster_may_be_waived_but_has_not_met_the_rule():
    item = check("ECCP-3", members_total=5, recognised_programme=True)
    assert item.status == "not_met"
    assert [(note.id, note.state) for note in item.waivers] == [("W1", "may_apply")]
    assert "May be waived by the platform's team" in item.waivers[0].sentence


def test_unknown_recognition_leaves_the_waiver_open_and_denied_recognition_removes_it():
    assert check("ECCP-1").waivers[0].state == "unknown"
    assert check("ECCP-1", recognised_programme=False).waivers == ()
    assert check("ECCP-1", management_fte=1.0, recognised_programme=True).waivers == ()


def test_the_social_economy_waiver_is_shown_to_social_economy_clusters_alone():
    shown = check("ECCP-1", ecosystems=("proximity_social_economy",)).waivers
    assert {note.id for note in shown} == {"W1", "W2"}
    assert {note.id for note in check("ECCP-1", ecosystems=("digital",)).waivers} == {"W1"}


@pytest.mark.parametrize(
    ("key", "fields", "country_status", "status"),
    [
        ("P-BSB", {"country": "GE"}, "yes", "met"),
        ("P-BSB", {"country": "AM"}, "yes", "met"),
        ("P-BSB", {"country": "AZ"}, "no", "not_met"),
        ("P-BSB", {"country": "UA", "region": "Odesa oblast"}, "part", "unknown"),
        ("P-BSB", {"country": "RO"}, "part", "unknown"),
        ("P-BSB", {"country": "DE"}, "no", "not_met"),
        ("P-DRP", {"country": "MD"}, "yes", "met"),
        ("P-DRP", {"country": "UA", "region": "Odesa oblast"}, "part", "met"),
        ("P-DRP", {"country": "UA", "region": "Transcarpathia"}, "part", "met"),
        ("P-DRP", {"country": "UA", "region": "Kharkiv oblast"}, "part", "not_met"),
        ("P-DRP", {"country": "UA"}, "part", "unknown"),
        ("P-DRP", {"country": "UA", "region": "Western Ukraine"}, "part", "unknown"),
        ("P-DRP", {"country": "UA", "region": "Lviv and Odesa oblasts"}, "part", "unknown"),
        ("P-DRP", {"country": "DE"}, "unknown", "unknown"),
        ("P-SMP", {"country": "UA"}, "signed", "unknown"),
        ("P-HE", {"country": "DE"}, "yes", "met"),
        ("P-HE", {"country": "GE"}, "unknown", "unknown"),
        ("P-UA", {"country": "UA"}, "yes", "not_applicable"),
        ("P-UA", {"country": None}, "unknown", "not_applicable"),
    ],
)
def test_programme_status(key, fields, country_status, status):
    found = programme(key, **fields)
    assert (found.country_status, found.status) == (country_status, status)


def test_a_closed_call_speaks_of_the_past_alone():
    found = programme("P-UA", country="UA")
    assert found.call_closed is True
    assert found.sentence == (
        "By country, Ukraine was eligible in call SMP-COSME-2024-CLUSTERUA (ended 4 June 2024). "
        "Named in the call. No open call known."
    )


@pytest.mark.parametrize(
    ("today", "status", "words"),
    [
        (date(2026, 5, 12), "met", "open from 13 May 2026 to 12 November 2026"),
        (date(2026, 5, 13), "met", "open until 12 November 2026"),
        (date(2026, 11, 12), "met", "open until 12 November 2026"),
        (date(2026, 11, 13), "not_applicable", "was eligible in call I3 2026"),
    ],
)
def test_a_call_closes_after_its_last_day(today, status, words):
    found = programme("P-I3", today, country="FR")
    assert found.status == status
    assert words in found.sentence


def test_an_inferred_country_status_never_decides():
    found = programme("P-EC24", date(2024, 12, 1), country="UA")
    assert (found.country_status, found.sure, found.status) == ("yes", "C", "unknown")
    assert "probably admitted" in found.sentence


def test_earlier_lists_are_told_with_their_dates():
    found = programme("P-HE", country="AM")
    assert [(line.as_of, line.status) for line in found.history] == [
        ("2021-12", "signed"),
        ("2022-03-02", "signed"),
        ("2022-07-01", "yes"),
        ("2023-12-05", "yes"),
    ]
    assert "The list of 5 December 2023 had the country as admitted." in found.sentence


def test_questions_are_asked_in_order_and_only_while_open():
    keys = [question.id for question in report(country=None).questions]
    assert keys == [
        "country", "recognition", "management", "members", "english-site", "activity", "eccp",
        "label",
    ]  # fmt: skip
    answered = report(
        country="UA",
        recognised_programme=True,
        management_fte=1.0,
        members_total=30,
        members_sme=20,
        members_public=2,
        english_site=True,
        website="https://a.example",
        label="bronze",
        label_year=2026,
        region="Odesa oblast",
    )
    assert [question.id for question in answered.questions] == ["activity", "eccp"]


def test_the_region_is_asked_only_where_it_decides():
    assert "region" in {question.id for question in report(country="UA").questions}
    for country in ("GE", "DE", "RO"):
        assert "region" not in {question.id for question in report(country=country).questions}


def test_a_question_names_the_rules_that_it_settles():
    members = next(q for q in report(members_total=30).questions if q.id == "members")
    assert members.rules == ("ECCP-4", "ECCP-4b")


def test_unknown_counts_neither_as_met_nor_as_failed():
    found = report(management_fte=1.0, members_total=3)
    figures = found.registration.figures
    assert (figures.met, figures.not_met, figures.unknown) == (1, 1, 5)
    assert figures.share == 0.5
    assert report().registration.figures.share is None


def test_completeness_is_the_profiles_own():
    profile = DraftProfile(country="UA", offers=("software",))
    assert check_readiness(profile, TODAY).completeness == completeness(profile)


def test_every_shipped_profile_is_judged_with_date_source_and_sureness():
    for profile in SHIPPED:
        found = check_readiness(profile, TODAY)
        checks = all_checks(found)
        assert len(checks) == len({item.id for item in checks}) >= 32, profile.id
        for item in checks:
            assert item.rule_date
            assert item.sources
            assert item.sure in ("A", "B", "C", "?")
            assert item.sentence.endswith(".")
        for item in found.programmes.checks:
            assert item.call_closed is not False
            assert "No open call known." in item.sentence
            assert "is eligible" not in item.sentence


def test_all_six_partnership_countries_stand_in_every_programme():
    for item in rule_book().programmes.programmes:
        for edition in item.editions:
            assert country_group("EaP") < edition.countries.keys()


PROFILES = st.builds(
    DraftProfile,
    country=st.sampled_from([None, "AM", "AZ", "BY", "GE", "MD", "UA", "DE", "RO"]),
    region=st.sampled_from([None, "Odesa", "Kyiv", "elsewhere"]),
    management_fte=st.none() | st.floats(0, 5),
    members_total=st.none() | st.integers(0, 40),
    members_sme=st.none() | st.integers(0, 40),
    members_research=st.none() | st.integers(0, 3),
    members_public=st.none() | st.integers(0, 3),
    english_site=st.none() | st.booleans(),
    recognised_programme=st.none() | st.booleans(),
    label=st.sampled_from([None, "bronze", "silver", "gold"]),
    label_year=st.none() | st.integers(2010, 2030),
)


@given(PROFILES, st.dates(date(2018, 1, 1), date(2030, 1, 1)))
def test_no_sentence_claims_more_than_its_rule(profile, today):
    found = check_readiness(profile, today)
    for item in all_checks(found):
        if item.status in ("met", "not_met"):
            assert item.sure != "?"
            assert item.decided_by
            assert all(given.value is not None for given in item.decided_by)
        if item.sure in ("C", "?") and item.status == "met":
            assert "probably" in item.sentence or "committed is open" in item.sentence
        if item.orientation:
            assert item.status == "unknown"
    for item in found.programmes.checks:
        if item.call_closed:
            assert item.status == "not_applicable"
        if item.call_closed is not False:
            assert "No open call known." in item.sentence


@given(PROFILES)
def test_a_blank_profile_field_never_fails_a_check(profile):
    blank = DraftProfile(country=profile.country)
    failed = [item.id for item in all_checks(check_readiness(blank, TODAY))
              if item.status == "not_met" and not item.id.startswith("P-")]  # fmt: skip
    assert failed == []
