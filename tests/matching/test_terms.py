"""What two profiles are said to have in common: rare terms from their lists, each told once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.lexical import LexicalModel, Lexicon, SparseRow, SparseRows
from matcher.matching.terms import QUOTED, OwnTerms

TERMS = (
    *("2030", "ai", "battery", "battery recycling", "cheese", "hydrogen", "recycling"),
    *("textile", "textile dyes", "wine"),
)
LISTS = "\n".join(TERMS)


@pytest.fixture(scope="module")
def lexicon():
    nothing = SparseRows(np.empty(0, np.float32), np.empty(0, np.int32), np.zeros(1, np.int64))
    rarities = np.full(len(TERMS), 3.0, np.float32)
    rarities[TERMS.index("textile")] = 2.0
    return Lexicon(nothing, LexicalModel(TERMS, rarities))


def row(**weights):
    columns = [TERMS.index(name.replace("_", " ")) for name in weights]
    return SparseRow(np.array(columns, np.int32), np.array([*weights.values()], np.float32))


def test_the_weightiest_shared_terms_come_first(lexicon):
    own = OwnTerms(lexicon, row(cheese=0.2, hydrogen=0.5, wine=0.3), LISTS)
    assert own.shared_with(row(cheese=0.5, hydrogen=0.5, textile=0.5), LISTS) == (
        "hydrogen",
        "cheese",
    )


def test_a_pair_of_words_counts_double_and_takes_its_words_along(lexicon):
    both = row(battery=0.4, battery_recycling=0.3, recycling=0.4, wine=0.1)
    assert OwnTerms(lexicon, both, LISTS).shared_with(both, LISTS) == (
        "battery recycling",
        "wine",
    )


def test_numbers_and_fragments_are_not_quoted(lexicon):
    numbers = SparseRow(np.array([0], np.int32), np.ones(1, np.float32))
    assert OwnTerms(lexicon, numbers, LISTS).shared_with(numbers, LISTS) == ()
    both = row(ai=0.9, cheese=0.1)
    assert OwnTerms(lexicon, both, LISTS).shared_with(both, LISTS) == ("cheese",)


def test_what_every_third_profile_says_is_not_quoted(lexicon):
    both = row(textile=0.9, wine=0.1)
    assert OwnTerms(lexicon, both, LISTS).shared_with(both, LISTS) == ("wine",)


@pytest.mark.parametrize(("mine", "theirs"), [("cheese", ""), ("", "cheese")])
def test_a_term_must_stand_in_the_lists_of_one_side(lexicon, mine, theirs):
    both = row(cheese=0.4, wine=0.8)
    assert OwnTerms(lexicon, both, mine).shared_with(both, theirs) == ("cheese",)


def test_who_says_nothing_shares_nothing(lexicon):
    nothing = SparseRow(np.empty(0, np.int32), np.empty(0, np.float32))
    assert OwnTerms(lexicon, nothing, LISTS).shared_with(row(cheese=1.0), LISTS) == ()
    assert OwnTerms(lexicon, row(cheese=1.0), LISTS).shared_with(nothing, LISTS) == ()


weights = st.dictionaries(st.integers(0, len(TERMS) - 1), st.sampled_from([0.125, 0.25, 0.5, 1.0]))


@given(weights, weights)
def test_what_is_shared_is_shared_both_ways(lexicon, mine, theirs):
    one, other = (
        SparseRow(np.array([*side], np.int32), np.array([*side.values()], np.float32))
        for side in (mine, theirs)
    )
    shared = OwnTerms(lexicon, one, LISTS).shared_with(other, LISTS)
    assert shared == OwnTerms(lexicon, other, LISTS).shared_with(one, LISTS)
    assert len(shared) <= QUOTED
    assert {TERMS.index(term) for term in shared} <= mine.keys() & theirs.keys()
