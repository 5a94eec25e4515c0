"""A workbook of an office into an event: columns put right, who is in the data and who is not."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
from support import bare_event
from untidy_workbook import untidy_workbook

from matcher.errors import InvalidInputError
from matcher.events.event import Event, Place, slot_grid
from matcher.events.headings import COLUMNS, TABLES
from matcher.events.importing import read_event_tables
from matcher.events.joining import identified, matches_of
from matcher.events.merging import import_tables
from matcher.events.papers import event_values
from matcher.events.rows import tables_of_file
from matcher.events.template import write_template
from matcher.i18n.languages import language
from matcher.profiles.io.headers import MissingColumnsError
from matcher.profiles.profile import DraftProfile

ZONE = "Europe/Brussels"
WINE, NAMELESS, INFOTEK = (
    "priklad-vino-klaster",
    "nameless-example-club",
    "infotek-technology-cluster",
)


def people(table, **options):
    return read_event_tables(bare_event(ZONE), table.encode(), **options)


@pytest.fixture
def empty():
    slots = slot_grid(ZONE, [(date(2026, 11, 12), time(9), time(12))], 25, pause=5)
    tables = [Place(id=f"t{n}", name=f"Table {n}") for n in (1, 2)]
    return Event(id="day", title="Day", zone=ZONE, slots=slots, places=tables, participants=())


@pytest.fixture
def filled(empty, matcher):
    tables = tables_of_file(untidy_workbook())
    return import_tables(empty, tables, matcher.snapshot.names, {"Час": "zone"})


def test_an_untidy_workbook_is_read_and_what_was_not_is_named(filled):
    event, found = filled
    assert [(one.id, one.country, one.zone) for one in event.participants] == [
        ("ua-kharkiv-it-cluster", "UA", "Europe/Kyiv"),
        ("ua-lviv-it-cluster", "UA", "Etc/GMT-2"),
        (WINE, "MD", "Europe/Chisinau"),
        (NAMELESS, "GE", "Etc/GMT-4"),
        ("sk-kosice-it-valley", "SK", "Europe/Bratislava"),
        (INFOTEK, "PL", "Europe/Warsaw"),
    ]
    (window,) = event.by_id["ua-kharkiv-it-cluster"].available
    assert (window.start, window.end) == (
        datetime(2026, 11, 12, 8, tzinfo=UTC),
        datetime(2026, 11, 12, 12, tzinfo=UTC),
    )
    told = {(str(one.where), one.field): str(one.message) for one in found.problems}
    double = told["participants, sheet EaP, line 6", "id"]
    assert "already listed in participants, sheet EaP, line 4" in double
    assert "line of a total" in told["participants, sheet EaP, line 9", "name"]
    assert "outside the hours of the event" in told["presence, line 3", "from"]
    assert "without a consent were left out: 2" in told["participants", "consent"]
    assert len(told) == 7  # beside these: a total, and the titles above the two headings


def test_persons_come_with_their_consent_alone(filled):
    _, found = filled
    assert [(one.person.cluster_id, one.person.email) for one in found.contacts] == [
        ("ua-kharkiv-it-cluster", "one@example.org"),
        ("sk-kosice-it-valley", "six@example.org"),
    ]
    assert {one.consent.purpose for one in found.contacts} == {"meeting"}
    assert "herself, on the form of registration" in found.contacts[0].consent.given_by
    nobody = read_event_tables(bare_event(ZONE), untidy_workbook(consents=False))
    assert nobody.contacts == ()
    assert any("left out: 4" in str(one.message) for one in nobody.problems)


@pytest.mark.parametrize(
    ("consent", "day", "field"),
    [
        ("herself", (date.today() + timedelta(days=2)).isoformat(), "consent_on"),
        ("herself", "someday", "consent_on"),
        ("ні", "", "consent"),
        ("x" * 201, "", "contact"),
        ("no, not yet", "", "consent"),
    ],
)
def test_what_is_no_consent(consent, day, field):
    table = f"name,email,consent,consent_on\nA,a@example.org,{consent.replace(',', '')},{day}\n"
    found = people(table)
    assert found.contacts == ()
    assert [one.field for one in found.problems] == [field]
    assert len(found.participants) == 1


def test_the_unlisted_are_ranked_by_their_own_words(empty, matcher):
    table = (
        "name,country,seeks,offers\n"
        "Example Vintners,Moldova,buyers of wine in Germany,wine from own vineyards\n"
        "Example Wine Trade,DE,wine producers,distribution of wine; call +49 30 1234567\n"
        "Example Weavers,DE,cotton yarn,linen and cotton fabrics\n"
        "Silent Example,DE,,\n"
    )
    event, found = import_tables(empty, {"participants": table.encode()}, matcher.snapshot.names)
    assert found.problems == ()
    assert "1234567" not in event.model_dump_json()
    values = event_values(matcher, event)
    assert (
        values["example-vintners", "example-wine-trade"]
        > (values["example-vintners", "example-weavers"])
    )
    assert not any("silent-example" in pair for pair in values)
    told = {one.id: one for one in matches_of(matcher, event)}
    assert [one.id for one in told.values() if one.alone][-1] == "silent-example"
    assert told["example-vintners"].described
    assert not told["silent-example"].described


def test_values_of_clusters_and_drafts_are_the_same_from_either_side(matcher):
    sides = [
        [one.id for one in matcher.clusters if one.group == group][:4] for group in ("EaP", "EU")
    ]
    assert (matcher.mutual_values(*sides) == matcher.pair_scores(*sides).score).all()
    draft = DraftProfile(country="MD", seeks=("buyers of wine",), offers=("wine",))
    there = matcher.mutual_values([draft, sides[0][0]], sides[1])
    back = matcher.mutual_values(sides[1], [draft, sides[0][0]])
    assert there == pytest.approx(back.T, abs=1e-6)


def test_who_may_be_a_cluster_is_offered_and_joined_by_a_word_of_staff(filled, matcher):
    event, _ = filled
    told = {one.id: one for one in matches_of(matcher, event)}
    assert [one.id for one in told.values() if not one.listed] == [WINE, NAMELESS, INFOTEK]
    assert told[INFOTEK].candidates[0].id == "pl-infotech"
    assert told[NAMELESS].candidates == ()
    wish = b"participant,other,wish\nInfoTek Technology Cluster,Kharkiv IT Cluster,must meet\n"
    event, _ = import_tables(event, {"wishes": wish})
    event = identified(event, {INFOTEK: matcher.find("pl-infotech")})
    assert event.wishes[0].by == "pl-infotech"
    again, _ = import_tables(event, tables_of_file(untidy_workbook()), matcher.snapshot.names)
    assert again.by_id.keys() == event.by_id.keys()
    with pytest.raises(InvalidInputError, match="cannot be joined") as caught:
        identified(event, {WINE: matcher.find("pl-infotech"), "ghost": matcher.clusters[0]})
    assert {one.where for one in caught.value.problems} == {WINE, "ghost"}


def test_headings_that_are_not_understood_are_asked_for():
    table = "Hosted by,Land,Wanted\nExample Weavers,DE,yarn\n"
    with pytest.raises(MissingColumnsError, match="no column name") as caught:
        people(table)
    assert [(one.text, one.example) for one in caught.value.headings] == [
        ("Hosted by", "Example Weavers"),
        ("Land", "DE"),
        ("Wanted", "yarn"),
    ]
    said = {"Hosted by": "name", "Land": "country", "Wanted": "seeks"}
    found = people(table, mapping=said)
    assert (found.problems, found.participants[0].profile.seeks) == ((), ("yarn",))
    with pytest.raises(InvalidInputError, match="no column colour"):
        people(table, mapping={"Land": "colour"})


def test_two_columns_of_one_meaning_must_agree():
    found = people("Organisation,Name,Country\nExample Weavers,Person One,DE\nA,A,DE\n")
    assert [one.name for one in found.participants] == ["A"]
    assert "means the same, but differs" in str(found.problems[0])
    said = {"Name": "contact"}
    assert len(people("Organisation,Name\nA,Person One\nB,\n", mapping=said).participants) == 2


def test_a_double_without_an_id_is_named():
    found = people("name\nExample Weavers\nExample Weavers Cluster\n")
    assert [one.id for one in found.participants] == ["example-weavers"]
    assert "already listed in participants, line 2" in str(found.problems[0])


def test_long_tables_lose_nobody():
    names = [f"Example {number}" for number in range(45)]
    found = people("\n".join(["name", *names]))
    assert [one.name for one in found.participants] == names


def test_words_that_cannot_be_kept_cost_their_cell_alone():
    found = people(f"name,seeks,offers\nA,{'x' * 201},yarn\n")
    assert found.participants[0].profile == DraftProfile(offers=("yarn",))
    assert [one.field for one in found.problems] == ["seeks"]


def test_the_template_is_read_as_it_is_filled_in():
    book = openpyxl.load_workbook(BytesIO(write_template(language("uk"))))
    assert book.sheetnames == [*TABLES, "columns"]
    for table in TABLES:
        assert [cell.value for cell in book[table][1]] == list(COLUMNS[table])
    book["participants"].append(["Example Weavers", None, "DE"])
    book["wishes"].append(["Example Weavers", "ghost", "meet"])
    content = BytesIO()
    book.save(content)
    files = tables_of_file(content.getvalue())
    found = read_event_tables(bare_event(ZONE), *(files[table] for table in TABLES))
    assert [(one.name, one.country) for one in found.participants] == [("Example Weavers", "DE")]
    assert [str(one.where) for one in found.problems] == ["wishes, line 2"]
