"""Meetings by hand, what is over, who must be told: laws on drawn events, and the edges."""

from datetime import timedelta

import pytest
from drawn_events import drawn_events
from hypothesis import given
from hypothesis import strategies as st
from rules_of_meetings import broken_rules
from test_schedule_laws import QUICK, plan

from matcher.errors import InvalidInputError
from matcher.events.attendance import Presence, cancel_participants, change_presence
from matcher.events.by_hand import KINDS, Change, make, propose
from matcher.events.edits import carried, misfits
from matcher.events.event import Book, Wish
from matcher.events.notices import notices
from matcher.events.openings import openings
from matcher.events.scheduler import freeze, replan, schedule, settle, thaw


def drawn_change(draw, event, before):
    """Any change: of meetings that are held, or of any two, to anywhere."""
    keys = st.sampled_from([one.id for one in event.participants])
    pairs = st.tuples(keys, keys)
    if before.meetings:
        pairs |= st.sampled_from([one.pair for one in before.meetings])
    (a, b), (c, d) = draw(pairs), draw(pairs)
    slot = draw(st.sampled_from(event.slots)).id
    place = draw(st.sampled_from([None, *(one.id for one in event.places)]))
    return Change(kind=draw(st.sampled_from(KINDS)), a=a, b=b, slot=slot, place=place, c=c, d=d)


@given(drawn_events(people=6, slots=4), st.data())
def test_no_change_by_hand_breaks_a_rule_and_what_is_refused_would(drawn, data):
    event, before = drawn.event, plan(drawn)
    declined = data.draw(st.sets(st.sampled_from([m.pair for m in before.meetings] or [("", "")])))
    held = tuple(one for one in before.meetings if one.pair not in declined)
    event = event.model_copy(update={"book": Book(declined=frozenset(declined))})
    if {one.pair for one in event.fixed} & declined:
        return
    before = before.model_copy(update={"meetings": held})
    change = drawn_change(data.draw, event, before)
    try:
        proposal = propose(event, before, change)
    except InvalidInputError:
        return
    trial = before.model_copy(update={"meetings": proposal.meetings})
    broken = broken_rules(proposal.event, trial)
    refused = {one.pair for one in trial.meetings} & declined
    assert bool(proposal.refused) == bool(broken or refused), (broken, proposal.refused)
    if proposal.refused:
        with pytest.raises(InvalidInputError, match="break a rule"):
            make(event, drawn.values, before, change)
        return
    after = make(event, drawn.values, before, change)
    assert {(m.pair, m.slot, m.place) for m in after.meetings} == {
        (m.pair, m.slot, m.place) for m in proposal.meetings
    }
    assert misfits(proposal.event, after) == ()
    again = replan(proposal.event, drawn.values, after, seconds=QUICK, refill=True)
    pinned = {(one.pair, one.slot) for one in proposal.event.fixed}
    assert pinned <= {(one.pair, one.slot) for one in again.meetings}


@given(drawn_events(people=7, slots=5), st.data())
def test_what_is_over_stays_whatever_comes_and_the_rest_keeps_the_rules(drawn, data):
    """Cancelled, declined, moved on-line, fewer meetings wanted, planned anew: none moves it."""
    before = plan(drawn)
    now = data.draw(st.sampled_from(drawn.event.slots)).start + timedelta(minutes=1)
    before, people = settle(before, now), drawn.event.participants
    over = before.over(drawn.event.slots)
    held = [one for one in before.meetings if one.slot in over]
    gone = data.draw(st.sampled_from(people)).id
    event = cancel_participants(drawn.event, [gone])
    less = data.draw(st.sampled_from(people)).id
    event = event.model_copy(
        update={
            "participants": tuple(
                one.model_copy(update={"maximum": 0, "minimum": 0}) if one.id == less else one
                for one in event.participants
            ),
            "fixed": tuple(one for one in event.fixed if less not in one.pair),
            "book": Book(declined=frozenset(one.pair for one in held)),
        }
    )
    assert carried(drawn.event, before, event).meetings == before.meetings
    worked_in = replan(event, drawn.values, before, seconds=QUICK, refill=True)
    anew = schedule(event, drawn.values, seconds=QUICK, previous=before)
    for after in (worked_in, anew):
        stays = [one for one in after.meetings if one.slot in over]
        assert [(m.pair, m.slot, m.place) for m in stays] == [
            (m.pair, m.slot, m.place) for m in held
        ]
        rest = tuple(one for one in after.meetings if one.slot not in over)
        ahead = event.model_copy(
            update={"fixed": tuple(one for one in event.fixed if one.slot not in over)}
        )
        assert broken_rules(ahead, after.model_copy(update={"meetings": rest})) == []
        assert misfits(event, after) == ()
        assert after.settled == now


def test_openings_are_what_refilling_takes_and_change_nothing(fair, fair_values):
    full = schedule(fair, fair_values, seconds=0.3)
    event = cancel_participants(fair, ["ge-ict"])
    frozen = replan(event, fair_values, freeze(full), seconds=0.3)
    back = change_presence(event, [Presence(id="ge-ict")])
    found = openings(back, fair_values, frozen)
    assert found
    refilled = replan(back, fair_values, frozen, seconds=1.0, refill=True)
    assert {one.pair for one in found} == {m.pair for m in refilled.meetings} - {
        m.pair for m in frozen.meetings
    }


def test_who_waits_meets_nobody_before_being_taken_in(fair, fair_values):
    people = tuple(
        one.model_copy(update={"waiting": True}) if one.id == "de-cyber" else one
        for one in fair.participants
    )
    waiting = fair.model_copy(update={"participants": people})
    before = schedule(waiting, fair_values, seconds=0.3)
    assert before.of("de-cyber") == ()
    assert "waiting" in {one.code for one in before.missed}
    event = change_presence(cancel_participants(waiting, ["am-engine"]), [Presence(id="de-cyber")])
    after = replan(event, fair_values, freeze(before), seconds=0.3, refill=True)
    assert after.of("de-cyber")
    assert after.of("am-engine") == ()


def test_a_change_names_what_is_wrong_with_it_and_what_it_costs(fair, fair_values):
    before = schedule(fair, fair_values, seconds=0.3)
    must = {"a": "am-engine", "b": "de-cyber"}
    with pytest.raises(InvalidInputError) as caught:
        propose(fair, before, Change(kind="add", **must, slot="nowhen", place="nowhere"))
    assert {one.field for one in caught.value.problems} == {"slot", "place"}
    with pytest.raises(InvalidInputError, match="cannot be made"):
        propose(fair, before, Change(kind="add", a="nobody", b="de-cyber", slot=fair.slots[0].id))
    removed = propose(fair, before, Change(kind="remove", **must))
    assert removed.refused == ()
    assert "by all means" in str(removed.costs[0].message)
    first = before.of("am-engine")[0]
    late = settle(before, fair.slots[-1].end)
    too_late = propose(fair, late, Change(kind="remove", a=first.a, b=first.b))
    assert "is over" in str(too_late.refused[0].message)
    assert carried(fair, thaw(late), fair).settled is None


def test_who_must_be_told_is_who_does_not_know(fair, fair_values):
    first = schedule(fair, fair_values, seconds=0.3)
    busy = {key for one in first.meetings for key in one.pair}
    assert {one.id for one in notices(fair, first)} == busy
    told = freeze(first.model_copy(update={"told": first.meetings}))
    assert notices(fair, told) == ()
    gone = first.meetings[0]
    after = make(fair, fair_values, told, Change(kind="remove", a=gone.a, b=gone.b))
    due = notices(fair, after)
    assert {one.id for one in due} == set(gone.pair)
    assert all([one.pair for one in notice.gone] == [gone.pair] for notice in due)
    assert notices(fair, settle(after, fair.slots[-1].end)) == ()
    moved = after.meetings[0]
    free = next(
        slot.id
        for slot in fair.slots
        if not any(one.slot == slot.id and {*one.pair} & {*moved.pair} for one in after.meetings)
    )
    event = propose(fair, after, Change(kind="move", a=moved.a, b=moved.b, slot=free)).event
    final = make(fair, fair_values, after, Change(kind="move", a=moved.a, b=moved.b, slot=free))
    assert {one.slot for one in final.meetings if one.pair == moved.pair} == {free}
    assert [one.id for one in notices(event, final) if one.moved] == sorted(
        moved.pair, key=lambda key: fair.by_id[key].name
    )
    blocked = fair.model_copy(
        update={"wishes": (Wish(by=moved.b, about=moved.a, kind="no_thanks"),)}
    )
    lost = replan(blocked, fair_values, final, seconds=0.2)
    assert moved.pair not in {one.pair for one in lost.meetings}
