"""Route for staff: introductions, events and feedback as tables, and a report of one page."""

from datetime import UTC, datetime
from typing import Literal

from flask import Blueprint, Response
from pydantic import Field

from matcher.documents.report_pdf import report_pdf
from matcher.documents.workbooks import workbook
from matcher.events.figures import Book, TableName, report, table_csv, tables
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language
from matcher.web.api import staff
from matcher.web.http.context import name_of
from matcher.web.http.exports import attachment, bare_types
from matcher.web.http.operations import Operation
from matcher.web.http.validation import Given
from matcher.web.pages.words import STATES

figures = Blueprint("figures", __name__, url_prefix="/api/v1")


class FiguresOptions(Given):
    """How figures should come."""

    form: Literal["xlsx", "csv", "pdf"] = Field(
        default="xlsx",
        alias="format",
        description="All tables as XLSX, one as CSV, or a report of one page.",
    )
    table: TableName = Field(default="introductions", description="Which table, as CSV.")
    language: LanguageCode = Field(default="en", description="Language of the labels.")


@figures.get("/figures")
@Operation(query=FiguresOptions, scope=staff.SCOPE, files=bare_types(("xlsx", "csv", "pdf")))
def all_figures(options: FiguresOptions) -> Response:
    """Figures as files.

    Introductions, the meetings of events, what was said after them, and what they led to by
    purpose and by event: a workbook, one table as CSV, or a report of one page with two plots.
    """
    say, today = language(options.language), datetime.now(UTC).date()
    book = _book()
    if options.form == "pdf":
        return attachment(report_pdf(report(book, say, STATES, today)), "report.pdf")
    made = tables(book, say, STATES, today)
    if options.form == "csv":
        return attachment(table_csv(made[options.table]), f"{options.table}.csv")
    return attachment(workbook(made.values()), "figures.xlsx")


def _book() -> Book:
    meetings = staff.current_meetings()
    events = meetings.all()
    names = {one.id: one.name for held in events for one in held.event.participants}
    return Book(
        introductions=staff.current_desk().introductions.all(),
        events=events,
        reports=meetings.reports(),
        outcomes=meetings.outcomes(),
        name_of=lambda key: names.get(key) or name_of(key),
    )
