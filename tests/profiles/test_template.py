"""The workbook to fill in."""

import io

import openpyxl
import pytest

from matcher.i18n.languages import language, languages
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.template import write_template
from matcher.profiles.profile import ClusterProfile


def opened(code="en"):
    return openpyxl.load_workbook(io.BytesIO(write_template(language(code))))


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_is_filled_in_is_read_and_nothing_of_the_other_sheets():
    book = opened()
    book["clusters"].append(["My Cluster", "Ukraine"])
    report = read_profiles(saved(book))
    assert [(profile.name, profile.country) for profile in report.profiles] == [
        ("My Cluster", "UA")
    ]
    assert {str(w.where) for w in report.warnings} == {
        "sheet examples",
        "sheet columns",
        "sheet lists",
    }


def test_its_headings_are_fields_and_each_is_explained_in_the_readers_language():
    for code in languages():
        book = opened(code)
        headings = [cell.value for cell in book["clusters"][1]]
        assert set(headings) <= set(ClusterProfile.model_fields)
        assert [row[0].value for row in book["columns"]][1:] == headings
        assert all(row[1].value for row in book["columns"])


def test_its_examples_are_read_without_a_warning():
    book = opened()
    del book["clusters"], book["columns"], book["lists"]
    report = read_profiles(saved(book))
    assert len(report.profiles) == 2
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize("field", ["country", "kind", "label", "ecosystems", "legal_form"])
def test_every_choice_of_a_drop_down_is_read(field):
    book = opened()
    column = {cell.value: cell.column_letter for cell in book["clusters"][1]}[field]
    rules = book["clusters"].data_validations.dataValidation
    (rule,) = [rule for rule in rules if f"{column}2" in str(rule.sqref) and rule.type == "list"]
    place = rule.formula1.replace("lists!", "").replace("$", "")
    choices = [row[0].value for row in book["lists"][place]]
    heading = "name,country,x" if field == "country" else f"name,country,{field}"
    for choice in choices:
        country = choice if field == "country" else "UA"
        report = read_profiles(f'{heading}\nA,{country},"{choice}"\n'.encode(), name="a.csv")
        assert report.profiles[0].model_fields_set > {"name"}
        assert field == "country" or report.warnings == ()
