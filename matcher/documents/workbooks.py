"""Excel workbooks; every cell is text or a number, never a formula or link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matcher.documents.agenda import Agenda

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_SAFE_WIDTH = 60


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
    book = _Book()
    for sheet in sheets:
        book.add(sheet)
    return book.content()


class _Book:
    def __init__(self) -> None:
        self._buffer = BytesIO()
        self._book = Workbook(self._buffer, _OPTIONS)
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._title = self._format(base | {"bold": True, "font_size": 16, "font_color": "#0B4F6C"})
        self._soft = self._format(base | {"font_color": "#5B6B78"})
        self._head = self._format(
            base | {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F6C"}
        )
        line = {"bottom": 1, "bottom_color": "#D5DEE4"}
        self._cell = self._format(base | {"text_wrap": True} | line)

    def _format(self, options: dict[str, object]) -> Format:
        return self._book.add_format(options)

    def add(self, content: Sheet) -> None:
        sheet = self._book.add_worksheet(content.name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, content.title, self._title)
        sheet.write_string(1, 0, content.subtitle, self._soft)
        table = [content.heading, *content.rows]
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                form = self._cell if number else self._head
                self._write(sheet, (3 + number, column), value, form)
        for column in range(len(content.heading)):
            longest = max(len(str(row[column])) for row in table)
            sheet.set_column(column, column, min(longest, _SAFE_WIDTH) + 2)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 2 + len(table), len(content.heading) - 1)

    @staticmethod
    def _write(sheet: Worksheet, at: tuple[int, int], value: str | int, form: Format) -> None:
        if isinstance(value, int):
            sheet.write_number(*at, value, form)
        else:
            sheet.write_string(*at, value, form)

    def content(self) -> bytes:
        self._book.close()
        return self._buffer.getvalue()
