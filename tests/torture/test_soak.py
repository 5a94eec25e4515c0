"""Thousands of requests, writes among them: memory and descriptors stay as they were."""

import json
import re
import signal
from collections import Counter
from pathlib import Path

import pytest
from ordeals import newcomers
from running import start
from stage import served

from matcher.store import Store

WARM = 500
GROWTH = {"short": 0.10, "long": 0.05}
POOLED = 3 * 8
"""Descriptors that connections of eight threads may yet open: a database, its log, its index."""
EVERY = 97
"""One request in so many is an import, which builds the index anew."""


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def descriptors(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def request(number, ids):
    """A request by its number: method, path, body, and who may not be told the truth."""
    key, other = ids[number % len(ids)], ids[(number * 7 + 1) % len(ids)]
    text = {"text": f"We are {number} makers of wood and wine in the hills", "k": 5}
    kinds = (
        ("GET", f"/api/v1/clusters/{key}/partners?k={1 + number % 20}", None),
        ("GET", f"/api/v1/clusters/{key}", None),
        ("GET", f"/api/v1/pairs/{key}/{other}", None),
        ("GET", f"/api/v1/clusters?q={key[3:8]}&limit=5", None),
        ("POST", "/api/v1/partners", text),
        ("GET", f"/clusters/{key}/partners?lang=uk", None),
        ("GET", f"/pairs/{key}/{other}", None),
        ("GET", f"/api/v1/clusters/xx-{number}", None),
        ("POST", "/api/v1/partners", {"k": -number}),
        ("GET", "/metrics", None),
        ("GET", f"/suggestions?q={key[3:6]}", None),
        ("GET", "/api/v1/introductions", None),
    )
    method, path, body = kinds[number % len(kinds)]
    return method, path, None if body is None else json.dumps(body)


def work(service, numbers, ids, token):
    """Make the requests; count the statuses."""
    statuses = Counter()
    for number in numbers:
        if number % EVERY == 0:
            status = service.send(newcomers(f"City {number % 2}"), token)
        elif number % EVERY == 1:
            status, _ = service.ask("GET", "/api/v1/people", token=token)
        else:
            status, _ = service.ask(*request(number, ids))
        statuses[status] += 1
    return statuses


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux to look inside")
def test_a_soak_leaves_the_service_as_it_was(stage, shipped, long, ledger):
    if stage.name == "postgresql" and not long:
        pytest.skip("the long run soaks both engines")
    place, requests = stage.empty(), 24_000 if long else 600
    served(place)
    with Store.open(place.url) as store:
        token = store.tokens.create("office", ["import", "staff"])
    service, ids = start(place, shipped), []
    try:
        _, body = service.ask("GET", "/api/v1/clusters?limit=100")
        ids = [one["id"] for one in json.loads(body)["clusters"]]
        work(service, range(WARM), ids, token)
        before = resident(service.process.pid), descriptors(service.process.pid)
        statuses = work(service, range(WARM, WARM + requests), ids, token)
        after = resident(service.process.pid), descriptors(service.process.pid)
    finally:
        service.end(signal.SIGTERM)
    stage.drop(place)
    growth = after[0] / before[0] - 1
    failed = sum(count for status, count in statuses.items() if status is None or status >= 500)
    told = {f"with status {status}": count for status, count in sorted(statuses.items())}
    ledger(f"soak ({growth:+.1%} memory), {stage.name}", requests, failed, told)
    assert failed == 0
    assert {200, 401, 404, 422} <= statuses.keys()
    assert after[1] <= before[1] + POOLED
    assert growth < GROWTH["long" if long else "short"], (before, after)
