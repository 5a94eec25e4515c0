"""Readiness: every kind of rule, in every status it can have."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.config import DATA_DIR
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import LEGAL_FORMS, ClusterProfile, DraftProfile
from matcher.profiles.taxonomy import country_group
from matcher.readiness.check import check_readiness
from matcher.readiness.loading import rule_book
from matcher.readiness.report import Check, ReadinessReport

TODAY = date(2026, 11, 30)
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
    assert "14 members" in str(found.sentence)
    assert "at least 15" in str(found.sentence)


def test_stated_members_are_not_taken_for_committed_ones():
    found = check("ECCP-3", members_total=40)
    assert found.sure == "C"
    assert "committed is open" in str(found.sentence)


@pytest.mark.parametrize("country", ["UA", "MD"])
def test_the_eu_list_probably_applies_to_countries_with_an_agreement(country):
    found = report(country=country, management_fte=2.0)
    assert found.registration.regime.basis == "probable"
    item = next(item for item in found.registration.checks if item.id == "ECCP-1")
    assert (item.status, item.sure) == ("met", "C")
    assert "probably applies" in str(item.sentence)


@pytest.mark.parametrize("country", ["AM", "AZ", "BY", "GE", None])
def test_elsewhere_the_eu_list_is_orientation_and_never_counted(country):
    found = report(country=country, management_fte=2.0, members_total=3)
    assert found.registration.regime.basis == "orientation"
    by_id = {item.id: item for item in found.registration.checks}
    assert (by_id["ECCP-1"].status, by_id["ECCP-1"].orientation) == ("unknown", "met")
    assert (by_id["ECCP-3"].status, by_id["ECCP-3"].orientation) == ("unknown", "not_met")
    assert "orientation only" in str(by_id["ECCP-1"].sentence)
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
    assert "May be waived by the platform's team" in str(item.waivers[0].sentence)


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
        ("P-BSB", {"country": "BY"}, "excluded", "not_met"),
        ("P-BSB", {"country": "UA", "region": "Odesa oblast"}, "part", "some_regions"),
        ("P-BSB", {"country": "RO"}, "part", "some_regions"),
        ("P-BSB", {"country": "BG", "region": "Yugoiztochen"}, "part", "met"),
        ("P-BSB", {"country": "BG", "region": "Yugozapaden"}, "part", "not_met"),
        ("P-BSB", {"country": "DE"}, "no", "not_met"),
        ("P-DRP", {"country": "MD"}, "yes", "met"),
        ("P-DRP", {"country": "UA", "region": "Odesa oblast"}, "part", "met"),
        ("P-DRP", {"country": "UA", "region": "Transcarpathia"}, "part", "met"),
        ("P-DRP", {"country": "UA", "region": "Kharkiv oblast"}, "part", "not_met"),
        ("P-DRP", {"country": "UA"}, "part", "some_regions"),
        ("P-DRP", {"country": "UA", "region": "Western Ukraine"}, "part", "some_regions"),
        ("P-DRP", {"country": "UA", "region": "Lviv and Odesa oblasts"}, "part", "some_regions"),
        ("P-DRP", {"country": "DE"}, "part", "some_regions"),
        ("P-DRP", {"country": "DE", "region": "Bayern"}, "part", "met"),
        ("P-DRP", {"country": "DE", "region": "Berlin and Brandenburg"}, "part", "not_met"),
        ("P-DRP", {"country": "SK"}, "yes", "met"),
        ("P-DRP", {"country": "FR"}, "no", "not_met"),
        ("P-ROMD", {"country": "RO", "region": "Iasi"}, "part", "met"),
        ("P-ROMD", {"country": "RO", "region": "Nord-Vest"}, "part", "not_met"),
        ("P-ROMD", {"country": "RO", "region": "Nord-Est"}, "part", "some_regions"),
        ("P-PLUA", {"country": "UA", "region": "Lviv oblast"}, "part", "met"),
        ("P-PLUA", {"country": "PL", "region": "Podkarpackie"}, "part", "some_regions"),
        ("P-ROUA", {"country": "UA", "region": "Odesa oblast"}, "part", "met"),
        ("P-HSRU", {"country": "UA", "region": "Odesa oblast"}, "part", "not_met"),
        ("P-SMP", {"country": "UA"}, "yes", "met"),
        ("P-SMP", {"country": "MD"}, "yes", "met"),
        ("P-SMP", {"country": "GE"}, "no", "not_met"),
        ("P-SMP", {"country": "BY"}, "no", "unknown"),
        ("P-HE", {"country": "DE"}, "yes", "met"),
        ("P-HE", {"country": "UA"}, "assoc", "met"),
        ("P-HE", {"country": "MD"}, "assoc", "met"),
        ("P-HE", {"country": "GE"}, "assoc", "met"),
        ("P-HE", {"country": "AM"}, "assoc", "met"),
        ("P-HE", {"country": "AZ"}, "third", "unknown"),
        ("P-HE", {"country": "BY"}, "excluded", "not_met"),
        ("P-HE", {"country": None}, "unknown", "unknown"),
        ("P-HE", {"country": "DE", "owner_country_over_50": "RU"}, "yes", "not_met"),
        ("P-DEP", {"country": "UA"}, "assoc-part", "met"),
        ("P-DEP", {"country": "MD"}, "signed", "signed"),
        ("P-LIFE", {"country": "MD"}, "signed", "signed"),
        ("P-CE", {"country": "AM"}, "signed", "signed"),
        ("P-CE", {"country": "AZ"}, "third", "probably_not"),
        ("P-DEP", {"country": "GE"}, "none-seen", "none_seen"),
        ("P-DEP", {"country": "BY"}, "none-seen", "unknown"),
        ("P-EDIH", {"country": "AM"}, "no", "probably_not"),
        ("P-ERA", {"country": "AM"}, "third-part", "met"),
        ("P-ERA", {"country": "GE"}, "third-part", "unknown"),
        ("P-ERA", {"country": "GE", "legal_form": "private"}, "third-part", "met"),
        ("P-ERA", {"country": "GE", "legal_form": "state_body"}, "third-part", "not_met"),
    ],
)
def test_programme_status(key, fields, country_status, status):
    found = programme(key, **fields)
    assert (found.country_status, found.status) == (country_status, status)


def test_association_is_told_with_its_date_and_list():
    found = programme("P-HE", country="UA")
    assert str(found.sentence) == (
        "Ukraine: associated since 1 January 2021. Check the call text. Commission list of "
        "1 August 2022; seen again in November 2024; the day of ratification is not known. The "
        "pages read differ: lists of 20 June, 1 July and 1 August 2022 name the agreement as "
        "applicable, and the last, the Commission's, prevails; a university's page of "
        "17 November 2022 says that it is still being ratified."
    )
    assert (found.since, found.checked_on, found.sure) == ("2021-01-01", "2024-11-21", "A")


def test_regions_that_are_admitted_are_named():
    found = programme("P-HSRU", country="UA", region="Odesa oblast")
    assert str(found.sentence) == (
        "Only some regions of Ukraine are admitted. Zakarpattia; Ivano-Frankivsk; Chernivtsi. "
        "Odesa oblast is not one of them."
    )


def test_where_pages_differ_both_are_told():
    found = programme("P-HE", country="AZ")
    assert found.sure == "≠"
    assert "May join, EU money must be checked in the Programme Guide." in str(found.sentence)
    assert "The pages read differ: a rule announced" in str(found.sentence)
    assert "had to bring its own money" in str(found.sentence)


def test_no_programme_is_met_for_belarus():
    found = report(country="BY").programmes.checks
    assert {item.status for item in found} == {"not_met", "unknown"}
    for item in found:
        if item.status == "unknown":
            assert str(item.sentence).startswith("Belarus: EU measures are prolonged")


@pytest.mark.parametrize(
    ("fields", "status", "beginning", "field"),
    [
        ({"country": "UA", "region": "Crimea"}, "not_met", "Crimea is not", "region"),
        (
            {"country": "UA", "registered_in": "Sevastopol"},
            "not_met",
            "Sevastopol is not",
            "registered_in",
        ),
        ({"country": "UA", "region": "Donetsk oblast"}, "unknown", "Donetsk: parts", "region"),
        (
            {"country": "GE", "legal_form": "state_owned"},
            "unknown",
            "Georgia: Whether",
            "legal_form",
        ),
        (
            {"country": "DE", "owner_country_over_50": "RU"},
            "not_met",
            "Bodies that Russian",
            "owner_country_over_50",
        ),
    ],
)
def test_the_first_rule_that_blocks_is_told_first_and_later_ones_still_listed(
    fields, status, beginning, field
):
    found = programme("P-HE", **fields)
    assert found.status == status
    assert str(found.sentence).startswith(beginning)
    assert "associated" in str(found.sentence) or "Germany is admitted" in str(found.sentence)
    assert field in {given.field for given in found.decided_by}


def test_exclusion_decides_before_the_legal_form():
    found = programme("P-ERA", country="GE", legal_form="state_body", owner_country_over_50="RU")
    assert str(found.sentence).startswith("Georgia: State bodies are shut out")
    he = programme("P-HE", country="GE", legal_form="state_body", owner_country_over_50="RU")
    assert str(he.sentence).startswith("Bodies that Russian legal persons own")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 5, 12), "open from 13 May 2026 to 12 November 2026"),
        (date(2026, 5, 13), "open until 12 November 2026"),
        (date(2026, 11, 12), "open until 12 November 2026"),
        (date(2026, 11, 13), None),
    ],
)
def test_a_call_leaves_the_view_after_its_last_day(today, words):
    found = {item.id: item for item in report(today, country="FR").programmes.checks}
    assert ("I3-2026-INV1" in found) == (words is not None)
    if words:
        assert found["I3-2026-INV1"].status == "met"
        assert words in str(found["I3-2026-INV1"].sentence)


@pytest.mark.parametrize("country", ["UA", "MD", "GE", "AM", "AZ", "BY", "DE", "RO", None])
def test_no_closed_call_is_shown(country):
    calls = {item.id: item for item in report(country=country).programmes.checks if item.call}
    assert calls.keys() == {"HORIZON-EIE-2027-01-CONNECT-01", "HORIZON-EIE-2027-01-CONNECT-03"}
    assert all(item.call_closed is False for item in calls.values())
    both = str(calls["HORIZON-EIE-2027-01-CONNECT-03"].sentence)
    assert "15 September 2027" in both
    assert "31 March 2027" in both


def test_a_call_for_one_country_is_shown_to_it_alone():
    key, day = "HORIZON-EIC-2025-UKRAINIANTECH-01", date(2025, 6, 1)
    assert key in {item.id for item in report(day, country="UA").programmes.checks}
    assert key not in {item.id for item in report(day, country="MD").programmes.checks}


def test_a_rule_past_its_review_says_so():
    words = "This was to be checked again by 31 December 2027 and may have changed."
    assert words not in str(programme("P-HE", date(2027, 12, 31), country="UA").sentence)
    assert words in str(programme("P-HE", date(2028, 1, 1), country="UA").sentence)


def test_an_inferred_status_never_decides():
    found = programme("P-HOP", country="AZ")
    assert (found.country_status, found.sure, found.status) == ("no", "C", "probably_not")
    assert str(found.sentence).startswith("Inferred, not read:")


def test_earlier_lists_are_kept_with_their_dates():
    found = programme("P-HE", country="AM")
    assert [(line.as_of, line.status) for line in found.history] == [
        ("2021-12", "signed"),
        ("2022-03-02", "signed"),
    ]


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
    for country in ("GE", "FR"):
        assert "region" not in {question.id for question in report(country=country).questions}


def test_a_question_names_the_rules_that_it_settles():
    members = next(q for q in report(members_total=30).questions if q.id == "members")
    assert members.rules == ("ECCP-4", "ECCP-4b")


def test_a_programme_is_unknown_only_where_pages_differ_or_a_person_looks_first():
    for code in country_group("EU") | country_group("EaP"):
        for found in report(country=code).programmes.checks:
            limited = any(given.field != "country" for given in found.decided_by) or code == "BY"
            if found.status == "unknown" and not found.call and not limited:
                assert "The pages read differ" in str(found.sentence), (code, found.id)
    figures = report(country="MD").programmes.figures
    assert (figures.signed, figures.unknown) == (2, 0)
    assert figures.none_seen > 0


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
        assert len(checks) == len({item.id for item in checks}) >= 30, profile.id
        for item in checks:
            assert item.rule_date
            assert item.sources
            assert item.sure in ("A", "B", "C", "≠", "?")
            assert str(item.sentence).endswith(".")
        for item in found.programmes.checks:
            assert item.call_closed is not True
            assert "eligible" not in str(item.sentence)


def test_all_six_partnership_countries_stand_in_every_programme():
    for item in rule_book().programmes.programmes:
        assert all(item.entry(code) for code in country_group("EaP"))


def test_legal_form_is_asked_where_it_decides():
    assert "legal-form" in {question.id for question in report(country="GE").questions}
    for fields in ({"country": "AM"}, {"country": "GE", "legal_form": "private"}):
        assert "legal-form" not in {question.id for question in report(**fields).questions}


PROFILES = st.builds(
    DraftProfile,
    country=st.sampled_from([None, "AM", "AZ", "BY", "GE", "MD", "UA", "DE", "RO"]),
    region=st.sampled_from([None, "Odesa", "Kyiv", "Crimea", "Kherson", "elsewhere"]),
    legal_form=st.none() | st.sampled_from(LEGAL_FORMS),
    owner_country_over_50=st.sampled_from([None, "RU", "DE"]),
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
            assert "probably" in str(item.sentence) or "committed is open" in str(item.sentence), (
                item
            )
        if item.orientation:
            assert item.status == "unknown"
    for item in found.programmes.checks:
        assert item.call_closed is not True
        assert profile.country != "BY" or item.status != "met"


@given(PROFILES)
def test_a_blank_profile_field_never_fails_a_check(profile):
    blank = DraftProfile(country=profile.country)
    found = check_readiness(blank, TODAY)
    steps = [check for step in found.labels.steps for check in step.checks]
    failed = [item.id for item in (*found.registration.checks, *steps) if item.status == "not_met"]
    assert failed == []
