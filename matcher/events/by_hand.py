"""Meetings that the organiser sets by hand: what a change would break, and what it costs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self, get_args

from pydantic import model_validator

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.edits import misfits
from matcher.events.event import Event, FixedMeeting, Key, Pair, Part, sorted_pair
from matcher.events.plan import Meeting, Schedule
from matcher.events.scheduler import arrange

Kind = Literal["add", "move", "swap", "pin", "unpin", "remove"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Change(Part):
    """One change by hand; what it sets is pinned: only another change by hand moves it.

    Attributes
    ----------
    a, b
        The two whose meeting it is, in any order.
    slot, place
        Where it goes when it is added or moved; the first free place where none is named.
    c, d
        The two whose meeting changes time and place with it, to swap.
    """

    kind: Kind
    a: Key
    b: Key
    slot: Key | None = None
    place: Key | None = None
    c: Key | None = None
    d: Key | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.kind in ("add", "move") and self.slot is None:
            raise ValueError(f"to {self.kind} a meeting, name its slot")
        if self.kind == "swap" and (self.c is None or self.d is None):
            raise ValueError("to swap, name the two of the other meeting as c and d")
        return self

    @property
    def pair(self) -> Pair:
        """The two ids, sorted."""
        return sorted_pair(self.a, self.b)

    @property
    def other(self) -> Pair:
        """The two ids of the other meeting of a swap, sorted."""
        return sorted_pair(self.c or "", self.d or "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a change would come to.

    Attributes
    ----------
    event, meetings
        After the change.
    refused
        Rules that it breaks: with any of them it is not made.
    costs
        What is given up by it, for whoever decides.
    """

    event: Event
    meetings: tuple[Meeting, ...]
    refused: tuple[FieldProblem, ...]
    costs: tuple[FieldProblem, ...]


def propose(event: Event, plan: Schedule, change: Change) -> Proposal:
    """Tell what a change by hand would come to; nothing is changed.

    Raises
    ------
    InvalidInputError
        Somebody does not take part, or there is no such meeting, slot or place.
    """
    held = {one.pair: one for one in plan.meetings}
    _check_names(event, change, held)
    before = [held[pair] for pair in _pairs(change) if pair in held]
    after = _set(event, plan, change, held)
    kept = [one for one in plan.meetings if one not in before]
    meetings = tuple(sorted([*kept, *after], key=lambda one: (one.slot, one.pair)))
    changed = event.model_copy(update={"fixed": _pins(event, change, after)})
    trial = plan.model_copy(update={"meetings": meetings})
    known = misfits(event, plan)
    broken = [problem for problem in misfits(changed, trial) if problem not in known]
    touched = [*before, *after] if change.kind not in ("pin", "unpin") else []
    refused = (*broken, *_too_late(event, plan, touched))
    return Proposal(changed, meetings, refused, tuple(_costs(changed, plan, trial)))


def make(event: Event, values: Mapping[Pair, float], plan: Schedule, change: Change) -> Schedule:
    """Return the schedule after a change by hand; its event is the proposal's.

    Raises
    ------
    InvalidInputError
        It breaks a rule, or names what is not there.
    """
    proposal = propose(event, plan, change)
    if proposal.refused:
        raise InvalidInputError("This change would break a rule.", proposal.refused)
    return arrange(proposal.event, values, plan, proposal.meetings)


def _pairs(change: Change) -> tuple[Pair, ...]:
    return (change.pair, change.other) if change.kind == "swap" else (change.pair,)


def _check_names(event: Event, change: Change, held: Mapping[Pair, Meeting]) -> None:
    known = {
        "slot": {one.id for one in event.slots},
        "place": {one.id for one in event.places},
    }
    problems = [
        FieldProblem("change", f"{key or 'nobody'} does not take part")
        for pair in _pairs(change)
        for key in pair
        if key not in event.by_id
    ]
    problems += [
        FieldProblem("change", f"there is no {name} {given}", name)
        for name, ids in known.items()
        if (given := getattr(change, name)) is not None and given not in ids
    ]
    if any(a == b for a, b in _pairs(change)):
        problems.append(FieldProblem("change", "a meeting has two different sides"))
    if not problems and change.kind == "add" and change.pair in held:
        problems.append(FieldProblem("change", "the two have a meeting already: move it"))
    if not problems and change.kind != "add" and any(pair not in held for pair in _pairs(change)):
        problems.append(FieldProblem("change", "the two have no meeting"))
    if problems:
        raise InvalidInputError("This change cannot be made.", problems)


def _set(
    event: Event, plan: Schedule, change: Change, held: Mapping[Pair, Meeting]
) -> list[Meeting]:
    """Return the meetings of the change as they are to be."""
    pair = change.pair
    if change.kind == "remove":
        return []
    if change.kind == "swap":
        one, other = held[pair], held[change.other]
        return [_at(one, other.slot, other.place), _at(other, one.slot, one.place)]
    if change.kind in ("add", "move") and change.slot:
        place = change.place or _free_place(event, plan, pair, change.slot)
        one = held.get(pair) or Meeting(a=pair[0], b=pair[1], slot=change.slot, place=place)
        return [_at(one, change.slot, place)]
    return [held[pair].model_copy(update={"fixed": change.kind == "pin"})]


def _at(meeting: Meeting, slot: str, place: str) -> Meeting:
    return meeting.model_copy(update={"slot": slot, "place": place, "fixed": True})


def _free_place(event: Event, plan: Schedule, pair: Pair, slot: str) -> str:
    """Return the place that the two have now, if it is free, else the first free one.

    Raises
    ------
    InvalidInputError
        All places of the kind that they need are taken.
    """
    online = event.is_online(*(event.by_id[key] for key in pair))
    taken = {one.place for one in plan.meetings if one.slot == slot and one.pair != pair}
    own = [one.place for one in plan.meetings if one.pair == pair]
    suited = [one.id for one in event.places if (one.kind == "online") == online]
    free = [key for key in (*(key for key in own if key in suited), *suited) if key not in taken]
    if not free:
        raise InvalidInputError(f"In slot {slot} all places that suit the two are taken.")
    return free[0]


def _pins(event: Event, change: Change, after: list[Meeting]) -> tuple[FixedMeeting, ...]:
    others = tuple(one for one in event.fixed if one.pair not in _pairs(change))
    pinned = (
        FixedMeeting(a=one.a, b=one.b, slot=one.slot, place=one.place) for one in after if one.fixed
    )
    return (*others, *pinned)


def _too_late(event: Event, plan: Schedule, touched: list[Meeting]) -> Iterator[FieldProblem]:
    over = plan.over(event.slots)
    for slot in sorted({one.slot for one in touched} & over):
        yield FieldProblem(f"slot {slot}", "is over: what was held there stays as it was")


def _costs(event: Event, before: Schedule, after: Schedule) -> Iterator[FieldProblem]:
    old, new = ({one.pair for one in plan.meetings} for plan in (before, after))
    people, musts = event.by_id, {w.pair for w in event.asked if w.kind == "must_meet"}
    for pair in sorted((old - new) & musts):
        yield FieldProblem(_names(event, pair), "one of them wished to meet the other by all means")
    for pair in sorted((new - old) & event.known):
        yield FieldProblem(_names(event, pair), "have met before")
    was, now = (Counter(key for pair in pairs for key in pair) for pairs in (old, new))
    for key in sorted(was):
        least = people[key].minimum if key in people else 0
        if now[key] < min(was[key], least):
            yield FieldProblem(people[key].name, f"falls to {now[key]}, below its minimum, {least}")


def _names(event: Event, pair: Pair) -> str:
    return " and ".join(event.by_id[key].name for key in pair)
