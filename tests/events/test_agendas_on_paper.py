from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from matcher.documents.agenda_pdf import agendas_html, agendas_pdf
from matcher.documents.fonts import drawable
from matcher.documents.workbooks import agenda_xlsx
from matcher.errors import InvalidInputError
from matcher.events.agendas import participant_agenda, place_agenda
from matcher.events.event import Break, Place
from matcher.events.papers import schedule_xlsx
from matcher.events.scheduler import freeze, schedule

FORMULA = '=HYPERLINK("http://evil.example")'
SCRIPT = "<script>alert(1)</script>"


def rename(event, key, name):
    people = tuple(
        one.model_copy(update={"name": name}) if one.id == key else one
        for one in event.participants
    )
    return event.model_copy(update={"participants": people})


def all_agendas(event, plan):
    busy = [one.id for one in event.participants if plan.of(one.id)]
    used = [place.id for place in event.places if plan.at(place.id)]
    return [participant_agenda(event, plan, key) for key in busy] + [
        place_agenda(event, plan, key) for key in used
    ]


def test_agendas_hold_each_meeting_for_both_sides_and_for_its_table(fair, plan):
    agendas = all_agendas(fair, plan)
    people = [agenda for agenda in agendas if agenda.of_participant]
    tables = [agenda for agenda in agendas if not agenda.of_participant]
    assert sum(agenda.meetings for agenda in people) == 2 * len(plan.meetings)
    assert sum(agenda.meetings for agenda in tables) == len(plan.meetings)


def test_breaks_of_a_day_with_meetings_are_shown(fair, fair_values):
    first = fair.slots[0]
    coffee = Break(title="Coffee", start=first.end, end=fair.slots[1].start)
    event = fair.model_copy(update={"breaks": (coffee,)})
    plan = schedule(event, fair_values, seconds=0.2)
    agenda = place_agenda(event, plan, "t1")
    titles = [entry.title for day in agenda.days for entry in day.entries if not entry.meeting]
    assert titles == ["Coffee"]


def test_unknown_participants_and_places_are_refused(fair, plan):
    with pytest.raises(InvalidInputError):
        participant_agenda(fair, plan, "nobody")
    with pytest.raises(InvalidInputError):
        place_agenda(fair, plan, "nowhere")


def test_the_workbook_holds_text_only(fair, fair_values):
    event = rename(fair, "de-cyber", FORMULA)
    plan = schedule(event, fair_values, seconds=0.2)
    other = plan.of("de-cyber")[0].other("de-cyber")
    for content in (
        agenda_xlsx(participant_agenda(event, plan, other)),
        schedule_xlsx(event, plan),
    ):
        book = openpyxl.load_workbook(BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert FORMULA in {cell.value for cell in cells}
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert all(cell.hyperlink is None for cell in cells)


def test_the_staff_workbook_lists_meetings_loads_and_reasons(fair, plan):
    book = openpyxl.load_workbook(BytesIO(schedule_xlsx(fair, plan)))
    assert book.sheetnames == ["Meetings", "Participants", "Not scheduled"]
    rows = {sheet.title: list(sheet.iter_rows(min_row=5, values_only=True)) for sheet in book}
    assert len(rows["Meetings"]) == len(plan.meetings)
    assert [row[1] for row in rows["Participants"]] == [one.meetings for one in plan.loads]
    assert {row[4] for row in rows["Not scheduled"]} == {one.reason for one in plan.missed}


def test_the_page_stands_alone_and_escapes_everything(fair, fair_values):
    event = rename(fair, "de-cyber", SCRIPT)
    plan = schedule(event, fair_values, seconds=0.2)
    page = agendas_html(all_agendas(event, plan))
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for loader in ("<script", "src=", "<link", "url(", "@import"):
        assert loader not in page
    assert "Kyiv (UTC+2)" in page
    assert "Brussels (UTC+1)" in page


def test_links_of_online_rooms_can_be_followed(fair, fair_values):
    link = "https://meet.example.eu/a?b=1&c=2"
    event = fair.model_copy(
        update={"places": (Place(id="o", name="Room A", kind="online", link=link),)}
    )
    plan = schedule(event, fair_values, seconds=0.2)
    assert 'href="https://meet.example.eu/a?b=1&amp;c=2"' in agendas_html(all_agendas(event, plan))


def test_the_pdf_has_a_page_for_each_agenda_in_readable_letters(fair, plan):
    agendas = all_agendas(fair, plan)
    content = agendas_pdf(agendas)
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    assert len(pages) == len(agendas)
    assert any("Харківський ІТ-кластер" in page for page in pages)
    assert all("Provisional" in page for page in pages)
    assert content == agendas_pdf(agendas)
    final = agendas_pdf(all_agendas(fair, freeze(plan)))
    assert "Final" in PdfReader(BytesIO(final)).pages[0].extract_text()


def test_an_empty_schedule_still_prints(fair):
    event = fair.model_copy(update={"wishes": ()})
    plan = schedule(event, {}, seconds=0.1)
    assert "No meetings." in agendas_html([participant_agenda(event, plan, "de-cyber")])
    for agendas in ([], [participant_agenda(event, plan, "de-cyber")]):
        text = PdfReader(BytesIO(agendas_pdf(agendas))).pages[0].extract_text()
        assert "No meetings." in text


SIGNS = "Voucher ₾ 50,000 ₼ 30,000 ֏ 5 m; ᲥᲐᲠᲗᲣᲚᲘ ᲐᲕᲔᲯᲘ; 中文 \u200b"


def test_no_paper_has_an_empty_box(fair, fair_values):
    event = rename(fair, "ge-ict", SIGNS).model_copy(update={"title": SIGNS})
    plan = schedule(event, fair_values, seconds=0.3)
    (page,) = PdfReader(BytesIO(agendas_pdf([participant_agenda(event, plan, "ge-ict")]))).pages
    text = " ".join(page.extract_text().split())
    drawn = "Voucher GEL 50,000 AZN 30,000 AMD 5 m; ქართული ავეჯი; ZhongWen"
    assert text.count(drawn) >= 3  # over the page, as the name, below the page
    assert not set(SIGNS) & set("₾₼֏Ქ中\u200b") & set(text)


@given(st.text(max_size=20))
def test_whatever_is_written_has_its_glyphs(text):
    drawn = drawable(text)
    assert drawable(drawn) == drawn
