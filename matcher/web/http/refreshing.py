"""Looks, from time to time, for an index that another process has made."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from matcher.errors import MatcherError
from matcher.matcher import Matcher

AGAIN_SECONDS = 60.0
"""Least pause before an index that cannot be used is tried again."""

EXTENSION = "refreshing"
"""Where an application finds the thread."""

log = logging.getLogger(__name__)


@contextmanager
def refreshing(matcher: Matcher, seconds: float) -> Iterator[Thread | None]:
    """Keep a matcher up to date, in a thread of its own, for the length of a ``with`` block.

    Gives the thread, where there is one.

    Parameters
    ----------
    matcher
        Open and loaded.
    seconds
        Pause between two looks; 0 for none at all.
    """
    stop = Event()
    thread = Thread(target=_refresh, args=(matcher, seconds, stop), name="refresh", daemon=True)
    if seconds:
        thread.start()
    try:
        yield thread if seconds else None
    finally:
        stop.set()
        if seconds:
            thread.join(seconds)


def _refresh(matcher: Matcher, seconds: float, stop: Event) -> None:
    pause = seconds
    while not stop.wait(pause):
        pause = max(seconds, AGAIN_SECONDS)
        try:
            if matcher.refresh():
                log.info("serving index %s", matcher.status().generation)
            if not matcher.status().degraded:
                pause = seconds
        except MatcherError as error:
            log.warning("the new index cannot be used: %s", error)
        except Exception:  # a thread that dies would leave the old index in use for ever
            log.exception("the look for a new index failed")
