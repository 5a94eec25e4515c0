"""When pairs meet: meetings are put into slots, and others moved aside where that helps.

Edge colouring with lists: a meeting goes into the roomiest slot that suits both; where there is
none, an exchange along a Kempe chain frees one.
"""

from collections.abc import Iterable, Mapping

from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.levels import Levels, achieved
from matcher.events.scheduler.timetable import Timetable, members


def _insert(table: Timetable, meeting: int) -> None:
    """Place one more meeting, moving others to different slots if need be."""
    slot = table.roomiest(meeting, table.open_slots(meeting))
    if slot is None:
        _free_a_person(table, meeting)
    else:
        table.place(meeting, slot)


def _free_a_person(table: Timetable, meeting: int) -> None:
    candidate = table.instance.candidates[meeting]
    for me, you in ((candidate.i, candidate.j), (candidate.j, candidate.i)):
        wanted = candidate.slots & ~table.busy[me] & table.busy[you]
        for slot in members(wanted):
            for other in members(table.instance.available[you] & ~table.busy[you]):
                if _exchange_then_place(table, meeting, (you, slot, other), me):
                    return


def _exchange_then_place(
    table: Timetable, meeting: int, move: tuple[int, int, int], unmoved: int
) -> bool:
    """Free ``slot`` by a chain that does not end with `unmoved`, and use it if there is room."""
    person, slot, other = move
    chain = table.chain(person, slot, other)
    if chain is None or chain.end == unmoved:
        return False
    table.exchange(chain, slot, other)
    if table.has_room(slot, online=table.instance.candidates[meeting].online):
        table.place(meeting, slot)
        return True
    table.exchange(chain, slot, other)
    return False


def fill(instance: Instance, slots: Mapping[int, int], meetings: Iterable[int]) -> dict[int, int]:
    """Add further meetings, in the order given, wherever the limits and an exchange allow."""
    table = Timetable(instance, slots)
    for meeting in meetings:
        if meeting not in table.slot_of and table.has_time(meeting):
            _insert(table, meeting)
    return table.slot_of


def by_worth(instance: Instance) -> list[int]:
    """Candidates by musts, then value, the best first."""
    return sorted(
        range(len(instance.candidates)),
        key=lambda k: (-instance.candidates[k].musts, -instance.candidates[k].value, k),
    )


def greedy(instance: Instance) -> tuple[dict[int, int], Levels]:
    """First come, first served by worth: what an organiser does by hand, and the fallback.

    Pairs of which somebody lacks meetings to the minimum go first, then musts, then value; each
    takes the first slot that is free for both and has a place. Nothing is moved.
    """
    table = Timetable(instance)
    ordered = by_worth(instance)
    for only_lacking in (True, False):
        for meeting in ordered:
            candidate = instance.candidates[meeting]
            lacking = any(table.load(end) < instance.minimum[end] for end in candidate.ends)
            worth = candidate.musts or candidate.value
            if meeting in table.slot_of or (not lacking if only_lacking else not worth):
                continue
            if table.has_time(meeting):
                _first_fit(table, meeting)
    return table.slot_of, achieved(instance, table.slot_of)


def _first_fit(table: Timetable, meeting: int) -> None:
    online = table.instance.candidates[meeting].online
    for slot in members(table.open_slots(meeting)):
        if table.has_room(slot, online=online):
            table.place(meeting, slot)
            return
