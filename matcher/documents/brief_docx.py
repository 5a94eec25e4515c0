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

from matcher.documents.brief import Brief
from matcher.documents.brief_parts import Boxes, Line, Run, brief_parts
from matcher.documents.brief_pdf import fitting_scale

FONT = "Calibri"
_COLOURS = {"ink": "1D2B36", "soft": "5B6B78", "deep": "0B4F6C", "warm": "9A5212"}
_WIDTH, _GUTTER = 180.0, 5.0
_OF_PDF = 0.96
"""Share of the PDF's type size that leaves Word, with its wider lines, room on the page."""


def brief_docx(brief: Brief) -> bytes:
    """Render the brief as a Word document; text is stored as text, never as a field.

    Word lays the page out itself, so what size of type fits is read off the PDF.
    """
    document, scale = _blank(brief), _OF_PDF * fitting_scale(brief)
    for part in brief_parts(brief):
        if isinstance(part, Boxes):
            _write(document.add_paragraph(), Line((Run(" ", 4),)), scale)
            _boxes(document, part, scale)
        else:
            _write(document.add_paragraph(), part, scale)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


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


def _boxes(document: Document, boxes: Boxes, scale: float) -> None:
    count = len(boxes.cells)
    width = (_WIDTH - (count - 1) * _GUTTER) / count
    widths = [part for _ in boxes.cells for part in (_GUTTER, width)][1:]
    cells = _table(document, widths, boxes.fill)
    for cell, lines in zip(cells, boxes.cells, strict=True):
        for number, line in enumerate(lines):
            _write(cell.add_paragraph() if number else cell.paragraphs[0], line, scale)


def _table(document: Document, widths: Sequence[float], fill: str | None) -> list[_Cell]:
    """Add a table of one row and return its cells without the gutters between them."""
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = list(table.rows[0].cells)
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        table.columns[place].width = cell.width = Mm(width)
        if fill and place % 2 == 0:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), fill)
            cell._tc.get_or_add_tcPr().append(shade)
        _pad(cell, 2.6 if fill else 0)
    return cells[::2]


def _pad(cell: _Cell, millimetres: float) -> None:
    margins = OxmlElement("w:tcMar")
    for edge in ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), str(round(Mm(millimetres).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    cell._tc.get_or_add_tcPr().append(margins)


def _write(paragraph: Paragraph, line: Line, scale: float) -> None:
    form, runs = paragraph.paragraph_format, list(line.runs)
    form.space_before, form.space_after = Mm(line.above * scale), Pt(0)
    if line.right:
        form.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        runs += [Run("\t", line.right.size), line.right]
    if line.mark:
        form.left_indent, form.first_line_indent = Mm(4), Mm(-4)
        form.tab_stops.add_tab_stop(Mm(4))
        runs = [Run(f"{line.mark}\t", runs[0].size, "warm", bold=True), *runs]
    for one in runs:
        run = paragraph.add_run(one.text)
        run.font.size, run.bold = Pt(round(2 * one.size * scale) / 2), one.bold
        run.font.color.rgb, run.font.name = RGBColor.from_string(_COLOURS[one.colour]), FONT
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), FONT)
