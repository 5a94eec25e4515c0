import json
import os
import subprocess
import sys
from typing import get_args

import pytest
from meeting_grids import grid_of
from rules_of_meetings import broken_rules

from matcher.errors import InvalidInputError
from matcher.events.attendance import cancel_participants
from matcher.events.event import (
    Event,
    FixedMeeting,
    Participant,
    Place,
    Window,
    Wish,
)
from matcher.events.scheduler import Stage, freeze, replan, schedule


def small(people, *, slots=2, tables=1, **more):
    return Event(
        id="small",
        title="Small",
        zone="Europe/Kyiv",
        slots=grid_of(slots, slots),
        places=[Place(id=f"t{n}", name=f"Table {n}") for n in range(tables)],
        participants=[
            one if isinstance(one, Participant) else Participant(id=one, name=one.upper())
            for one in people
        ],
        **more,
    )


def wish(by, about, kind="meet"):
    return Wish(by=by, about=about, kind=kind)


def only(window_slot):
    return (Window(start=window_slot.start, end=window_slot.end),)


def codes(found):
    return {(one.a, one.b): one.code for one in found.missed}


def test_the_minimum_goes_before_a_must_and_a_must_before_value():
    event = small(
        ["a", "b", Participant(id="c", name="C", minimum=1), "d"],
        slots=1,
        wishes=[wish("a", "b", "must_meet")],
    )
    values = {("c", "d"): 0.1, ("a", "d"): 1.0}
    assert [m.pair for m in schedule(event, values, seconds=0.1).meetings] == [("c", "d")]
    relaxed = small(["a", "b", "c", "d"], slots=1, wishes=event.wishes)
    assert [m.pair for m in schedule(relaxed, values, seconds=0.1).meetings] == [("a", "b")]
    free = small(["a", "b", "c", "d"], slots=1)
    assert [m.pair for m in schedule(free, values, seconds=0.1).meetings] == [("a", "d")]


def test_who_met_before_counts_nothing_and_fills_a_minimum_only():
    event = small(["a", "b"], met_before=[("b", "a")], wishes=[wish("a", "b")])
    found = schedule(event, {("a", "b"): 0.9}, seconds=0.1)
    assert found.meetings == ()
    assert codes(found) == {("a", "b"): "met_before"}
    needy = small([Participant(id="a", name="A", minimum=1), "b"], met_before=[("a", "b")])
    assert len(schedule(needy, {("a", "b"): 0.9}, seconds=0.1).meetings) == 1


def test_every_reason_is_told():
    slots = grid_of(2, 2)
    people = [
        Participant(id="a", name="A", maximum=1),
        Participant(id="b", name="B"),
        Participant(id="c", name="C", available=only(slots[0])),
        Participant(id="d", name="D", available=only(slots[1])),
        Participant(id="e", name="E", cancelled=True),
        Participant(id="f", name="F", available=only(slots[0])),
    ]
    event = small(
        people,
        wishes=[
            wish("a", "b", "must_meet"),
            wish("a", "d"),
            wish("c", "d"),
            wish("b", "e"),
            wish("d", "b"),
            wish("b", "d", "no_thanks"),
            wish("c", "f"),
        ],
        fixed=[FixedMeeting(a="a", b="b", slot="s0")],
    )
    found = schedule(event, {}, seconds=0.1)
    assert codes(found) == {
        ("a", "d"): "maximum_reached",
        ("b", "d"): "no_thanks",
        ("b", "e"): "cancelled",
        ("c", "d"): "never_together",
        ("c", "f"): "no_place",
    }
    private = [one for one in found.missed if one.private]
    assert [one.code for one in private] == ["no_thanks"]
    assert "B said no thanks" in private[0].reason
    full = small(["a", "b", "c"], slots=1, tables=3, wishes=[wish("a", "b", "must_meet")])
    both = full.model_copy(update={"wishes": (*full.wishes, wish("c", "b"))})
    assert codes(schedule(both, {}, seconds=0.1)) == {("b", "c"): "maximum_reached"}


def test_remote_people_get_online_rooms_and_others_tables():
    event = Event(
        id="hybrid",
        title="Hybrid",
        zone="Europe/Kyiv",
        slots=grid_of(1, 1),
        places=[
            Place(id="t1", name="Table"),
            Place(id="o1", name="Room", kind="online", link="https://meet.example.eu/1"),
        ],
        participants=[
            Participant(id=key, name=key, remote=key == "r") for key in ("a", "b", "c", "r")
        ],
    )
    found = schedule(event, {("a", "b"): 0.5, ("c", "r"): 0.5}, seconds=0.1)
    assert {m.pair: m.place for m in found.meetings} == {("a", "b"): "t1", ("c", "r"): "o1"}


def test_moved_meetings_raise_the_sequence_and_lost_ones_are_withdrawn(fair, fair_values):
    first = schedule(fair, fair_values, seconds=0.3)
    busiest = max(fair.participants, key=lambda one: len(first.of(one.id))).id
    event = cancel_participants(fair, [busiest])
    second = replan(event, fair_values, freeze(first), seconds=0.3)
    assert second.state == "frozen"
    assert broken_rules(event, second) == []
    assert {m.pair for m in second.withdrawn} == {m.pair for m in first.of(busiest)}
    assert all(m.sequence == 2 for m in second.withdrawn)
    assert all(m.sequence == 1 for m in second.meetings)
    assert all(one.code != "not_found" for one in second.missed)


def test_a_meeting_that_comes_back_goes_on_counting(fair, fair_values):
    first = schedule(fair, fair_values, seconds=0.3)
    gone = replan(cancel_participants(fair, ["de-cyber"]), fair_values, first, seconds=0.3)
    back = replan(fair, fair_values, gone, seconds=0.3)
    again = {m.pair: m.sequence for m in back.of("de-cyber")}
    assert {pair: again.get(pair) for pair in again if pair in {m.pair for m in gone.withdrawn}}
    assert all(again[m.pair] == 2 for m in gone.withdrawn if m.pair in again)


def test_a_participant_who_comes_later_has_only_its_early_meetings_moved():
    slots = grid_of(4, 4)
    people = ["a", "b", "c", "d"]
    event = small(people, slots=4, tables=2)
    values = {("a", "b"): 0.5, ("c", "d"): 0.5, ("a", "c"): 0.5}
    first = freeze(schedule(event, values, seconds=0.2))
    late = (Window(start=slots[2].start, end=slots[3].end),)
    changed = event.model_copy(
        update={
            "participants": tuple(
                one.model_copy(update={"available": late}) if one.id == "b" else one
                for one in event.participants
            )
        }
    )
    second = replan(changed, values, first, seconds=0.2)
    assert broken_rules(changed, second) == []
    assert {m.pair for m in second.meetings} == {m.pair for m in first.meetings}
    before = {m.pair: m.slot for m in first.meetings}
    moved = [m.pair for m in second.meetings if before[m.pair] != m.slot]
    early = before["a", "b"] in ("s0", "s1")
    assert moved == ([("a", "b")] if early else [])


def test_a_frozen_schedule_takes_in_nothing_new(fair, fair_values):
    first = freeze(schedule(fair, {}, seconds=0.2))
    later = fair.model_copy(
        update={"wishes": (*fair.wishes, wish("ge-ict", "de-cyber", "must_meet"))}
    )
    second = replan(later, fair_values, first, seconds=0.2)
    assert {m.pair for m in second.meetings} == {m.pair for m in first.meetings}
    assert codes(second)["de-cyber", "ge-ict"] == "frozen"
    with pytest.raises(InvalidInputError):
        schedule(fair, fair_values, previous=first)


def test_values_outside_the_unit_interval_are_refused(fair):
    with pytest.raises(InvalidInputError) as error:
        schedule(fair, {("am-engine", "de-cyber"): 1.5, ("a", "b"): float("nan")})
    assert len(error.value.problems) == 2


def test_another_event_s_schedule_is_refused(fair, fair_values):
    other = schedule(small(["a", "b"]), {}, seconds=0.1)
    with pytest.raises(InvalidInputError):
        replan(fair, fair_values, other)


def test_progress_is_told(fair, fair_values):
    told = []
    schedule(fair, fair_values, seconds=0.1, progress=lambda *one: told.append(one))
    stages = dict.fromkeys(stage for _, stage, _ in told)
    order = [*get_args(Stage)]
    assert list(stages) == [stage for stage in order if stage in stages]
    assert {"choosing pairs and slots", "closing idle gaps", "seating"} <= stages.keys()
    shares = [share for share, _, _ in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1
    assert all(0 <= gap <= 1 for _, _, gap in told if gap is not None)
    assert told[-1][2] is not None


def test_progress_of_a_repair_is_told(fair, fair_values):
    before = schedule(fair, fair_values, seconds=0.1)
    told = []
    replan(fair, fair_values, before, seconds=0.1, progress=lambda *one: told.append(one))
    assert told[0] == (0.0, "keeping what can stay", None)
    assert min(share for share, _, _ in told[1:]) >= 0.3


SCRIPT = """
import json, sys
from matcher.events.event import Event
from matcher.events.scheduler import schedule
data = json.load(sys.stdin)
values = {tuple(pair): value for pair, value in data["values"]}
event = Event.model_validate(data["event"])
sys.stdout.write(schedule(event, values, seconds=0.3).model_dump_json())
"""


def test_the_same_bytes_in_any_process(fair, fair_values):
    data = json.dumps(
        {
            "event": fair.model_dump(mode="json"),
            "values": [[list(p), v] for p, v in fair_values.items()],
        }
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=data,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {schedule(fair, fair_values, seconds=0.3).model_dump_json()}
