"""The thread that looks for an index that another process has made."""

import logging
import threading
from types import SimpleNamespace

import pytest
from postgres import wait_for

from matcher.errors import IndexUnavailableError
from matcher.web.http import refreshing


class Watched:
    """A matcher that counts how often it was asked to refresh; the looks in `bad` fail."""

    def __init__(self, bad: tuple[int, ...] = (), degraded: str | None = None) -> None:
        self.looks = 0
        self.bad = bad
        self.degraded = degraded

    def refresh(self) -> bool:
        self.looks += 1
        if self.looks in self.bad:
            raise IndexUnavailableError("It was made with the model other@2.")
        return True

    def status(self) -> SimpleNamespace:
        return SimpleNamespace(generation="0123", degraded=self.degraded)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "refresh"]


def test_it_looks_again_and_again_and_ends_with_the_service() -> None:
    matcher = Watched()
    with refreshing.refreshing(matcher, 0.01, ()):  # type: ignore[arg-type]
        wait_for(lambda: matcher.looks > 3, "several looks")
    wait_for(lambda: not threads(), "the thread has ended")


def test_nobody_looks_where_that_is_switched_off() -> None:
    with refreshing.refreshing(Watched(), 0, ()):  # type: ignore[arg-type]
        assert not threads()


def test_an_index_that_cannot_be_used_is_told_and_tried_again_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    matcher = Watched(bad=(1, 2))
    with caplog.at_level(logging.INFO), refreshing.refreshing(matcher, 0.01, ()):  # type: ignore[arg-type]
        wait_for(lambda: matcher.looks > 3, "it went on")
    assert caplog.text.count("other@2") == 2
    assert "serving index 0123" in caplog.text


class Bell:
    """An event that rings at the fifth look; how long it was waited for stands in `pauses`."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def wait(self, pause: float) -> bool:
        self.pauses.append(pause)
        return len(self.pauses) > 4

    def set(self) -> None:
        pass


@pytest.mark.parametrize(
    ("matcher", "pauses"),
    [
        (Watched(), [5, 5, 5, 5, 5]),
        (Watched(bad=(1, 3)), [5, 10, 5, 10, 5]),
        (Watched(degraded="It is damaged."), [5, 10, 20, 40, 60]),
    ],
)
def test_what_is_wrong_is_not_looked_at_all_the_time(
    monkeypatch: pytest.MonkeyPatch, matcher: Watched, pauses: list[float]
) -> None:
    bell = Bell()
    monkeypatch.setattr(refreshing, "Event", lambda: bell)
    with refreshing.refreshing(matcher, 5, ()):  # type: ignore[arg-type]
        wait_for(lambda: not threads(), "the thread has ended")
    assert bell.pauses == pauses


class Broken(Watched):
    """Its first looks, and then its states, fail as nothing should."""

    def refresh(self) -> bool:
        super().refresh()
        if self.looks < 3:
            raise OSError(24, "Too many open files")
        return True

    def status(self) -> SimpleNamespace:
        if self.looks < 5:
            raise OSError(24, "Too many open files")
        return super().status()


def test_the_thread_survives_what_nobody_expected(caplog: pytest.LogCaptureFixture) -> None:
    matcher = Broken()
    with refreshing.refreshing(matcher, 0.01, ()):  # type: ignore[arg-type]
        wait_for(lambda: matcher.looks > 6, "it went on")
    assert caplog.text.count("Too many open files") >= 4


def test_news_is_told_whatever_becomes_of_other_news(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def fails() -> None:
        raise IndexUnavailableError("No searches can be compared.")

    def reminds() -> None:
        told.append("reminder")

    with refreshing.refreshing(Watched(), 0.01, (fails, reminds)):  # type: ignore[arg-type]
        wait_for(lambda: len(told) > 1, "reminders")
    assert "No searches can be compared." in caplog.text
