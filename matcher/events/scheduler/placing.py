"""When pairs meet: meetings are put into slots, and others moved aside where that helps.

Edge colouring with lists: a meeting goes into the roomiest slot that suits both; where there is
none, an exchange along a Kempe chain frees one; where that fails too, meetings that stand in
the way are taken out and placed again later (tabu search on partial colourings, as PartialCol of
Blöchliger and Zufferey, 2008).
"""

from collections.abc import Collection, Iterable, Iterator
from random import Random

from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.levels import Levels, achieved
from matcher.events.scheduler.timetable import NOBODY, Timetable, members


def insert(table: Timetable, meeting: int) -> bool:
    """Place one more meeting, moving others to different slots if need be."""
    slot = table.roomiest(meeting, table.open_slots(meeting))
    if slot is not None:
        table.place(meeting, slot)
        return True
    return _free_a_person(table, meeting) or _free_a_room(table, meeting)


def _free_a_person(table: Timetable, meeting: int) -> bool:
    candidate = table.instance.candidates[meeting]
    for me, you in ((candidate.i, candidate.j), (candidate.j, candidate.i)):
        wanted = candidate.slots & ~table.busy[me] & table.busy[you]
        for slot in members(wanted):
            for other in members(table.instance.available[you] & ~table.busy[you]):
                if _exchange_then_place(table, meeting, (you, slot, other), me):
                    return True
    return False


def _free_a_room(table: Timetable, meeting: int) -> bool:
    candidate = table.instance.candidates[meeting]
    for slot in members(table.open_slots(meeting)):
        for other in range(table.instance.slot_count):
            if other == slot or not table.has_room(other, online=candidate.online):
                continue
            for person, at in enumerate(table.at):
                if person in (candidate.i, candidate.j) or at[other] != NOBODY:
                    continue
                if at[slot] != NOBODY and _exchange_then_place(
                    table, meeting, (person, slot, other), candidate.i, candidate.j
                ):
                    return True
    return False


def _exchange_then_place(
    table: Timetable, meeting: int, move: tuple[int, int, int], *unmoved: int
) -> bool:
    """Free ``slot`` by a chain that ends with none of `unmoved`, and use it if there is room."""
    person, slot, other = move
    chain = table.chain(person, slot, other)
    if chain is None or chain.end in unmoved:
        return False
    table.exchange(chain, slot, other)
    if table.has_room(slot, online=table.instance.candidates[meeting].online):
        table.place(meeting, slot)
        return True
    table.exchange(chain, slot, other)
    return False


def place_all(
    instance: Instance, meetings: Collection[int], *, steps: int, seed: int
) -> dict[int, int]:
    """Give slots to as many of the chosen meetings as `steps` allow.

    Returns
    -------
    dict
        Candidate -> slot, of the best state seen (all of them, where possible).
    """
    table = Timetable(instance)
    queue = [k for k in _hardest_first(instance, meetings) if k not in instance.fixed]
    search = _Ejection(table, Random(seed))  # noqa: S311 (no secret)
    best, best_levels = dict(table.slot_of), achieved(instance, table.slot_of)
    fewest = len(queue) + 1
    for _ in range(steps + len(queue)):
        if not queue:
            break
        meeting = queue.pop(0)
        if not insert(table, meeting):
            queue.extend(search.force(meeting))
        if len(queue) <= fewest:
            fewest = len(queue)
            levels = achieved(instance, table.slot_of)
            if levels > best_levels:
                best, best_levels = dict(table.slot_of), levels
    return dict(table.slot_of) if not queue else best


def fill(instance: Instance, slots: dict[int, int], meetings: Iterable[int]) -> dict[int, int]:
    """Add further meetings, in the order given, wherever the limits and an exchange allow."""
    table = Timetable(instance, slots)
    for meeting in meetings:
        if meeting not in table.slot_of and table.has_time(meeting):
            insert(table, meeting)
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


def _hardest_first(instance: Instance, meetings: Collection[int]) -> list[int]:
    return sorted(meetings, key=lambda k: (instance.candidates[k].slots.bit_count(), k))


class _Ejection:
    """Takes out what stands in the way, and remembers not to bring it straight back."""

    def __init__(self, table: Timetable, random: Random) -> None:
        self._table = table
        self._random = random
        self._clock = 0
        self._barred: dict[tuple[int, int], int] = {}

    def force(self, meeting: int) -> list[int]:
        """Place `meeting` at the smallest cost; returns what now waits for a slot."""
        self._clock += 1
        options = [
            (self._cost(meeting, slot, out), self._random.random(), slot, out)
            for slot, out in self._options(meeting)
        ]
        if not options:
            return [meeting]
        _, _, slot, out = min(options)
        for one in out:
            self._table.remove(one)
            self._barred[one, slot] = self._clock + self._random.randint(5, 20)
        self._table.place(meeting, slot)
        return list(out)

    def _cost(self, meeting: int, slot: int, out: tuple[int, ...]) -> int:
        barred = self._barred.get((meeting, slot), 0) > self._clock
        return len(out) + 10 * barred

    def _options(self, meeting: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        table, instance = self._table, self._table.instance
        candidate = instance.candidates[meeting]
        for slot in members(candidate.slots):
            held = {table.at[candidate.i][slot], table.at[candidate.j][slot]} - {NOBODY}
            if any(one in instance.fixed for one in held):
                continue
            gives = any(instance.candidates[one].online == candidate.online for one in held)
            if gives or table.has_room(slot, online=candidate.online):
                yield slot, tuple(sorted(held))
                continue
            for one, at in table.slot_of.items():
                same = instance.candidates[one].online == candidate.online
                if at == slot and same and one not in instance.fixed and one not in held:
                    yield slot, tuple(sorted({*held, one}))
