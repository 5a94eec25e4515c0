"""What all PDF papers share: colours, type, and plain tables."""

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from matcher.documents.fonts import FAMILY, markup

INK, SOFT, DEEP, WARM = (HexColor(code) for code in ("#1D2B36", "#5B6B78", "#0B4F6C", "#9A5212"))
PANEL, LINE = HexColor("#F2F6F8"), HexColor("#D5DEE4")
_FRAME_PADDING = 6
"""What reportlab leaves free within a frame, all round."""


def paragraph(
    marked_up: str, size: float, colour: Color = INK, *, bold: bool = False, right: bool = False
) -> Paragraph:
    """Set text that is marked up for reportlab already."""
    style = ParagraphStyle(
        "text",
        fontName=f"{FAMILY}-{'SemiBold' if bold else 'Regular'}",
        fontSize=size,
        leading=size * 1.27,
        textColor=colour,
        alignment=2 if right else 0,
    )
    return Paragraph(marked_up, style)


def text(
    plain: str, size: float, colour: Color = INK, *, bold: bool = False, right: bool = False
) -> Paragraph:
    """Set plain text; whatever it holds is shown as it is."""
    return paragraph(markup(plain), size, colour, bold=bold, right=right)


def grid(*, top: float = 0, right: float = 0, bottom: float = 0, left: float = 0) -> TableStyle:
    """Style a table whose cells start at the top, with so much padding."""
    every = (0, 0), (-1, -1)
    sides = (("TOP", top), ("RIGHT", right), ("BOTTOM", bottom), ("LEFT", left))
    padding = [(f"{side}PADDING", *every, width) for side, width in sides]
    return TableStyle([("VALIGN", *every, "TOP"), *padding])


def row(cells: Sequence[Flowable], widths: Sequence[float]) -> Table:
    """Put cells beside each other without padding."""
    return Table([list(cells)], colWidths=list(widths), style=grid())


def bound(
    story: Sequence[Flowable],
    *,
    title: str,
    language: str,
    margins: tuple[float, float, float],
    footer: Callable[[Canvas, int], None] = lambda _canvas, _page: None,
) -> bytes:
    """Set a story on pages of A4; the same story gives the same bytes.

    Parameters
    ----------
    story
        What follows on each other.
    title
        Of the file.
    language
        Code of the texts' language.
    margins
        Above, at both sides, and below.
    footer
        Draws beneath a page, told its number.
    """
    buffer = BytesIO()
    top, side, bottom = (margin - _FRAME_PADDING for margin in margins)
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=side,
        rightMargin=side,
        topMargin=top,
        bottomMargin=bottom,
        title=title,
        lang=language,
        invariant=1,
    )

    def finish(canvas: Canvas, document: SimpleDocTemplate) -> None:
        footer(canvas, document.page)

    template.build(list(story), onFirstPage=finish, onLaterPages=finish)
    return buffer.getvalue()
