"""JSON and JSON Lines, well and badly formed."""

import json

import pytest

from matcher.errors import UnreadableFileError
from matcher.profiles.io.readers import read_profiles

GOOD = {"id": "ua-a", "name": "A", "country": "UA"}


def read(text, form="json"):
    return read_profiles(text.encode(), form=form)


def complaints(report):
    return [(str(p.where), p.field) for p in report.problems]


def test_an_array_one_object_and_lines_give_the_same():
    text = json.dumps(GOOD)
    for content in (text, f"[{text}]", f"\ufeff \n [\n{text}\n]\n", f"{text}\n\n"):
        assert [p.id for p in read_profiles(content.encode()).profiles] == ["ua-a"]
    lines = f"{text}\r\n\r\n{text.replace('ua-a', 'ua-b')}"
    assert [p.id for p in read_profiles(lines.encode()).profiles] == ["ua-a", "ua-b"]


def test_objects_of_an_array_are_named_by_their_line():
    text = (
        '[\n{"id": "ua-a",\n "name": "A", "country": "UA"},\n\n'
        '{"name": "B",\n"country": "XX"},\n 5, {}]'
    )
    report = read(text)
    assert [p.id for p in report.profiles] == ["ua-a"]
    assert complaints(report) == [
        ("line 5", "country"),
        ("line 7", None),
        ("line 7", "name"),
        ("line 7", "country"),
    ]
    assert report.rows == 4


def test_a_bad_line_spoils_no_other():
    report = read(
        f'{json.dumps(GOOD)}\n{{"name": \n[]\n"x"\n{{"name": "B", "country": "PL"}}\n', "jsonl"
    )
    assert [p.id for p in report.profiles] == ["ua-a", "pl-b"]
    assert complaints(report) == [("line 2", None), ("line 3", None), ("line 4", None)]
    assert "not valid JSON" in str(report.problems[0].message)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[\n{"name": "A"}\n{"name": "B"}]', "line 3"),
        ('[{"name": "A"},\n]', "line 2"),
        ('{"name": "A"}\n{"name": "B"} x', "line 2"),
        ("[", "line 1"),
        ("{", "line 1"),
        ("[NaN]", "line 1"),
        ('{"capacity": ' + "9" * 5000 + "}", "line 1"),
        ("[" * 100_000, "line 1"),
        ("nonsense", "line 1"),
    ],
)
def test_broken_json_is_refused_by_line(text, place):
    with pytest.raises(UnreadableFileError, match=f"{place}:"):
        read(text)


def test_deep_nesting_in_a_line_is_a_problem_of_that_line():
    report = read(f"{'[' * 100_000}\n{json.dumps(GOOD)}", "jsonl")
    assert complaints(report) == [("line 1", None)]
    assert [p.id for p in report.profiles] == ["ua-a"]


def test_headings_and_values_are_understood_in_their_usual_spellings():
    text = json.dumps(
        {"Cluster name": "A", "Country": "Ukraine", "NACE codes": [62, "C10", 1.1], "Members": 12.0,
         "Needs": "x; y", "Offers": ["a; b"], "Label": "", "Label year": None}
    )  # fmt: skip
    (profile,) = read(text).profiles
    assert (profile.id, profile.nace, profile.members_total) == ("ua-a", ("62", "10", "01"), 12)
    assert (profile.seeks, profile.offers) == (("x", "y"), ("a; b",))


def test_a_name_given_twice_must_agree():
    report = read('{"name": "A", "name": "B", "country": "UA"}')
    assert complaints(report) == [("line 1", "name")]


def test_wrong_types_are_named_in_plain_english():
    wrong = GOOD | {
        "id": ["x"], "city": 5, "lat": "north", "lon": [1], "members_total": 1.5, "capacity": True,
        "recognised_programme": 1, "english_site": "perhaps", "last_verified": 20260101,
        "offers": [{"a": 1}, 5, None], "seeks": {"a": 1}, "description": True, "as_of": "1e3",
        "region": "\ud800", "languages": ["english", "e1"], "nuts2": "Poland", "visibility": 0,
        "technologies": ["x" * 201], "services": [str(i) for i in range(51)],
        "management_fte": -1, "website": "ftp://x", "native_name": "x" * 301,
    }  # fmt: skip
    report = read(json.dumps(wrong))
    assert report.problems == ()
    assert report.profiles[0].model_fields_set == {"id", "name", "country", "services", "languages"}
    named = {w.field for w in report.warnings}
    assert named == set(wrong) - {"name", "country"}
    for warning in report.warnings:
        text = str(warning)
        for jargon in (
            "Input should",
            "pydantic",
            "http://errors",
            "valid string",
            "tuple",
            "Value error",
        ):
            assert jargon not in text
        text.encode()
    messages = {w.field: str(w.message) for w in report.warnings}
    assert messages["native_name"] == "is longer than 300 characters; shorten it"
    assert messages["technologies"] == "entry 1 is longer than 200 characters; shorten it"
    assert messages["management_fte"] == "must be at least 0"


def test_unknown_names_are_a_warning_once():
    report = read(
        json.dumps([GOOD | {"colour": "red"}, {"colour": "", "name": "B", "country": "PL", "x": 0}])
    )
    assert len(report.profiles) == 2
    assert [(str(w.where), w.field) for w in report.warnings] == [
        ("line 1", "colour"),
        ("line 1", "x"),
    ]


def test_the_suffix_decides_where_there_is_one():
    content = json.dumps(GOOD).encode()
    assert read_profiles(content, name="a.ndjson").rows == 1
    with pytest.raises(UnreadableFileError, match="not valid JSON"):
        read_profiles(b"name,country\nA,UA\n", name="a.json")
