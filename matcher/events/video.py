"""A link for each online meeting, from a pattern or from a list that was pasted once."""

import secrets
from collections.abc import Iterator

from matcher.errors import InvalidInputError
from matcher.events.bounds import MOST_WISHES
from matcher.events.event import Event
from matcher.events.plan import Meeting, Schedule
from matcher.events.refusals import REFUSALS
from matcher.events.settings import MEETING, MeetingLink, Video
from matcher.profiles.problems import parsed


def read_video(text: str, before: Video) -> Video:
    """Read what organisers typed: one pattern, or links, one in a line; links given stay given.

    Raises
    ------
    InvalidInputError
        It is no web address, or both a pattern and links.
    """
    lines = list(dict.fromkeys(text.split()))
    if len(lines) > 1 and any(MEETING in line for line in lines):
        raise InvalidInputError(REFUSALS["both"])
    pattern = lines[0] if lines and MEETING in lines[0] else None
    taken = {one.link for one in before.given}
    spare = [] if pattern else [line for line in lines if line not in taken]
    data = {"pattern": pattern, "spare": spare, "given": before.given}
    return parsed(Video, data, REFUSALS["links"])


def linked(event: Event, plan: Schedule | None) -> Event:
    """Give each online meeting without a link of its own one, as long as there are any."""
    video = event.video
    if plan is None or not (video.pattern or video.spare):
        return event
    links = video.links
    announced = {one.pair for one in (*plan.meetings, *plan.withdrawn)}
    kept = [one for one in video.given if (one.a, one.b) in announced]
    waiting = [one for one in _online(event, plan) if one.pair not in links]
    room = MOST_WISHES - len(kept)
    given = [
        MeetingLink(a=one.a, b=one.b, link=link)
        for one, link in zip(waiting[:room], _fresh(video), strict=False)
    ]
    spare = video.spare if video.pattern else video.spare[len(given) :]
    update = {"given": (*kept, *given), "spare": spare}
    return event.model_copy(update={"video": video.model_copy(update=update)})


def without_link(event: Event, plan: Schedule) -> list[Meeting]:
    """Online meetings that have no link, neither their own nor that of their room."""
    links = event.video.links
    rooms = {place.id for place in event.places if place.link}
    return [one for one in _online(event, plan) if one.pair not in links and one.place not in rooms]


def _online(event: Event, plan: Schedule) -> Iterator[Meeting]:
    rooms = {place.id for place in event.places if place.kind == "online"}
    return (one for one in plan.meetings if one.place in rooms)


def _fresh(video: Video) -> Iterator[str]:
    if video.pattern is None:
        return iter(video.spare)
    pattern = video.pattern
    return (pattern.replace(MEETING, secrets.token_hex(6)) for _ in iter(int, 1))
