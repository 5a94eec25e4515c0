"""Where the recall on unseen questions is too low, and only there, more is looked at."""

from dataclasses import replace

import pytest
from matcher.index.effort import Effort
from matcher.index.tuning import DEPTHS, raised

ROWS = 1000
GOOD, LOW = [0.995, 0.99], [0.995, 0.98]
EFFORT = Effort(
    exact_rows=10,
    depth=DEPTHS[0],
    shares=((1.0, 0.1), (0.5, 0.2), (0.25, 0.9)),
    sketched=((0.25, 60), (0.05, 20)),
)
CODES = {1.0: GOOD[:1], 0.5: GOOD, 0.25: GOOD}
SKETCHES = {0.25: GOOD, 0.05: GOOD}


def test_what_holds_the_floor_stays_as_it_is():
    assert raised(EFFORT, CODES, SKETCHES, ROWS) == EFFORT


@pytest.mark.parametrize(
    ("codes", "sketches", "changed"),
    [
        ({0.5: LOW}, {}, {"shares": ((1.0, 0.1), (0.5, pytest.approx(0.3)), (0.25, 0.9))}),
        ({0.25: LOW}, {}, {"shares": ((1.0, 0.1), (0.5, 0.2), (0.25, 1.0))}),
        ({}, {0.25: LOW}, {"sketched": ((0.25, 120), (0.05, 20))}),
        ({}, {0.05: LOW}, {"sketched": ((0.25, 60), (0.05, 40))}),
    ],
)
def test_only_a_level_below_the_floor_is_raised(codes, sketches, changed):
    found = raised(EFFORT, CODES | codes, SKETCHES | sketches, ROWS)
    assert found == replace(EFFORT, **changed)


def test_where_all_codes_are_looked_at_more_candidates_are_compared():
    whole = replace(EFFORT, shares=((1.0, 0.1), (0.5, 1.0), (0.25, 1.0)))
    found = raised(whole, CODES | {0.5: LOW}, SKETCHES, ROWS)
    assert found == replace(whole, depth=2 * DEPTHS[0])


def test_there_is_an_end():
    most = Effort(10, DEPTHS[-1], ((1.0, 1.0),), ((0.05, 50),))
    assert raised(most, {1.0: LOW}, {0.05: LOW}, ROWS) == most
