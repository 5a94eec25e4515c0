"""Edits of an event that has a schedule, and why two of its participants do not meet."""

import pytest

from matcher.errors import InvalidInputError
from matcher.events.attendance import cancel_participants
from matcher.events.edits import carried, misfits
from matcher.events.event import Wish, sorted_pair
from matcher.events.scheduler import freeze, replan, schedule, why_not


def without(event, field, key):
    kept = tuple(one for one in getattr(event, field) if one.id != key)
    return event.model_copy(update={field: kept})


def changed(event, field, key, **values):
    update = tuple(
        one.model_copy(update=values) if one.id == key else one for one in getattr(event, field)
    )
    return event.model_copy(update={field: update})


def test_a_schedule_fits_its_event(fair, plan):
    assert misfits(fair, plan) == ()


def test_every_thing_that_is_missed_is_named(fair, plan):
    meeting = plan.meetings[0]
    a, b = meeting.pair
    first = " and ".join(fair.by_id[key].name for key in (a, b))
    slot = next(one for one in fair.slots if one.id == meeting.slot)
    other = next(one for one in fair.slots if one.id != meeting.slot)
    cases = {
        "no slot": without(fair, "slots", slot.id),
        "no place": without(fair, "places", meeting.place),
        "does not take part": without(fair, "participants", a),
        "is not there": changed(fair, "participants", a, available=(other,)),
        "has cancelled or is away": cancel_participants(fair, [b]),
        "no online room": changed(fair, "participants", a, remote=True),
        "no thanks": fair.model_copy(update={"wishes": (Wish(by=a, about=b, kind="no_thanks"),)}),
    }
    for case, event in cases.items():
        assert first in {problem.where for problem in misfits(event, plan, fair)}, case
    load = max(plan.loads, key=lambda one: one.meetings)
    tight = changed(fair, "participants", load.id, maximum=load.meetings - 1)
    assert [problem.where for problem in misfits(tight, plan)] == [fair.by_id[load.id].name]


def test_a_provisional_schedule_goes_along_and_calendars_learn_what_moved(fair, plan):
    meeting = plan.meetings[0]
    renamed = changed(fair, "places", meeting.place, name="Blue room")
    after = carried(fair, plan, renamed)
    assert {one.pair for one in after.meetings if one.sequence == 1} == {
        one.pair for one in plan.meetings if one.place == meeting.place
    }
    gone = without(fair, "places", meeting.place)
    assert carried(fair, plan, gone).meetings == plan.meetings
    assert misfits(gone, plan)


def test_a_frozen_schedule_is_protected(fair, plan):
    frozen, meeting = freeze(plan), plan.meetings[0]
    harmless = fair.model_copy(update={"title": "Another", "venue": None})
    assert carried(fair, frozen, harmless) == frozen
    unused = {one.id for one in fair.slots} - {one.slot for one in plan.meetings}
    for key in unused:
        assert carried(fair, frozen, without(fair, "slots", key)) == frozen
    for event in (
        without(fair, "places", meeting.place),
        changed(fair, "places", meeting.place, name="Blue room"),
        without(fair, "participants", meeting.a),
        cancel_participants(fair, [meeting.a]),
    ):
        with pytest.raises(InvalidInputError) as error:
            carried(fair, frozen, event)
        assert error.value.problems


def test_an_edit_is_worked_in_by_planning_again(fair, fair_values, plan):
    meeting = plan.meetings[0]
    edited = without(without(fair, "places", meeting.place), "participants", meeting.a)
    edited = edited.model_copy(
        update={"wishes": tuple(one for one in fair.wishes if meeting.a not in one.pair)}
    )
    again = replan(edited, fair_values, carried(fair, plan, edited), seconds=0.2)
    assert misfits(edited, again) == ()
    assert meeting.pair in {one.pair for one in again.withdrawn}


def test_who_has_cancelled_lacks_nothing(fair, fair_values):
    gone = cancel_participants(fair, ["md-it"])
    plan = schedule(gone, fair_values, seconds=0.2)
    (load,) = [one for one in plan.loads if one.id == "md-it"]
    assert (load.meetings, load.minimum, plan.figures.lacking) == (0, 0, 0)


def test_any_two_are_told_when_they_meet_or_why_not(fair, fair_values, plan):
    met = {one.pair: one for one in plan.meetings}
    keys = sorted(fair.by_id)
    for a in keys:
        for b in keys:
            if a >= b:
                continue
            told = why_not(fair, fair_values, plan, (a, b))
            assert told.meeting == met.get((a, b))
            assert (told.code is None) == bool(told.meeting)
            assert bool(told.reason) != bool(told.meeting)
    told = why_not(fair, fair_values, plan, ("pt-ocean", "ua-kharkiv-it"))
    assert (told.code, told.private) == ("no_thanks", True)
    assert why_not(fair, fair_values, plan, ("de-cyber", "pt-ocean")).code == "not_considered"


def test_the_reasons_of_any_two_are_those_of_the_report(fair, fair_values, plan):
    assert plan.missed
    for missed in plan.missed:
        told = why_not(fair, fair_values, plan, (missed.a, missed.b))
        assert (told.code, told.reason, told.private) == (
            missed.code,
            missed.reason,
            missed.private,
        )


def test_why_not_needs_two_participants(fair, fair_values, plan):
    for pair in (("de-cyber", "ghost"), ("de-cyber", "de-cyber")):
        with pytest.raises(InvalidInputError):
            why_not(fair, fair_values, plan, sorted_pair(*pair))
