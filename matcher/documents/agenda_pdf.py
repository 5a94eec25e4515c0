"""Agendas on paper: one HTML page that stands alone, and a PDF; each agenda begins a new page."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Spacer, Table

from matcher.documents.agenda import Agenda, Day, Entry
from matcher.documents.fonts import markup, register_fonts
from matcher.documents.paper import (
    DEEP,
    INK,
    LINE,
    PANEL,
    SOFT,
    WARM,
    bound,
    grid,
    paragraph,
    row,
    text,
)
from matcher.documents.text import opening
from matcher.i18n import SOURCE
from matcher.i18n.languages import Language, language

_MARGIN = 16 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_TIME, _PLACE = 33 * mm, 32 * mm
_FOOTER_LETTERS = 100


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
    say = _language(agendas)
    title = agendas[0].event_title if agendas else say("Agendas")
    story: list[Flowable] = []
    for number, agenda in enumerate(agendas):
        story += [PageBreak()] if number else []
        story += _agenda(agenda)
    story = story or [text(say("No meetings."), 11)]
    margins = (16 * mm, _MARGIN, 18 * mm)

    def footer(canvas: Canvas, page: int) -> None:
        _footer(canvas, title, page)

    return bound(story, title=title, language=say.code, margins=margins, footer=footer)


def _agenda(agenda: Agenda) -> list[Flowable]:
    count = agenda.say("Meetings: {count}", count=agenda.meetings)
    story: list[Flowable] = [
        row(
            [
                text(agenda.event_title, 9, WARM, bold=True),
                text(agenda.state, 9, SOFT, right=True),
            ],
            [_WIDTH * 0.65, _WIDTH * 0.35],
        ),
        Spacer(0, 3 * mm),
        text(agenda.name, 20, DEEP, bold=True),
        Spacer(0, 1.5 * mm),
        text(" · ".join([*agenda.lines, count]), 10, SOFT),
        Spacer(0, 5 * mm),
    ]
    for day in agenda.days:
        story += [_day(agenda, day), Spacer(0, 6 * mm)]
    if not agenda.days:
        story.append(text(agenda.say("No meetings."), 11))
    return story


def _day(agenda: Agenda, day: Day) -> Flowable:
    say, clocks = agenda.say, [text(clock, 8, SOFT) for clock in agenda.clocks]
    titles = [say("Meeting with"), say("Place")] if agenda.of_participant else [say("Meeting")]
    rows: list[list[Flowable | list[Flowable]]] = [
        [*clocks, *(text(title, 8, SOFT) for title in titles)]
    ]
    style = grid(top=4.5, right=6, bottom=5.5, left=6)
    style.add("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)
    style.add("LINEBELOW", (0, 0), (-1, 0), 1, DEEP)
    for number, entry in enumerate(day.entries, start=1):
        rows.append(_entry(entry, say)[: len(rows[0])])
        if entry.meeting is None:
            style.add("BACKGROUND", (0, number), (-1, number), PANEL)
    widths = [_TIME] * len(clocks) + [0, _PLACE][: len(titles)]
    widths[len(clocks)] = _WIDTH - sum(widths)
    table = Table(rows, colWidths=widths, repeatRows=1, style=style)
    title = text(day.title, 12.5, DEEP, bold=True)
    return KeepTogether([title, Spacer(0, 1.5 * mm), table])


def _entry(entry: Entry, say: Language) -> list[Flowable | list[Flowable]]:
    pause = entry.meeting is None
    first, *others = entry.times
    times: list[Flowable | list[Flowable]] = [
        text(first, 10.5, SOFT if pause else INK, bold=not pause)
    ]
    times += [text(time, 10.5, SOFT) for time in others]
    about: list[Flowable] = [text(entry.title, 10.5, SOFT if pause else INK, bold=not pause)]
    if entry.detail:
        about.append(text(entry.detail, 8.5, SOFT))
    if entry.who:
        about.append(text(say("Comes: {names}", names="; ".join(entry.who)), 8.5))
    about += [text(reason, 8.5) for reason in entry.why]
    if entry.brief:
        words = markup(say("Brief of the two"))
        about.append(paragraph(f'<link href="{markup(entry.brief)}">{words}</link>', 8, DEEP))
    if entry.link:
        about.append(text(entry.link, 8, DEEP))
    return [*times, about, text(entry.place, 10.5)]


def _footer(canvas: Canvas, title: str, page: int) -> None:
    canvas.saveState()
    line = row(
        [text(opening(title, _FOOTER_LETTERS), 8, SOFT), text(str(page), 8, SOFT, right=True)],
        [_WIDTH * 0.9, _WIDTH * 0.1],
    )
    line.wrapOn(canvas, _WIDTH, 12 * mm)
    line.drawOn(canvas, _MARGIN, 7 * mm)
    canvas.restoreState()
