"""Looks, from time to time, for an index that another process has made, and who is to be told."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from matcher.errors import MatcherError
from matcher.matcher import Matcher

LONGEST_PAUSE = 60.0
"""Seconds that the pause before an index that cannot be used yet grows to, doubling each time."""

EXTENSION = "refreshing"
"""Where an application finds the thread."""

log = logging.getLogger(__name__)


@contextmanager
def refreshing(
    matcher: Matcher, seconds: float, tell: Callable[[], object]
) -> Iterator[Thread | None]:
    """Keep a matcher up to date, in a thread of its own, for the length of a ``with`` block.

    Gives the thread, where there is one.

    Parameters
    ----------
    matcher
        Open and loaded.
    seconds
        Pause between two looks; 0 for none at all.
    tell
        Called after each look, while nothing is wrong: whatever its index, it tells what is new.
    """
    stop = Event()
    work = (matcher, seconds, tell, stop)
    thread = Thread(target=_refresh, args=work, name="refresh", daemon=True)
    if seconds:
        thread.start()
    try:
        yield thread if seconds else None
    finally:
        stop.set()
        if seconds:
            thread.join(seconds)


def _refresh(matcher: Matcher, seconds: float, tell: Callable[[], object], stop: Event) -> None:
    pause = seconds
    while not stop.wait(pause):
        pause = max(seconds, min(2 * pause, LONGEST_PAUSE))
        try:
            if matcher.refresh():
                log.info("serving index %s", matcher.status().generation)
            if not matcher.status().degraded:
                tell()
                pause = seconds
        except MatcherError as error:
            log.warning("no new index can be used, or nobody told what it brings: %s", error)
        except Exception:  # a thread that dies would leave the old index in use for ever
            log.exception("the look for a new index failed")
