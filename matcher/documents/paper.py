"""What all PDF papers share: colours, type, and plain tables."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from matcher.documents.fonts import FAMILY, markup

INK, SOFT, DEEP, WARM = (HexColor(code) for code in ("#1D2B36", "#5B6B78", "#0B4F6C", "#9A5212"))
PANEL, STEP, LINE = (HexColor(code) for code in ("#F2F6F8", "#FDF4EA", "#D5DEE4"))


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


def bound(story: Sequence[Flowable], *, title: str, language: str, margin: float) -> bytes:
    """Set a story on pages of A4 with the same margin all round; the same gives the same bytes."""
    buffer = BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
        title=title,
        lang=language,
        invariant=1,
    )
    template.build(list(story))
    return buffer.getvalue()
