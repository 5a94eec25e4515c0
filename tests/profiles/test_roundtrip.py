"""Export and import are inverse to each other, and exports are safe to open."""

import csv
import io
import re
from typing import get_args

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profile_strategies import profiles, texts

from matcher.errors import InvalidInputError
from matcher.profiles.io.cells import guard_formula, join_items, split_items, unguard_formula
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.profile import ClusterProfile

FORMATS = get_args(Format)
SLOW = settings(suppress_health_check=list(HealthCheck))
HOSTILE = "=HYPERLINK(0)"


def make(**values):
    return ClusterProfile.model_validate({"id": "ua-x", "name": "X", "country": "UA"} | values)


@pytest.fixture(autouse=True)
def _no_language_model(monkeypatch):
    monkeypatch.setattr("matcher.profiles.io.readers.language_warning", lambda profile: None)


@pytest.mark.parametrize("form", FORMATS)
@SLOW
@given(data=st.data())
def test_import_gives_back_what_export_wrote(form, data):
    written = (data.draw(profiles("a")), data.draw(profiles("b")))
    report = read_profiles(write_profiles(written, form), form=form)
    assert report.problems == ()
    assert report.profiles == written


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_of_an_export_is_told_from_its_content(form):
    written = (make(offers=("a; b",), description="one\ntwo"), make(id="ua-y", name="Y"))
    assert read_profiles(write_profiles(written, form)).profiles == written


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_an_export_of_nothing_holds_nothing(form):
    report = read_profiles(write_profiles((), form), form=form)
    assert report.profiles == ()
    assert report.rows == 0
    assert [str(warning) for warning in report.warnings] == ["file: holds no clusters"]


@given(st.text())
def test_guarding_a_formula_is_reversible(text):
    assert unguard_formula(guard_formula(text)) == text


@given(st.lists(texts(40), max_size=6))
def test_joining_a_list_is_reversible(items):
    assert split_items(join_items(items)) == items


def test_a_backslash_that_escapes_nothing_stays():
    assert split_items(r"AC\DC; x\\y; p\;q;; ") == [r"AC\DC", r"x\y", "p;q"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_csv_cell_starts_a_formula_whatever_the_separator(start):
    attack = f"{start}cmd|' /C calc'!A0"
    profile = make(name=attack, offers=(attack, "x"), description=f"text\n{attack}; {attack}")
    rows = list(csv.reader(io.StringIO(write_profiles([profile], "csv").decode("utf-8-sig"))))
    pieces = [piece for cell in rows[1] for piece in re.split(r"[;\t\r\n]", cell)]
    assert sum("cmd|" in piece for piece in pieces) == 4
    assert not [piece for piece in pieces if piece.strip().startswith(start)]


def test_xlsx_cells_are_texts_and_numbers_never_formulas_or_links():
    content = write_profiles(
        [make(name=HOSTILE, website="https://a.example", lat=-1.5, lon=2.0)], "xlsx"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content))["clusters"]
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["name"].value, cells["name"].data_type) == (HOSTILE, "s")
    assert cells["website"].hyperlink is None
    assert (cells["lat"].value, cells["lat"].data_type) == (-1.5, "n")
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_text_longer_than_a_cell_is_refused_by_name(form):
    profile = make(sources=tuple(f"https://a.example/{i:0>450}" for i in range(300)))
    with pytest.raises(InvalidInputError) as caught:
        write_profiles([profile], form)
    assert [(str(p.where), p.field) for p in caught.value.problems] == [("ua-x", "sources")]
    assert read_profiles(write_profiles([profile], "jsonl")).profiles == (profile,)
