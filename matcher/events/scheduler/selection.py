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

from matcher.events.scheduler.instance import Problem
from matcher.events.scheduler.levels import Programme
from matcher.events.scheduler.timetable import members

Row = tuple[list[int], int]


def pair_programme(problem: Problem) -> Programme:
    """One column for each candidate pair."""
    rows = [row for row in (*_person_rows(problem), *_room_rows(problem)) if len(row[0]) > row[1]]
    return _programme(problem, range(len(problem.candidates)), rows, problem.fixed)


def slot_programme(problem: Problem) -> tuple[Programme, list[tuple[int, int]]]:
    """One column for each pair and slot.

    Returns
    -------
    programme, columns
        ``columns[c]`` is the candidate and the slot that column `c` stands for.
    """
    columns = [
        (number, slot)
        for number, candidate in enumerate(problem.candidates)
        for slot in members(candidate.slots)
        if problem.fixed.get(number, slot) == slot
    ]
    groups: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for column, (number, slot) in enumerate(columns):
        candidate = problem.candidates[number]
        groups["pair", number, 0].append(column)
        groups["room", candidate.online, slot].append(column)
        for person in (candidate.i, candidate.j):
            groups["busy", person, slot].append(column)
            groups["load", person, 0].append(column)
    rows = [(group, _limit(problem, key)) for key, group in groups.items()]
    taken = [c for c, (number, _) in enumerate(columns) if number in problem.fixed]
    rows = [row for row in rows if len(row[0]) > row[1]]
    return _programme(problem, [number for number, _ in columns], rows, taken), columns


def _limit(problem: Problem, key: tuple[str, int, int]) -> int:
    kind, first, slot = key
    if kind == "room":
        return problem.capacity[first][slot]
    return problem.maximum[first] if kind == "load" else 1


def _person_rows(problem: Problem) -> Iterable[Row]:
    """Bound, for each participant, the meetings that can only lie within a set of its slots."""
    mine: defaultdict[int, list[int]] = defaultdict(list)
    for number, candidate in enumerate(problem.candidates):
        mine[candidate.i].append(number)
        mine[candidate.j].append(number)
    for person, numbers in mine.items():
        masks = {problem.candidates[k].slots for k in numbers} | {problem.available[person]}
        for mask in sorted(masks):
            inside = [k for k in numbers if not problem.candidates[k].slots & ~mask]
            yield inside, min(problem.maximum[person], mask.bit_count())


def _room_rows(problem: Problem) -> Iterable[Row]:
    """Bound the meetings that can only lie within a set of slots by the places there."""
    masks = sorted({c.slots for c in problem.candidates} | set(problem.available))
    for online in (False, True):
        numbers = [k for k, c in enumerate(problem.candidates) if c.online == online]
        for mask in masks:
            inside = [k for k in numbers if not problem.candidates[k].slots & ~mask]
            yield inside, sum(problem.capacity[online][slot] for slot in members(mask))


def _programme(
    problem: Problem, candidates: Iterable[int], rows: list[Row], taken: Iterable[int]
) -> Programme:
    numbers = list(candidates)
    index = [row for row, (columns, _) in enumerate(rows) for _ in columns]
    columns = [column for columns, _ in rows for column in columns]
    matrix = csr_array(
        (np.ones(len(index)), (index, columns)), shape=(len(rows), len(numbers) + len(problem.ids))
    )
    upper = np.array([limit for _, limit in rows], dtype=float)
    return Programme(numbers, matrix, upper, tuple(taken))
