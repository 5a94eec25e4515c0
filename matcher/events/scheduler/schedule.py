"""The face of the scheduler: plan an event, plan it again after a change, freeze it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.event import Event, Pair
from matcher.events.plan import Figures, Load, Meeting, Schedule, ScheduleState
from matcher.events.scheduler.choice import Choice, choose, keep
from matcher.events.scheduler.compaction import compact, idle_gaps
from matcher.events.scheduler.instance import VALUE_SCALE, Instance, build_instance, must_counts
from matcher.events.scheduler.levels import Limits, value_gap
from matcher.events.scheduler.missed import missed_pairs
from matcher.events.scheduler.progress import Progress, between, silent
from matcher.events.scheduler.repair import ahead, held_before, surviving_slots
from matcher.events.scheduler.seating import Room, assign_places, table_changes

Values = Mapping[Pair, float]
_A_MOMENT = 0.5
"""Seconds of work on the figures of what was arranged by hand."""


def schedule(
    event: Event,
    values: Values,
    *,
    seconds: float = 20.0,
    seed: int = 0,
    previous: Schedule | None = None,
    progress: Progress = silent,
) -> Schedule:
    """Plan an event from scratch.

    Hard rules are never broken: one place at a time, presence, places, maxima, no-thanks,
    breaks, fixed meetings. Among the schedules that keep them, the aims count in this order:
    meetings up to everybody's minimum, must-meets, total mutual value, fewest idle gaps, fewest
    changes of table. The first three are solved to a proven bound; gaps and tables are then
    improved without giving up any of them.

    Parameters
    ----------
    values
        Pair of participant ids -> mutual value in [0, 1]. Only pairs that are in here or wished
        by a side can meet.
    seconds
        Work to spend, in seconds of an ordinary two-core machine. It is counted in steps, so
        that the same input and seed give the same schedule however busy the machine is.
    previous
        A provisional schedule that this one replaces: calendar numbering goes on from it, and what
        is over stays as it was.
    progress
        Is told how much is done, what goes on, and the gap where it is known.

    Raises
    ------
    InvalidInputError
        Nobody takes part, a value lies outside [0, 1], or `previous` is frozen or of another
        event.
    """
    _check(event, values, previous)
    if previous is not None and previous.state == "frozen":
        raise InvalidInputError(
            "The schedule is frozen: it can be changed after a cancellation, but not planned again."
        )
    done = held_before(event, previous) if previous else {}
    return _Task(event, values, Limits.of(seconds), seed, previous, progress).plan(done)


def replan(
    event: Event,
    values: Values,
    previous: Schedule,
    *,
    seconds: float = 20.0,
    refill: bool = False,
    progress: Progress = silent,
) -> Schedule:
    """Work a change of the event into its schedule, and move as little as possible.

    As many of the announced meetings as possible are kept, of these as many as possible at
    their time, and then at their place. What that leaves free is offered to new meetings where
    the schedule is provisional; a frozen one only loses and moves what it must. What is over is
    neither changed nor filled.

    Parameters
    ----------
    event
        The event after the change, such as `cancel_participants` gives.
    previous
        The schedule announced so far.
    refill
        Offer what is free to new meetings although the schedule is frozen.

    Raises
    ------
    InvalidInputError
        A value lies outside [0, 1], or `previous` is of another event.
    """
    _check(event, values, previous)
    limits = Limits.of(seconds)
    progress(0.0, "keeping what can stay", None)
    kept = surviving_slots(ahead(event, previous), values, previous, limits)
    rest = between(progress, 0.3, 1.0)
    closed = previous.state == "frozen" and not refill
    return _Task(event, values, limits, previous.seed, previous, rest, closed).plan(kept)


def arrange(
    event: Event, values: Values, previous: Schedule, meetings: Iterable[Meeting]
) -> Schedule:
    """Hold just these meetings, each where it says: who arranged them has kept the rules."""
    held = {one.pair: one for one in meetings}
    task = _Task(event, values, Limits.of(_A_MOMENT), previous.seed, previous, silent, closed=True)
    return task.plan({pair: one.slot for pair, one in held.items()}, held)


def freeze(plan: Schedule) -> Schedule:
    """Declare a schedule final: from now on only `replan` changes it, and only as it must."""
    return _declared(plan, "frozen")


def thaw(plan: Schedule) -> Schedule:
    """Declare a schedule provisional again: it may be planned anew."""
    provisional = _declared(plan, "provisional")
    return provisional.model_copy(update={"settled": None, "reminded": False})


def settle(plan: Schedule, moment: datetime) -> Schedule:
    """Declare over what begins before a moment: it stays as it was, whatever changes later."""
    return plan.model_copy(update={"settled": max(moment, plan.settled or moment)})


def _declared(plan: Schedule, state: ScheduleState) -> Schedule:
    """Change the state, of which calendars must learn as of any change (RFC 5546, 2.1.4)."""
    if plan.state == state:
        return plan
    meetings, told = (those and _next_in_sequence(those) for those in (plan.meetings, plan.told))
    return plan.model_copy(update={"state": state, "meetings": meetings, "told": told})


def _next_in_sequence(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(one.model_copy(update={"sequence": one.sequence + 1}) for one in meetings)


def _check(event: Event, values: Values, previous: Schedule | None) -> None:
    if not event.participants:
        raise InvalidInputError(
            "Nobody takes part in this event yet. Add participants, or import them from a file."
        )
    wrong = sorted(pair for pair, value in values.items() if not 0 <= value <= 1)
    if wrong:
        raise InvalidInputError(
            "Mutual values must lie between 0 and 1.",
            [FieldProblem(" and ".join(pair), f"has {values[pair]}") for pair in wrong],
        )
    if previous is not None and previous.event_id != event.id:
        raise InvalidInputError(
            f"The schedule belongs to the event {previous.event_id!r}, not to {event.id!r}."
        )


@dataclass(frozen=True, slots=True)
class _Task:
    event: Event
    values: Values
    limits: Limits
    seed: int
    previous: Schedule | None
    progress: Progress
    closed: bool = False

    def plan(
        self, kept: Mapping[Pair, str], seats: Mapping[Pair, Meeting] | None = None
    ) -> Schedule:
        event, previous = self.event, self.previous
        settled = previous.settled if previous else None
        if previous:
            event = ahead(event, previous)
            seats = seats or {one.pair: one for one in previous.meetings}
        instance = build_instance(event, self.values, kept, settled)
        choice = self._choose(instance)
        gap = value_gap(choice.levels, choice.bound)
        slots = compact(
            instance,
            choice.slots,
            steps=self.limits.steps,
            seed=self.seed,
            progress=lambda share: self.progress(0.6 + 0.35 * share, "closing idle gaps", gap),
        )
        self.progress(0.95, "seating", gap)
        over = previous.over(event.slots) if previous else frozenset()
        places = assign_places(instance, slots, _room(event, instance, kept, seats or {}, over))
        meetings = _meetings(self.event, instance, slots, places)
        numbered, withdrawn = _number(meetings, previous)
        loads = _loads(instance, slots, places)
        state = previous.state if previous else "provisional"
        return Schedule(
            event_id=event.id,
            state=state,
            seed=self.seed,
            meetings=numbered,
            withdrawn=withdrawn,
            missed=missed_pairs(event, instance, slots, state),
            loads=loads,
            figures=_figures(event, choice, loads),
            settled=settled,
            told=previous.told if previous else None,
            reminded=previous.reminded if previous else False,
        )

    def _choose(self, instance: Instance) -> Choice:
        self.progress(0.0, "choosing pairs and slots", None)
        if self.closed:
            return keep(instance, self.limits)
        return choose(instance, self.limits, self.seed, between(self.progress, 0.0, 0.6))


def _room(
    event: Event,
    instance: Instance,
    kept: Mapping[Pair, str],
    seats: Mapping[Pair, Meeting],
    over: frozenset[str],
) -> Room:
    """Places of the event, and the meetings whose place is given or need not change."""
    number = {place.id: n for n, place in enumerate(event.places)}
    candidate = {instance.pair(n): n for n in instance.fixed}
    held = {candidate[one.pair]: number[one.place] for one in event.fixed if one.place}
    taken = {(instance.fixed[meeting], place) for meeting, place in held.items()}
    for meeting in seats.values():
        n, place = candidate.get(meeting.pair), number.get(meeting.place)
        if n is None or n in held or place is None or kept.get(meeting.pair) != meeting.slot:
            continue
        online = event.places[place].kind == "online"
        suits = online == instance.candidates[n].online or meeting.slot in over
        if suits and (instance.fixed[n], place) not in taken:
            held[n] = place
    kinds = (False, True)
    by_kind = [
        [n for n, place in enumerate(event.places) if (place.kind == "online") == online]
        for online in kinds
    ]
    usable = [len(event.usable_places(online=online)) for online in kinds]
    return Room((by_kind[0], by_kind[1]), (usable[0], usable[1]), held)


def _meetings(
    event: Event, instance: Instance, slots: Mapping[int, int], places: Mapping[int, int]
) -> list[Meeting]:
    fixed = {one.pair for one in event.fixed}
    ordered = sorted(slots, key=lambda n: (slots[n], instance.pair(n)))
    return [
        Meeting(
            a=instance.pair(n)[0],
            b=instance.pair(n)[1],
            slot=event.slots[slots[n]].id,
            place=event.places[places[n]].id,
            fixed=instance.pair(n) in fixed,
        )
        for n in ordered
    ]


def _number(
    meetings: list[Meeting], previous: Schedule | None
) -> tuple[tuple[Meeting, ...], tuple[Meeting, ...]]:
    """Carry calendar numbers on; returns the meetings now held, and those withdrawn."""
    if previous is None:
        return tuple(meetings), ()
    before = {meeting.pair: meeting for meeting in previous.meetings}
    gone = {meeting.pair: meeting for meeting in previous.withdrawn}
    numbered = []
    for meeting in meetings:
        sequence = 0
        if old := before.pop(meeting.pair, None):
            same = (old.slot, old.place) == (meeting.slot, meeting.place)
            sequence = old.sequence if same else old.sequence + 1
        elif back := gone.pop(meeting.pair, None):
            sequence = back.sequence + 1
        numbered.append(meeting.model_copy(update={"sequence": sequence}))
    for pair, meeting in before.items():
        gone[pair] = meeting.model_copy(update={"sequence": meeting.sequence + 1})
    return tuple(numbered), tuple(gone[pair] for pair in sorted(gone))


def _loads(
    instance: Instance, slots: Mapping[int, int], places: Mapping[int, int]
) -> tuple[Load, ...]:
    return tuple(
        Load(id=key, meetings=count, minimum=minimum, idle_gaps=idle, table_changes=moves)
        for key, count, minimum, idle, moves in zip(
            instance.ids,
            instance.load(slots),
            instance.minimum,
            idle_gaps(instance, slots),
            table_changes(instance, slots, places),
            strict=True,
        )
    )


def _figures(event: Event, choice: Choice, loads: tuple[Load, ...]) -> Figures:
    reached, bound = choice.levels, choice.bound
    return Figures(
        meetings=len(choice.slots),
        lacking=-reached.served,
        lacking_bound=-bound.served,
        musts=reached.musts,
        musts_bound=bound.musts,
        musts_wanted=sum(must_counts(event).values()),
        value=reached.value / VALUE_SCALE,
        value_bound=bound.value / VALUE_SCALE,
        idle_gaps=sum(one.idle_gaps for one in loads),
        table_changes=sum(one.table_changes for one in loads),
        method=choice.method,
    )
