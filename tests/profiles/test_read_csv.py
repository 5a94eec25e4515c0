"""CSV as people send it: encodings, delimiters, broken rows, odd headings."""

import pytest

from matcher.errors import UnreadableFileError
from matcher.profiles.io import readers as readers_module
from matcher.profiles.io.readers import read_profiles

HEAD = "name,country,offers"
ROW = "Kharkiv IT Cluster,UA,software; training"


def read(text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_profiles(content, name="list.csv", **options)


def complaints(report):
    return [(str(p.where), p.field) for p in report.problems]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding, delimiter):
    lines = ["Name", "Country", "Native name"], ["Lviv Cluster", "Ukraine", "Львівський кластер"]
    text = "\r\n".join(delimiter.join(line) for line in lines) + "\r\n"
    report = read(text.encode(encoding))
    assert report.problems == ()
    assert [p.native_name for p in report.profiles] == ["Львівський кластер"]
    assert bool(report.warnings) == (encoding == "cp1251")


@pytest.mark.parametrize(
    ("encoding", "native"),
    [
        ("koi8-u", "Харківський кластер"),
        ("cp866", "Харьков"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused_with_advice(encoding, native):
    content = f"{HEAD}\n{ROW}\n{native},UA,x\n".encode(encoding)
    with pytest.raises(UnreadableFileError, match=r"Line 3 .*CSV UTF-8"):
        read(content)


def test_a_utf16_file_cut_in_the_middle_is_refused():
    with pytest.raises(UnreadableFileError, match="UTF-16"):
        read(f"{HEAD}\n{ROW}".encode("utf-16")[:-1])


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n\n", b",,,\n,,\n"]
)
def test_an_empty_file_is_refused(content):
    with pytest.raises(UnreadableFileError, match="empty"):
        read(content)


def test_a_heading_alone_is_a_warning():
    report = read(HEAD)
    assert (report.rows, report.profiles, report.problems) == (0, (), ())
    assert [str(w.message) for w in report.warnings] == ["holds no clusters"]


def test_a_file_without_the_needed_columns_is_refused():
    with pytest.raises(UnreadableFileError, match=r"no column for country.*found: name, colour"):
        read("name,colour\nX,red\n")


def test_the_separator_line_of_spreadsheets_is_honoured():
    report = read("sep=;\nname;country\nA, B and C;UA\n")
    assert [p.name for p in report.profiles] == ["A, B and C"]


def test_a_semicolon_list_does_not_pass_for_the_delimiter():
    report = read("name,country,what we offer; in short\nX,UA,a; b; c\n")
    assert [p.name for p in report.profiles] == ["X"]


def test_rows_that_are_too_long_are_refused_and_short_ones_noted():
    report = read(f"{HEAD}\nA,UA,x,surplus\n{ROW}\nB,UA\nC,UA,x,,\n")
    assert [p.name for p in report.profiles] == ["Kharkiv IT Cluster", "B", "C"]
    assert complaints(report) == [("line 2", None)]
    assert "4 cells where the heading has 3" in str(report.problems[0].message)
    assert [str(w.where) for w in report.warnings] == ["line 4"]


def test_lines_are_counted_as_an_editor_does():
    text = f'{HEAD}\n"A\n\nB",UA,x\n\n{ROW}\nC,XX,x\n"D\nE",YY,x\n'
    report = read(text)
    assert [p.name for p in report.profiles] == ["A B", "Kharkiv IT Cluster"]
    assert complaints(report) == [("line 7", "country"), ("line 8", "country")]


@pytest.mark.parametrize("bad", ['A,"UA,x', '"A" B,UA,x', 'A,UA,"x'])
def test_a_broken_quotation_spoils_its_own_row_only(bad):
    report = read(f'{HEAD}\n{bad}\n{ROW}\nC,PL,"y, z"\n')
    assert [p.name for p in report.profiles] == ["Kharkiv IT Cluster", "C"]
    assert complaints(report) == [("line 2", None)]
    assert "quotation mark" in str(report.problems[0].message)


def test_a_file_of_nothing_but_open_quotations_ends_soon():
    report = read(f"{HEAD}\n" + 'x","\n' * 20_000)
    assert report.profiles == ()
    assert "nothing after this line was read" in str(report.problems[-1].message)
    assert len(report.problems) < 10


def test_nul_bytes_spoil_their_row_only():
    report = read(f"{HEAD}\nA\0B,UA,x\n{ROW}\n")
    assert [p.name for p in report.profiles] == ["Kharkiv IT Cluster"]
    assert complaints(report) == [("line 2", "name")]
    assert "control characters" in str(report.problems[0].message)


def test_two_columns_of_one_field_must_agree():
    report = read("name,Cluster name,country\nA,,UA\n,B,UA\nC,C,UA\nD,E,UA\n")
    assert [p.name for p in report.profiles] == ["A", "B", "C"]
    assert complaints(report) == [("line 5", "Cluster name")]
    assert "differs from column name" in str(report.problems[0].message)


def test_all_problems_of_a_row_are_named_by_the_columns_of_the_file():
    report = read(
        "Name,Country,Members,Web site,NACE codes,Latitude,Founded\n"
        ",Atlantis,many,javascript:x,62;100,95.5,1200\n"
    )
    assert report.profiles == ()
    columns = ["Country", "Founded", "Latitude", "Members", "Name", "NACE codes", "Web site"]
    told = [*complaints(report), *((str(w.where), w.field) for w in report.warnings)]
    assert sorted(told) == sorted(("line 2", column) for column in columns)


def test_unknown_columns_are_named_with_the_nearest_field():
    report = read("name,country,foundd,favourite colour\nA,UA,,red\n")
    assert [p.name for p in report.profiles] == ["A"]
    assert [(str(w.where), w.field) for w in report.warnings] == [
        ("line 1", "foundd"),
        ("line 1", "favourite colour"),
    ]
    assert "founded" in str(report.warnings[0].message)
    assert "nearest" not in str(report.warnings[1].message)


def test_a_column_without_heading_is_noted_once_where_it_holds_something():
    assert read("name,country,\nA,UA,\n").warnings == ()
    report = read("name,country,\nA,UA,x\nB,UA,y\n")
    assert [(str(w.where), w.field) for w in report.warnings] == [("line 2", "column 3")]


def test_the_second_of_two_equal_ids_is_refused():
    report = read("id,name,country\nua-a,A,UA\nua-a,B,UA\n")
    assert [p.name for p in report.profiles] == ["A"]
    assert complaints(report) == [("line 3", "id")]
    assert "line 2" in str(report.problems[0].message)


def test_a_refused_row_does_not_claim_its_id():
    report = read("id,name,country\nua-a,A,XX\nua-a,B,UA\n")
    assert [p.name for p in report.profiles] == ["B"]
    assert complaints(report) == [("line 2", "country")]


def test_missing_ids_are_made_from_country_and_name_alone():
    one = read("name,country\nХарківський ІТ кластер,UA\nŁódź Cluster,PL\n")
    two = read("country,city,name\nPL,Łódź,Łódź Cluster\nUA,,Харківський ІТ кластер\n")
    ids = {p.name: p.id for p in one.profiles}
    assert ids == {
        "Харківський ІТ кластер": "ua-kharkivskiy-it-klaster",
        "Łódź Cluster": "pl-lodz-cluster",
    }
    assert ids == {p.name: p.id for p in two.profiles}


def test_made_ids_stay_clear_of_each_other_and_of_stated_ones():
    report = read("id,name,country\n,A,UA\n,A,UA\n,B,UA\nua-b,C,UA\n")
    assert [p.id for p in report.profiles] == ["ua-a", "ua-a-2", "ua-b-2", "ua-b"]
    assert [str(w.where) for w in report.warnings] == ["line 3", "line 4"]
    assert report.problems == ()


def test_a_name_without_letters_gets_a_stable_id():
    first, second = (read("name,country\n!!!,UA\n").profiles[0].id for _ in range(2))
    assert first == second
    assert first.startswith("ua-")


def test_too_many_rows_columns_and_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(readers_module, "MAX_ROWS", 2)
    assert read(f"{HEAD}\n{ROW}\nB,UA,x\n").rows == 2
    with pytest.raises(UnreadableFileError, match="more than 2 rows"):
        read(f"{HEAD}\n{ROW}\nB,UA,x\nC,UA,x\n")
    with pytest.raises(UnreadableFileError, match="300 columns"):
        read(",".join(["name", "country", *map(str, range(300))]) + "\n")
    with pytest.raises(UnreadableFileError, match="at most 20 MB"):
        read(b"x" * 20_000_001)


def test_a_path_is_read_by_its_suffix_and_a_missing_one_named(tmp_path):
    path = tmp_path / "clusters.TSV"
    path.write_text("name\tcountry\nA\tUA\n", encoding="utf-8")
    assert [p.name for p in read_profiles(path).profiles] == ["A"]
    with pytest.raises(UnreadableFileError, match=r"'absent\.csv' cannot be opened"):
        read_profiles(tmp_path / "absent.csv")
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_profiles(tmp_path)


def test_column_names_are_shown_without_control_characters():
    report = read(f"name,country,\x1b[31mred{'x' * 100}\nA,UA,\n")
    shown = report.warnings[0].field
    assert shown.isprintable()
    assert len(shown) <= 60
