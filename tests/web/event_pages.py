"""Steps on the pages of an event that its tests share, in a real browser."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl

DAY = "2026-11-12"
Rows = list[list[object]]


def workbook(**sheets: Rows) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def upload(content: bytes, name: str = "event.xlsx") -> dict[str, Any]:
    """A file as a form takes it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def make_event(window: Any, title: str, tables: int, file: bytes | None = None) -> None:
    """Make an event of one morning with a break, by form and file; its page opens."""
    if not window.locator("#new").is_visible():
        window.get_by_text("New event", exact=True).click()
    window.get_by_label("Title", exact=True).first.fill(title)
    window.get_by_label("Venue").fill("Square, Brussels")
    window.get_by_label("Tables", exact=True).fill(str(tables))
    day = window.locator("[data-list=days] .stretch")
    day.get_by_label("Day").fill(DAY)
    day.get_by_label("From").fill("09:00")
    day.get_by_label("To").fill("12:30")
    window.get_by_role("button", name="Add a break").click()
    pause = window.locator("[data-list=breaks] .stretch")
    assert pause.get_by_label("Title").input_value() == "Coffee"
    pause.get_by_label("Day").fill(DAY)
    pause.get_by_label("From").fill("10:30")
    pause.get_by_label("To").fill("11:00")
    if file:
        window.get_by_label("A file with the participants").set_input_files(upload(file))
    window.get_by_role("button", name="Create the event").click()
    window.wait_for_url("**/staff/events/*")
    window.get_by_role("heading", name=title, level=1).wait_for()
    window.locator("#desk").wait_for()


def schedule(window: Any, seconds: int = 1) -> None:
    """Let the event be scheduled, and wait for the timetable."""
    window.get_by_label("Seconds to spend on it").fill(str(seconds))
    window.get_by_role("button", name="Create the schedule").click()
    window.locator("#message", has_text="The schedule is ready.").wait_for(timeout=60_000)
    window.locator("#timetable table").wait_for()


class Day:
    """What is done on the day, each in at most six steps: clicks, and fields filled."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._form = window.locator("#cancel")

    def _do(self, steps: list[Callable[[], None]], then: str) -> None:
        assert len(steps) <= 6
        for step in steps:
            step()
        self._window.locator(then).first.wait_for(timeout=60_000)

    def _work_in(self, who: str, steps: list[Callable[[], None]], then: str) -> None:
        self._window.locator("#changes").evaluate("box => { box.hidden = true; }")
        choose = lambda: self._form.locator("[name=who]").select_option(who)  # noqa: E731
        button = self._form.get_by_role("button").click
        self._do([choose, *steps, button], f"#changes:visible :text('{then}')")

    def cancel(self, who: str) -> None:
        self._work_in(who, [], "is cancelled")

    def presence(self, who: str, what: str, field: str, moment: datetime) -> None:
        instant = moment.isoformat().replace("+00:00", "Z")
        steps = [
            lambda: self._form.locator("[name=what]").select_option(what),
            lambda: self._form.locator(f"[name={field}]").select_option(instant),
        ]
        self._work_in(who, steps, "are worked in")

    def by_hand(self, meeting: str, slot: str) -> None:
        form = self._window.locator("#by-hand")
        self._do(
            [
                lambda: form.locator("[name=meeting]").select_option(meeting),
                lambda: form.locator("[name=slot]").select_option(slot),
                lambda: form.get_by_role("button", name="Show what it comes to").click(),
                lambda: form.get_by_role("button", name="Make this change").click(),
            ],
            "#message:visible :text('Saved.')",
        )

    def tell(self, letters: int) -> None:
        self._do(
            [lambda: self._window.get_by_role("button", name="Tell them by letter").click()],
            f"#message:visible :text('Letters written: {letters}.')",
        )
        self._window.locator("#untold").wait_for(state="hidden")
