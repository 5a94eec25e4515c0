"""Tables worked into an event: one workbook or several files, bad rows named, good ones kept."""

from io import BytesIO

import openpyxl
import pytest

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.events.attendance import cancel_participants
from matcher.events.event import FixedMeeting
from matcher.events.merging import import_tables
from matcher.events.rows import tables_of_file

PEOPLE = (
    b"name,id,country,minimum,maximum,remote\nBlue,blue,PL,1,3,\nMD IT,md-it,MD,2,4,\nX,,,9,1,\n"
)


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_good_rows_are_added_or_replace_and_nobody_is_removed(fair):
    event, found = import_tables(fair, {"participants": PEOPLE})
    assert event.by_id.keys() == fair.by_id.keys() | {"blue"}
    assert (event.by_id["md-it"].minimum, event.by_id["md-it"].maximum) == (2, 4)
    assert [(one.where, one.field) for one in found.problems] == [
        ("participants, line 4", "minimum")
    ]
    assert event.wishes == fair.wishes


def test_one_workbook_holds_all_tables(fair):
    content = workbook(
        Participants=[["name", "id"], ["Blue", "blue"]],
        presence=[
            ["participant", "day", "from", "to"],
            ["Blue", "2026-11-12", "09:00", "10:00"],
            ["md-it", "2026-11-12", "10:00", "09:00"],
        ],
        Wishes=[
            ["participant", "other", "wish"],
            ["blue", "md-it", "must meet"],
            ["am-engine", "de-cyber", "no thanks"],
            ["blue", "ghost", "meet"],
            ["md-it", "ge-ict", "met before"],
        ],
        notes=[["anything"]],
    )
    event, found = import_tables(fair, tables_of_file(content))
    assert len(event.by_id["blue"].available) == 1
    kinds = {(wish.by, wish.about): wish.kind for wish in event.wishes}
    assert kinds["blue", "md-it"] == "must_meet"
    assert kinds["am-engine", "de-cyber"] == "no_thanks"  # replaces the must of before
    assert len(event.wishes) == len(fair.wishes) + 1
    assert event.met_before == (("ge-ict", "md-it"),)
    assert [(one.where, one.field) for one in found.problems] == [
        ("presence, line 3", "to"),
        ("wishes, line 4", "other"),
    ]


def test_a_file_without_such_sheets_is_the_table_of_participants(fair):
    for content in (PEOPLE, workbook(Tabelle1=[["name", "id"], ["Blue", "blue"]])):
        event, _ = import_tables(fair, tables_of_file(content))
        assert "blue" in event.by_id


def test_wishes_alone_know_who_takes_part_already(fair):
    content = b"participant,other,wish\nGeorgian ICT Cluster,Forum Oceano,meet\n"
    event, found = import_tables(fair, {"wishes": content})
    assert found.problems == ()
    assert (event.wishes[-1].by, event.wishes[-1].about) == ("ge-ict", "pt-ocean")


def test_presence_and_cancellation_outlive_a_new_table_of_participants(fair):
    presence = b"participant,day,from,to\nmd-it,2026-11-12,09:00,10:00\n"
    event, _ = import_tables(cancel_participants(fair, ["md-it"]), {"presence": presence})
    again, _ = import_tables(event, {"participants": PEOPLE})
    assert again.by_id["md-it"].cancelled
    assert again.by_id["md-it"].available == event.by_id["md-it"].available
    assert again.by_id["md-it"].available is not None


def test_nobody_is_remote_without_a_room(fair):
    content = b"name,id,remote\nBlue,blue,yes\nRed,red,no\n"
    event, found = import_tables(fair, {"participants": content})
    assert "red" in event.by_id
    assert "blue" not in event.by_id
    assert [(one.where, one.field) for one in found.problems] == [
        ("participants, line 2", "remote")
    ]


def test_what_contradicts_the_fixed_meetings_is_refused(fair):
    slot = fair.slots[0].id
    fixed = fair.model_copy(update={"fixed": (FixedMeeting(a="md-it", b="de-cyber", slot=slot),)})
    presence = b"participant,day,from,to\nmd-it,2026-11-13,14:00,16:00\n"
    with pytest.raises(InvalidInputError) as error:
        import_tables(fixed, {"presence": presence})
    assert error.value.problems


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", None, "is empty"),
        (b"PK\x03\x04broken", None, "not a readable XLSX workbook"),
        (b"name\nBlue\n", "event.xlsx", "not a readable XLSX workbook"),
        (b"%PDF-1.7\nname\nBlue\n", "event.pdf", "is a PDF"),
    ],
)
def test_files_that_cannot_be_read(content, name, told):
    with pytest.raises(UnreadableFileError, match=told):
        tables_of_file(content, name)
