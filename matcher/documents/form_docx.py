"""Answers for a form on another site, as a Word document to copy from."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import docx
from docx.shared import Pt

from matcher.documents.text import clean


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a form asks for.

    Attributes
    ----------
    title
        What it is called.
    answers
        Name and value of what answers it; ``None`` where that is missing.
    advice
        How to come by it.
    """

    title: str
    answers: Sequence[tuple[str, str | None]]
    advice: str


def form_docx(title: str, asked: Sequence[Asked], missing: str, notes: Sequence[str]) -> bytes:
    """Write a table for each thing asked; text is stored as text, never as a field.

    Parameters
    ----------
    title, asked
        What it is, and what is asked.
    missing
        The word for a missing answer.
    notes
        What stands below.
    """
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(title), "", ""
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(clean(title), level=1)
    for one in asked:
        document.add_heading(clean(one.title), level=2)
        if one.answers:
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            for name, value in one.answers:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = clean(name), clean(value or missing)
        document.add_paragraph(clean(one.advice)).runs[0].italic = True
    for note in notes:
        document.add_paragraph(clean(note), style="List Bullet")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
