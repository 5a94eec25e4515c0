"""What the service has said that it did is done, however it ends."""

import random
import signal
import threading
from collections import Counter

from ordeals import newcomers
from running import start
from stage import opened, served

from matcher.store import Store


def batch(number):
    """Two clusters that must come together or not at all."""
    first, second, *_ = newcomers(f"City {number}")
    return [one.model_copy(update={"id": f"{one.id}-{number}"}) for one in (first, second)]


def import_until_the_end(service, token, numbers, acknowledged):
    for number in numbers:
        if service.send(batch(number), token) != 200:
            return
        acknowledged.append(number)


def test_acknowledged_imports_survive_the_end_of_the_service(stage, shipped, long, ledger):
    place = stage.empty()
    served(place)
    with Store.open(place.url) as store:
        token = store.tokens.create("office", ["import"])
    draw, ends, lost = random.Random(23), Counter(), 0
    sent, acknowledged = iter(range(10_000)), []
    for trial in range(40 if long else 2):
        service, before = start(place, shipped), len(acknowledged)
        client = threading.Thread(
            target=import_until_the_end, args=(service, token, sent, acknowledged)
        )
        client.start()
        client.join(draw.uniform(0.05, 1.5))
        how = (signal.SIGKILL, signal.SIGTERM)[trial % 4 == 1]
        status = service.end(how)
        client.join(300)
        assert not client.is_alive()
        assert status == (0 if how == signal.SIGTERM else -signal.SIGKILL)
        stage.wait(place)
        with opened(place) as matcher:
            there = {one.id for one in matcher.clusters}
        tried = range(max(acknowledged, default=-1) + 2)
        wrong = [
            number
            for number in tried
            if len(there & {one.id for one in batch(number)}) not in _allowed(number, acknowledged)
        ]
        lost += len(wrong)
        ends[how.name] += 1
        ends["acknowledged"] += len(acknowledged) - before
    stage.drop(place)
    ledger(f"end of the service, {stage.name}", ends["SIGKILL"] + ends["SIGTERM"], lost, ends)
    assert lost == 0
    assert ends["acknowledged"] > 0


def _allowed(number, acknowledged):
    """How many clusters of a batch may be there."""
    return {2} if number in acknowledged else {0, 2}
