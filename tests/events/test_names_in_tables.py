"""Names in the tables of an event: found in any usual spelling, and a no-thanks is never lost."""

from io import BytesIO

import openpyxl
import pytest
from support import bare_event

from matcher.errors import InvalidInputError
from matcher.events.event import Participant
from matcher.events.importing import read_event_tables
from matcher.events.zones import zone_of
from matcher.profiles.lookup import NameIndex
from matcher.profiles.names import plain

ZONE = "Europe/Brussels"
PEOPLE = """name,id
Košice IT Valley,sk-kosice-it-valley
InfoTech Technology Cluster,pl-infotech
Tbilisi Makers Cluster,ge-tbilisi-makers
""".encode()


def read(wishes, presence=None):
    return read_event_tables(
        bare_event(ZONE), PEOPLE, presence, b"participant,other,wish\n" + wishes.encode()
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "Tbilisi Makers Cluster",
        "Tbilisi  Makers Cluster",
        "Tbilisi-Makers Cluster",
        "tbilisi makers",
        "ge-tbilisi-makers",
        "Тбілісі Мейкерс",
        "Tbilisi Makres Cluster",
    ],
)
def test_a_wish_finds_its_participant(spelling):
    found = read(f"{spelling},Kosice IT Valley,no-thanks\n")
    assert [(one.by, one.about, one.kind) for one in found.wishes] == [
        ("ge-tbilisi-makers", "sk-kosice-it-valley", "no_thanks")
    ]
    assert found.problems == ()


def test_a_name_that_is_near_is_suggested():
    found = read("Tbilisi Makers Cluster,Kosice Tech Vale,meet\n")
    assert found.wishes == ()
    assert "did you mean Košice IT Valley (sk-kosice-it-valley)?" in str(found.problems[0])


@pytest.mark.parametrize("kind", ["no_thanks", "no thank you", "No!", "never", "do not seat"])
def test_a_no_thanks_that_cannot_be_placed_stops_everything(kind):
    with pytest.raises(InvalidInputError, match="no-thanks cannot be placed") as caught:
        read(f"Tbilisi Makers Cluster,Nobody at all,{kind}\n")
    (problem,) = caught.value.problems
    assert (problem.where, problem.field) == ("wishes, line 2", "other")


def test_presence_finds_its_participant_too():
    presence = b"participant,day,from,to\nTbilisi-Makers,2026-11-12,9.45,12.00\n"
    found = read("", presence)
    (window,) = found.participants[2].available
    assert f"{window.start:%H:%M}" == "08:45"


KNOWN = [
    Participant(id="ua-kharkiv-it-cluster", name="Kharkiv IT Cluster", country="UA"),
    Participant(id="sk-kosice-it-valley", name="Košice IT Valley", country="SK"),
]
CLUSTERS = NameIndex([one.id for one in KNOWN], KNOWN, [plain(one.name) for one in KNOWN])


def listed(table):
    return read_event_tables(bare_event(ZONE), table.encode(), clusters=CLUSTERS)


@pytest.mark.parametrize("name", ["Kharkiv IT Cluster", "KHARKIV-IT", "Харкив ИТ кластер"])
def test_who_surely_is_a_cluster_is_joined_to_the_data(name):
    found = listed(f"name,minimum\n{name},1\n")
    assert [(one.id, one.country) for one in found.participants] == [
        ("ua-kharkiv-it-cluster", "UA")
    ]
    assert found.problems == ()


@pytest.mark.parametrize("row", ["Kharkiv IT Clster,UA", "Kharkiv IT Cluster,PL", "Zzz Qqq,PL"])
def test_who_may_be_one_is_never_guessed(row):
    found = listed(f"name,country\n{row}\n")
    assert found.participants[0].id not in {one.id for one in KNOWN}
    assert found.problems == ()


def test_a_table_of_an_office_is_read():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["Participants of the matchmaking day"],
        [],
        ["Organisation", "Country", "Time zone", "Min meetings", "Online"],
        ["Kharkiv IT Cluster", "Ukraine", "Kyiv", 1, "yes"],
        ["Tbilisi Makers", "საქართველო", "GMT+4", 2, ""],
        ["TOTAL", "", "", 3, ""],
    ]:
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    content = BytesIO()
    book.save(content)
    found = read_event_tables(bare_event(ZONE), content.getvalue(), clusters=CLUSTERS)
    assert [(one.id, one.country, one.zone, one.minimum) for one in found.participants] == [
        ("ua-kharkiv-it-cluster", "UA", "Europe/Kyiv", 1),
        ("tbilisi-makers", "GE", "Etc/GMT-4", 2),
    ]
    told = " ".join(str(problem) for problem in found.problems)
    assert "line of a total" in told and "the heading is line 3" in told


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("Tbilisi", "Asia/Tbilisi"),
        ("chișinău", "Europe/Chisinau"),
        ("Yerevan time", "Asia/Yerevan"),
        ("utc +2", "Etc/GMT-2"),
        ("GMT-03:00", "Etc/GMT+3"),
    ],
)
def test_zones_go_by_their_city_or_offset(text, zone):
    assert zone_of(text) == zone


@pytest.mark.parametrize("text", ["Atlantis", "GMT+25", "GMT+4:30", "", "+"])
def test_what_is_no_zone(text):
    with pytest.raises(ValueError, match="unknown time zone"):
        zone_of(text)
