"""Plan an event, plan it again after a change, freeze it, and say why two do not meet."""

from matcher.events.scheduler.missed import why_not
from matcher.events.scheduler.progress import Progress, Stage
from matcher.events.scheduler.schedule import arrange, freeze, replan, schedule, settle, thaw

__all__ = [
    "Progress",
    "Stage",
    "arrange",
    "freeze",
    "replan",
    "schedule",
    "settle",
    "thaw",
    "why_not",
]
