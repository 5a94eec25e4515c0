"""The commands for networking staff, as staff run them."""

import io
import json
from zipfile import ZipFile

import icalendar
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pypdf import PdfReader
from support import FakeEncoder

from matcher import matcher as facade
from matcher.cli import main
from matcher.config import get_settings

KHARKIV, CLUJ, KOSICE = "ua-kharkiv-it-cluster", "ro-cluj-it-cluster", "sk-kosice-it-valley"
PEOPLE = f"""name,id,country,zone,minimum,maximum
Kharkiv IT Cluster,{KHARKIV},UA,Europe/Kyiv,1,4
Cluj IT Cluster,{CLUJ},RO,,1,4
Košice IT Valley,{KOSICE},SK,,1,4
A guest without a profile,guest,GE,Asia/Tbilisi,0,2
"""
WISHES = f"""participant,other,wish
{KHARKIV},{CLUJ},no_thanks
{CLUJ},{KHARKIV},meet
guest,{KOSICE},must_meet
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("staff-home")


@pytest.fixture
def run(home, monkeypatch):
    """Run a command in process, with the model replaced by the fake encoder."""
    monkeypatch.setattr(facade, "SentenceTransformerEncoder", lambda model: FakeEncoder())
    monkeypatch.setenv("MATCHER_HOME", str(home))
    get_settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])
    get_settings.cache_clear()


@pytest.fixture(scope="module")
def side():
    """Options that name a small programme."""
    askers = (KHARKIV, "ua-lviv-it-cluster")
    targets = (CLUJ, KOSICE, "pl-infotech")
    return [
        *(word for key in askers for word in ("--asker", key)),
        *(word for key in targets for word in ("--target", key)),
    ]


@pytest.fixture
def tables(tmp_path):
    people, wishes = tmp_path / "people.csv", tmp_path / "wishes.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    wishes.write_text(WISHES, encoding="utf-8")
    return ["--participants", people, "--wishes", wishes, "--zone", "Europe/Brussels"]


MORNING = ("--slots", "2026-11-12 09:00-10:30")


def pairs(report):
    return {(pair["a"]["id"], pair["b"]["id"]) for pair in report["introductions"]}


def test_a_plan_keeps_the_limits_of_both_sides(run, side):
    result = run("plan", *side, "--asker-max", 1, "--target-max", 1, "--json")
    report = json.loads(result.stdout)
    found = pairs(report)
    assert len(found) == len({a for a, _ in found}) == len({b for _, b in found}) == 2
    assert report["method"] == "exact"
    assert report["gap"] == 0
    assert report["spread"]["introductions"] == 2
    assert [one["side"] for one in report["left_out"]] == ["target"]
    assert report["naive"]["over_capacity"] >= 0


def test_never_fixed_and_known_pairs(run, side):
    known = (KHARKIV, CLUJ)
    assert known not in pairs(json.loads(run("plan", *side, "--json").stdout))
    options = ("--never", "Kharkiv IT", KOSICE, "--fixed", *known)
    answer = json.loads(run("plan", *side, *options, "--why-not", KHARKIV, KOSICE, "--json").stdout)
    assert known in pairs(answer["plan"])
    assert (KHARKIV, KOSICE) not in pairs(answer["plan"])
    assert "the programme's own no list" in answer["why_not"][0]


def test_a_plan_as_a_table_tells_who_gets_how_much(run, side):
    shown = run("plan", *side, "--asker-max", 1, "--objective", "nash").stdout
    assert "Introductions" in shown
    assert "Expected matches" in shown
    assert "None for" in shown


def test_briefs_of_a_plan_come_as_a_zip(run, side, tmp_path):
    file = tmp_path / "plan.zip"
    result = run("plan", *side, "--asker-max", 1, "--briefs", file, "--sender", "Us", "--json")
    report = json.loads(result.stdout)
    with ZipFile(file) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
        letters = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".txt")]
    assert folders == {f"{a}--{b}" for a, b in pairs(report)}
    assert all("Us" in letter for letter in letters)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--asker", "nobody at all"), "No cluster is called"),
        (("--intent", "luck"), "intent"),
        (("--asker-max", "-1"), "asker_limits.at_most: must be at least 0"),
        (("--asker-min", "3", "--asker-max", "1"), "cannot both hold"),
        (("--time-limit", "0"), "time_limit"),
        (("--why-not", KHARKIV, "ge-gafa"), "does not take part"),
    ],
)
def test_wishes_that_cannot_be_are_told(run, side, options, told):
    result = run("plan", *side, *options)
    assert result.exit_code == 1
    assert told in result.stderr


def test_a_brief_is_named_by_the_pair_and_its_format_by_the_ending(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("brief", "Kharkiv IT", KOSICE).exit_code == 0
    pages = PdfReader(tmp_path / f"{KHARKIV}--{KOSICE}.pdf").pages
    assert len(pages) == 1
    assert "Kharkiv IT Cluster" in pages[0].extract_text()
    run("brief", KHARKIV, KOSICE, "--language", "uk", "-o", "brief.md")
    assert "Харківський" in (tmp_path / "brief.md").read_text(encoding="utf-8")
    run("brief", KHARKIV, KOSICE, "--format", "html", "-o", "brief.txt")
    assert (tmp_path / "brief.txt").read_bytes().startswith(b"<!doctype html>")
    assert run("brief", KHARKIV, KOSICE, "-o", "brief.odt").exit_code == 2


def test_a_schedule_keeps_wishes_and_names_who_was_left_out(run, tables):
    answer = json.loads(run("schedule", *tables, *MORNING, "--tables", 2, "--json").stdout)
    plan = answer["schedule"]
    met = {(meeting["a"], meeting["b"]) for meeting in plan["meetings"]}
    assert ("guest", KOSICE) in met
    assert (CLUJ, KHARKIV) not in met
    assert (KOSICE, KHARKIV) in met
    assert [one["code"] for one in plan["missed"]] == ["no_thanks"]
    assert answer["event"]["id"] == "matchmaking-event"
    shown = run("schedule", *tables, *MORNING, "--tables", 2).stdout
    assert "for staff only" in shown
    assert "proven best" in shown


def test_agendas_are_calendars_workbooks_and_pages(run, tables, tmp_path):
    folder = tmp_path / "agendas"
    result = run("schedule", *tables, *MORNING, "--tables", 2, "--agendas", folder, "--json")
    meetings = json.loads(result.stdout)["schedule"]["meetings"]
    own = [one for one in meetings if KOSICE in (one["a"], one["b"])]
    calendar = icalendar.Calendar.from_ical((folder / f"participants/{KOSICE}.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == len(own) > 0
    book = load_workbook(io.BytesIO((folder / f"participants/{KOSICE}.xlsx").read_bytes()))
    assert book.active["A1"].value == "Košice IT Valley"
    assert (folder / "participants/guest.pdf").read_bytes().startswith(b"%PDF")
    assert {path.suffix for path in (folder / "places").iterdir()} == {".ics", ".xlsx", ".pdf"}
    assert (folder / "schedule.xlsx").exists()


def test_bad_rows_are_named_and_breaks_kept(run, tables, tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE + "Bad,bad,XX,,0,1\n", encoding="utf-8")
    options = ("--break", "2026-11-12 09:30-10:00 Coffee", "--online-rooms", 1)
    result = run("schedule", *tables, *MORNING, *options, "--json")
    assert result.exit_code == 2
    assert "participants, line 6, country" in result.stderr
    event = json.loads(result.stdout)["event"]
    assert [slot["id"] for slot in event["slots"]] == ["1-0900", "1-1000"]
    assert event["breaks"][0]["title"] == "Coffee"
    assert event["places"][-1]["kind"] == "online"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--slots", "tomorrow"), "'tomorrow' is not a day with two times"),
        (("--slots", "2026-13-12 09:00-10:00"), "is not a day with two times"),
        (("--slots", "2026-11-12 11:00-10:00"), "ends before it begins"),
        ((*MORNING, "--zone", "Europe/Atlantis"), "unknown time zone"),
        ((*MORNING, "--minutes", "0"), "1 minute or more"),
        ((*MORNING, "--break", "noon"), "'noon' is not a day"),
    ],
)
def test_times_that_cannot_be_are_told(run, tables, options, told):
    result = run("schedule", *tables, *options)
    assert result.exit_code == 1
    assert told in result.stderr
