"""The workbook for participants to fill in: a sheet for each table, and what each column is for."""

import io

from matcher.events.event import ROLES, WISH_KINDS
from matcher.events.headings import COLUMNS, TABLES
from matcher.i18n.languages import Language
from matcher.profiles.io.formats import COLUMNS_SHEET
from matcher.profiles.io.template import write_explanations

_CHOICES = {"delegates": ROLES, "remote": ("yes", "no"), "wish": (*WISH_KINDS, "met_before")}
_WIDTH = 24


def write_template(language: Language) -> bytes:
    """Write the XLSX workbook to fill in, with its explanations in a language."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for table in TABLES:
            sheet = book.add_worksheet(table)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(COLUMNS[table]) - 1, _WIDTH)
            sheet.write_row(0, 0, list(COLUMNS[table]), bold)
        explained = {
            f"{table}: {column}": (text, _CHOICES.get(column, ()))
            for table in TABLES
            for column, text in COLUMNS[table].items()
        }
        write_explanations(book, book.add_worksheet(COLUMNS_SHEET), explained, language)
    return buffer.getvalue()
