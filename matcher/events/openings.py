"""What could be held now: pairs for the places that are free, with nobody moved for it."""

from collections.abc import Mapping

from matcher.events.event import Event, Pair
from matcher.events.plan import Meeting, Schedule
from matcher.events.scheduler import replan

_SECONDS = 1.0


def openings(event: Event, values: Mapping[Pair, float], plan: Schedule) -> tuple[Meeting, ...]:
    """List meetings that the free places allow, in order of time; nothing is changed."""
    held = {one.pair for one in plan.meetings}
    filled = replan(event, values, plan, seconds=_SECONDS, refill=True)
    return tuple(one for one in filled.meetings if one.pair not in held)
