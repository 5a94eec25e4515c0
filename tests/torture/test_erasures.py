"""Whatever cuts an erasure short, the same call finishes it and no file holds a word."""

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_every_erasure_is_finished_by_the_same_call(long, ledger):
    many = 1000 if long else 24
    done = subprocess.run(
        [sys.executable, HERE / "erasing.py", str(many)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{HERE.parent}:{os.environ.get('PYTHONPATH', '')}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    ends = {name: counts[name] for name in ("killed", "refused", "done", "begun")}
    ledger("erasure, sqlite", many, counts.get("lost", 0), ends)
    assert sum(counts[kind] for kind in ("moments", "steps", "full disks", "locks")) == many
    assert counts["killed"] > 0
    assert counts["refused"] > 0
    assert counts["begun"] > 0
