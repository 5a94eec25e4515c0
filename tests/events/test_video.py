"""Links of online meetings."""

import pytest

from matcher.errors import InvalidInputError
from matcher.events.event import Place
from matcher.events.scheduler import schedule
from matcher.events.settings import Video
from matcher.events.video import linked, read_video, without_link

LINKS = [f"https://meet.example.org/{n}" for n in range(40)]


@pytest.fixture
def online(fair):
    rooms = tuple(Place(id=f"o{n}", name=f"Room {n}", kind="online") for n in range(4))
    return fair.model_copy(update={"places": rooms, "fixed": ()})


def test_pasted_links_go_to_meetings_in_order_and_stay(online, fair_values):
    plan = schedule(online, fair_values, seconds=0.2)
    pairs = [one.pair for one in plan.meetings]
    assert [one.pair for one in without_link(online, plan)] == pairs
    few = read_video("\n".join(LINKS[: len(pairs) - 1]), Video())
    short = linked(online.model_copy(update={"video": few}), plan)
    assert short.video.links == dict(zip(pairs[:-1], LINKS, strict=False))
    assert [one.pair for one in without_link(short, plan)] == pairs[-1:]
    more = read_video("\n".join(LINKS), short.video)
    full = linked(short.model_copy(update={"video": more}), plan)
    assert full.video.links == short.video.links | {pairs[-1]: LINKS[len(pairs) - 1]}
    assert full.video.spare == tuple(LINKS[len(pairs) :])
    assert without_link(full, plan) == []
    assert linked(full, plan).video == full.video


def test_a_room_with_a_link_needs_no_other(online, fair_values):
    rooms = tuple(one.model_copy(update={"link": LINKS[0]}) for one in online.places)
    event = online.model_copy(update={"places": rooms})
    assert without_link(event, schedule(event, fair_values, seconds=0.1)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://meet.example.org/{meeting}",
        "javascript:alert(1)",
        "https://meet.example.org/{meeting}\nhttps://meet.example.org/1",
        "not a link",
    ],
)
def test_what_is_no_link_is_refused(typed):
    with pytest.raises(InvalidInputError):
        read_video(typed, Video())
