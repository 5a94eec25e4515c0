"""Whatever cuts an act short, a fresh process serves exactly what was before or what is after."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LITTLE = {
    "sqlite": ("--moments=2", "--steps=3", "--full-disks=1", "--read-only-folders=1", "--rivals=1"),
    "postgresql": (
        *("import", "re-index", "restore", "upgrade"),
        *("--moments=1", "--steps=2", "--rivals=1"),
    ),
}
MUCH = ("--moments=50", "--steps=50", "--full-disks=10", "--read-only-folders=2", "--rivals=3")
ASSAULTS = ("moments", "steps", "full disks", "read-only folders", "rivals")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_is_lost(engine, request, long, ledger):
    server = engine if engine == "sqlite" else request.getfixturevalue("postgres").url("postgres")
    amount = (*MUCH, "--mend-every=2") if long else (*LITTLE[engine], "--mend-every=4")
    done = subprocess.run(
        [sys.executable, HERE / "assaults.py", server, *amount],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{HERE.parent}:{os.environ.get('PYTHONPATH', '')}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in done.stdout.splitlines():
        counts = json.loads(line)
        ordeal = counts["ordeal"]
        trials = sum(counts.get(name, 0) for name in ASSAULTS)
        ends = {name: counts.get(name, 0) for name in ("killed", "refused", "old", "new")}
        ledger(f"{ordeal}, {engine}", trials, counts["lost"], ends)
        assert trials > 0
        assert counts["killed"] >= counts["steps"], ordeal
        assert counts["lost"] == 0


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("index/crash_script.py", "re-index, at each step and line"),
        ("store/crash_import.py", "import, at each line"),
    ],
)
def test_more_of_what_every_run_tries(script, what, long, ledger, tmp_path):
    if not long:
        pytest.skip("the short form is among the tests of its room")
    place = f"sqlite:///{tmp_path}/matcher.db" if script.startswith("store") else tmp_path / "home"
    done = subprocess.run(
        [sys.executable, HERE.parent / script, str(place), "600"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    ledger(what, counts.pop("trials"), 0, counts)
