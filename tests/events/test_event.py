import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from meeting_grids import grid_of

from matcher.errors import InvalidInputError
from matcher.events.attendance import cancel_participants
from matcher.events.event import (
    Break,
    Event,
    FixedMeeting,
    Participant,
    Place,
    Window,
    Wish,
    parse_event,
    slot_grid,
)


def problems(error):
    return [str(problem) for problem in error.value.problems]


def test_every_contradiction_is_named_at_once():
    slots = grid_of(3, 3)
    with pytest.raises(InvalidInputError) as error:
        Event(
            id="e",
            title="E",
            zone="Europe/Kyiv",
            slots=(slots[0], slots[0], slots[2]),
            breaks=(Break(title="Lunch", start=slots[2].start, end=slots[2].end),),
            places=(Place(id="t1", name="T1"),),
            participants=(
                Participant(id="a", name="A", minimum=3, maximum=2),
                Participant(id="b", name="B", remote=True),
            ),
            wishes=(Wish(by="a", about="ghost", kind="meet"),),
            met_before=(("a", "a"),),
        )
    found = "\n".join(problems(error))
    for part in (
        "slot s0: overlaps slot s0",
        "slot s0: the id is used 2 times",
        "slot s2: overlaps the break 'Lunch'",
        "participant a: the minimum of 3 is above the maximum of 2",
        "participant b: takes part online, but the event has no online room",
        "wishes: ghost does not take part",
        "met_before: a is paired with itself",
    ):
        assert part in found


def test_fixed_meetings_must_keep_the_rules():
    slots = grid_of(2, 2)
    with pytest.raises(InvalidInputError) as error:
        Event(
            id="e",
            title="E",
            zone="Europe/Kyiv",
            slots=slots,
            places=(Place(id="t1", name="T1"),),
            participants=(
                Participant(id="a", name="A", maximum=1),
                Participant(
                    id="b", name="B", available=(Window(**slots[1].model_dump(exclude={"id"})),)
                ),
                Participant(id="c", name="C"),
            ),
            wishes=(Wish(by="c", about="a", kind="no_thanks"),),
            fixed=(
                FixedMeeting(a="a", b="b", slot="s0", place="t1"),
                FixedMeeting(a="a", b="c", slot="s0", place="t1"),
            ),
        )
    found = "\n".join(problems(error))
    for part in (
        "fixed A and C: one of them said no thanks",
        "fixed A and B: B is not present in slot s0",
        "fixed A: has 2 meetings in slot s0",
        "fixed T1: is given to 2 meetings in slot s0",
        "fixed A: has 2 meetings, above its maximum",
        "fixed slot s0: has 2 meetings but too few places",
    ):
        assert part in found


def test_malformed_fields_are_named_at_once(fair):
    data = json.loads(fair.model_dump_json())
    data["zone"] = "Europe/Kiew"
    data["participants"][0]["delegates"] = ["Anna Petrosyan"]
    data["places"][1]["link"] = "javascript:alert(1)"
    data["colour"] = "red"
    data["id"] = "The fair"
    data["slots"][0]["start"] = "2026-11-12T09:00:00"
    del data["title"], data["places"][0]["name"]
    with pytest.raises(InvalidInputError) as error:
        parse_event(data)
    told = {problem.where: str(problem.message) for problem in error.value.problems}
    roles = told.pop("participants.0.delegates")
    assert roles.startswith("entry 1 must be 'cluster manager', 'director'")
    assert told == {
        "id": "may only have small Latin letters and digits, with single dashes between",
        "title": "is missing",
        "zone": "unknown time zone 'Europe/Kiew'; use an IANA name, such as Europe/Kyiv, a city or "
        "GMT+4",
        "slots.0.start": "must have timezone info",
        "places.0.name": "is missing",
        "places.1.link": "must be a web address that begins with http:// or https://",
        "colour": "is not known here",
    }


def test_an_event_survives_json(fair):
    assert parse_event(json.loads(fair.model_dump_json())) == fair
    assert Event.model_validate_json(fair.model_dump_json()) == fair


def test_the_grid_goes_around_breaks_and_a_change_of_clocks():
    lunch = Break(
        title="Lunch",
        start=datetime(2026, 10, 24, 10, 0, tzinfo=UTC),
        end=datetime(2026, 10, 24, 11, 0, tzinfo=UTC),
    )
    days = [(date(2026, 10, d), time(9), time(15)) for d in (24, 25)]
    slots = slot_grid("Europe/Kyiv", days, 60, breaks=[lunch])
    assert [slot.id for slot in slots if slot.id.startswith("1")] == [
        "1-0900",
        "1-1000",
        "1-1100",
        "1-1200",
        "1-1400",
    ]
    first_of = {slot.id: slot.start for slot in slots}
    assert first_of["1-0900"] == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert first_of["2-0900"] == datetime(2026, 10, 25, 7, tzinfo=UTC)
    assert all(slot.end - slot.start == timedelta(hours=1) for slot in slots)


@pytest.mark.parametrize(("count", "spare"), [(1, 0), (4, 0), (5, 1), (20, 2), (40, 4)])
def test_a_tenth_of_the_places_stays_spare(fair, count, spare):
    places = tuple(Place(id=f"t{n}", name=f"T{n}") for n in range(count))
    event = fair.model_copy(update={"places": places})
    assert event.usable_places(online=False) == places[: count - spare]


def test_cancelling_drops_fixed_meetings_and_refuses_strangers(fair):
    event = fair.model_copy(
        update={"fixed": (FixedMeeting(a="ge-ict", b="de-cyber", slot=fair.slots[0].id),)}
    )
    after = cancel_participants(event, ["ge-ict"])
    assert after.fixed == ()
    assert [one.id for one in after.participants if one.cancelled] == ["ge-ict"]
    with pytest.raises(InvalidInputError):
        cancel_participants(event, ["nobody"])
