"""The sentences of many suggestions: none empty, repeated or contradictory; quotes are real."""

import re

import pytest


@pytest.fixture(scope="module")
def suggestions(matcher):
    askers = [p for p in matcher.clusters if p.group == "EaP"][::4]
    return [
        (asker, partner)
        for asker in askers
        for partner in matcher.recommend(asker.id, k=10).partners
    ]


def test_every_suggestion_says_why_or_that_little_is_known(suggestions):
    unexplained = [
        partner for _, partner in suggestions if not (partner.reasons or partner.reasons_for_them)
    ]
    assert len(unexplained) < len(suggestions) / 3
    for partner in unexplained:
        assert partner.level == "worth_a_talk"
        assert any(
            str(one).startswith("As far as we know, you share only") for one in partner.cautions
        )


def test_at_most_three_reasons_on_a_side_and_none_twice_on_a_card(suggestions):
    for _, partner in suggestions:
        assert len(partner.reasons) <= 3
        assert len(partner.reasons_for_them) <= 3
        said = [str(one) for one in (*partner.reasons, *partner.reasons_for_them)]
        assert len(set(said)) == len(said)


def test_each_reason_is_the_sentence_of_a_piece_of_evidence(suggestions):
    for _, partner in suggestions:
        shown = [one.sentence for one in partner.evidence]
        strengths = [one.strength for one in partner.evidence]
        assert strengths == sorted(strengths, reverse=True)
        assert {*partner.reasons, *partner.reasons_for_them} <= set(shown)


def test_no_number_of_members_is_an_offer(suggestions):
    for _, partner in suggestions:
        for match in partner.matches:
            assert not re.match(r"\d+ members", match.offer), match


def test_cautions_begin_with_the_one_that_is_shown(suggestions):
    for _, partner in suggestions:
        assert partner.caution == (partner.cautions[0] if partner.cautions else None)


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
