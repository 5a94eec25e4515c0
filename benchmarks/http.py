"""The service over HTTP: requests a second, latency, memory, slow clients.

Starts the real server on a free port of this machine and asks it from this process over 16
connections, so that two cores are shared by both. The bare route answers a constant; how many
times longer the main route takes than that is the figure that travels between machines.
Run with ``python -m benchmarks http``; ``MATCHER_HOME`` says which index is served.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Load, run_load, slow_clients
from matcher.config import get_settings
from matcher.matcher import Matcher

SOAK = 24_000
SLOW = 90
BARE = "/healthz"
HEADING = f"{'what':44}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'of bare':>9}{'failed':>8}"


@contextmanager
def server(**settings: object) -> Iterator[tuple[int, int]]:
    """Port and process id of a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"port": port, "rate_limit": 0, "post_rate_limit": 0, **settings}
    environment = {f"MATCHER_{name.upper()}": str(value) for name, value in given.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "matcher", "serve"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the server did not start: run `matcher serve` to see why")


def resident_mb(pid: int) -> float:
    """Resident memory of a process; Linux only, elsewhere NaN."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found[1]) / 1024 if found else float("nan")


def askers() -> list[str]:
    with Matcher.open(get_settings()) as matcher:
        shown = [cluster.id for cluster in matcher.clusters if cluster.visibility == "public"]
    return shown[:: max(1, len(shown) // 100)]


def row(what: str, load: Load, bare: Load | None = None) -> None:
    ratio = f"{bare.rate / load.rate:8.2f}x" if bare else ""
    print(
        f"{what:44}{load.rate:9.0f}{load.p50:9.2f}{load.p99:9.2f}{ratio:>9}{load.failed:8}",
        flush=True,
    )


def mixed(ids: Sequence[str]) -> list[str]:
    """Requests of many kinds, wrong ones among them."""
    found = []
    for number, key in enumerate(ids):
        found += [
            f"/api/v1/clusters/{key}/partners",
            f"/api/v1/clusters/{key}/partners?k={1 + number % 30}&diversity=0.2",
            f"/api/v1/clusters/{key}",
            f"/api/v1/clusters?q={key[3:9]}&limit=5",
            f"/api/v1/pairs/{key}/{ids[number - 1]}",
            f"/api/v1/clusters/xx-{number}",
            BARE,
        ]
    return found


def speed(ids: Sequence[str]) -> None:
    partners = [f"/api/v1/clusters/{key}/partners" for key in ids]
    with server() as (port, pid):
        run_load(port, [*partners, BARE], 2 * len(partners))
        bare = run_load(port, [BARE], 6000)
        row("bare route (/healthz)", bare)
        row("partners, answered before", run_load(port, partners, 6000), bare)
        row("one connection, answered before", run_load(port, partners, 1000, connections=1))
        with slow_clients(port, SLOW):
            row(f"partners beside {SLOW} slow clients", run_load(port, partners, 3000), bare)
        print(f"resident memory: {resident_mb(pid):.0f} MB")
    with server(answer_cache_mb=0) as (port, _):
        run_load(port, partners, len(partners))
        row("partners, computed each time", run_load(port, partners, 1000), bare)


def soak(ids: Sequence[str]) -> None:
    paths = mixed(ids)
    with server() as (port, pid):
        run_load(port, paths, 2 * len(paths))
        before = resident_mb(pid)
        load = run_load(port, paths, SOAK)
        after = resident_mb(pid)
    row("soak, mixed", load)
    print(
        f"{SOAK} requests: {before:.1f} MB before, {after:.1f} MB after "
        f"({(after - before) / before:+.1%})"
    )


def main() -> None:
    ids = askers()
    print(HEADING)
    speed(ids)
    soak(ids)


if __name__ == "__main__":
    main()
