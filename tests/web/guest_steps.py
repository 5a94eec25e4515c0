"""A participant of an event, by its link: a part of the rehearsal of those who take part."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from desk_steps import assert_nothing_serious

from matcher.events.event import Event, Participant, Place, slot_grid, sorted_pair
from matcher.events.repository import Meetings
from matcher.events.scheduler import schedule
from matcher.matcher import Matcher

GUEST = "guest@example.org"


def choose_and_meet(
    staff: Any,
    guest: Any,
    matcher: Matcher,
    letter: Callable[[str], str],
    pair: tuple[str, str],
    shot: Callable[[Any, str], None],
) -> None:
    """From the letter with the link to the meeting with its call."""
    meetings, (one, other) = Meetings(matcher.store.database), pair
    day = datetime.now(UTC).date() + timedelta(days=100)
    event = Event(
        id="wine-talks",
        title="Wine talks",
        zone="Europe/Brussels",
        slots=slot_grid("Europe/Brussels", [(day, time(9), time(11))], 25, pause=5),
        places=(Place(id="o1", name="Room 1", kind="online"),),
        spare_share=0,
        participants=tuple(Participant(id=key, name=matcher.find(key).name) for key in pair),
    )
    meetings.add(event)
    staff.goto("/staff/events/wine-talks/guests")
    name = event.participants[0].name
    staff.get_by_label(f"E-mail address: {name}").fill(GUEST)
    for each in event.participants:
        staff.get_by_role("checkbox", name=each.name).set_checked(each.id == one)
    shot(staff, "event-guests")
    assert_nothing_serious(staff)
    staff.get_by_role("button", name="Send the link").click()
    staff.get_by_text("Letters written: 1").wait_for()
    staff.get_by_label("A pattern, or one link in each line").fill(
        "https://meet.example.org/wine-{meeting}"
    )
    staff.locator("#links ~ button").click()
    staff.get_by_text("Saved.").wait_for()
    guest.goto(link_in(letter(GUEST)))
    shot(guest, "guest")
    assert_nothing_serious(guest)
    guest.get_by_role("button", name="Must meet").click()
    guest.get_by_text("Saved.").wait_for()
    guest.get_by_label("From").fill("09:30")
    guest.locator("form:has(.hours) button").click()
    guest.get_by_text("Saved.").wait_for()
    stored = meetings.get(event.id)
    plan = schedule(stored.event, {sorted_pair(one, other): 0.9}, seconds=0.1)
    meetings.save(stored.event, plan, version=stored.version)
    staff.reload()
    staff.get_by_role("button", name="Send the meetings").click()
    staff.get_by_text("Letters written: 1").wait_for()
    guest.goto(link_in(letter(GUEST)))
    assert "https://meet.example.org/wine-" in str(
        guest.get_by_role("link", name="Join the call").get_attribute("href")
    )
    shot(guest, "guest-meetings")
    assert_nothing_serious(guest)


def link_in(text: str) -> str:
    """The link to the page of a participant."""
    return re.findall(r"https?://\S+/participant\?\S+", text)[0]
