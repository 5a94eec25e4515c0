"""A short run of `make fuzz`, and whether the harness would notice what it looks for."""

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_targets import TARGETS
from fuzz_targets import attempt as make

HERE = Path(__file__).parent
INPUTS = 400
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="measures memory as Linux tells it"
)


def test_no_reader_breaks_hangs_or_grows() -> None:
    """In a process of its own, whose children have nothing of the tests in their memory."""
    run = subprocess.run(
        [sys.executable, HERE, "--inputs", str(INPUTS)],
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
        cwd=HERE.parents[1],
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{INPUTS:,} inputs" in run.stdout


HARNESS = "import fuzz_harness as h, fuzz_broken as t; h.SECONDS = 0.5; h.MEMORY = 50_000_000; "


@pytest.mark.parametrize(
    ("defect", "told"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("while True: pass", "takes more than 0.5 s"),
        ("import re; re.match('(a+)+b', 'a' * 60)", "takes more than 0.5 s"),
        ("try:\n while True: pass\nexcept Exception: pass", "takes more than 0.5 s"),
        ("bytearray(80_000_000)", "takes 8"),
        ("bytearray(300_000_000)", "MemoryError"),
        ("import os; os._exit(7)", "the process died (7)"),
        ("import time; time.sleep(99)", "hangs"),
    ],
)
def test_the_harness_notices(defect: str, told: str) -> None:
    patience = 2 if told == "hangs" else 100
    call = (
        f"h.PATIENCE = {patience}; r = h.fuzz(t.attempt, {defect!r}, 0, 8); "
        "print(r.read, r.refused, *r.defects)"
    )
    run = subprocess.run(
        [sys.executable, "-c", HARNESS + call],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        cwd=HERE,
    )
    read, refused, found = run.stdout.split(" ", 2)
    assert (read, refused) == ("3", "4"), run.stdout + run.stderr
    assert told in found
    assert found.count(":4: ") == 1


@pytest.mark.parametrize("target", sorted(set(TARGETS) - {"bodies of requests"}))
def test_an_input_is_the_same_each_time(target: str) -> None:
    found = [[repr(make(target, number)[0]) for number in range(20)] for _ in range(2)]
    assert found[0] == found[1]
    assert len(set(found[0])) > 10
