"""Agendas and whole schedules as Excel workbooks; every cell is text, never a formula or link."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matcher.events.agendas import Agenda, agenda_labels, participant_agenda
from matcher.events.event import Event
from matcher.events.plan import Schedule
from matcher.introductions.briefs.labels import Language

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_SAFE_WIDTH = 60


def agenda_xlsx(agenda: Agenda) -> bytes:
    """Write one agenda as a workbook of one sheet, ready to print on A4."""
    book, say = _Book(), agenda.say
    heading = [clock.label for clock in agenda.clocks]
    rows = [
        (day.title, *entry.times, entry.title, entry.detail, entry.place, entry.link or "")
        for day in agenda.days
        for entry in day.entries
    ]
    whom = say("meeting_with" if agenda.of_participant else "meeting_of")
    book.sheet(
        say("agenda"),
        (agenda.name, " · ".join([agenda.event_title, *agenda.lines, agenda.state])),
        (say("day"), *heading, whom, say("about"), say("place"), say("link")),
        rows,
    )
    return book.content()


def schedule_xlsx(event: Event, schedule: Schedule, language: Language = "en") -> bytes:
    """Write the whole schedule for staff: meetings, how everybody fares, and who was left out.

    The last sheet holds reasons that are for staff only; in English they also name who and how
    many.
    """
    book, say = _Book(), agenda_labels(language)
    title = (event.title, say(f"schedule_{schedule.state}"))
    names = {one.id: one.name for one in event.participants}
    agendas = [participant_agenda(event, schedule, one.id, language) for one in event.participants]
    rows = {
        entry.meeting: (day.title, entry.times[0], entry.place)
        for agenda in agendas
        for day in agenda.days
        for entry in day.entries
        if entry.meeting
    }
    book.sheet(
        say("meetings"),
        title,
        (
            say("day"),
            agendas[0].clocks[0].label if agendas else say("time"),
            *(say(key) for key in ("place", "side_a", "side_b")),
        ),
        [(*rows[m], names[m.a], names[m.b]) for m in schedule.meetings],
    )
    book.sheet(
        say("participants"),
        title,
        [say(key) for key in ("participant", "meetings", "minimum", "idle_gaps", "table_changes")],
        [
            (names[one.id], one.meetings, one.minimum, one.idle_gaps, one.table_changes)
            for one in schedule.loads
        ],
    )
    book.sheet(
        say("not_scheduled"),
        title,
        [say(key) for key in ("side_a", "side_b", "wished_by", "must", "reason", "staff_only")],
        [
            (
                names[one.a],
                names[one.b],
                ", ".join(names[key] for key in one.wished_by),
                say("must_mark") if one.must else "",
                one.reason if language == "en" else say(f"missed_{one.code}"),
                say("yes") if one.private else "",
            )
            for one in schedule.missed
        ],
    )
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

    def sheet(
        self,
        name: str,
        title: tuple[str, str],
        heading: Sequence[str],
        rows: Iterable[Sequence[str | int]],
    ) -> None:
        """Add a sheet: title, a soft line below it, heading, rows."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title[0], self._title)
        sheet.write_string(1, 0, title[1], self._soft)
        table = [heading, *rows]
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                form = self._cell if number else self._head
                self._write(sheet, (3 + number, column), value, form)
        for column in range(len(heading)):
            longest = max(len(str(row[column])) for row in table)
            sheet.set_column(column, column, min(longest, _SAFE_WIDTH) + 2)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 2 + len(table), len(heading) - 1)

    @staticmethod
    def _write(sheet: Worksheet, at: tuple[int, int], value: str | int, form: Format) -> None:
        if isinstance(value, int):
            sheet.write_number(*at, value, form)
        else:
            sheet.write_string(*at, value, form)

    def content(self) -> bytes:
        """Close the workbook and give its bytes."""
        self._book.close()
        return self._buffer.getvalue()
