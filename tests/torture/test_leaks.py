"""What is opened is closed: no descriptor, thread, connection or memory map is left behind."""

import gc
import threading
from pathlib import Path

from stage import opened, served

from matcher.config import Settings
from matcher.web import create_app

ROUNDS = 50
WARM = 3


def held(stage, place):
    """What this process holds: descriptors, threads, connections, mapped files of the index."""
    gc.collect()
    maps = Path("/proc/self/maps").read_text().splitlines()
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "connections": getattr(stage, "connections", lambda _: 0)(place),
        "maps": sum(str(place.home) in line for line in maps),
    }


def use_an_application(place, settings):
    with opened(place) as matcher:
        client = create_app(matcher, settings).test_client()
        assert client.get("/readyz").json["status"] == "ready"
        first = matcher.clusters[0].id
        assert client.get(f"/api/v1/clusters/{first}/partners").status_code == 200


def test_50_applications_leave_nothing_behind(stage, ledger):
    place = stage.empty()
    served(place)
    settings = Settings(home=place.home, database_url=place.url, rate_limit=0)
    before = {}
    for number in range(WARM + ROUNDS):
        if number == WARM:
            before = held(stage, place)
        use_an_application(place, settings)
    stage.wait(place)
    after = held(stage, place)
    stage.drop(place)
    ledger(f"applications opened and closed, {stage.name}", ROUNDS, int(after != before), {})
    assert after == before
    assert after["connections"] == after["maps"] == 0
