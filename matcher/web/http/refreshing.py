"""Looks, from time to time, for an index that another process has made, and who is to be told."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
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
    matcher: Matcher, seconds: float, tell: Sequence[Callable[[], object]]
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
        Called after each look that finds nothing wrong, each whatever becomes of the others.
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


def _refresh(
    matcher: Matcher, seconds: float, tell: Sequence[Callable[[], object]], stop: Event
) -> None:
    pause = seconds
    while not stop.wait(pause):
        longer = max(seconds, min(2 * pause, LONGEST_PAUSE))
        # A list, so that each is called.
        fine = _done(partial(_look, matcher)) and all(list(map(_done, tell)))
        pause = seconds if fine else longer


def _look(matcher: Matcher) -> bool:
    """Take a new index into use; tell whether nothing is wrong with what is in use now."""
    if matcher.refresh():
        log.info("serving index %s", matcher.status().generation)
    return not matcher.status().degraded


def _done(work: Callable[[], object]) -> bool:
    """Do a piece of work, tell whether that went well, and log what was wrong."""
    try:
        return work() is not False
    except MatcherError as error:
        log.warning("no new index can be used, or somebody was not told the news: %s", error)
    except Exception:  # a thread that dies would leave the old index in use for ever
        log.exception("the look for a new index, or telling the news, failed")
    return False
