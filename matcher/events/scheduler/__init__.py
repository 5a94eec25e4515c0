"""Plan an event, plan it again after a change, freeze it, and say why two do not meet."""

from matcher.events.scheduler.missed import why_not
from matcher.events.scheduler.progress import Progress, Stage
from matcher.events.scheduler.schedule import freeze, replan, schedule, thaw

__all__ = ["Progress", "Stage", "freeze", "replan", "schedule", "thaw", "why_not"]
