"""The day itself: late, early away, back again; free places refilled; frozen and unfrozen."""

from datetime import timedelta

import pytest
from drawn_events import drawn_events
from hypothesis import given
from hypothesis import strategies as st
from rules_of_meetings import broken_rules
from test_schedule_laws import QUICK, plan

from matcher.errors import InvalidInputError
from matcher.events.attendance import Presence, cancel_participants, change_presence
from matcher.events.event import (
    Window,
)
from matcher.events.scheduler import freeze, replan, schedule, settle, thaw


def settled(meetings):
    return {(one.pair, one.slot, one.place) for one in meetings}


def test_who_comes_late_leaves_early_or_is_back_is_worked_in(fair, fair_values):
    before = freeze(schedule(fair, fair_values, seconds=0.3))
    first, last = fair.slots[0], fair.slots[3]
    there = Window(start=first.start, end=last.end)
    gone = cancel_participants(fair, ["ge-ict"])
    event = change_presence(
        gone, [Presence(id="de-cyber", available=(there,)), Presence(id="ge-ict")]
    )
    assert not event.by_id["ge-ict"].cancelled
    after = replan(event, fair_values, before, seconds=0.3)
    assert after.state == "frozen"
    assert broken_rules(event, after) == []
    early = {slot.id for slot in fair.slots[:4]}
    assert {one.slot for one in after.of("de-cyber")} <= early


def test_a_fixed_meeting_outside_the_presence_is_given_up(fair):
    meeting = {"a": "am-engine", "b": "de-cyber", "slot": fair.slots[0].id}
    event = fair.model_validate({**dict(fair), "fixed": [meeting]})
    late = Window(start=fair.slots[1].start, end=fair.slots[-1].end)
    assert change_presence(event, [Presence(id="de-cyber", available=(late,))]).fixed == ()
    with pytest.raises(InvalidInputError, match="Nobody with the id"):
        change_presence(event, [Presence(id="nobody")])


def test_freed_places_are_refilled_at_once_although_the_schedule_is_frozen(fair, fair_values):
    narrow = fair.model_copy(update={"slots": fair.slots[:1], "places": fair.places[:1]})
    before = freeze(schedule(narrow, fair_values, seconds=0.2))
    (meeting,) = before.meetings
    event = cancel_participants(narrow, [meeting.a])
    assert replan(event, fair_values, before, seconds=0.2).meetings == ()
    refilled = replan(event, fair_values, before, seconds=0.2, refill=True)
    assert (len(refilled.meetings), refilled.state) == (1, "frozen")


def test_an_unfrozen_schedule_is_planned_anew(fair, fair_values):
    before = freeze(schedule(fair, fair_values, seconds=0.2))
    with pytest.raises(InvalidInputError, match="frozen"):
        schedule(fair, fair_values, seconds=0.2, previous=before)
    assert schedule(fair, fair_values, seconds=0.2, previous=thaw(before)).meetings


@given(drawn_events(people=8), st.data())
def test_refilling_moves_nothing(drawn, data):
    before = freeze(plan(drawn))
    gone = data.draw(st.sampled_from(drawn.event.participants)).id
    event = cancel_participants(drawn.event, [gone])
    after = replan(event, drawn.values, before, seconds=QUICK, refill=True)
    assert broken_rules(event, after) == []
    stays = [one for one in before.meetings if gone not in one.pair]
    assert settled(stays) <= settled(after.meetings)


@given(drawn_events(people=8), st.data())
def test_what_is_over_stays_and_nothing_new_is_put_there(drawn, data):
    before = freeze(plan(drawn))
    now = data.draw(st.sampled_from(drawn.event.slots)).start + timedelta(minutes=1)
    over = {slot.id for slot in drawn.event.slots if slot.start < now}
    late = data.draw(st.sampled_from(drawn.event.participants))
    last = max(slot.end for slot in drawn.event.slots)
    stretches = [
        window.model_copy(update={"end": min(window.end, now + timedelta(hours=1))})
        for window in late.available or [Window(start=drawn.event.slots[0].start, end=last)]
        if window.start < now
    ]
    leaves = Presence(id=late.id, available=tuple(stretches))
    event = change_presence(drawn.event, [leaves])
    after = replan(event, drawn.values, settle(before, now), seconds=QUICK, refill=True)
    assert broken_rules(event, after) == []
    held = [one for one in before.meetings if one.slot in over]
    assert settled(held) == settled(one for one in after.meetings if one.slot in over)
