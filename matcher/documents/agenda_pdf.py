"""Agendas on paper: one HTML page that stands alone, and a PDF; each agenda begins a new page."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from matcher.documents.agenda import Agenda, Day, Entry
from matcher.documents.fonts import FAMILY, markup, register_fonts
from matcher.i18n import SOURCE
from matcher.i18n.languages import Language, language

_INK, _SOFT, _DEEP, _WARM = "#1D2B36", "#5B6B78", "#0B4F6C", "#9A5212"
_PANEL, _LINE = HexColor("#F2F6F8"), HexColor("#D5DEE4")
_MARGIN = 16 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_TIME, _PLACE = 33 * mm, 32 * mm


def agendas_html(agendas: Sequence[Agenda]) -> str:
    """Render agendas of one language as one HTML page: no script, nothing loaded, all escaped."""
    return _template().render(agendas=agendas, say=_language(agendas))


def _language(agendas: Sequence[Agenda]) -> Language:
    return agendas[0].say if agendas else language(SOURCE)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("agendas.html")


def agendas_pdf(agendas: Sequence[Agenda]) -> bytes:
    """Render agendas of one language as a PDF on A4; the same agendas give the same bytes."""
    register_fonts()
    buffer, say = BytesIO(), _language(agendas)
    title = agendas[0].event_title if agendas else say("Agendas")
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN - 6,
        rightMargin=_MARGIN - 6,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=title,
        lang=say.code,
        invariant=1,
    )
    story: list[Flowable] = []
    for number, agenda in enumerate(agendas):
        story += [PageBreak()] if number else []
        story += _agenda(agenda)
    story = story or [_text(say("No meetings."), 11)]

    def footer(canvas: Canvas, document: SimpleDocTemplate) -> None:
        _footer(canvas, title, document.page)

    template.build(story, onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _agenda(agenda: Agenda) -> list[Flowable]:
    count = agenda.say("Meetings: {count}", count=agenda.meetings)
    story: list[Flowable] = [
        _row(
            [
                _text(agenda.event_title, 9, colour=_WARM, bold=True),
                _text(agenda.state, 9, colour=_SOFT, right=True),
            ],
            [_WIDTH * 0.65, _WIDTH * 0.35],
        ),
        Spacer(0, 3 * mm),
        _text(agenda.name, 20, colour=_DEEP, bold=True),
        Spacer(0, 1.5 * mm),
        _text(" · ".join([*agenda.lines, count]), 10, colour=_SOFT),
        Spacer(0, 5 * mm),
    ]
    for day in agenda.days:
        story += [_day(agenda, day), Spacer(0, 6 * mm)]
    if not agenda.days:
        story.append(_text(agenda.say("No meetings."), 11))
    return story


def _day(agenda: Agenda, day: Day) -> Flowable:
    say, clocks = agenda.say, [_text(clock, 8, colour=_SOFT) for clock in agenda.clocks]
    titles = [say("Meeting with"), say("Place")] if agenda.of_participant else [say("Meeting")]
    rows: list[list[Flowable | list[Flowable]]] = [
        [*clocks, *(_text(title, 8, colour=_SOFT) for title in titles)]
    ]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 4.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
        ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor(_DEEP)),
    ]
    for number, entry in enumerate(day.entries, start=1):
        rows.append(_entry(entry)[: len(rows[0])])
        if entry.meeting is None:
            style.append(("BACKGROUND", (0, number), (-1, number), _PANEL))
    widths = [_TIME] * len(clocks) + [0, _PLACE][: len(titles)]
    widths[len(clocks)] = _WIDTH - sum(widths)
    table = Table(rows, colWidths=widths, repeatRows=1, style=TableStyle(style))
    title = _text(day.title, 12.5, colour=_DEEP, bold=True)
    return KeepTogether([title, Spacer(0, 1.5 * mm), table])


def _entry(entry: Entry) -> list[Flowable | list[Flowable]]:
    pause = entry.meeting is None
    first, *others = entry.times
    times: list[Flowable | list[Flowable]] = [
        _text(first, 10.5, colour=_SOFT if pause else _INK, bold=not pause)
    ]
    times += [_text(time, 10.5, colour=_SOFT) for time in others]
    about: list[Flowable] = [
        _text(entry.title, 10.5, colour=_SOFT if pause else _INK, bold=not pause)
    ]
    if entry.detail:
        about.append(_text(entry.detail, 8.5, colour=_SOFT))
    if entry.link:
        about.append(_text(entry.link, 8, colour=_DEEP))
    return [*times, about, _text(entry.place, 10.5)]


def _row(cells: Sequence[Flowable], widths: Sequence[float]) -> Table:
    padding = ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)
    return Table([list(cells)], colWidths=list(widths), style=TableStyle(list(padding)))


def _text(
    text: str, size: float, *, colour: str = _INK, bold: bool = False, right: bool = False
) -> Paragraph:
    style = ParagraphStyle(
        "text",
        fontName=f"{FAMILY}-{'SemiBold' if bold else 'Regular'}",
        fontSize=size,
        leading=size * 1.25,
        textColor=HexColor(colour),
        alignment=2 if right else 0,
    )
    return Paragraph(markup(text), style)


def _footer(canvas: Canvas, title: str, page: int) -> None:
    canvas.saveState()
    canvas.setFont(f"{FAMILY}-Regular", 8)
    canvas.setFillColor(HexColor(_SOFT))
    canvas.drawString(_MARGIN, 9 * mm, title)
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(page))
    canvas.restoreState()
