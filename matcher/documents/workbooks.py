"""Excel workbooks; every cell is text or a number, never a formula or link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matcher.documents.agenda import Agenda

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_SAFE_WIDTH = 60
_BASE = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_LOOKS: Mapping[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#0B4F6C"},
    "soft": {"font_color": "#5B6B78"},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F6C"},
    "cell": {"text_wrap": True, "bottom": 1, "bottom_color": "#D5DEE4"},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, a title with a softer line below it, column headings, rows."""

    name: str
    title: str
    subtitle: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def agenda_xlsx(agenda: Agenda) -> bytes:
    """Write one agenda as a workbook of one sheet, ready to print on A4."""
    say = agenda.say
    whom = say("Meeting with") if agenda.of_participant else say("Meeting of")
    rows = [
        (day.title, *entry.times, entry.title, entry.detail, entry.place, entry.link or "")
        for day in agenda.days
        for entry in day.entries
    ]
    sheet = Sheet(
        say("Agenda"),
        agenda.name,
        " · ".join([agenda.event_title, *agenda.lines, agenda.state]),
        (say("Day"), *agenda.clocks, whom, say("Details"), say("Place"), say("Link")),
        rows,
    )
    return workbook([sheet])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets as a workbook, each ready to print on A4."""
    buffer = BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        looks = {name: book.add_format(_BASE | look) for name, look in _LOOKS.items()}
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, looks)
    return buffer.getvalue()


def _fill(page: Worksheet, content: Sheet, looks: Mapping[str, Format]) -> None:
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write(0, 0, content.title, looks["title"])
    page.write(1, 0, content.subtitle, looks["soft"])
    page.write_row(3, 0, content.heading, looks["head"])
    for number, row in enumerate(content.rows, start=4):
        page.write_row(number, 0, row, looks["cell"])
    for column, cells in enumerate(zip(content.heading, *content.rows, strict=True)):
        longest = max(len(str(cell)) for cell in cells)
        page.set_column(column, column, min(longest, _SAFE_WIDTH) + 2)
    page.repeat_rows(3)
    page.freeze_panes(4, 0)
    page.autofilter(3, 0, 3 + len(content.rows), len(content.heading) - 1)
