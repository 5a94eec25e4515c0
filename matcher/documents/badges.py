"""Badges to cut out: eight on a sheet of A4, names in any script that the fonts can draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, KeepInFrame, Spacer

from matcher.documents.fonts import register_fonts
from matcher.documents.paper import DEEP, LINE, SOFT, WARM, text

_COLUMNS, _ROWS = 2, 4
_WIDTH, _HEIGHT = 95 * mm, 67 * mm
_LEFT, _BOTTOM = (A4[0] - _COLUMNS * _WIDTH) / 2, (A4[1] - _ROWS * _HEIGHT) / 2
_PADDING = 7 * mm


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge; the name of a person is written on its line by hand, for we do not keep it.

    Attributes
    ----------
    event, name
        Titles of the event and of the organisation.
    about
        Country, and the role of who wears it.
    """

    event: str
    name: str
    about: str


def badges_pdf(badges: Sequence[Badge], title: str, language: str) -> bytes:
    """Draw badges with lines to cut along; the same badges give the same bytes."""
    register_fonts()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, lang=language)
    canvas.setTitle(title)
    for number, badge in enumerate(badges):
        place = number % (_COLUMNS * _ROWS)
        if number and place == 0:
            canvas.showPage()
        row, column = divmod(place, _COLUMNS)
        _draw(canvas, badge, _LEFT + column * _WIDTH, _BOTTOM + (_ROWS - 1 - row) * _HEIGHT)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, badge: Badge, left: float, bottom: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.rect(left, bottom, _WIDTH, _HEIGHT)
    inside = _WIDTH - 2 * _PADDING
    parts: list[Flowable] = [
        text(badge.event, 9, WARM, bold=True),
        Spacer(0, 12 * mm),
        HRFlowable("100%", color=SOFT, spaceBefore=0, spaceAfter=4 * mm),
        text(badge.name, 17, DEEP, bold=True),
        Spacer(0, 1.5 * mm),
        text(badge.about, 10, SOFT),
    ]
    frame = KeepInFrame(inside, _HEIGHT - 2 * _PADDING, parts, mode="shrink")
    _, height = frame.wrapOn(canvas, inside, _HEIGHT - 2 * _PADDING)
    frame.drawOn(canvas, left + _PADDING, bottom + _HEIGHT - _PADDING - height)
