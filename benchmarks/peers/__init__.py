"""Our engine beside others, on the same vectors, filters and machine, each in a fresh process.

``python -m benchmarks peers --rows 1000 50000`` makes the tasks in ``--folder`` and appends what
was measured to ``results.jsonl`` there; ``--table`` prints the tables of all results, ``--picture``
draws them. The peers are installed by ``pip install -e '.[peers]'``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.composed import composed_encoder
from benchmarks.http import resident_mb
from benchmarks.peers.contract import PEERS
from benchmarks.peers.data import is_task, write_task
from benchmarks.peers.picture import draw
from benchmarks.peers.table import tables


def main(arguments: Sequence[str]) -> None:
    """Measure the peers asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers")
    parser.add_argument("--rows", type=int, nargs="*", default=[1000, 50_000, 1_000_000])
    parser.add_argument("--only", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--folder", type=Path, default=Path("peers"))
    parser.add_argument("--minutes", type=float, default=30, help="for each peer and size")
    parser.add_argument("--gigabytes", type=float, default=8, help="for each peer")
    parser.add_argument("--table", action="store_true", help="only print the tables")
    parser.add_argument("--picture", type=Path, help="draw the growth curves into this file")
    asked = parser.parse_args(arguments)
    results = asked.folder / "results.jsonl"
    for rows in () if asked.table else asked.rows:
        if not is_task(asked.folder / str(rows)):
            write_task(asked.folder / str(rows), rows, composed_encoder())
        for name in asked.only:
            result = measured(name, asked.folder / str(rows), asked.minutes, asked.gigabytes)
            with results.open("a") as file:
                file.write(json.dumps({"rows": rows, "peer": name, **result}) + "\n")
    found = [json.loads(line) for line in results.read_text().splitlines()]
    print(tables(found))
    if asked.picture:
        draw(found, asked.picture)


def cpu_seconds(pid: int) -> float:
    """Seconds that a process and its children, and theirs, have had of the processor."""
    folder = Path(f"/proc/{pid}")
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


def measured(name: str, task: Path, minutes: float, gigabytes: float) -> dict[str, object]:
    """Run one peer to its end or to a limit; what it said until then counts."""
    print(f"{name}, {task.name} rows", flush=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peers.measure", name, str(task)],
            stdout=said,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        deadline, ended = time.monotonic() + 60 * minutes, ""
        while process.poll() is None and not ended:
            time.sleep(0.5)
            if time.monotonic() > deadline:
                ended = (
                    f"not within {minutes:g} minutes; {cpu_seconds(process.pid):.0f} s of processor"
                )
            elif resident_mb(process.pid) > 1024 * gigabytes:
                ended = f"more than {gigabytes:g} GB"
        if ended:
            process.terminate()
        code = process.wait()
        said.seek(0)
        lines = said.read().splitlines()
    if code and not ended:
        ended = f"failed (status {code})"
    print("\n".join(lines), ended, flush=True)
    return {"steps": [json.loads(line) for line in lines if line.startswith("{")], "ended": ended}
