"""Runs attempts in processes of their own, each with little time and memory, and counts."""

import multiprocessing
import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matcher.errors import MatcherError

SECONDS = 10.0
"""Processor time that one input may take."""
MEMORY = 400_000_000
"""Bytes that the process may grow by while it reads one input."""
PATIENCE = 600.0
"""Seconds without a sign of life before a process is given up as hanging."""
CHUNK = 2_000
"""Attempts of one process."""
_STATUS = Path("/proc/self/status")
_RESET_PEAK = Path("/proc/self/clear_refs")

Attempts = Callable[[str, int], tuple[object, Callable[[], None]]]


class TooSlow(BaseException):
    """The time is over; no reader may take this for an error of its own."""


@dataclass(slots=True)
class Report:
    """What became of the inputs of a target."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    peak: int = 0
    defects: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """How many there were."""
        return self.read + self.refused + len(self.defects)


def fuzz(attempts: Attempts, target: str, first: int, count: int, most: int = 20) -> Report:
    """Try `count` inputs of a target, from number `first` on; stop after `most` defects."""
    report, number, end = Report(), first, first + count
    while number < end and len(report.defects) < most:
        number = _chunk(attempts, target, number, min(number + CHUNK, end), report)
    return report


def _chunk(attempts: Attempts, target: str, first: int, end: int, report: Report) -> int:
    """Let one process try; after one that dies the next goes on behind the input that killed it."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")
    process = context.Process(
        target=_work, args=(attempts, target, first, end, theirs), daemon=True
    )
    process.start()
    theirs.close()
    number = first
    try:
        while number < end:
            if not ours.poll(PATIENCE):
                report.defects.append(f"{target}:{number}: hangs")
                return number + 1
            outcome, seconds, peak = ours.recv()
            report.slowest, report.peak = max(report.slowest, seconds), max(report.peak, peak)
            if outcome == "read":
                report.read += 1
            elif outcome == "refused":
                report.refused += 1
            else:
                report.defects.append(f"{target}:{number}: {outcome}")
            number += 1
    except EOFError:
        process.join(PATIENCE)
        report.defects.append(f"{target}:{number}: the process died ({process.exitcode})")
        number += 1
    finally:
        process.kill()
        process.join()
        ours.close()
    return number


def _work(attempts: Attempts, target: str, first: int, end: int, told: Any) -> None:
    signal.signal(signal.SIGPROF, _stop)
    attempts(target, first)  # what is made once for all inputs counts for none
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_kept("VmSize") + 2 * MEMORY, hard))
    for number in range(first, end):
        told.send(_tried(attempts, target, number))


def _stop(signum: int, frame: object) -> None:
    raise TooSlow


def _tried(attempts: Attempts, target: str, number: int) -> tuple[str, float, int]:
    _, reading = attempts(target, number)
    before = _kept("VmRSS")
    _RESET_PEAK.write_text("5", encoding="ascii")
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1.0)
    try:
        reading()
        outcome = "read"
    except MatcherError:
        outcome = "refused"
    except TooSlow:
        outcome = f"takes more than {SECONDS:g} s:\n{traceback.format_exc()}"
    except Exception:  # noqa: BLE001 - whatever it is, it is what we are looking for
        outcome = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds, peak = time.process_time() - begun, _kept("VmHWM") - before
    if peak > MEMORY and outcome in ("read", "refused"):
        outcome = f"takes {peak / 1e6:.0f} MB"
    return outcome, seconds, peak


def _kept(what: str) -> int:
    """Bytes of memory of this process, as the kernel calls them."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024
