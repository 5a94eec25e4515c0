"""Figures as tables and on a page: what is counted, by purpose and event, and that it is text."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from matcher.documents.report_pdf import report_pdf
from matcher.documents.workbooks import workbook
from matcher.events.after import MeetingReport
from matcher.events.figures import TABLE_NAMES, Book, report, table_csv, tables
from matcher.events.repository import StoredEvent
from matcher.events.scheduler import schedule
from matcher.i18n.languages import language
from matcher.introductions.workflow import STATES, Introduction, Move

TITLES = {state: state for state in STATES}
DAY = date(2026, 11, 12)


@pytest.fixture
def book(fair, fair_values):
    plan = schedule(fair, fair_values, seconds=0.2)
    moves = tuple(Move(to=to, role="staff", on=DAY) for to in ("draft", "vetted", "met"))
    done = Move(to="outcome", role="staff", on=DAY, outcome="mou")
    pair = plan.meetings[0].pair
    said = MeetingReport(
        event_id=fair.id,
        a=pair[0],
        b=pair[1],
        by=pair[0],
        attended=True,
        rating=4,
        outcome="project",
        recorded_at=datetime(2026, 11, 12, tzinfo=UTC),
    )
    return Book(
        introductions=(
            Introduction(1, *pair, purpose="=cmd()", origin="staff", moves=(*moves, done)),
            Introduction(2, *pair, purpose="A joint bid", origin="staff", moves=moves[:1]),
        ),
        events=(StoredEvent(fair, plan, 2),),
        reports=(said,),
        outcomes={},
        name_of=lambda key: fair.by_id[key].name,
    )


def test_conversion_is_told_by_purpose_and_by_event(book, fair):
    made = tables(book, language("en"), TITLES, DAY)
    planned = len(book.events[0].schedule.meetings)
    assert made["conversion"].rows == (
        ("Introductions", "=cmd()", 1, 1, 1, 0, "100%"),
        ("Introductions", "A joint bid", 1, 0, 0, 0, ""),
        ("Event", fair.title, planned, 1, 0, 1, "100%"),
    )
    assert len(made["events"].rows) == planned
    assert all(len(row) == len(one.heading) for one in made.values() for row in one.rows)


def test_tables_come_as_xlsx_and_csv_and_no_cell_is_a_formula(book):
    made = tables(book, language("ro"), TITLES, DAY)
    sheets = load_workbook(io.BytesIO(workbook(made.values())))
    assert len(sheets.worksheets) == len(TABLE_NAMES)
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    rows = list(csv.reader(io.StringIO(table_csv(made["introductions"]).decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == ["'=cmd()", "A joint bid"]


def test_the_report_is_one_page_in_each_language_and_also_without_anything(book):
    empty = Book((), (), (), {}, str)
    for code in ("en", "ro", "uk"):
        for one in (book, empty):
            file = report_pdf(report(one, language(code), TITLES, DAY))
            (page,) = PdfReader(io.BytesIO(file)).pages
            assert page.extract_text()
    assert (
        "Matchmaking day"
        in PdfReader(io.BytesIO(report_pdf(report(book, language("en"), TITLES, DAY))))
        .pages[0]
        .extract_text()
    )
