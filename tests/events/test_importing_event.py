from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from support import bare_event

from matcher.errors import UnreadableFileError
from matcher.events.importing import read_event_tables

PEOPLE = """name;id;country;zone;delegates;minimum;maximum;remote
Kharkiv IT Cluster;ua-kharkiv-it;ua;Europe/Kyiv;Cluster manager; 2;8;yes
Cyber Süd;;DE;;;;;
Forum Oceano;pt-ocean;PT;Europe/Lisboa;Dr Ana Silva;two;8;perhaps
;x;;;;;;
Again;ua-kharkiv-it;;;;;;
Greedy;greedy;;;;9;3;
"""
PRESENCE = """participant,day,from,to
ua-kharkiv-it,2026-11-12,9:00,12:30
Cyber Süd,2026-11-12,14:00,13:00
nobody,2026-11-12,09:00,10:00
ua-kharkiv-it,11/12/2026,25:00,10:00
"""
WISHES = """participant\tother\twish
ua-kharkiv-it\tCyber Süd\tMust-meet
cyber-sud\tua-kharkiv-it\tmet before
cyber-sud\tcyber-sud\tmeet
cyber-sud\tghost\tmaybe
"""


def test_good_rows_are_kept_and_bad_ones_named():
    found = read_event_tables(
        bare_event("Europe/Kyiv"), *(t.encode() for t in (PEOPLE, PRESENCE, WISHES))
    )
    first, second = found.participants
    assert (first.id, first.country, first.zone) == ("ua-kharkiv-it", "UA", "Europe/Kyiv")
    assert (first.minimum, first.maximum, first.remote) == (2, 8, True)
    assert first.delegates == ("cluster manager",)
    assert first.available is not None
    assert first.available[0].start == datetime(2026, 11, 12, 7, tzinfo=UTC)
    assert second.id == "cyber-sud"
    assert second.available is None
    assert [(w.by, w.about, w.kind) for w in found.wishes] == [
        ("ua-kharkiv-it", "cyber-sud", "must_meet")
    ]
    assert found.met_before == (("cyber-sud", "ua-kharkiv-it"),)
    named = {(problem.where, problem.field) for problem in found.problems}
    assert named == {
        ("participants, line 4", "zone"),
        ("participants, line 4", "delegates"),
        ("participants, line 4", "minimum"),
        ("participants, line 4", "remote"),
        ("participants, line 5", "name"),
        ("participants, line 6", "id"),
        ("participants, line 7", "minimum"),
        ("presence, line 3", "to"),
        ("presence, line 4", "participant"),
        ("presence, line 5", "day"),
        ("presence, line 5", "from"),
        ("wishes, line 4", "other"),
        ("wishes, line 5", "other"),
        ("wishes, line 5", "wish"),
    }


def test_an_unknown_role_is_left_out_and_its_participant_kept():
    content = b"name,delegates\nBlue,Chair; Big boss; driver; director\n"
    found = read_event_tables(bare_event("Europe/Kyiv"), content)
    assert [(one.id, one.delegates) for one in found.participants] == [
        ("blue", ("chair", "director"))
    ]
    (problem,) = found.problems
    assert str(problem) == (
        "participants, line 2, delegates: unknown roles were ignored: big boss; driver"
    )


def test_workbooks_are_read_with_dates_and_times_as_cells():
    book = openpyxl.Workbook()
    book.active.append(["participant", "day", "from", "to"])
    moment = datetime(2026, 11, 12)
    book.active.append(["a", moment, moment.replace(hour=9).time(), moment.replace(hour=10).time()])
    content = BytesIO()
    book.save(content)
    found = read_event_tables(bare_event("Europe/Kyiv"), b"name,id\nA,a\n", content.getvalue())
    assert found.problems == ()
    assert found.participants[0].available[0].end == datetime(2026, 11, 12, 8, tzinfo=UTC)


def test_a_guessed_encoding_is_told():
    table = "name;id\nХарківський кластер;kharkiv\n".encode("cp1251")
    found = read_event_tables(bare_event("Europe/Kyiv"), table)
    assert [one.name for one in found.participants] == ["Харківський кластер"]
    (note,) = found.problems
    assert note.where == "participants" and "Windows-1251" in str(note.message)


def test_a_shared_name_needs_the_id():
    found = read_event_tables(
        bare_event("Europe/Kyiv"),
        b"name,id\nTwin,a\nTwin,b\nOther,c\n",
        wishes=b"participant,other,wish\nTwin,c,meet\na,c,meet\n",
    )
    assert [(w.by, w.about) for w in found.wishes] == [("a", "c")]
    assert "use the id" in str(found.problems[0].message)


def test_unknown_columns_are_named_and_needed_ones_demanded(tmp_path):
    found = read_event_tables(bare_event("Europe/Kyiv"), b"name,colour\nA,red\n")
    assert [(p.where, p.field) for p in found.problems] == [("participants, line 1", "colour")]
    assert len(found.participants) == 1
    with pytest.raises(UnreadableFileError, match="no column other and wish"):
        read_event_tables(bare_event("Europe/Kyiv"), b"name\nA\n", wishes=b"participant\nA\n")
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_event_tables(bare_event("Europe/Kyiv"), tmp_path / "missing.csv")


def test_a_file_on_disk_is_read(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("name\nKlaster Łódź\n", encoding="utf-16")
    assert read_event_tables(bare_event("Europe/Kyiv"), file).participants[0].id == "klaster-lodz"
