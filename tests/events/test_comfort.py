"""The last two aims: nobody waits, and nobody changes tables without need."""

from itertools import pairwise, product

import pytest
from meeting_grids import grid_of

from matcher.events.event import Event, Participant, Place
from matcher.events.scheduler.schedule import schedule

HUBS = ("hub-a", "hub-b", "hub-c")
MIXED = (2, 0, 1, 1, 2, 0, 0, 1, 2)
GUESTS = tuple(f"guest-{n}" for n in range(9))


def event_of(keys, *, slots, per_day, tables):
    return Event(
        id="comfort",
        title="Comfort",
        zone="Europe/Kyiv",
        slots=grid_of(slots, per_day),
        places=[Place(id=f"t{n}", name=f"Table {n}") for n in range(tables)],
        spare_share=0.0,
        participants=[Participant(id=key, name=key) for key in keys],
    )


@pytest.fixture
def hubs():
    """Three hubs with three guests each: nobody need ever wait or move."""
    event = event_of((*GUESTS, *HUBS), slots=8, per_day=4, tables=3)
    values = {(guest, HUBS[n]): 0.5 for guest, n in zip(GUESTS, MIXED, strict=True)}
    return schedule(event, values, seconds=1)


def test_nobody_waits_where_that_can_be_had(hubs):
    assert len(hubs.meetings) == 9
    assert hubs.figures.idle_gaps == 0


def test_hubs_keep_their_tables(hubs):
    assert hubs.figures.table_changes == 0
    for hub in HUBS:
        days = {meeting.slot: meeting.place for meeting in hubs.of(hub)}
        assert len(days) == 3


def test_a_dense_round_of_meetings_is_closed_up():
    """Four hosts meet four guests: with eight slots, four in a row suffice for everybody."""
    hosts, guests = [f"h{n}" for n in range(4)], [f"g{n}" for n in range(4)]
    event = event_of([*hosts, *guests], slots=8, per_day=8, tables=4)
    found = schedule(event, dict.fromkeys(product(guests, hosts), 0.5), seconds=2)
    assert len(found.meetings) == 16
    assert found.figures.idle_gaps == 0


def test_gaps_and_changes_are_counted_by_the_agendas(hubs):
    dense = {load.id: (load.idle_gaps, load.table_changes) for load in hubs.loads}
    order = {f"s{n}": n for n in range(8)}
    for key, (idle, changes) in dense.items():
        mine = [(order[m.slot], m.place) for m in hubs.of(key)]
        steps = [(a, b) for a, b in pairwise(mine) if a[0] // 4 == b[0] // 4]
        assert idle == sum(b[0] - a[0] - 1 for a, b in steps)
        assert changes == sum(a[1] != b[1] for a, b in steps)
