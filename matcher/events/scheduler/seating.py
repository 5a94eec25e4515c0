"""Who sits where: places for the meetings of each slot, with as few changes as can be had.

A participant changes places when two consecutive meetings of one day are held at different
places. With all other slots given, the best seating of one slot is an assignment problem; slots
are seated in turn, again and again, until nothing improves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.events.scheduler.instance import Instance

_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Room:
    """Places to plan with, by kind, as numbers into the event's list of places.

    Attributes
    ----------
    places
        ``places[online]``: all places of the kind, the spare ones last.
    usable
        How many of them are planned with, for each kind; spare ones are used only in a slot
        that holds more meetings than that.
    held
        Meetings whose place is given: candidate -> place.
    """

    places: tuple[Sequence[int], Sequence[int]]
    usable: tuple[int, int]
    held: Mapping[int, int]


class _Seating:
    """The seating under construction, with each meeting's neighbours in its people's agendas."""

    def __init__(self, instance: Instance, slots: Mapping[int, int], room: Room) -> None:
        self._instance, self._slots, self._room = instance, slots, room
        self.place: dict[int, int] = dict(room.held)
        self.neighbours: dict[int, list[int]] = {meeting: [] for meeting in slots}
        for _, run in _runs(instance, slots):
            for first, second in pairwise(run):
                self.neighbours[first].append(second)
                self.neighbours[second].append(first)

    def seat(self, slot: int) -> bool:
        """Seat one slot as well as the others allow; whether anything changed."""
        changed = False
        for online in (False, True):
            here = [
                meeting
                for meeting, at in self._slots.items()
                if at == slot and self._instance.candidates[meeting].online == online
            ]
            moving = [meeting for meeting in here if meeting not in self._room.held]
            taken = {self.place[meeting] for meeting in here if meeting in self._room.held}
            free = [place for place in self._room.places[online] if place not in taken]
            width = max(self._room.usable[online] - len(taken), len(moving))
            changed |= self._assign(moving, free[:width])
        return changed

    def _assign(self, meetings: Sequence[int], free: Sequence[int]) -> bool:
        if not meetings:
            return False
        column = {place: c for c, place in enumerate(free)}
        merit = np.zeros((len(meetings), len(free)))
        for row, meeting in enumerate(meetings):
            for other in self.neighbours[meeting]:
                place = self.place.get(other)
                if place in column:
                    merit[row, column[place]] += 1
            now = self.place.get(meeting)
            if now in column:
                merit[row, column[now]] += 1e-3
        rows, columns = linear_sum_assignment(merit, maximize=True)
        changed = False
        for row, c in zip(rows.tolist(), columns.tolist(), strict=True):
            changed |= self.place.get(meetings[row]) != free[c]
            self.place[meetings[row]] = free[c]
        return changed


def assign_places(instance: Instance, slots: Mapping[int, int], room: Room) -> dict[int, int]:
    """Give every meeting a place.

    Parameters
    ----------
    slots
        Candidate -> slot; no slot holds more meetings of a kind than there are places.

    Returns
    -------
    dict
        Candidate -> place; the places held are kept.
    """
    seating = _Seating(instance, slots, room)
    used = sorted(set(slots.values()))
    for turn in range(_ROUNDS):
        changes = sum(seating.seat(slot) for slot in (used if turn % 2 == 0 else used[::-1]))
        if not changes:
            break
    return seating.place


def table_changes(
    instance: Instance, slots: Mapping[int, int], places: Mapping[int, int]
) -> list[int]:
    """Count each participant's changes of place between consecutive meetings of one day."""
    changes = [0] * len(instance.ids)
    for person, run in _runs(instance, slots):
        changes[person] += sum(places[a] != places[b] for a, b in pairwise(run))
    return changes


def _runs(instance: Instance, slots: Mapping[int, int]) -> list[tuple[int, list[int]]]:
    """Meetings of each participant on each day, in order of time."""
    agendas: list[list[int]] = [[] for _ in instance.ids]
    for meeting in sorted(slots, key=lambda k: (slots[k], k)):
        for person in instance.candidates[meeting].ends:
            agendas[person].append(meeting)
    return [
        (person, run)
        for person, agenda in enumerate(agendas)
        for day in instance.days
        if len(run := [meeting for meeting in agenda if day >> slots[meeting] & 1]) > 1
    ]
