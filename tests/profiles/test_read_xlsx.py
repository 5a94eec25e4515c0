"""XLSX as people send it, and as attackers do."""

import io
import random
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from matcher.errors import UnreadableFileError
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.workbook import MAX_PARTS, MAX_UNPACKED_BYTES

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows, title="Sheet1", others=()):
    book = openpyxl.Workbook()
    for name, extra in others:
        sheet = book.create_sheet(name, 0)
        for row in extra:
            sheet.append(row)
    book.worksheets[-1].title = title
    for row in rows:
        book.worksheets[-1].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def replace_part(content, name, data):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, data)
    return target.getvalue()


PLAIN = workbook(["Name", "Country"], ["A", "UA"])


def test_values_of_all_cell_types():
    content = workbook(
        [
            "Name",
            "Country",
            "Members",
            "Lat",
            "Lon",
            "English site",
            "Last verified",
            "NACE",
            "Offers",
        ],
        [2025, "Ukraine", 120, 49.99, 36.0, True, datetime(2026, 3, 31), 62, "a; b\\; c"],
        [],
        ["B", "Poland", "1 200", "49,99", "36", "no", date(2026, 4, 1), 1.13, None],
    )
    first, second = read_profiles(content).profiles
    assert (first.name, first.members_total, first.lat, first.lon) == ("2025", 120, 49.99, 36.0)
    assert (first.english_site, first.nace, first.offers) == (True, ("62",), ("a", "b; c"))
    assert (first.last_verified, second.last_verified) == (date(2026, 3, 31), date(2026, 4, 1))
    assert (second.members_total, second.english_site, second.nace) == (1200, False, ("01",))


def test_the_sheet_called_clusters_wins_over_the_first():
    content = workbook(
        ["name", "country"], ["A", "UA"], title="Clusters", others=[("Notes", [["hello"]])]
    )
    assert [p.name for p in read_profiles(content).profiles] == ["A"]


def test_without_such_a_sheet_the_first_is_read():
    content = workbook(["other"], others=[("List", [["name", "country"], ["A", "UA"]])])
    assert [p.name for p in read_profiles(content).profiles] == ["A"]


def test_rows_are_named_by_their_number_in_the_sheet():
    content = workbook([], ["Name", "Country"], ["A", "UA"], [], ["B", "XX"])
    report = read_profiles(content)
    assert [p.name for p in report.profiles] == ["A"]
    assert [(str(p.where), p.field) for p in report.problems] == [("line 5", "Country")]


def test_a_formula_counts_as_the_value_it_was_computed_to():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>country</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>"A"&amp;"B"</f><v>AB</v></c>'
        '<c r="B2" t="inlineStr"><is><t>UA</t></is></c></row></sheetData></worksheet>'
    )
    assert [p.name for p in read_profiles(replace_part(PLAIN, SHEET, sheet)).profiles] == ["AB"]


def test_an_empty_sheet_is_refused():
    with pytest.raises(UnreadableFileError, match="sheet is empty"):
        read_profiles(workbook())


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 nothing of a zip",
        PLAIN[:-30],
        PLAIN[:200],
        replace_part(PLAIN, SHEET, "<worksheet>"),
    ],
)
def test_a_damaged_workbook_is_refused_with_advice(content):
    with pytest.raises(UnreadableFileError, match=r"save it again as \.xlsx"):
        read_profiles(content)


def test_another_kind_of_archive_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnreadableFileError, match="not a readable XLSX"):
        read_profiles(buffer.getvalue())


def test_old_and_encrypted_excel_files_are_refused_with_advice():
    with pytest.raises(UnreadableFileError, match="without a password"):
        read_profiles(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, name="a.xlsx")


def test_a_workbook_under_a_csv_name_is_still_a_workbook():
    assert [p.name for p in read_profiles(PLAIN, name="list.csv").profiles] == ["A"]


def bomb(*parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_bombs_are_refused_from_the_directory():
    ratio = bomb((SHEET, b"0" * 10_000_000))
    many = bomb(*((f"part{i}", b"") for i in range(MAX_PARTS + 1)))
    for content in (ratio, many):
        with pytest.raises(UnreadableFileError, match="unpacks to far more"):
            read_profiles(content)


def test_a_huge_total_is_refused_without_unpacking(monkeypatch):
    content = bomb((SHEET, b"0" * 1000))
    claim = (MAX_UNPACKED_BYTES + 1).to_bytes(4, "little")
    directory = content.index(b"PK\x01\x02")
    forged = content[: directory + 24] + claim + content[directory + 28 :]
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("was unpacked"))
    with pytest.raises(UnreadableFileError, match="unpacks to far more"):
        read_profiles(forged)


def test_a_directory_that_lies_about_sizes_is_found_out():
    content = bomb((SHEET, b"0" * 10_000_000))
    directory = content.index(b"PK\x01\x02")
    forged = content[: directory + 24] + (10).to_bytes(4, "little") + content[directory + 28 :]
    with pytest.raises(UnreadableFileError):
        read_profiles(forged)


def test_the_counted_read_stands_on_its_own(monkeypatch):
    content = bomb((SHEET, b"0" * 10_000_000))
    monkeypatch.setattr("matcher.profiles.io.workbook.sum", lambda _: 0, raising=False)
    with pytest.raises(UnreadableFileError, match="unpacks to far more"):
        read_profiles(content)


def test_entity_bombs_are_refused():
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    sheet = (
        f'<!DOCTYPE worksheet [<!ENTITY e0 "{"x" * 50}">{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&e11;</t></is></c></row></sheetData></worksheet>'
    )
    for padding in ("", " " * (65_536 - 5)):
        with pytest.raises(UnreadableFileError, match="not a readable XLSX"):
            read_profiles(replace_part(PLAIN, SHEET, padding + sheet))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", [SHEET, "xl/styles.xml", "xl/anything.bin"])
def test_no_part_may_declare_entities_in_any_spelling(encoding, name):
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    with pytest.raises(UnreadableFileError, match="not a readable XLSX"):
        read_profiles(replace_part(PLAIN, name, text.encode(encoding)))


@pytest.mark.parametrize(
    ("name", "place", "more"),
    [
        ("xl/workbook.xml", "</sheets>", '<sheet name="a" sheetId="9" r:id="rId1"/>' * 5_000),
        ("xl/workbook.xml", "</sheets>", '<x:sheet name="a" sheetId="9" r:id="rId1"/>' * 5_000),
        ("xl/styles.xml", "</cellXfs>", '<xf numFmtId="14"/>' * 400_000),
    ],
)
def test_frames_that_grow_without_a_table_are_refused(name, place, more):
    """Fifty thousand sheets took ten minutes, a million styles a gigabyte, of one megabyte."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        part = archive.read(name).decode()
    filling = random.Random(1).randbytes(900_000)
    filled = replace_part(PLAIN, "xl/media/picture.png", filling)
    assert read_profiles(filled).rows == 1
    assert place in part
    with pytest.raises(UnreadableFileError, match="unpacks to far more"):
        read_profiles(replace_part(filled, name, part.replace(place, more + place)))


LONG = "a" * 10_000_000


@pytest.mark.parametrize(
    "token",
    [
        f"<!--{LONG}-->",
        f"<!--{'<' * 10_000_000}-->",
        f"<?x {'<' * 10_000_000}?>",
        f"<{LONG}/>",
        f'<row a="{LONG}"/>',
        f'<row a="{">" * 10_000_000}"/>',
        "<!--",
    ],
    ids=["comment", "signs", "instruction", "name", "value", "closed value", "open"],
)
def test_tokens_without_end_are_refused(token):
    """A parser that is fed piece by piece reads such a one anew with every piece: for minutes."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{token}</sheetData></worksheet>"
    )
    filled = replace_part(PLAIN, "xl/media/picture.png", random.Random(1).randbytes(900_000))
    with pytest.raises(UnreadableFileError, match="unpacks to far more"):
        read_profiles(replace_part(filled, SHEET, sheet))


def test_short_comments_and_long_texts_are_read():
    text = "x" * 32_000
    sheet = (
        '<?xml version="1.0"?><!-- made by hand --><worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c t="inlineStr"><is><t>name</t></is></c>'
        '<c t="inlineStr"><is><t>country</t></is></c>'
        '<c t="inlineStr"><is><t>description</t></is></c></row>'
        '<row r="2"><c t="inlineStr"><is><t>A</t></is></c>'
        f'<c t="inlineStr"><is><t>UA</t></is></c><c t="inlineStr"><is><t>{text}</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    (warning,) = read_profiles(replace_part(PLAIN, SHEET, sheet)).warnings
    assert "20000" in str(warning.message)


def cell(reference):
    return f'<c r="{reference}" t="inlineStr"><is><t>x</t></is></c>'


def far_out(reference):
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return replace_part(
        PLAIN,
        SHEET,
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>country</t></is></c></row>'
        f'<row r="{row}">{cell(reference)}</row></sheetData></worksheet>',
    )


@pytest.mark.parametrize(
    ("reference", "places"),
    [("C2", ["line 2"]), ("XFD2", []), ("A1048576", ["line 1048576"]), ("A999999999", [])],
)
def test_a_sheet_is_read_within_its_bounds_whatever_it_claims(reference, places):
    report = read_profiles(far_out(reference))
    assert [str(problem.where) for problem in report.problems] == places


def test_a_cell_in_an_impossible_column_takes_no_memory():
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError):
            read_profiles(far_out("ZZZZZZ2"))
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
