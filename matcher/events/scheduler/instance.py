"""The scheduling instance in numbers: who can meet whom, when, and what it is worth."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.events.event import Event, Pair, sorted_pair

VALUE_SCALE = 1000
WISH_BONUS = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may meet.

    Attributes
    ----------
    i, j
        Numbers of the two participants, ``i < j``.
    slots
        Bit mask of the slots in which both are available.
    online
        Whether it needs an online room.
    musts
        How many of the two call it a must (0, 1, 2).
    value
        Mutual value in thousandths.
    """

    i: int
    j: int
    slots: int
    online: bool
    musts: int
    value: int

    @property
    def ends(self) -> tuple[int, int]:
        """Numbers of the two."""
        return self.i, self.j


@dataclass(frozen=True, slots=True)
class Instance:
    """An event with its values, indexed.

    Attributes
    ----------
    ids
        Participant ids, in the order of the event.
    available
        Bit mask of slots for each participant.
    minimum, maximum
        Meetings for each participant; the maximum is never above the number of its slots.
    candidates
        Pairs that may meet, sorted by number.
    fixed
        Number of a candidate -> number of its slot.
    capacity
        Meetings that fit into each slot: ``capacity[online][slot]``.
    days
        Bit mask of the slots of each day.
    """

    ids: tuple[str, ...]
    available: tuple[int, ...]
    minimum: tuple[int, ...]
    maximum: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    fixed: Mapping[int, int]
    capacity: tuple[tuple[int, ...], tuple[int, ...]]
    days: tuple[int, ...]

    @property
    def slot_count(self) -> int:
        """Number of slots of the event."""
        return len(self.capacity[0])

    def load(self, meetings: Iterable[int]) -> list[int]:
        """Count the meetings of each participant in a set of candidates."""
        counts = [0] * len(self.ids)
        for number in meetings:
            for end in self.candidates[number].ends:
                counts[end] += 1
        return counts

    def pair(self, number: int) -> Pair:
        """Ids of a candidate's two participants, sorted."""
        return sorted_pair(*(self.ids[end] for end in self.candidates[number].ends))


def mutual_values(event: Event, values: Mapping[Pair, float]) -> dict[Pair, float]:
    """Tell what a meeting of each known pair is worth.

    A pair's own value (from the ranking, in [0, 1]) plus `WISH_BONUS` for each side that wishes
    the meeting; 0 where the two met before. Pairs that nobody wished and for which no value is
    known are left out; so are those of which one side said no thanks or declined.
    """
    worth = {sorted_pair(*pair): value for pair, value in values.items() if pair[0] != pair[1]}
    refused, known = event.refused, event.known
    for pair in (sorted_pair(*sides) for sides in {(wish.by, wish.about) for wish in event.asked}):
        worth[pair] = worth.get(pair, 0.0) + WISH_BONUS
    return {
        pair: 0.0 if pair in known else value
        for pair, value in worth.items()
        if pair not in refused
    }


def must_counts(event: Event) -> dict[Pair, int]:
    """Count the sides that call each pair a must."""
    sides = {(wish.by, wish.pair) for wish in event.asked if wish.kind == "must_meet"}
    return Counter(pair for _, pair in sides)


def build_instance(
    event: Event,
    values: Mapping[Pair, float],
    pinned: Mapping[Pair, str] | None = None,
    not_before: datetime | None = None,
) -> Instance:
    """Index an event.

    Parameters
    ----------
    values
        Pair of ids -> mutual value in [0, 1]; ids that do not take part are ignored.
    pinned
        Pairs that must stay in the slot given, before the event's fixed meetings; what was held
        stays, also of somebody who is not there any more.
    not_before
        No other pair meets in a slot that begins earlier.
    """
    number = {one.id: i for i, one in enumerate(event.participants)}
    slot_number = {slot.id: s for s, slot in enumerate(event.slots)}
    available = tuple(
        sum(1 << s for s, slot in enumerate(event.slots) if one.is_available(slot))
        for one in event.participants
    )
    held = {one.pair: slot_number[one.slot] for one in event.fixed} | {
        pair: slot_number[slot] for pair, slot in (pinned or {}).items()
    }
    booked = [0] * len(number)
    for pair, at in held.items():
        for side in pair:
            booked[number[side]] |= 1 << at
    available = tuple(mask | own for mask, own in zip(available, booked, strict=True))
    candidates = _candidates(event, values, available, number, held, ~past(event, not_before))
    ids = tuple(number)
    key = {sorted_pair(ids[c.i], ids[c.j]): n for n, c in enumerate(candidates)}
    fixed = {key[pair]: slot for pair, slot in held.items()}
    return Instance(
        ids=ids,
        available=available,
        minimum=tuple(
            0 if one.cancelled or one.waiting else one.minimum for one in event.participants
        ),
        maximum=tuple(
            min(max(one.maximum, own.bit_count()), mask.bit_count())
            for one, mask, own in zip(event.participants, available, booked, strict=True)
        ),
        candidates=candidates,
        fixed=fixed,
        capacity=_capacity(event, candidates, fixed),
        days=_days(event),
    )


def _candidates(
    event: Event,
    values: Mapping[Pair, float],
    available: tuple[int, ...],
    number: Mapping[str, int],
    held: Mapping[Pair, int],
    ahead: int,
) -> tuple[Candidate, ...]:
    musts = must_counts(event)
    worth = dict.fromkeys(held, 0.0) | mutual_values(event, values)
    found = []
    for (a, b), value in worth.items():
        if a not in number or b not in number:
            continue
        i, j = sorted((number[a], number[b]))
        slots = available[i] & available[j] & (-1 if (a, b) in held else ahead)
        if slots:
            found.append(
                Candidate(
                    i,
                    j,
                    slots,
                    event.is_online(event.participants[i], event.participants[j]),
                    musts.get((a, b), 0),
                    round(value * VALUE_SCALE),
                )
            )
    return tuple(sorted(found, key=lambda c: (c.i, c.j)))


def past(event: Event, moment: datetime | None) -> int:
    """Bit mask of the slots that begin before a moment; none where there is none."""
    if moment is None:
        return 0
    return sum(1 << s for s, slot in enumerate(event.slots) if slot.start < moment)


def _capacity(
    event: Event, candidates: tuple[Candidate, ...], fixed: Mapping[int, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    def of(online: bool) -> tuple[int, ...]:
        room = len(event.usable_places(online=online))
        set_by_hand = [0] * len(event.slots)
        for n, slot in fixed.items():
            set_by_hand[slot] += candidates[n].online == online
        return tuple(max(room, count) for count in set_by_hand)

    return of(False), of(True)


def _days(event: Event) -> tuple[int, ...]:
    masks: dict[object, int] = {}
    for s, slot in enumerate(event.slots):
        day = event.day_of(slot)
        masks[day] = masks.get(day, 0) | 1 << s
    return tuple(masks.values())
