"""A brief as a PDF of one A4 page."""

from collections.abc import Iterable

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, Paragraph, Spacer, Table

from matcher.documents.brief import Brief
from matcher.documents.brief_parts import Boxes, Line, Run, brief_parts
from matcher.documents.fonts import FAMILY, markup, register_fonts
from matcher.documents.paper import DEEP, INK, LINE, SOFT, WARM, bound, grid, paragraph, row

_COLOURS = {"ink": INK, "soft": SOFT, "deep": DEEP, "warm": WARM}
_SIDE, _TOP, _BOTTOM = 15 * mm, 13 * mm, 11 * mm
_WIDTH, _ROOM = A4[0] - 2 * _SIDE, A4[1] - _TOP - _BOTTOM
_GUTTER, _BETWEEN = 5 * mm, 3.2 * mm
_SCALES = (1.15, 1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)


def brief_pdf(brief: Brief) -> bytes:
    """Render the brief in the largest type that fits on one page."""
    story, title = _story(brief, fitting_scale(brief)), f"{brief.a.name} - {brief.b.name}"
    return bound(story, title=title, language=brief.language, margins=(_TOP, _SIDE, _BOTTOM))


def fitting_scale(brief: Brief) -> float:
    """Find the largest scale, relative to the design, at which the brief fits on one page."""
    register_fonts()
    return next((s for s in _SCALES if _height(_story(brief, s)) <= _ROOM), _SCALES[-1])


def _height(story: Iterable[Flowable]) -> float:
    return sum(part.wrap(_WIDTH, _ROOM)[1] for part in story)


def _story(brief: Brief, scale: float) -> list[Flowable]:
    story: list[Flowable] = []
    for part in brief_parts(brief):
        if isinstance(part, Boxes):
            story += [Spacer(0, _BETWEEN * scale), _boxes(part, scale)]
        else:
            story += _line(part, scale)
    return story


def _line(line: Line, scale: float) -> list[Flowable]:
    size = line.runs[-1].size * scale
    words = "".join(_marked_up(run, scale) for run in line.runs)
    text: Flowable = paragraph(words, size)
    if line.mark:
        style = paragraph("", size).style
        style.leftIndent = 11 * scale
        style.bulletFontName, style.bulletFontSize = f"{FAMILY}-SemiBold", size
        style.bulletColor = WARM
        text = Paragraph(words, style, bulletText=line.mark)
    if line.right:
        right = paragraph(_marked_up(line.right, scale), size, right=True)
        text = row([text, right], [_WIDTH / 2] * 2)
    above: list[Flowable] = [Spacer(0, line.above * mm * scale)]
    if line.ruled:
        rule = HRFlowable("100%", 0.6, color=LINE, spaceBefore=0, spaceAfter=0)
        above = [Spacer(0, _BETWEEN * scale), rule, Spacer(0, 3)]
    return [*above, text]


def _marked_up(run: Run, scale: float) -> str:
    words = markup(run.text)
    words = f'<link href="{markup(run.link)}">{words}</link>' if run.link else words
    face = f"{FAMILY}-{'SemiBold' if run.bold else 'Regular'}"
    colour = _COLOURS[run.colour].hexval().replace("0x", "#")
    return f'<font name="{face}" size="{run.size * scale}" color="{colour}">{words}</font>'


def _boxes(boxes: Boxes, scale: float) -> Flowable:
    cells = [[part for line in cell for part in _line(line, scale)] for cell in boxes.cells]
    count = len(cells)
    width = (_WIDTH - (count - 1) * _GUTTER) / count
    style = grid(top=7, right=8, bottom=7, left=8) if boxes.fill else grid()
    for place in range(count) if boxes.fill else ():
        style.add("BACKGROUND", (2 * place, 0), (2 * place, 0), HexColor(f"#{boxes.fill}"))
    spaced = [part for cell in cells for part in ("", cell)][1:]
    widths = [part for _ in cells for part in (_GUTTER, width)][1:]
    return Table([spaced], colWidths=widths, style=style)
