"""The sentences of all suggestions: none empty, repeated or contradictory; quotes are real."""

import re

import pytest


@pytest.fixture(scope="module")
def suggestions(matcher):
    askers = [p for p in matcher.clusters if p.group == "EaP"]
    return [
        (asker, partner)
        for asker in askers
        for partner in matcher.recommend(asker.id, k=10).partners
    ]


def test_every_suggestion_says_why_for_both_sides(suggestions):
    assert all(partner.reasons and partner.reasons_for_them for _, partner in suggestions)


def test_at_most_three_reasons_and_none_twice(suggestions):
    for _, partner in suggestions:
        for reasons in (partner.reasons, partner.reasons_for_them):
            assert len(reasons) <= 3
            assert len(set(reasons)) == len(reasons)


def test_sentences_are_whole(suggestions):
    for _, partner in suggestions:
        said = [*partner.reasons, *partner.reasons_for_them]
        said += [partner.caution] if partner.caution else []
        for sentence in map(str, said):
            assert re.fullmatch(r"[A-Z][^\n]{10,}\.", sentence), sentence
            assert not re.search(r"\bNone\b|\bnan\b|\{|\}|“”|: \.|;\.", sentence), sentence


def test_quoted_phrases_stand_in_one_of_the_profiles(suggestions, matcher):
    for asker, partner in suggestions:
        profiles = (asker, matcher.find(partner.id))
        text = " ".join(p.model_dump_json() for p in profiles).casefold().replace('\\"', '"')
        for sentence in map(str, (*partner.reasons, *partner.reasons_for_them)):
            for quote in re.findall("“(.+?)”", sentence):
                words = quote.casefold().split()
                assert all(word in text for word in words), (quote, partner.id)


def test_a_met_need_is_quoted_from_the_right_sides(suggestions, matcher):
    for asker, partner in suggestions:
        they = matcher.find(partner.id)
        for match in partner.matches:
            seeker, giver = (asker, they) if match.seeker == "you" else (they, asker)
            assert match.need in seeker.seeks
            assert match.offer in giver.offers


def test_a_caution_does_not_contradict_a_reason(suggestions):
    for _, partner in suggestions:
        said = " ".join(map(str, (*partner.reasons, *partner.reasons_for_them)))
        if partner.caution and "no industrial ecosystem" in str(partner.caution):
            assert "same ecosystem" not in said
        if partner.caution and "Very different size" in str(partner.caution):
            assert "Comparable size" not in said
