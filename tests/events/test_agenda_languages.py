"""Agendas in three languages: nothing left in English."""

from datetime import UTC, datetime
from io import BytesIO

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader

from matcher.documents.agenda_pdf import agendas_html, agendas_pdf
from matcher.documents.calendars import agenda_ics, withdrawal_ics
from matcher.documents.workbooks import agenda_xlsx
from matcher.events.agendas import participant_agenda, place_agenda
from matcher.events.attendance import cancel_participants
from matcher.events.papers import agenda_files, schedule_xlsx
from matcher.events.scheduler import replan, schedule
from matcher.i18n import CODES
from matcher.i18n.languages import language as language_of

STAMP = datetime(2026, 11, 1, 12, tzinfo=UTC)
WORDS = {
    "en": ("Meeting with", "Thursday, 12 November 2026", "Kyiv (UTC+2)", "Germany · director"),
    "uk": ("З ким зустріч", "четвер, 12 листопада 2026", "Київ (UTC+2)", "Німеччина · директор"),
    "ro": ("Întâlnire cu", "joi, 12 noiembrie 2026", "București (UTC+2)", "Germania · director"),
}


@pytest.fixture(scope="module")
def event(fair):
    """The fair with a director from Germany, and a visitor who lives by Bucharest's clock."""
    changes = {
        "de-cyber": {"delegates": ("director",)},
        "md-it": {"zone": "Europe/Bucharest"},
    }
    people = tuple(one.model_copy(update=changes.get(one.id, {})) for one in fair.participants)
    return fair.model_copy(update={"participants": people})


@pytest.fixture(scope="module")
def plan(event, fair_values):
    return schedule(event, fair_values, seconds=0.3)


def cells(content):
    book = openpyxl.load_workbook(BytesIO(content))
    return " ".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value)


@pytest.mark.parametrize("language", CODES)
def test_every_view_speaks_the_language(event, plan, language):
    agendas = [
        participant_agenda(event, plan, one.id, language)
        for one in event.participants
        if plan.of(one.id)
    ]
    page = agendas_html(agendas)
    paper = " ".join(p.extract_text() for p in PdfReader(BytesIO(agendas_pdf(agendas))).pages)
    sheets = " ".join(cells(agenda_xlsx(agenda)) for agenda in agendas)
    for text in (page, " ".join(paper.split()), sheets):
        assert all(word in text for word in (WORDS[language][0], WORDS[language][1]))
        assert WORDS[language][2] in text
        assert WORDS[language][3] in text
        others = {words[0] for code, words in WORDS.items() if code != language}
        assert not any(word in text for word in others)
    assert f'<html lang="{language}">' in page
    table = place_agenda(event, plan, plan.meetings[0].place, language)
    assert table.say("Meeting") in agendas_html([table])


@pytest.mark.parametrize("language", CODES)
def test_calendars_keep_their_identity_in_every_language(event, plan, fair_values, language):
    def read(content):
        return icalendar.Calendar.from_ical(content).walk("VEVENT")

    here = read(agenda_ics(participant_agenda(event, plan, "de-cyber", language), stamp=STAMP))
    english = read(agenda_ics(participant_agenda(event, plan, "de-cyber"), stamp=STAMP))
    assert [item["UID"] for item in here] == [item["UID"] for item in english]
    assert [item["SUMMARY"] for item in here] == [
        language_of(language)("Meeting with {name}", name=event.by_id[m.other("de-cyber")].name)
        for m in plan.of("de-cyber")
    ]
    gone = replan(cancel_participants(event, ["de-cyber"]), fair_values, plan, seconds=0.3)
    content = withdrawal_ics(participant_agenda(event, gone, "am-engine", language), stamp=STAMP)
    said = language_of(language)("Cancelled: meeting with {name}", name="Cyber Cluster Süd")
    assert [str(item["SUMMARY"]) for item in read(content)] == [said]


@pytest.mark.parametrize("language", CODES)
def test_the_workbook_of_the_staff_gives_reasons_in_the_language(event, plan, language):
    found = cells(schedule_xlsx(event, plan, language))
    say = language_of(language)
    refused = next(one for one in plan.missed if one.code == "no_thanks")
    assert (refused.reason if language == "en" else say("One of the two said no thanks.")) in found
    assert all(say(text) in found for text in ("Idle gaps", "Wished by", "For staff only"))
    names = [name for name, _ in agenda_files(event, plan, stamp=STAMP, code=language)]
    assert names == [name for name, _ in agenda_files(event, plan, stamp=STAMP)]
