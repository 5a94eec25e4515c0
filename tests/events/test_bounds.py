"""A megabyte of the worst that an event may be made of."""

from datetime import UTC, datetime, timedelta
from resource import RUSAGE_SELF, getrusage
from time import process_time

import pytest

from matcher.errors import InvalidInputError
from matcher.events.bounds import MOST_PROBLEMS
from matcher.events.event import parse_event

SECONDS, KILOBYTES = 2, 100_000
NINE = datetime(2026, 11, 12, 9, tzinfo=UTC)


def stretch(first, last, **more):
    minute = timedelta(minutes=1)
    return {"start": NINE + first * minute, "end": NINE + last * minute} | more


WORST = {
    "slots": {"slots": [stretch(n, n + 1, id=str(n)) for n in range(10_000)]},
    "slots that are none": {"slots": [0] * 500_000},
    "breaks over all slots": {
        "slots": [stretch(n, n + 1, id=str(n)) for n in range(500)],
        "breaks": [stretch(0, 500, title="x")] * 100,
    },
    "participants that are none": {"participants": [{}] * 300_000},
    "roles that are none": {"participants": [{"id": "a", "name": "A", "delegates": [0] * 500_000}]},
    "presence": {"participants": [{"id": "a", "name": "A", "available": [0] * 500_000}]},
    "wishes that are none": {"wishes": [0] * 500_000},
    "wishes of strangers": {
        "wishes": [{"by": f"x{n}", "about": "b", "kind": "meet"} for n in range(20_000)]
    },
    "pairs that met": {"met_before": [["a", "b"]] * 100_000},
    "fixed meetings": {"fixed": [{"a": "a", "b": "b", "slot": "9"}] * 20_000},
    "minima above maxima": {
        "participants": [
            {"id": f"p{n}", "name": "A", "minimum": 2, "maximum": 1} for n in range(2_000)
        ]
    },
}


@pytest.mark.parametrize("lists", WORST.values(), ids=WORST)
def test_the_worst_megabyte_is_refused_at_once(lists):
    data = {
        "id": "worst",
        "title": "Worst",
        "zone": "Europe/Kyiv",
        "slots": [stretch(0, 1, id="1")],
        "places": [{"id": "t", "name": "T"}],
        "participants": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        **lists,
    }
    memory, begun = getrusage(RUSAGE_SELF).ru_maxrss, process_time()
    with pytest.raises(InvalidInputError) as caught:
        parse_event(data)
    assert process_time() - begun < SECONDS
    assert getrusage(RUSAGE_SELF).ru_maxrss - memory < KILOBYTES
    assert 1 <= len(caught.value.problems) <= MOST_PROBLEMS
