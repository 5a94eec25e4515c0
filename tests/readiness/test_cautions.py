"""What is said beside a pair, and what it rests on."""

from datetime import date
from itertools import product
from time import process_time

import pytest

from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import country_group
from matcher.readiness.cautions import pair_cautions, suspended
from matcher.readiness.loading import rule_book
from matcher.readiness.registration import references

TODAY = date(2026, 11, 30)
PARTNER = DraftProfile(country="PL")
BELARUS = ["BY-5", "BY-1", "BY-13", "BY-6", "BY-7", "BY-8", "BY-9"]


def told(a: DraftProfile, b: DraftProfile, today: date = TODAY) -> list[str]:
    return [caution.rule.id for caution in pair_cautions(a, b, today)]


@pytest.mark.parametrize(
    ("fields", "other", "expected"),
    [
        ({"country": "BY"}, "DE", BELARUS),
        ({"country": "BY"}, "BY", BELARUS),
        ({"country": "UA", "region": "Crimea"}, "PL", ["NC-4", "NC-3"]),
        (
            {"country": "UA", "region": "Kyiv", "registered_in": "Sevastopol"},
            "MD",
            ["NC-4", "NC-3"],
        ),
        ({"country": "UA", "region": "Donetsk oblast"}, "PL", ["NC-4-parts", "NC-2"]),
        ({"country": "UA", "region": "Луганська область"}, "PL", ["NC-4-parts", "NC-2"]),
        ({"country": "UA", "region": "Lviv and Kherson oblasts"}, "PL", ["NC-4-parts", "NC-2"]),
        ({"country": "UA", "region": "Lviv oblast"}, "PL", []),
        ({"country": "UA"}, "MD", []),
        ({"country": "GE", "legal_form": "state_body"}, "MD", ["GE-1", "GE-2"]),
        ({"country": "GE", "legal_form": "state_owned"}, "MD", ["GE-1", "GE-2"]),
        ({"country": "GE", "legal_form": "state_university"}, "MD", ["GE-2"]),
        ({"country": "GE", "kind": "public_agency"}, "MD", ["GE-1", "GE-2"]),
        ({"country": "GE", "legal_form": "private", "kind": "public_agency"}, "MD", []),
        ({"country": "GE"}, "MD", []),
        ({"country": "GE"}, "DE", ["RU-4"]),
        ({"country": "AM"}, "DE", ["RU-3"]),
        ({"country": "AM"}, "GE", []),
        ({"country": "AM"}, "AZ", ["AA-1", "AA-2"]),
        ({"country": "AM", "opt_in_countries": ("AZ",)}, "AZ", ["AA-2"]),
        ({"country": "AZ", "opt_in_countries": ("AM",)}, "AM", ["AA-2"]),
        ({"country": "AZ"}, "DE", []),
        ({"country": "MD"}, "RO", []),
        ({"country": "DE", "owner_country_over_50": "RU"}, "FR", ["RU-1"]),
        ({"country": "AM", "owner_country_over_50": "RU"}, "AZ", ["AA-1", "AA-2", "RU-1"]),
        ({"country": None}, "DE", []),
    ],
)
def test_each_case_is_told_from_either_side(fields, other, expected):
    one, partner = DraftProfile(**fields), DraftProfile(country=other)
    assert sorted(told(one, partner)) == sorted(expected)
    assert pair_cautions(one, partner, TODAY) == pair_cautions(partner, one, TODAY)


def test_the_gravest_is_told_first():
    order = ["stop", "check", "note"]
    sides = [
        DraftProfile(country="BY"),
        DraftProfile(country="AM"),
        DraftProfile(country="AZ", owner_country_over_50="RU"),
        DraftProfile(country="GE", legal_form="state_body"),
        DraftProfile(country="UA", region="Kherson"),
        DraftProfile(country="DE"),
    ]
    for one, other in product(sides, sides):
        gravities = [caution.rule.gravity for caution in pair_cautions(one, other, TODAY)]
        assert gravities == sorted(gravities, key=order.index)


def test_belarus_is_told_in_the_words_of_the_rule_with_its_checklist():
    first, *others = pair_cautions(DraftProfile(country="BY"), PARTNER, TODAY)
    assert str(first.sentence) == (
        "Belarus: Excluded from Horizon Europe calls closing after 10 May 2022. Other "
        "cooperation: sanctions check by a person first. This page is not legal advice."
    )
    assert (first.rule.sure, first.rule.date) == ("A", "2022-05-10")
    assert [len(caution.rule.checks) for caution in others] == [0, 7, 0, 0, 0, 0]
    assert "The pages read differ on who may not receive them" in str(others[-1].sentence)


def test_both_regions_of_a_pair_are_named():
    one = DraftProfile(country="UA", region="Donetsk")
    other = DraftProfile(country="UA", region="Kherson")
    sentences = " ".join(str(caution.sentence) for caution in pair_cautions(one, other, TODAY))
    assert "Donetsk: parts of the region" in sentences
    assert "Kherson: parts of the region" in sentences


def test_a_caution_past_its_review_says_so():
    side, last = DraftProfile(country="BY"), date(2027, 2, 28)
    words = "This was to be checked again by 28 February 2027 and may have changed."
    assert not any(words in str(one.sentence) for one in pair_cautions(side, PARTNER, last))
    later = pair_cautions(side, PARTNER, date(2027, 3, 1))
    assert later and all(words in str(one.sentence) for one in later)


def test_only_belarus_has_suspended_its_part():
    found = {code for code in country_group("EaP") | country_group("EU") if suspended(code)}
    assert found == {"BY"}
    assert not suspended(None)


def test_every_caution_can_be_looked_up():
    for rule in rule_book().cautions.cautions:
        assert references(rule_book(), rule.sources)
        assert rule.recheck_by > date.fromisoformat("2026-11-30")


def test_pairs_without_a_caution_cost_nearly_nothing():
    pairs = [
        (DraftProfile(country="DE"), PARTNER),
        (DraftProfile(country="UA", region="Lviv oblast"), PARTNER),
        (DraftProfile(country="AZ"), PARTNER),
    ]
    for one, other in pairs:
        assert pair_cautions(one, other, TODAY) == ()
    best = min(_seconds(pairs) for _ in range(5))
    assert best / len(pairs) < 50e-6


def _seconds(pairs) -> float:
    start = process_time()
    for _ in range(200):
        for one, other in pairs:
            pair_cautions(one, other, TODAY)
    return (process_time() - start) / 200
