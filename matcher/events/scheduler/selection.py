"""Which pairs meet: a choice of pairs alone, or of pairs with their slots.

The first is a relaxation: it knows how many meetings fit, not when. It is small, HiGHS solves
it at the root, and its optimum bounds every schedule. A choice that can then be given slots is
therefore optimal. The second knows everything and is for the cases where the first is too
hopeful; it has one column for each pair and slot.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array

from matcher.events.scheduler.instance import Instance
from matcher.events.scheduler.levels import LinearModel
from matcher.events.scheduler.timetable import members

Row = tuple[list[int], int]


def pair_model(instance: Instance) -> LinearModel:
    """One column for each candidate pair."""
    rows = [row for row in (*_person_rows(instance), *_room_rows(instance)) if len(row[0]) > row[1]]
    return _model(instance, range(len(instance.candidates)), rows, instance.fixed)


def slot_model(instance: Instance) -> tuple[LinearModel, list[tuple[int, int]]]:
    """One column for each pair and slot.

    Returns
    -------
    model, columns
        ``columns[c]`` is the candidate and the slot that column `c` stands for.
    """
    columns = [
        (number, slot)
        for number, candidate in enumerate(instance.candidates)
        for slot in members(candidate.slots)
        if instance.fixed.get(number, slot) == slot
    ]
    groups: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for column, (number, slot) in enumerate(columns):
        candidate = instance.candidates[number]
        groups["pair", number, 0].append(column)
        groups["room", candidate.online, slot].append(column)
        for person in candidate.ends:
            groups["busy", person, slot].append(column)
            groups["load", person, 0].append(column)
    rows = [(group, _limit(instance, key)) for key, group in groups.items()]
    taken = [c for c, (number, _) in enumerate(columns) if number in instance.fixed]
    rows = [row for row in rows if len(row[0]) > row[1]]
    return _model(instance, [number for number, _ in columns], rows, taken), columns


def _limit(instance: Instance, key: tuple[str, int, int]) -> int:
    kind, first, slot = key
    if kind == "room":
        return instance.capacity[first][slot]
    return instance.maximum[first] if kind == "load" else 1


def _person_rows(instance: Instance) -> Iterable[Row]:
    """Bound, for each participant, the meetings that can only lie within a set of its slots."""
    mine: defaultdict[int, list[int]] = defaultdict(list)
    for number, candidate in enumerate(instance.candidates):
        for person in candidate.ends:
            mine[person].append(number)
    for person, numbers in mine.items():
        masks = {instance.candidates[k].slots for k in numbers} | {instance.available[person]}
        for mask in sorted(masks):
            inside = [k for k in numbers if not instance.candidates[k].slots & ~mask]
            yield inside, min(instance.maximum[person], mask.bit_count())


def _room_rows(instance: Instance) -> Iterable[Row]:
    """Bound the meetings that can only lie within a set of slots by the places there."""
    masks = sorted({c.slots for c in instance.candidates} | set(instance.available))
    for online in (False, True):
        numbers = [k for k, c in enumerate(instance.candidates) if c.online == online]
        for mask in masks:
            inside = [k for k in numbers if not instance.candidates[k].slots & ~mask]
            yield inside, sum(instance.capacity[online][slot] for slot in members(mask))


def _model(
    instance: Instance, candidates: Iterable[int], rows: list[Row], taken: Iterable[int]
) -> LinearModel:
    numbers = list(candidates)
    index = [row for row, (columns, _) in enumerate(rows) for _ in columns]
    columns = [column for columns, _ in rows for column in columns]
    matrix = csr_array(
        (np.ones(len(index)), (index, columns)), shape=(len(rows), len(numbers) + len(instance.ids))
    )
    upper = np.array([limit for _, limit in rows], dtype=float)
    return LinearModel(numbers, matrix, upper, tuple(taken))
