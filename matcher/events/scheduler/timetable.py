"""A timetable under construction, and the one move that keeps every hard rule: the chain.

Meetings are edges between participants, slots are colours, and a valid timetable is a proper
edge colouring. Exchanging two slots along a Kempe chain (the path of meetings that alternate
between them) keeps it proper, and changes the day of the two participants at its ends alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.events.scheduler.instance import Instance

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Chain:
    """A path of meetings that alternate between two slots.

    Attributes
    ----------
    meetings
        Candidate numbers along the path.
    end
        The participant at its far end; the near end is known to whoever asked.
    """

    meetings: tuple[int, ...]
    end: int


class Timetable:
    """Which meeting each participant has in each slot.

    Parameters
    ----------
    slots
        Meetings that are held besides those that are fixed, each with its slot.
    """

    def __init__(self, instance: Instance, slots: Mapping[int, int] = MappingProxyType({})) -> None:
        self.instance = instance
        self.slot_of: dict[int, int] = {}
        self.at = [[NOBODY] * instance.slot_count for _ in instance.ids]
        self.busy = [0] * len(instance.ids)
        self._free = [list(room) for room in instance.capacity]
        for meeting, slot in {**instance.fixed, **slots}.items():
            self.place(meeting, slot)

    def place(self, meeting: int, slot: int) -> None:
        """Hold a meeting in a slot; the caller has made sure that `fits`."""
        candidate = self.instance.candidates[meeting]
        self.slot_of[meeting] = slot
        self._free[candidate.online][slot] -= 1
        for one in candidate.ends:
            self.at[one][slot] = meeting
            self.busy[one] |= 1 << slot

    def remove(self, meeting: int) -> None:
        """Take a meeting out."""
        candidate = self.instance.candidates[meeting]
        slot = self.slot_of.pop(meeting)
        self._free[candidate.online][slot] += 1
        for one in candidate.ends:
            self.at[one][slot] = NOBODY
            self.busy[one] &= ~(1 << slot)

    def open_slots(self, meeting: int) -> int:
        """Bit mask of the slots in which both are present and free, room or not."""
        candidate = self.instance.candidates[meeting]
        return candidate.slots & ~(self.busy[candidate.i] | self.busy[candidate.j])

    def has_room(self, slot: int, *, online: bool) -> bool:
        """Whether a place of the kind is left in the slot."""
        return self._free[online][slot] > 0

    def roomiest(self, meeting: int, slots: int) -> int | None:
        """Of the slots in a mask, the one with most places left, the earliest of equals."""
        free = self._free[self.instance.candidates[meeting].online]
        best = max(members(slots), key=lambda slot: (free[slot], -slot), default=None)
        return best if best is not None and free[best] > 0 else None

    def load(self, participant: int) -> int:
        """Count the meetings of a participant."""
        return self.busy[participant].bit_count()

    def has_time(self, meeting: int) -> bool:
        """Whether both may have one more meeting."""
        ends = self.instance.candidates[meeting].ends
        return all(self.load(end) < self.instance.maximum[end] for end in ends)

    def chain(self, start: int, a: int, b: int) -> Chain | None:
        """Follow the chain of slots `a` and `b` from a participant who is busy in just one.

        Returns
        -------
        Chain or None
            ``None`` where the exchange would break a rule: an end is absent in the slot it
            gains, a meeting is fixed, or no place is left.
        """
        at, candidates = self.at, self.instance.candidates
        slot, other = (a, b) if at[start][a] != NOBODY else (b, a)
        if not self.instance.available[start] >> other & 1:
            return None
        here, path, shift = start, [], [0, 0]
        while (meeting := at[here][slot]) != NOBODY:
            if meeting in self.instance.fixed:
                return None
            candidate = candidates[meeting]
            path.append(meeting)
            shift[candidate.online] += 1 if slot == a else -1
            here = candidate.j if candidate.i == here else candidate.i
            slot, other = other, slot
        if not self.instance.available[here] >> slot & 1:
            return None
        for online, moved in enumerate(shift):
            free = self._free[online]
            if (moved > 0 and free[b] < moved) or (moved < 0 and free[a] < -moved):
                return None
        return Chain(tuple(path), here)

    def exchange(self, chain: Chain, a: int, b: int) -> None:
        """Exchange the two slots along a chain."""
        slots = [self.slot_of[meeting] for meeting in chain.meetings]
        for meeting in chain.meetings:
            self.remove(meeting)
        for meeting, slot in zip(chain.meetings, slots, strict=True):
            self.place(meeting, b if slot == a else a)


def members(mask: int) -> list[int]:
    """Numbers of the bits that are set, in rising order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
