"""Who must be told that meetings are new, have moved or are off."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from matcher.events.event import Event
from matcher.events.plan import Meeting, Schedule


class Notice(BaseModel):
    """What a participant does not know yet of its meetings.

    Attributes
    ----------
    fresh, moved
        Meetings as they are now; those that moved were told otherwise before.
    gone
        Meetings that were told, as they were told, and are off.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    fresh: tuple[Meeting, ...] = ()
    moved: tuple[Meeting, ...] = ()
    gone: tuple[Meeting, ...] = ()


class Told(BaseModel):
    """What came of telling: how many letters each got, and who has no address to write to."""

    letters: Mapping[str, int]
    without: tuple[Notice, ...]


def notices(event: Event, plan: Schedule) -> tuple[Notice, ...]:
    """List who must be told of what, by name; what is over is not told any more."""
    over = plan.over(event.slots)
    before = {one.pair: one for one in plan.told or () if one.slot not in over}
    now = {one.pair: one for one in plan.meetings if one.slot not in over}
    fresh = [one for pair, one in now.items() if pair not in before]
    gone = [one for pair, one in before.items() if pair not in now]
    moved = [one for pair, one in now.items() if pair in before and _differ(before[pair], one)]
    names = {one.id: one.name for one in event.participants}
    concerned = {key for one in (*fresh, *moved, *gone) for key in one.pair}
    return tuple(
        Notice(
            id=key,
            name=names.get(key, key),
            fresh=_of(key, fresh),
            moved=_of(key, moved),
            gone=_of(key, gone),
        )
        for key in sorted(concerned, key=lambda key: (names.get(key, key), key))
    )


def _differ(before: Meeting, now: Meeting) -> bool:
    """Whether a meeting was moved; a slot or place that was edited shows in the sequence."""
    return (before.slot, before.place, before.sequence) != (now.slot, now.place, now.sequence)


def _of(key: str, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(one for one in meetings if key in one.pair)
