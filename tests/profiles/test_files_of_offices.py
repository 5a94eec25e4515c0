"""Files as offices write them: what stands in them is read, or named with what to do."""

import csv
import io
import re

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import UnreadableFileError
from matcher.profiles.io.readers import read_profiles


def read(text, encoding="utf-8", **options):
    return read_profiles(text.encode(encoding), name="list.csv", **options)


def one(column, value, country="UA"):
    """A report on a row with one cell of interest, and the profile that came of it."""
    report = read_profiles(
        f'name,country,{column}\nA Cluster,{country},"{value}"\n'.encode(), name="list.csv"
    )
    return report, report.profiles[0]


def told(report):
    return [(str(w.where), w.field, str(w.message)) for w in report.warnings]


def workbook(*sheets):
    """Workbook of sheets, each a title, its rows and what else is done to it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, *more in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for change in more:
            change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HEAD = ["name", "country"]


@pytest.mark.parametrize(
    "nothing",
    [
        *("n/a", "N/A", "-", "–", "none", "unknown", "tbd", "?", "...", "N.A.", "not available"),
        *("нет", "немає", "невідомо", "nu există", "არ არის", "yoxdur", "չկա", "NA"),
    ],
)
@pytest.mark.parametrize(
    ("column", "field", "blank"),
    [
        ("city", "city", None),
        ("website", "website", None),
        ("members", "members_total", None),
        ("founded", "founded", None),
        ("kind", "kind", None),
        ("offers", "offers", ()),
        ("target_countries", "target_countries", ()),
        ("languages", "languages", ()),
        ("nace", "nace", ()),
        ("ecosystems", "ecosystems", ()),
    ],
)
def test_a_word_for_nothing_is_a_blank_with_a_warning(column, field, blank, nothing):
    report, profile = one(column, nothing)
    assert getattr(profile, field) == blank
    assert field not in profile.model_fields_set
    assert [(where, name) for where, name, _ in told(report)] == [("line 2", column)]
    assert "counts as blank" in told(report)[0][2]


def test_such_words_are_told_once_a_column_and_fall_out_of_lists():
    report = read("name,country,offers\nA,UA,n/a\nB,UA,wood; -\nC,UA,немає\n")
    assert [profile.offers for profile in report.profiles] == [(), ("wood",), ()]
    assert [(where, field) for where, field, _ in told(report)] == [("line 2", "offers")]
    assert "in 3 cells" in told(report)[0][2]


def test_namibia_is_named_beside_other_countries_only():
    assert one("target_countries", "ZA; NA")[1].target_countries == ("ZA", "NA")
    assert one("target_countries", "NA")[1].target_countries == ()


def test_a_name_of_nothing_is_missing():
    report = read("name,country\nn/a,UA\nB,-\nC,UA\n")
    assert [profile.name for profile in report.profiles] == ["C"]
    assert {str(problem.message) for problem in report.problems} == {"is missing"}


@pytest.mark.parametrize(
    ("encoding", "country", "text"),
    [
        ("cp1252", "IT", "Il distretto è nato nel 2010 ed è attivo in Europa"),
        ("cp1252", "FR", "De la recherche à la production, de 3 à 5 projets"),
        ("cp1252", "PT", "O cluster é uma rede"),
        ("cp1252", "PT", "A associação não é só isso"),
        ("cp1252", "DE", "Möbel für Österreich, groß"),
        ("cp1250", "PL", "Klaster Łódź, źródło"),
        ("cp1250", "CZ", "Český klastr v Plzni a Ústí"),
        ("cp1250", "HU", "Győri klaszter, erdő"),
        ("cp1250", "RO", "Asociaţia clusterelor din Iaşi şi Bacău"),
        ("cp1251", "UA", "Харківський кластер"),
        ("cp1251", "BG", "Клъстер в София"),
        ("cp1257", "LT", "Lietuvos klasteris, Šiauliai, įmonės"),
        ("utf-8-sig", "PL", "Klaster Łódź"),
        ("utf-16", "PL", "Klaster Łódź"),
        ("utf-16-le", "GE", "ქართული კლასტერი"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_are_told_by_their_letters_and_countries(encoding, country, text, delimiter):
    row = delimiter.join(["A Cluster", country, f'"{text}"'])
    report = read(delimiter.join([*HEAD, "native description"]) + f"\n{row}\n", encoding)
    assert [profile.native_description for profile in report.profiles] == [text]
    assert any("was read as" in message for _, _, message in told(report)) == ("cp" in encoding)


def test_rows_of_several_languages_share_a_code_page():
    report = read("name,country\nLångås,SE\nUniversité,FR\nSão,PT\nMöbel,DE\n", "cp1252")
    assert [profile.name for profile in report.profiles] == ["Långås", "Université", "São", "Möbel"]


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp437"])
def test_an_encoding_that_fits_no_language_is_refused(encoding):
    with pytest.raises(UnreadableFileError, match="CSV UTF-8"):
        read("name,country,city\nMöbel,DE,Köln\n", encoding)


def test_lost_letters_are_named():
    report = read("name,country,city\n??????????? ???????,UA,?????\nKlaster ��d�,PL,Krak�w\n")
    assert [profile.country for profile in report.profiles] == ["PL"]
    assert [problem.field for problem in report.problems] == ["name"]
    assert all("were lost" in str(one.message) for one in (*report.problems, *report.warnings))
    assert {field for _, field, _ in told(report)} == {"name", "city"}


def test_doubly_encoded_letters_are_mended_with_a_warning():
    twice = "Łódź, Kraków".encode().decode("cp1252", errors="replace")
    assert "Ã³" in twice
    report, profile = one("city", "Kraków".encode().decode("cp1252"))
    assert profile.city == "Kraków"
    assert "encoded twice" in told(report)[0][2]
    assert one("city", "Харків".encode().decode("cp1251"))[1].city == "Харків"


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        *(("UKR", "UA"), ("POL", "PL"), ("MDA", "MD"), ("Україна", "UA"), ("Polska", "PL")),
        *(("საქართველო", "GE"), ("Sakartvelo", "GE"), ("Հայաստան", "AM"), ("Deutschland", "DE")),
        *(("Éire", "IE"), ("Azərbaycan", "AZ"), ("Česko", "CZ"), ("Česká republika", "CZ")),
        *(("Republic of Moldova", "MD"), ("Moldova, Republic of", "MD"), ("Suomi", "FI")),
        *(("Republica Moldova", "MD"), ("Slovak Republic", "SK"), ("Hellenic Republic", "GR")),
        *(("Республика Беларусь", "BY"), ("Österreich", "AT"), ("Ukraine (UA)", "UA")),
        *(("UA - Ukraine", "UA"), ("Україна / Ukraine", "UA"), ("Germany.", "DE")),
        *(("Kingdom of Spain", "ES"), ("République française", "FR"), ("Magyarország", "HU")),
    ],
)
def test_countries_go_by_any_usual_name(spelling, code):
    report = read_profiles(f'name,country\nA,"{spelling}"\n'.encode(), name="a.csv")
    assert [profile.country for profile in report.profiles] == [code]
    assert report.warnings == ()


@pytest.mark.parametrize("wrong", ["Ruritania", "XYZ", "Kyiv", "Poland and Germany", "UA, PL"])
def test_what_is_no_country_gets_no_wrong_hint(wrong):
    report = read_profiles(f'name,country\nA,"{wrong}"\n'.encode(), name="a.csv")
    assert report.profiles == ()
    assert "did you mean" not in str(report.problems[0].message)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *(("50+", 50), ("ca. 40", 40), ("~40", 40), ("40-50", 40), ("40 to 50", 40)),
        *(("1 200", 1200), ("1.200", 1200), ("1,200", 1200), (">100", 100), ("понад 50", 50)),
        *(("від 40 до 50", 40), ("44 members", 44), ("120 (2024)", 120), ("über 30", 30)),
    ],
)
def test_loose_numbers_are_read_with_a_warning(value, number):
    report, profile = one("members", value)
    assert profile.members_total == number
    assert told(report) == [("line 2", "members", f"“{value}” was read as {number}")]


@pytest.mark.parametrize(
    ("value", "year"),
    [
        *(("14.05.2012", 2012), ("January 2014", 2014), ("2012-05-14", 2012), ("05/2012", 2012)),
        *(("since 1998", 1998), ("1998 р.", 1998), ("2010/2011", 2010)),
    ],
)
def test_dates_give_their_year(value, year):
    report, profile = one("founded", value)
    assert profile.founded == year
    assert told(report) == [("line 2", "founded", f"“{value}” was read as the year {year}")]


def test_a_year_that_is_none_is_told_as_a_year():
    report, profile = one("founded", "14.05.12")
    assert profile.founded is None
    assert told(report) == [("line 2", "founded", "“14.05.12” is not a year, such as 2012")]


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("• AI\n• IoT", ("AI", "IoT")),
        ("AI\nIoT\n", ("AI", "IoT")),
        ("- AI\n- IoT", ("AI", "IoT")),
        ("1. AI\n2. IoT", ("AI", "IoT")),
        ("1) AI 2) IoT", ("AI", "IoT")),
        ("• AI • IoT", ("AI", "IoT")),
        ("AI,\nIoT", ("AI", "IoT")),
        ("AI;IoT", ("AI", "IoT")),
    ],
)
def test_lists_by_lines_bullets_and_numbers(cell, entries):
    report, profile = one("technologies", cell)
    assert profile.technologies == entries
    assert report.warnings == ()


@pytest.mark.parametrize("cell", ["AI, IoT, robotics", "AI, IoT", "AI | IoT", "wood / steel"])
def test_one_entry_that_looks_like_several_is_named(cell):
    report, profile = one("technologies", cell)
    assert profile.technologies == (cell,)
    assert "separate several entries by semicolons" in told(report)[0][2]


@pytest.mark.parametrize(
    ("field", "cell", "entries"),
    [
        ("nace", "62, 63", ("62", "63")),
        ("nace", "62.01 / 63.11", ("62", "63")),
        ("target_countries", "Poland, Germany and UKR", ("PL", "DE", "UA")),
        ("languages", "English, українська", ("en", "uk")),
        ("ecosystems", "IT, tourism", ("digital", "tourism")),
    ],
)
def test_closed_lists_are_parted_by_commas_with_a_warning(field, cell, entries):
    report, profile = one(field, cell)
    assert getattr(profile, field) == entries
    assert "semicolons separate them" in told(report)[0][2]


@pytest.mark.parametrize(
    ("field", "word", "value"),
    [
        ("ecosystems", "IT", ("digital",)),
        ("ecosystems", "software", ("digital",)),
        ("ecosystems", "food", ("agrifood",)),
        ("ecosystems", "туризм", ("tourism",)),
        ("ecosystems", "mobilă", ("construction",)),
        ("trades", "вино", ("wine",)),
        ("kind", "Асоціація", "business_association"),
        ("kind", "science park", "technology_park"),
        ("legal_form", "громадська організація", "ngo"),
        ("intents", "export", ("market_access",)),
        ("english_site", "так", True),
        ("english_site", "нет", False),
        ("label", "золото", "gold"),
        ("nace", "J62 - Computer programming", ("62",)),
    ],
)
def test_everyday_words(field, word, value):
    assert getattr(one(field, word)[1], field) == value


def test_a_bad_cell_costs_that_cell_and_a_bad_country_the_row():
    report = read("name,country,members,website\nA,UA,many,javascript:x\nB,Atlantis,5,\nC,UA,6,\n")
    assert [(p.name, p.members_total) for p in report.profiles] == [("A", None), ("C", 6)]
    assert [(where, field) for where, field, _ in told(report)] == [
        ("line 2", "members"),
        ("line 2", "website"),
    ]
    assert [(str(p.where), p.field) for p in report.problems] == [("line 3", "country")]


def test_a_foreign_id_is_left_out_and_one_is_made():
    report = read("id,name,country\n1,A,UA\n2,B,UA\n")
    assert [profile.id for profile in report.profiles] == ["ua-a", "ua-b"]
    assert [field for _, field, _ in told(report)] == ["id", "id"]


@pytest.mark.parametrize("title", ["Register of clusters, 2026", "Реєстр;2026"])
def test_the_heading_is_found_below_a_title(title):
    report = read(f"{title}\n\nName;Country\nA;UA\n")
    assert [profile.name for profile in report.profiles] == ["A"]
    assert [where for where, _, _ in told(report)] == ["line 1–2"]


def test_rows_of_totals_are_named_and_left_out():
    report = read("name,country,members\nA,UA,5\nTOTAL,,5\nTotal,UA,3\nРазом:,,8\n")
    assert [profile.name for profile in report.profiles] == ["A", "Total"]
    assert [where for where, _, _ in told(report)] == ["line 3", "line 5"]
    assert report.problems == ()


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"])
def test_errors_of_a_spreadsheet_are_no_values(error):
    report, profile = one("offers", error)
    assert profile.offers == ()
    assert error in told(report)[0][2]


def test_all_visible_sheets_are_read_and_the_others_named():
    content = workbook(
        ("Україна", [["name", "city"], ["A", "Kyiv"]]),
        ("Moldova", [["List of Moldova"], [], ["Name", "Town"], ["B", "Bălți"]]),
        ("Notes", [["to do"], ["call them"]]),
        ("Old", [HEAD, ["C", "UA"]], lambda sheet: setattr(sheet, "sheet_state", "hidden")),
    )
    report = read_profiles(content)
    assert [(p.name, p.country, p.city) for p in report.profiles] == [
        ("A", "UA", "Kyiv"),
        ("B", "MD", "Bălți"),
    ]
    assert [where for where, _, _ in told(report)] == [
        "sheet Old",
        "sheet Moldova, line 1–2",
        "sheet Notes",
    ]


def test_problems_in_several_sheets_tell_the_sheet():
    content = workbook(("One", [HEAD, ["A", "UA"]]), ("Two", [HEAD, ["B", "XX"]]))
    assert [str(p.where) for p in read_profiles(content).problems] == ["sheet Two, line 2"]


def test_hidden_rows_and_columns_are_named():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    content = workbook(("S", [[*HEAD, "city"], ["A", "UA", "x"], ["B", "UA", "y"]], hide))
    report = read_profiles(content)
    assert [profile.city for profile in report.profiles] == ["x", "y"]
    assert [where for where, _, _ in told(report)] == ["line 3", "column city"]


def test_a_cell_merged_over_rows_counts_for_each():
    rows = [HEAD, ["A", "UA"], ["B", None], ["C", None], ["D", "PL"]]
    content = workbook(("S", rows, lambda sheet: sheet.merge_cells("B2:B4")))
    assert [p.country for p in read_profiles(content).profiles] == ["UA", "UA", "UA", "PL"]


def test_formulas_without_values_are_named_by_cell():
    content = workbook(("S", [[*HEAD, "members", "city"], ["A", "UA", "=40+4", "Lviv"]]))
    report = read_profiles(content)
    assert report.profiles[0].members_total is None
    ((where, _, message),) = told(report)
    assert where == "cell C2"
    assert "formula" in message


ROWS = [
    {"name": "Львівський кластер", "country": "Україна", "members": "40-50", "we look for": "n/a"},
    {"name": "Klaster Łódź", "country": "POL", "members": "12", "we look for": "wood; steel"},
    {"name": "Clusterul Bălți", "country": "Moldova", "members": "-", "we look for": "buyers"},
]
COLUMNS = list(ROWS[0])


def as_csv(columns, encoding="utf-8", delimiter=","):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([columns, *([row[column] for column in columns] for row in ROWS)])
    return buffer.getvalue().encode(encoding)


def same(report):
    return {(p.id, p.name, p.members_total, p.seeks) for p in report.profiles}


EXPECTED = same(read_profiles(as_csv(COLUMNS), form="csv"))


@given(
    columns=st.permutations(COLUMNS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_order_of_columns_encoding_and_delimiter_do_not_matter(columns, encoding, delimiter):
    report = read_profiles(as_csv(columns, encoding, delimiter), form="csv")
    assert same(report) == EXPECTED
    assert sorted(field for _, field, _ in told(report) if field) == [
        *("members", "members", "we look for"),
    ]


@given(order=st.permutations(ROWS), cut=st.integers(0, 3))
def test_order_of_rows_and_sheets_does_not_matter(order, cut):
    parts = [part for part in (order[:cut], order[cut:]) if part]
    sheets = [
        (f"S{number}", [COLUMNS, *([row[column] for column in COLUMNS] for row in part)])
        for number, part in enumerate(parts)
    ]
    assert same(read_profiles(workbook(*sheets))) == EXPECTED


@given(given_fields=st.sets(st.sampled_from(["city", "members", "offers", "website"])))
def test_a_file_gives_the_fields_it_fills_in_and_no_others(given_fields):
    columns = ["name", "country", "city", "members", "offers", "website"]
    values = {"city": "Lviv", "members": "5", "offers": "wood", "website": "example.org"}
    cells = ["A", "UA", *(values[c] if c in given_fields else "" for c in columns[2:])]
    (profile,) = read(",".join(columns) + "\n" + ",".join(cells)).profiles
    named = {re.sub("members", "members_total", field) for field in given_fields}
    assert profile.model_fields_set == {"id", "name", "country", *named}


TWO_ROWS = {
    "en": ("Name,Country,Contact,,Members,Profile,", ",,City,Website,,Offers,Seeks"),
    "ru": (
        "Название,Страна,Контакты,,Количество участников,Деятельность,",
        ",,Город,Сайт,,Предлагаем,Ищем",
    ),
    "uk": (
        "Назва,Країна,Контакти,,Кількість членів,Діяльність,",
        ",,Місто,Сайт,,Пропонуємо,Шукаємо",
    ),
}
BELOW = (
    "Oak Cluster,UA,Lviv,https://oak.example.org,12,oak furniture,export partners",
    "Vine Cluster,GE,Telavi,https://vine.example.org,30,amber wine,importers",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1251")


@pytest.mark.parametrize("language", TWO_ROWS)
@pytest.mark.parametrize("title", [(), ("Register of 2026,,,,,,",)])
@given(
    order=st.permutations(range(7)),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(",;\t"),
)
def test_a_heading_over_two_rows_is_read_in_any_order_and_encoding(
    language, title, order, encoding, separator
):
    expected = read("name,country,city,website,members,offers,seeks\n" + "\n".join(BELOW))
    upper, lower = (row.split(",") for row in TWO_ROWS[language])
    lines = [*(row.split(",") for row in title), upper, lower, *(row.split(",") for row in BELOW)]
    text = "\n".join(separator.join(line[place] for place in order) for line in lines)
    report = read(text, encoding)
    assert report.profiles == expected.profiles
    assert report.problems == ()


def test_a_heading_of_merged_cells_over_two_rows_is_read():
    rows = [
        ["No.", "Cluster name", "Country", "Number of members", None, None],
        [None, None, None, "Total", "Companies", "Universities"],
        [1, "Oak Cluster", "UA", 12, 10, 2],
    ]

    def merge(sheet):
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:F1"):
            sheet.merge_cells(cells)

    (found,) = read_profiles(workbook(("List", rows, merge))).profiles
    assert (found.name, found.country, found.members_total) == ("Oak Cluster", "UA", 12)
    assert found.members_research == 2


def test_a_heading_in_two_languages_means_what_both_do():
    head = "Name / Назва,Country | Країна,City / Members"
    report = read(f"{head}\nOak Cluster,UA,7\n")
    assert [(one.name, one.city, one.members_total) for one in report.profiles] == [
        ("Oak Cluster", None, None)
    ]
