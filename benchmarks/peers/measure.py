"""Measures one peer in this process: ``python -m benchmarks.peers.measure NAME FOLDER``.

Writes one line of JSON after each step, so that what was measured stays when the process is ended.
Times of questions are of one core: the process is bound to it after building. Two are given: by the
wall clock, and of the processor, which other work on the machine does not lengthen.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from importlib import import_module
from mmap import MADV_DONTNEED
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.peers.contract import PEERS, Peer
from benchmarks.peers.data import Task, read_task

ENOUGH, TRIED, LEAST, SECONDS = 0.99, 25, 10, 60.0


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    task = read_task(folder)
    empty = memory([os.getpid()])
    module, _, kind = PEERS[name].partition(":")
    peer: Peer = getattr(import_module(f"benchmarks.peers.{module}"), kind)()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="peer-", dir=folder) as own, closing(peer):
        begun, spent = perf_counter(), process_time()
        peer.build(task, Path(own))
        spent = process_time() - spent + busy(peer.processes())
        say(step="build", wall=perf_counter() - begun, cpu=spent)
        task.vectors._mmap.madvise(MADV_DONTNEED)
        bind([os.getpid(), *peer.processes()])
        for filters in task.filters:
            say(step=filters, **questions(peer, task, filters))
            held = memory([os.getpid(), *peer.processes()])
            say(step="memory", **{key: held[key] - empty[key] for key in held})


def questions(peer: Peer, task: Task, filters: str) -> dict[str, object]:
    """Find the least effort that is enough, then time the questions with it."""
    for effort in peer.efforts:
        recall, times = asked(peer, task, filters, effort, TRIED, SECONDS / 4)
        if recall >= ENOUGH:
            break
    recall, times = asked(peer, task, filters, effort, len(task.questions), SECONDS)
    wall, cpu = (np.percentile(column, [50, 99]).tolist() for column in times.T)
    rows = float(np.mean([task.mask(chosen).sum() for chosen in task.filters[filters]]))
    return {
        "effort": effort,
        "recall": recall,
        "wall": wall,
        "cpu": cpu,
        "questions": len(times),
        "rows": rows,
    }


def asked(
    peer: Peer, task: Task, filters: str, effort: object, count: int, seconds: float
) -> tuple[float, np.ndarray]:
    """Mean recall, and (questions, 2) milliseconds; at least some questions, then while time is."""
    others = peer.processes()
    begun, recalls, times = perf_counter(), [], []
    for place in range(count):
        if place >= LEAST and perf_counter() - begun > seconds:
            break
        question, chosen = task.questions[place], task.filters[filters][place]
        wall, cpu = perf_counter(), process_time() + busy(others)
        rows = peer.search(question, chosen, effort)
        times.append((perf_counter() - wall, process_time() + busy(others) - cpu))
        recalls.append(task.recall(filters, place, rows))
    return float(np.mean(recalls)), 1000 * np.array(times)


def busy(processes: Iterable[int]) -> float:
    """Seconds that other processes have had of the processor."""
    files = [Path(f"/proc/{process}/schedstat") for process in processes]
    return sum(int(file.read_text().split()[0]) for file in files if file.exists()) / 1e9


def memory(processes: Iterable[int]) -> dict[str, float]:
    """Megabytes: own ones, and those of mapped files, which the system can take back."""
    own = mapped = 0
    for process in processes:
        file = Path(f"/proc/{process}/smaps_rollup")
        held = dict(line.split(":") for line in file.read_text().splitlines()[1:])
        own += kilobytes(held["Pss_Anon"]) + kilobytes(held["Pss_Shmem"])
        mapped += kilobytes(held["Pss_File"])
    return {"own": own / 1024, "mapped": mapped / 1024}


def kilobytes(text: str) -> int:
    return int(text.split()[0])


def bind(processes: Iterable[int]) -> None:
    """Let every thread of these processes run on one core only."""
    core = {max(os.sched_getaffinity(0))}
    for process in processes:
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), core)


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
