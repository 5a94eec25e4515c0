"""Crowds of bad clients and of jobs: others are answered meanwhile, and the end comes in time."""

import json
import re
import resource
import signal
import time
from pathlib import Path
from statistics import median

import crowds
import pytest
from running import start
from stage import Sqlite, served

from matcher.store import Store

HEALTH_SECONDS = 0.5
END_SECONDS = 5
GROWTH_MB = 100
JOBS = 120
PEOPLE = 80
EVENT = {
    "id": "big",
    "title": "Big",
    "zone": "Europe/Brussels",
    "slots": [
        {"id": str(n), "start": f"2026-11-12T{n:02}:00:00Z", "end": f"2026-11-12T{n:02}:25:00Z"}
        for n in range(8, 17)
    ],
    "places": [{"id": f"t{n}", "name": f"Table {n}"} for n in range(9)],
    "participants": [{"id": f"p{n}", "name": f"Participant {n}"} for n in range(PEOPLE)],
    "wishes": [
        {"by": f"p{n}", "about": f"p{(n + step * step + 1) % PEOPLE}", "kind": "meet"}
        for n in range(PEOPLE)
        for step in range(8)
    ],
}


@pytest.fixture
def service(shipped, tmp_path):
    """A service of few clusters, a token of its staff, and room here for many clients."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    place = Sqlite(tmp_path).empty()
    served(place)
    with Store.open(place.url) as store:
        token = store.tokens.create("desk", ["staff"])
    service = start(place, shipped)
    yield service, token
    service.end(signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(service):
    """Resident memory in MB."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def seconds_of(service, path):
    begun = time.monotonic()
    assert service.ask("GET", path)[0] == 200
    return time.monotonic() - begun


def assert_well(service, before, what):
    """Health is told soon, memory has not grown; the median, as a busy machine may pause."""
    took = median(seconds_of(service, "/healthz") for _ in range(5))
    assert took < HEALTH_SECONDS, f"{what}: {took:.2f} s"
    grown = memory(service) - before
    assert grown < GROWTH_MB, f"{what}: {grown:.0f} MB"
    return took, grown


@pytest.fixture
def held():
    """Clients that stay until the end."""
    clients = []
    yield clients
    for client in clients:
        client.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory on Linux")
def test_crowds_keep_nobody_waiting(service, held, ledger):
    server, token = service
    asker = json.loads(server.ask("GET", "/api/v1/clusters?limit=1")[1])["clusters"][0]["id"]
    partners = f"/api/v1/clusters/{asker}/partners?k=100&include_weak=true"
    seconds_of(server, partners)
    before = memory(server)
    attacks = {
        f"{JOBS} jobs": lambda: begin_jobs(server, token),
        "200 that read nothing": lambda: crowds.silent(server.port, 200, partners),
        "500 that say nothing": lambda: crowds.idle(server.port, 500),
        "500 that end no body": lambda: crowds.unfinished(server.port, 500, "/api/v1/partners"),
    }
    for what, attack in attacks.items():
        held += attack()
        took, grown = assert_well(server, before, what)
        ledger(f"clients: {what}", 1, 0, {f"ms, {grown:+.0f} MB": round(took * 1000)})
    begun = time.monotonic()
    assert server.end(signal.SIGTERM) == 0
    assert time.monotonic() - begun < END_SECONDS


def begin_jobs(service, token):
    """More jobs than are taken; the others are told when to come again."""
    assert service.ask("POST", "/api/v1/events", json.dumps(EVENT), token)[0] == 200
    wish = json.dumps({"seconds": 30})
    path = "/api/v1/events/big/schedule"
    found = [service.ask("POST", path, wish, token, match=1)[0] for _ in range(JOBS)]
    assert set(found) == {202, 429}
    assert found.count(202) < 30
    return []
