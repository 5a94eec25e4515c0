from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from matcher.errors import InvalidInputError
from matcher.introductions.workflow import (
    ANSWERS,
    MOVES,
    OUTCOMES,
    STATES,
    IllegalMoveError,
    Move,
    advance,
    expires_on,
    legal_moves,
    propose,
    reminder_on,
)

DAY = date(2026, 3, 2)


def at(*steps, origin="staff"):
    introduction = propose("ua-a", "pl-b", purpose="Joint proposal", origin=origin, on=DAY)
    for step in steps:
        to, extra = step if isinstance(step, tuple) else (step, {})
        introduction = advance(introduction, Move(DAY, "staff", to, **extra))
    return introduction


def test_the_whole_way_to_an_outcome():
    done = at("vetted", "asked_a", "asked_b", "agreed", "introduced", "met")
    done = advance(done, Move(DAY, "b", "outcome", outcome="none"))
    done = advance(done, Move(DAY + timedelta(200), "a", "outcome", outcome="project"))
    assert (done.state, done.outcome, done.version) == ("outcome", "project", 9)
    assert not done.is_open


def test_a_is_asked_first_unless_the_wish_is_its_own():
    assert legal_moves(at("vetted"), "staff") == ("asked_a", "declined", "expired")
    assert "asked_b" in legal_moves(at("vetted", origin="a"), "staff")
    assert "asked_a" not in legal_moves(at("vetted", origin="a"), "staff")


def test_nobody_answers_for_the_other_side():
    with pytest.raises(IllegalMoveError, match="Legal moves: declined"):
        advance(at("vetted", "asked_a", "asked_b"), Move(DAY, "a", "agreed"))
    with pytest.raises(IllegalMoveError, match="none"):
        advance(at("vetted", "asked_a"), Move(DAY, "b", "asked_b"))


@pytest.mark.parametrize(
    "move",
    [
        Move(DAY, "staff", "agreed"),
        Move(DAY - timedelta(1), "staff", "vetted"),
        Move(DAY, "staff", "declined"),
        Move(DAY, "staff", "vetted", answer="no"),
        Move(DAY, "staff", "vetted", outcome="mou"),
    ],
)
def test_illegal_moves_change_nothing(move):
    draft = at()
    with pytest.raises(IllegalMoveError):
        advance(draft, move)
    assert draft == at()


def test_outcome_needs_its_kind():
    with pytest.raises(IllegalMoveError, match="mou, project, none"):
        advance(
            at("vetted", "asked_a", "asked_b", "agreed", "introduced", "met"),
            Move(DAY, "staff", "outcome"),
        )


def test_reminder_comes_before_expiry_and_closed_ones_have_neither():
    asked = at("vetted", "asked_a")
    assert reminder_on(asked) == DAY + timedelta(7)
    assert expires_on(asked) == DAY + timedelta(21)
    met = at("vetted", "asked_a", "asked_b", "agreed", "introduced", "met")
    assert reminder_on(met) == DAY + timedelta(90)
    assert expires_on(met) is None
    closed = at(("declined", {"answer": "not_now"}))
    assert reminder_on(closed) is expires_on(closed) is None


@pytest.mark.parametrize(("a", "b", "purpose"), [("ua-a", "ua-a", "x"), ("ua-a", "pl-b", " \n")])
def test_a_proposal_needs_two_clusters_and_a_purpose(a, b, purpose):
    with pytest.raises(InvalidInputError):
        propose(a, b, purpose=purpose, on=DAY)


class Introductions(RuleBasedStateMachine):
    """Random moves by random roles: whatever happens, the rules of double opt-in hold."""

    def __init__(self):
        super().__init__()
        self.introduction = propose("ua-a", "pl-b", purpose="Joint proposal", on=DAY)
        self.day = DAY

    @rule(days=st.integers(0, 30))
    def time_passes(self, days):
        self.day += timedelta(days)

    @rule(role=st.sampled_from(("staff", "a", "b")), to=st.sampled_from(STATES))
    def anyone_tries_anything(self, role, to):
        move = Move(
            self.day,
            role,
            to,
            answer=ANSWERS[0] if to == "declined" else None,
            outcome=OUTCOMES[0] if to == "outcome" else None,
        )
        before = self.introduction
        if to in legal_moves(before, role):
            self.introduction = advance(before, move)
            assert self.introduction.version == before.version + 1
        else:
            with pytest.raises(IllegalMoveError):
                advance(before, move)

    @precondition(lambda self: self.introduction.state in MOVES)
    @rule()
    def staff_goes_on(self):
        if legal := legal_moves(self.introduction, "staff"):
            self.anyone_tries_anything("staff", legal[0])

    @invariant()
    def put_in_touch_only_after_two_answers(self):
        reached = [move.to for move in self.introduction.moves]
        if {"introduced", "met", "outcome"} & set(reached):
            assert reached.index("asked_b") < reached.index("agreed") < reached.index("introduced")
            assert self.introduction.consent("a") and self.introduction.consent("b")

    @invariant()
    def refused_or_expired_is_the_end(self):
        reached = [move.to for move in self.introduction.moves]
        assert not {"declined", "expired"} & set(reached[:-1])

    @invariant()
    def days_never_go_back(self):
        days = [move.on for move in self.introduction.moves]
        assert days == sorted(days)


TestIntroductions = Introductions.TestCase
