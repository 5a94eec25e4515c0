"""Usual spellings of headings and values."""

import json

import pytest

from matcher.profiles.io.headers import field_of
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import countries, country_group, ecosystems

NEEDED = {"id", "name", "country"}


def read(field, value):
    record = {"name": "A", "country": "UA", field: value}
    if field in ("lat", "lon"):
        record["lon" if field == "lat" else "lat"] = 1
    return read_profiles(json.dumps(record).encode(), form="json")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Name", "name"),
        ("Cluster name", "name"),
        ("CLUSTER_NAME", "name"),
        ("Country", "country"),
        ("ISO", "country"),
        ("Web site", "website"),
        ("URL", "website"),
        ("web-site", "website"),
        ("Members", "members_total"),
        ("Number of members", "members_total"),
        ("SMEs", "members_sme"),
        ("Offers", "offers"),
        ("What we offer", "offers"),
        ("Needs", "seeks"),
        ("Looking for", "seeks"),
        ("Sector", "ecosystems"),
        ("Industrial ecosystem", "ecosystems"),
        ("NACE codes", "nace"),
        ("Founded", "founded"),
        ("Established", "founded"),
        ("Latitude", "lat"),
        ("Séctor", "ecosystems"),
        (" short  name ", "acronym"),
        ("Colour", None),
        ("", None),
        ("!!!", None),
    ],
)
def test_headings(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize("field", ClusterProfile.model_fields)
def test_every_field_goes_by_its_own_name(field):
    assert field_of(field) == field_of(field.replace("_", " ").title()) == field


def test_every_country_goes_by_its_code_and_english_name():
    for code in country_group("EU") | country_group("EaP"):
        for spelling in (
            code,
            code.lower(),
            countries()[code].name,
            countries()[code].name.upper(),
        ):
            (profile,) = read_profiles(
                json.dumps({"name": "A", "country": spelling}).encode()
            ).profiles
            assert profile.country == code


def test_every_ecosystem_goes_by_its_id_and_title():
    for name, title in ecosystems().items():
        for spelling in (name, title, title.upper(), title.replace(" and ", " & ")):
            assert read("ecosystems", spelling).profiles[0].ecosystems == (name,)


@pytest.mark.parametrize(
    ("field", "value", "held"),
    [
        (
            "target_countries",
            "EL; UK; the Netherlands; Türkiye; turkey; Moldova",
            ("GR", "GB", "NL", "TR", "MD"),
        ),
        ("kind", "Technology Park", "technology_park"),
        ("kind", "incubator / accelerator", "incubator_accelerator"),
        ("label", "GOLD", "gold"),
        ("label", "Silver label", "silver"),
        ("label", "n/a", None),
        ("intents", "Joint R&D; market access", ("joint_rd", "market_access")),
        ("visibility", "Hidden", "hidden"),
        ("english_site", "Yes", True),
        ("english_site", "N", False),
        ("english_site", "-", None),
        ("members_total", "1 200", 1200),
        ("members_total", "1,200", 1200),
        ("members_total", "1\u00a0200", 1200),
        ("members_total", "1.200.000", 1_200_000),
        ("members_total", "120.0", 120),
        ("members_total", "0", 0),
        ("nace", "62.01; C62; 6201; J62.01; 62", ("62",)),
        ("nace", "1; 01.13", ("01",)),
        ("languages", "EN; Ukrainian; polish", ("en", "uk", "pl")),
        ("lat", "49,99", 49.99),
        ("lat", "-49.990", -49.99),
        ("management_fte", "1,5", 1.5),
        ("website", "www.example.org/a", "https://www.example.org/a"),
        ("nuts2", "pl21", "PL21"),
        ("offers", r"a ; b\;c;;", ("a", "b;c")),
    ],
)
def test_values_are_understood(field, value, held):
    report = read(field, value)
    assert report.problems == ()
    assert getattr(report.profiles[0], field) == held


def test_a_day_first_date_is_understood():
    assert read("last_verified", "31.3.2026").profiles[0].last_verified.isoformat() == "2026-03-31"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("country", "Ukrane", "did you mean Ukraine (UA)?"),
        ("country", "Qqqland", "give its English name"),
        ("country", "United States", "neither an EU nor an Eastern Partnership country"),
        ("ecosystems", "Agrifod", "did you mean agrifood?"),
        ("ecosystems", "sorcery", "use one of aerospace_defence"),
        ("kind", "company", "use one of cluster"),
        ("label", "platinum", "use one of gold, silver, bronze"),
        ("members_total", "some 5 of 50", "is not a whole number"),
        ("members_total", "5k", "is not a whole number"),
        ("members_total", "2 тис.", "is not a whole number"),
        ("members_total", "2026-02-01", "is not a whole number"),
        ("members_total", "-5", "must be at least 0"),
        ("members_total", "1.5", "is not a whole number"),
        ("members_total", "9" * 16, "is not a whole number"),
        ("founded", "1200", "is not a year, such as 2012"),
        ("nace", "113", "is no known NACE division"),
        ("nace", "04", "is no known NACE division"),
        ("nace", "62,63", "separate several values by a semicolon"),
        ("management_fte", "1,200", "is not a number"),
        ("lat", "inf", "is not a number of degrees"),
        ("lat", "1e999", "must be at most 90"),
        ("last_verified", "01/02/2026", "is not a date"),
        ("last_verified", "31.2.2026", "is not a date"),
        ("website", "javascript:alert(1)", "must be a web address"),
        ("website", "mailto:a@example.org", "must be a web address"),
        ("languages", "Klingon", "two-letter code"),
        ("english_site", "maybe", "is neither yes nor no"),
        ("id", "pl-a", "id must begin with the country"),
        ("id", "Kharkiv", "must be the country code and small letters"),
    ],
)
def test_values_that_could_mean_anything_cost_their_cell(field, value, words):
    report = read(field, value)
    told = (report.problems or report.warnings)[0]
    assert len(report.profiles) == (field != "country")
    assert all(profile.model_fields_set <= NEEDED for profile in report.profiles)
    assert told.field == field
    assert words in str(told.message)
    assert len(str(told.message)) < 400


def test_latitude_without_longitude_is_named_beside_other_problems():
    record = {"name": "A", "country": "UA", "Latitude": "50.1", "Members": "many"}
    report = read_profiles(json.dumps(record).encode())
    assert {w.field for w in report.warnings} == {"Latitude", "Members"}
    assert report.profiles[0].lat is None
