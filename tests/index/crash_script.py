"""Kills a rebuild at every step and at many lines, and looks at what is left each time.

Run by test_saved_crash.py in a process of its own, because it forks. Each victim is a fork
that dies by SIGKILL; what a fresh look finds must be the old or the new content, whole.
"""

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path

import numpy as np

from matcher.errors import IndexUnavailableError
from matcher.index import lock, saved
from matcher.index.saved import SavedIndex

STEPS = ("fsync", "mkdir", "open", "rename", "replace", "rmdir", "unlink")
LINES = 220
TRACED = {module.__file__ for module in (lock, saved)}


def content(seed):
    rows = np.random.default_rng(seed).standard_normal((20, 8)).astype(np.float32)
    return {"about": rows, "starts": np.arange(21)}, bytes([seed]) * 99, {"n": str(seed)}


def write(home, seed):
    arrays, vectors, notes = content(seed)
    index = SavedIndex(home)
    with index.building():
        index.write(arrays, lambda file: file.write_bytes(vectors), notes)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_around_step(number, before):
    """Die right before or right after the `number`-th change to the file system."""
    count = 0

    def guarded(step):
        def call(*args, **kwargs):
            nonlocal count
            count += 1
            if before and count == number:
                die()
            result = step(*args, **kwargs)
            if count == number:
                die()
            return result

        return call

    for name in STEPS:
        setattr(os, name, guarded(getattr(os, name)))


def kill_at_line(number):
    """Die when the `number`-th line of the index room runs."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line":
            count += 1
            if count == number:
                die()
        return trace

    sys.settrace(trace)


def rebuild_in_victim(home, arm, *args):
    """Fork, arm, rebuild; return whether the victim was killed."""
    child = os.fork()
    if child == 0:
        arm(*args)
        write(home, 3)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def check(home, history):
    """Fail unless the index in force is whole and the old or the new one."""
    try:
        found = SavedIndex(home).read()
    except IndexUnavailableError as error:
        assert not history and "no saved index yet" in str(error), error
        return "none"
    allowed = {str(history[-1]) if history else "3", "3"}
    assert found.notes["n"] in allowed, found.notes
    arrays, vectors, _ = content(int(found.notes["n"]))
    assert found.vectors.read_bytes() == vectors
    assert all(np.array_equal(arrays[name], found.arrays[name]) for name in arrays)
    return "new" if found.notes["n"] == "3" else "old"


def trial(home, history, arm, *args):
    shutil.rmtree(home, ignore_errors=True)
    for seed in history:
        write(home, seed)
    killed = rebuild_in_victim(home, arm, *args)
    outcome = check(home, history)
    write(home, 3)
    assert check(home, history) == "new"
    left = sorted(item.name for item in (home / "index").iterdir())
    assert len(left) == 4, left
    return killed, outcome


def main(home, trials=200):
    os.fsync = lambda handle: None  # a killed process loses no page of the system
    outcomes, kills = [], 0
    for history in ((), (1,), (1, 2)):
        for before in (True, False):
            number, killed = 0, True
            while killed:
                number += 1
                killed, outcome = trial(home, history, kill_around_step, number, before)
                outcomes.append(outcome)
                kills += killed
    random.seed(7)
    lines = 0
    for _ in range(trials):
        killed, outcome = trial(home, (1, 2), kill_at_line, random.randint(1, LINES))
        lines += killed
        outcomes.append(outcome)
    counts = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
    told = {"trials": len(outcomes), "killed": kills + lines, **counts}
    sys.stdout.write(json.dumps(told) + "\n")
    assert {"old", "new", "none"} == set(counts)
    assert trials // 2 <= lines < trials


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
