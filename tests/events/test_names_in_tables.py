"""Names in the tables of an event: found in any usual spelling, and a no-thanks is never lost."""

import pytest

from matcher.errors import InvalidInputError
from matcher.events.importing import read_event_tables

ZONE = "Europe/Brussels"
PEOPLE = """name,id
Košice IT Valley,sk-kosice-it-valley
InfoTech Technology Cluster,pl-infotech
Tbilisi Makers Cluster,ge-tbilisi-makers
""".encode()


def read(wishes, presence=None):
    return read_event_tables(ZONE, PEOPLE, presence, b"participant,other,wish\n" + wishes.encode())


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


@pytest.mark.parametrize("kind", ["no_thanks", "no thank you", "No!", "never", "not them"])
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
