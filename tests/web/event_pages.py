"""Steps on the pages of an event that its tests share, in a real browser."""

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
