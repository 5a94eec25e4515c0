"""Files made to be slow or to answer with far more than they are: read in seconds, told briefly."""

import json
import time

import pytest

from matcher.errors import UnreadableFileError
from matcher.profiles.io.cells import guard_formula, unguard_formula
from matcher.profiles.io.formats import MAX_COLUMNS, MAX_PROBLEMS
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.profile import MAX_ITEMS, MAX_PHRASES

MEGABYTE = 1_000_000
SECONDS = 30
"""Each of these took minutes to hours when it was found; now seconds on a busy machine."""


def member(field, value):
    return json.dumps([{"name": "A", "country": "UA", field: value}]).encode()


def rows(columns, *parts):
    return "\n".join((columns, *(line for part in parts for line in part))).encode()


HOSTILE = {
    "dots and no domain": member("website", "aa." * 300_000 + ":"),
    "line breaks in a cell": rows("name,country", ['"' + "\n" * 130_000 + '",UA'] * 7),
    "one name for all": rows("name,country", ["A,UA"] * 99_000),
    "one name, its numbers taken": rows(
        "name,country,id", [f"A,UA,ua-a-{n}" for n in range(2, 30_000)], ["A,UA,"] * 30_000
    ),
    "lists of no countries": rows("name,country,target_countries", ["A,UA," + "x;" * 60_000] * 8),
    "short lists of no countries": rows(
        "name,country,target_countries", ["A,UA," + "x;" * 10] * 35_000
    ),
    "fields nobody knows": b'[{"name": "A", "country": "UA"'
    + b"".join(b', "f%d": 1' % number for number in range(80_000))
    + b"}]",
    "a list without end": member("sources", ["x"] * 200_000),
    "nothing but quotation marks": b"name,country\n" + b'"a\n"b' * 200_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_file_of_a_megabyte_is_slow_or_answered_at_length(content):
    assert len(content) < 1.1 * MEGABYTE
    begun, told = time.process_time(), 0
    try:
        report = read_profiles(content)
    except UnreadableFileError as error:
        told = len(str(error))
    else:
        told = sum(len(str(one)) for one in (*report.problems, *report.warnings))
    assert time.process_time() - begun < SECONDS
    assert told < 3 * MEGABYTE


def test_blanks_are_guarded_in_linear_time():
    begun = time.process_time()
    text = "\n" * 500_000 + "a"
    assert guard_formula(text) == unguard_formula(text) == text
    assert guard_formula("\n" * 500_000 + "=1").endswith("\n'=1")
    assert time.process_time() - begun < SECONDS


def test_long_lists_are_named_and_not_looked_at():
    (warning,) = read_profiles(member("target_countries", ["UA"] * (MAX_ITEMS + 1))).warnings
    assert warning.field == "target_countries"
    assert f"more than {MAX_ITEMS} entries" in str(warning.message)


@pytest.mark.parametrize("field", ["technologies", "services", "offers", "seeks"])
@pytest.mark.parametrize("count", [MAX_PHRASES + 1, MAX_ITEMS + 1])
def test_long_lists_of_phrases_are_told_their_own_limit(field, count):
    report = read_profiles(member(field, [f"phrase {n}" for n in range(count)]))
    assert [warning.field for warning in report.warnings] == [field]
    assert f"more than {MAX_PHRASES} entries" in str(report.warnings[0].message)
    assert len(getattr(report.profiles[0], field)) == MAX_PHRASES
    assert read_profiles(member(field, ["a phrase"] * MAX_PHRASES)).warnings == ()


def test_of_a_list_the_first_wrong_entries_are_named():
    cell = ";".join(f"x{number}" for number in range(50))
    report = read_profiles(f"name,country,target_countries\nA,UA,PL;{cell}".encode())
    assert report.profiles[0].target_countries == ("PL",)
    assert len(report.warnings) == 11


@pytest.mark.parametrize("wrong", ["A,ZZ", '"A"x,UA'])
def test_a_file_wrong_through_and_through_is_refused(wrong):
    few = rows("name,country", ["Good,UA"], [wrong] * 100)
    assert len(read_profiles(few).profiles) == 1
    with pytest.raises(UnreadableFileError, match=f"{MAX_PROBLEMS:,} values"):
        read_profiles(rows("name,country", ["Good,UA"], [wrong] * (MAX_PROBLEMS + 1)))


def test_more_unknown_fields_than_a_table_may_have():
    many = ", ".join(f'"f{number}": 1' for number in range(MAX_COLUMNS + 1))
    with pytest.raises(UnreadableFileError, match="not known here"):
        read_profiles(f'[{{"name": "A", "country": "UA", {many}}}]'.encode())
