"""Headings: what a file's columns are read as, what is offered for the others, what is mapped."""

import pytest

from matcher.errors import InvalidInputError
from matcher.profiles.io.headers import MissingColumnsError
from matcher.profiles.io.readers import read_profiles


def read(text, **options):
    return read_profiles(text.encode(), name="list.csv", **options)


def test_each_heading_tells_what_it_was_read_as_what_is_near_and_an_example():
    headings = read("name,country,foundd,E-mail,colour\nA,UA,,b@example.org,red\n").headings
    assert [(h.text, h.field, h.suggestion, h.example) for h in headings] == [
        ("name", "name", None, "A"),
        ("country", "country", None, "UA"),
        ("foundd", None, "founded", ""),
        ("E-mail", None, "", "b@example.org"),
        ("colour", None, None, "red"),
    ]
    assert [h.sureness for h in headings if h.suggestion is None] == [0, 0, 0]
    assert 0.5 < headings[2].sureness < 1 == headings[3].sureness


def test_a_mapping_decides_over_usual_meanings():
    text = "Who,Where,Name of the head,members\nA Cluster,Ukraine,Nobody,12\n"
    mapping = {"Who": "name", "where": "country", "members": ""}
    (profile,) = read(text, mapping=mapping).profiles
    assert (profile.name, profile.country, profile.members_total) == ("A Cluster", "UA", None)


def test_without_a_needed_column_the_headings_are_told_for_a_mapping():
    with pytest.raises(
        MissingColumnsError, match=r"no column for name.*Land \(country\?\)"
    ) as caught:
        read("Who,Land\nA,UA\n")
    assert [(h.text, h.example, h.suggestion) for h in caught.value.headings] == [
        ("Who", "A", None),
        ("Land", "UA", "country"),
    ]


def test_a_mapping_to_no_field_is_refused():
    with pytest.raises(InvalidInputError, match="no column colour"):
        read("name,country\nA,UA\n", mapping={"name": "colour"})


def test_a_profile_tells_which_fields_the_file_gave():
    report = read("name,country,city,members,offers\nA,UA,Lviv,,\nB,UA,,0,x\n")
    given = [profile.model_fields_set - {"id"} for profile in report.profiles]
    assert given == [{"name", "country", "city"}, {"name", "country", "members_total", "offers"}]


def test_contact_data_are_named_and_left_out():
    report = read("name,country,Контактна особа,Tel.\nA,UA,Testa Testashvili,1234\n")
    assert [(w.field, "persons" in str(w.message)) for w in report.warnings] == [
        ("Контактна особа", True),
        ("Tel.", True),
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Company", "name"),
        ("company_name", "name"),
        ("Name of the organisation", "name"),
        ("hq_country", "country"),
        ("HQ city", "city"),
        ("We look for", "seeks"),
        ("What we look for?", "seeks"),
        ("What do you offer", "offers"),
        ("Що шукаємо", "seeks"),
        ("Країна", "country"),
        ("Кількість членів", "members_total"),
        ("Denumirea clusterului", "name"),
        ("Ce căutăm", "seeks"),
        ("Numărul de membri", "members_total"),
        ("Что предлагаем", "offers"),
        ("Год основания", "founded"),
        ("დასახელება", "name"),
        ("ვეძებთ", "seeks"),
        ("Երկիր", "country"),
        ("առաջարկում ենք", "offers"),
        ("Ölkə", "country"),
        ("Axtarırıq", "seeks"),
    ],
)
def test_usual_headings_in_seven_languages(heading, field):
    filled = f"name,country,{heading}\nA,UA,\n"
    assert [h.field for h in read(filled).headings][2] == field
