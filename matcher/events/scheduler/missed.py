"""Why a meeting is not in the schedule."""

from collections.abc import Mapping

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.event import Event, Pair
from matcher.events.plan import MISSED, PRIVATE, Missed, MissedCode, Schedule, ScheduleState, WhyNot
from matcher.events.scheduler.instance import Instance, build_instance, must_counts
from matcher.events.scheduler.timetable import Timetable, members


def why_not(event: Event, values: Mapping[Pair, float], plan: Schedule, pair: Pair) -> WhyNot:
    """Tell of any two participants when they meet, or else why they do not.

    Parameters
    ----------
    values
        What the event was scheduled with: pair of ids -> mutual value in [0, 1].
    plan
        A schedule that fits the event, see `misfits`.
    pair
        Two ids, sorted.

    Raises
    ------
    InvalidInputError
        One of them does not take part, or the two are the same.
    """
    strangers = [key for key in pair if key not in event.by_id]
    if strangers or pair[0] == pair[1]:
        told = [FieldProblem("pair", f"{key} does not take part") for key in strangers]
        raise InvalidInputError("Name two different participants of the event.", told)
    meeting = next((one for one in plan.meetings if one.pair == pair), None)
    if meeting:
        return WhyNot(a=pair[0], b=pair[1], meeting=meeting)
    pinned = {one.pair: one.slot for one in plan.meetings}
    instance = build_instance(event, values, pinned, plan.settled)
    report = _Report(event, Timetable(instance), plan.state)
    code, reason = report.why(pair)
    return WhyNot(a=pair[0], b=pair[1], code=code, reason=reason, private=code in PRIVATE)


def missed_pairs(
    event: Event, instance: Instance, slots: Mapping[int, int], state: ScheduleState
) -> tuple[Missed, ...]:
    """Give the reason for every wished pair that has no meeting, sorted by pair."""
    return tuple(_Report(event, Timetable(instance, slots), state).missed())


class _Report:
    def __init__(self, event: Event, table: Timetable, state: ScheduleState) -> None:
        self._event, self._table, self._state = event, table, state
        self._instance = table.instance
        self._number = {key: n for n, key in enumerate(self._instance.ids)}
        self._candidate = {self._instance.pair(n): n for n in range(len(self._instance.candidates))}
        self._known = event.known
        self._refused: dict[Pair, list[str]] = {}
        for wish in event.wishes:
            if wish.kind == "no_thanks":
                self._refused.setdefault(wish.pair, []).append(wish.by)

    def missed(self) -> list[Missed]:
        asked: dict[Pair, set[str]] = {}
        for wish in self._event.asked:
            asked.setdefault(wish.pair, set()).add(wish.by)
        held = {self._instance.pair(meeting) for meeting in self._table.slot_of}
        musts = must_counts(self._event)
        found = []
        for pair in sorted(asked.keys() - held):
            code, reason = self.why(pair)
            found.append(
                Missed(
                    a=pair[0],
                    b=pair[1],
                    wished_by=tuple(sorted(asked[pair])),
                    must=pair in musts,
                    code=code,
                    reason=reason,
                    private=code in PRIVATE,
                )
            )
        return found

    def why(self, pair: Pair) -> tuple[MissedCode, str]:
        named = self._refusal(pair) or self._absence(pair)
        if named:
            return named
        code = self._ruled_out(pair)
        return (code, MISSED[code]) if code else self._crowded_out(pair)

    def _ruled_out(self, pair: Pair) -> MissedCode | None:
        i, j = (self._number[key] for key in pair)
        if pair in self._event.book.declined:
            return "declined"
        if not self._instance.available[i] & self._instance.available[j]:
            return "never_together"
        if pair in self._known and not must_counts(self._event).get(pair):
            return "met_before"
        return None if pair in self._candidate else "not_considered"

    def _refusal(self, pair: Pair) -> tuple[MissedCode, str] | None:
        if pair not in self._refused:
            return None
        people = self._event.by_id
        names = " and ".join(people[key].name for key in sorted(self._refused[pair]))
        return "no_thanks", f"{names} said no thanks."

    def _absence(self, pair: Pair) -> tuple[MissedCode, str] | None:
        for one in (self._event.by_id[key] for key in pair):
            if one.cancelled:
                return "cancelled", f"{one.name} has cancelled."
            if one.waiting:
                return "waiting", f"{one.name} is on the waiting list."
        return None

    def _crowded_out(self, pair: Pair) -> tuple[MissedCode, str]:
        people = self._event.by_id
        i, j = (self._number[key] for key in pair)
        for number, key in ((i, pair[0]), (j, pair[1])):
            if self._table.load(number) >= self._instance.maximum[number]:
                return "maximum_reached", self._full(number, people[key].name)
        code = self._no_slot(pair)
        return code, MISSED[code]

    def _full(self, number: int, name: str) -> str:
        count = self._instance.maximum[number]
        if count < self._instance.available[number].bit_count():
            return f"{name} has {count} meetings, its maximum; others came first."
        return f"{name} has a meeting in each of its {count} slots; others came first."

    def _no_slot(self, pair: Pair) -> MissedCode:
        meeting = self._candidate[pair]
        shared = self._table.open_slots(meeting)
        if not shared:
            return "no_common_slot"
        online = self._instance.candidates[meeting].online
        if not any(self._table.has_room(slot, online=online) for slot in members(shared)):
            return "no_place"
        return "frozen" if self._state == "frozen" else "not_found"
