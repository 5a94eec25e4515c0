"""A brief as a Word document of one A4 page, which staff may still edit."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from matcher.documents.brief import Brief, Mini, Why
from matcher.documents.brief_pdf import fitting_scale
from matcher.i18n.languages import Language

FONT = "Calibri"
INK, SOFT, DEEP, WARM = (RGBColor.from_string(c) for c in ("1D2B36", "5B6B78", "0B4F6C", "9A5212"))
PANEL, STEP = "F2F6F8", "FDF4EA"
_WIDTH = 180
_OF_PDF = 0.96
"""Share of the PDF's type size that leaves Word, with its wider lines, room on the page."""


def brief_docx(brief: Brief) -> bytes:
    """Render the brief as a Word document; text is stored as text, never as a field."""
    document = _blank(brief)
    say = brief.say
    _heading(document, brief, say)
    left, right = _columns(document, PANEL)
    _mini(left, brief.a, say)
    _mini(right, brief.b, say)
    _gap(document)
    left, right = _columns(document, None)
    _why(left, brief.why_for_a, say)
    _why(right, brief.why_for_b, say)
    _gap(document)
    _next_step(document, brief, say)
    _gap(document)
    left, right = _columns(document, None)
    _notes(left, say("Not known yet"), brief.unknown)
    _notes(left, say("Past contact"), brief.past)
    _notes(right, say("Eligibility"), brief.eligibility)
    _footer(document, brief, say)
    _resize(document, _OF_PDF * fitting_scale(brief))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _resize(document: Document, scale: float) -> None:
    """Scale all type; Word lays the page out itself, so what fits is read off the PDF."""
    cells = [cell for table in document.tables for cell in table.rows[0].cells]
    paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    for run in [run for paragraph in paragraphs for run in paragraph.runs]:
        run.font.size = Pt(round(2 * run.font.size.pt * scale) / 2)


def _blank(brief: Brief) -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _WIDTH) / 2)
    section.top_margin, section.bottom_margin = Mm(12), Mm(10)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(9)
    properties = document.core_properties
    properties.title = f"{brief.a.name} - {brief.b.name}"
    properties.author = ""
    properties.language = brief.language
    properties.created = properties.modified = datetime.combine(brief.made_on, time(), UTC)
    return document


def _heading(document: Document, brief: Brief, say: Language) -> None:
    line = _write(document.paragraphs[0] if document.paragraphs else document.add_paragraph(), [])
    line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _write(
        line,
        [
            (say("Introduction brief").upper(), 8, WARM, True),
            (f"\t{say.day(brief.made_on)}", 8, SOFT, False),
        ],
    )
    _write(
        document.add_paragraph(),
        [
            (brief.a.name, 15, DEEP, True),
            (" × ", 15, WARM, True),
            (brief.b.name, 15, DEEP, True),
        ],
    )
    purpose = _write(
        document.add_paragraph(),
        [(say("Purpose") + ": ", 10, SOFT, False), (brief.purpose, 10, INK, False)],
    )
    purpose.paragraph_format.space_after = Pt(6)


def _mini(cell: _Cell, mini: Mini, say: Language) -> None:
    _line(cell, mini.name, 10.5, DEEP, bold=True)
    if mini.native_name and mini.native_name != mini.name:
        _line(cell, mini.native_name, 8, SOFT)
    _line(cell, mini.place, 8, SOFT)
    if mini.summary:
        _line(cell, mini.summary, 8.5, INK).paragraph_format.space_before = Pt(3)
    facts = [
        (say("Offers"), " · ".join(mini.offers)),
        (say("Looking for"), " · ".join(mini.seeks)),
        *mini.facts,
        (say("Website"), mini.website or ""),
        *((say("Contact"), contact) for contact in mini.contacts),
    ]
    for name, value in facts:
        if value:
            _labelled(cell, name, value)


def _why(cell: _Cell, why: Why, say: Language) -> None:
    _line(cell, why.title, 10, DEEP, bold=True)
    for need, offer in why.matches:
        _write(
            _next(cell),
            [
                (f"{why.need_label}: ", 7.5, SOFT, False),
                (say("“{text}”", text=need), 8.8, INK, False),
            ],
        ).paragraph_format.space_before = Pt(2)
        _write(
            _next(cell),
            [
                ("→ ", 8.8, WARM, True),
                (f"{why.offer_label}: ", 7.5, SOFT, False),
                (say("“{text}”", text=offer), 8.8, INK, False),
            ],
        )
    if not why.matches:
        _line(
            cell,
            why.no_match,
            8.5,
            SOFT,
        )
    for point in why.points:
        _marked(cell, "•", point)


def _next_step(document: Document, brief: Brief, say: Language) -> None:
    (cell,) = _table(document, [_WIDTH], [STEP])
    _line(cell, say("Suggested first step"), 9.5, WARM, bold=True)
    _line(cell, brief.first_step, 9, INK).paragraph_format.space_after = Pt(4)
    _line(cell, say("Three questions to start with"), 9.5, WARM, bold=True)
    for place, question in enumerate(brief.questions, 1):
        _marked(cell, f"{place}.", question)


def _notes(cell: _Cell, title: str, lines: Sequence[str]) -> None:
    _line(cell, title, 8.8, DEEP, bold=True)
    for line in lines:
        last = _line(cell, line, 8, INK)
    last.paragraph_format.space_after = Pt(3)


def _footer(document: Document, brief: Brief, say: Language) -> None:
    sources = " · ".join(source.text for source in brief.sources) or say(
        "The profiles, as the clusters gave them"
    )
    _write(
        document.add_paragraph(),
        [(say("Sources") + ": ", 7, SOFT, True), (sources, 7, SOFT, False)],
    )
    _write(
        document.add_paragraph(),
        [(brief.made_note, 7, SOFT, False)],
    )


def _columns(document: Document, fill: str | None) -> tuple[_Cell, _Cell]:
    gutter = 5.0
    width = (_WIDTH - gutter) / 2
    left, _, right = _table(document, [width, gutter, width], [fill, None, fill])
    return left, right


def _table(
    document: Document, widths: Sequence[float], fills: Sequence[str | None]
) -> tuple[_Cell, ...]:
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, (cell, width, fill) in enumerate(
        zip(table.rows[0].cells, widths, fills, strict=True)
    ):
        table.columns[place].width = cell.width = Mm(width)
        if fill:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), fill)
            cell._tc.get_or_add_tcPr().append(shade)
        _pad(cell, 2.6 if fill else 0)
    return tuple(table.rows[0].cells)


def _pad(cell: _Cell, millimetres: float) -> None:
    margins = OxmlElement("w:tcMar")
    for edge in ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), str(round(Mm(millimetres).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    cell._tc.get_or_add_tcPr().append(margins)


def _gap(document: Document) -> None:
    _write(document.add_paragraph(), [(" ", 4, INK, False)])


def _line(
    cell: _Cell, text: str, size: float, colour: RGBColor, *, bold: bool = False
) -> Paragraph:
    return _write(_next(cell), [(text, size, colour, bold)])


def _labelled(cell: _Cell, name: str, value: str) -> Paragraph:
    return _write(_next(cell), [(f"{name}: ", 8.3, SOFT, False), (value, 8.3, INK, False)])


def _marked(cell: _Cell, mark: str, text: str) -> None:
    paragraph = _write(_next(cell), [(f"{mark}\t", 8.8, WARM, True), (text, 8.8, INK, False)])
    paragraph.paragraph_format.left_indent = Mm(4)
    paragraph.paragraph_format.first_line_indent = Mm(-4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(4))


def _next(cell: _Cell) -> Paragraph:
    """Take the empty paragraph that every new cell holds, then further ones."""
    first = cell.paragraphs[0]
    unused = len(cell.paragraphs) == 1 and not first.runs
    paragraph: Paragraph = first if unused else cell.add_paragraph()
    return paragraph


def _write(paragraph: Paragraph, runs: Sequence[tuple[str, float, RGBColor, bool]]) -> Paragraph:
    paragraph.paragraph_format.space_after = Pt(0)
    for text, size, colour, bold in runs:
        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb, run.bold = Pt(size), colour, bold
        run.font.name = FONT
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), FONT)
    return paragraph
