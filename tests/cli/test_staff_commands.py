"""The commands for networking staff, as staff run them."""

import io
import json
from zipfile import ZipFile

import docx
import icalendar
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from matcher.cli import main
from matcher.config import get_settings
from matcher.events.event import parse_event
from matcher.events.plan import Schedule
from matcher.events.repository import Meetings
from matcher.store import Store
from matcher.web.api.events import Times
from matcher.web.api.schedules import Scheduling

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
    (asked,) = report["naive"]["most_asked"]
    assert (asked["cluster"]["id"], asked["times"]) == (KOSICE, 2)
    assert (report["naive"]["over_capacity"], report["spread"]["over_capacity"]) == (1, 0)


def test_never_fixed_and_known_pairs(run, side):
    known = (KHARKIV, CLUJ)
    assert known not in pairs(json.loads(run("plan", *side, "--json").stdout))
    options = ("--never", "Kharkiv IT", KOSICE, "--fixed", *known)
    answer = json.loads(run("plan", *side, *options, "--why-not", KHARKIV, KOSICE, "--json").stdout)
    assert known in pairs(answer["plan"])
    assert (KHARKIV, KOSICE) not in pairs(answer["plan"])
    assert "the programme's own no list" in answer["why_not"][0]


def test_a_plan_as_a_table_tells_who_gets_how_much(run, side):
    shown = run("plan", *side, "--asker-max", 1, "--objective", "worst-off").stdout
    assert "Introductions" in shown
    assert "Expected matches" in shown
    assert "None for" in shown


def test_briefs_of_a_plan_come_as_a_zip(run, side, tmp_path):
    file = tmp_path / "plan.zip"
    result = run("plan", *side, "--asker-max", 1, "--briefs", file, "--json")
    report = json.loads(result.stdout)
    with ZipFile(file) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
        letters = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".txt")]
    assert folders == {f"{a}--{b}" for a, b in pairs(report)}
    assert all("The networking team" in letter for letter in letters)


def test_a_plan_of_nobody_writes_no_zip(run, side, tmp_path):
    file = tmp_path / "plan.zip"
    refused = run("plan", *side, "--asker-max", 0, "--briefs", file, "--json")
    assert json.loads(refused.stdout)["introductions"] == []
    assert (refused.exit_code, file.exists()) == (1, False)
    assert "The plan is empty" in refused.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--asker", "nobody at all"), "No cluster is called"),
        (("--intent", "luck"), "intent"),
        (("--asker-max", "-1"), "asker_limits.at_most: must be at least 0"),
        (("--asker-min", "3", "--asker-max", "1"), "cannot both hold"),
        (("--time-limit", "0"), "time_limit"),
        (("--why-not", KHARKIV, "ge-gafa"), "is not among the participants"),
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
    run("brief", KHARKIV, KOSICE, "--language", "uk", "-o", "brief.docx")
    words = docx.Document(str(tmp_path / "brief.docx")).tables[0].rows[0].cells[0].text
    assert "Харківський" in words
    run("brief", KHARKIV, KOSICE, "--format", "pdf", "-o", "brief.txt")
    assert (tmp_path / "brief.txt").read_bytes().startswith(b"%PDF")
    for gone in ("html", "md"):
        assert run("brief", KHARKIV, KOSICE, "--format", gone).exit_code == 2
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
    (tmp_path / "people.csv").write_text(PEOPLE + "Bad,bad,Atlantis,,0,1\n", encoding="utf-8")
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
        (("--slots", "0001-01-01 09:00-10:00"), "is not a day with two times"),
        (("--slots", "2026-11-12 11:00-10:00"), "ends before it begins"),
        ((*MORNING, "--zone", "Europe/Atlantis"), "unknown time zone"),
        ((*MORNING, "--break", "noon"), "'noon' is not a day"),
    ],
)
def test_times_that_cannot_be_are_told(run, tables, options, told):
    result = run("schedule", *tables, *options)
    assert result.exit_code == 1
    assert told in result.stderr


@pytest.mark.parametrize(
    ("name", "model"),
    [("minutes", Times), ("pause", Times), ("seconds", Scheduling), ("seed", Scheduling)],
)
def test_numbers_have_the_bounds_of_the_api(name, model):
    (own,) = (option.type for option in main.commands["schedule"].params if option.name == name)
    rule = model.model_json_schema()["properties"][name]
    least = rule["exclusiveMinimum" if own.min_open else "minimum"]
    assert (own.min, own.max) == (least, rule["maximum"])


@pytest.mark.parametrize(
    "option",
    ["--minutes=601", "--seconds=nan", "--seconds=0", "--seconds=1e9", "--tables=301", "--seed=-1"],
)
def test_numbers_that_cannot_be_are_refused(run, tables, option):
    refused = run("schedule", *tables, *MORNING, option)
    assert refused.exit_code == 2
    assert option.split("=")[0] in refused.stderr


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def logged(run):
    return [(e["action"], e["detail"], e["outcome"]) for e in told(run("audit", "--json"))]


def test_the_whole_way_without_a_browser(own_run, tmp_path):
    run = own_run
    draft = told(
        run("introductions", "draft", "Kharkiv IT", KOSICE, "--purpose", "A bid", "--json")
    )
    assert draft["legal_moves"] == ["vetted", "declined", "expired"]
    again = run("introductions", "draft", KHARKIV, KOSICE, "--purpose", "A bid")
    assert again.exit_code == 1
    assert "already have an introduction under way" in again.stderr
    assert told(run("introductions", "list", "--state", "draft", "--json"))[0]["id"] == 1
    unfounded = run("introductions", "move", 1, "agreed")
    assert "say how it is known" in unfounded.stderr
    skipped = run("introductions", "move", 1, "agreed", "--reason", "by telephone")
    assert skipped.exit_code == 1
    assert "Legal moves: vetted" in skipped.stderr
    run("introductions", "move", 1, "expired")
    assert "Next: vetted" in run("introductions", "undo", 1).stdout
    run("introductions", "move", 1, "vetted")
    assert "No address of" in run("introductions", "send", 1).stderr
    outdated = run("introductions", "move", 1, "asked_a", "--version", 1)
    assert outdated.exit_code == 1
    assert "changed by somebody else" in outdated.stderr
    early = run("introductions", "move", 1, "asked_a", "--on", "2999-01-01")
    assert "is to come" in early.stderr
    lacking = run("introductions", "programme", "--event", "Fair")
    assert "event_day: is needed with an event" in lacking.stderr
    run("introductions", "programme", "--sender", "Olha", "--deadline", "2999-01-01")
    kept = told(run("introductions", "programme", "--deadline", "", "--json"))
    assert (kept["sender"], kept["deadline"]) == ("Olha", None)
    run("introductions", "letters", 1, "--language", "uk", "-o", tmp_path)
    assert "Olha" in (tmp_path / "1-ask_a.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "1-joint.txt").exists()
    for state, role in (("asked_a", "staff"), ("asked_b", "a"), ("agreed", "b")):
        assert run("introductions", "move", 1, state, "--role", role).exit_code == 0
    contact = ("--name", "A. Example", "--email", "contact@example.org", "--given-by", "herself")
    assert "Person 1 is saved" in run("people", "add", "Kharkiv IT", *contact).stdout
    run("people", "change", 1, "--position", "manager")
    listed = tmp_path / "contacts.csv"
    listed.write_text(f"cluster,name,email,consent\n{KHARKIV},B. Example,b@example.org,herself\n")
    assert "that are new: 1." in run("people", "import", listed).stdout
    assert "contact@example.org" in run("introductions", "letters", 1).stdout
    assert "\nOlha" in run("introductions", "letters", 1, "--sender", "Olha").stdout
    for state in ("introduced", "met"):
        run("introductions", "move", 1, state)
    run("introductions", "move", 1, "outcome", "--outcome", "project")
    assert told(run("introductions", "outcomes", "--json"))["share"] == 1
    assert "100%" in run("introductions", "outcomes").stdout
    assert "Next: outcome" in run("introductions", "show", 1).stdout
    assert "project" in run("introductions", "show", 1).stdout
    assert "Kharkiv IT" in run("introductions", "list", "--cluster", KHARKIV).stdout
    assert told(run("introductions", "list", "--due", "--json")) == []
    entries = logged(run)
    assert ("draft introduction", f"{KHARKIV}, {KOSICE}", "introduction 1") in entries
    assert ("move introduction", "1 to agreed", "failed: illegal-move") in entries
    assert ("move introduction", "1 to outcome", "done") in entries
    assert ("write letters", "introduction 1", "done") in entries


def test_persons_are_kept_exported_and_erased(own_run):
    run = own_run
    contact = ("--name", "A. Example", "--email", "contact@example.org")
    assert run("people", "add", KOSICE, *contact).exit_code == 2  # no consent, no person
    run("people", "add", KOSICE, *contact, "--given-by", "herself, by e-mail")
    run("people", "consent", 1, "--for", "meeting", "--given-by", "herself")
    assert told(run("people", "list", "--json"))[0]["consents"] == ["introduction", "meeting"]
    for purpose in ("introduction", "meeting"):
        run("people", "withdraw", 1, "--for", purpose)
    assert "no consent holds" in run("people", "list", "--cluster", "Košice IT Valley").stdout
    assert told(run("people", "export", 1))["person"]["email"] == "contact@example.org"
    assert run("people", "erase", 1).exit_code == 1  # asked, and nobody said yes
    assert run("people", "erase", 1, "--yes").exit_code == 0
    assert run("people", "list").stdout == ""
    assert "contact@example.org" not in str(logged(run))


def test_imports_and_commands_for_staff_are_logged(own_run, side, tables, tmp_path, monkeypatch):
    run = own_run
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "new.csv"
    file.write_text("name,country,description\nNew Solar Cluster,UA,Makers of solar panels.\n")
    run("import", file)
    run("plan", *side, "--json")
    run("brief", KHARKIV, KOSICE, "-o", "brief.docx")
    run("schedule", *tables, *MORNING, "--tables", 2, "--json")
    assert logged(run)[3::-1] == [
        ("import profiles", "ua-new-solar-cluster", "1 added, 0 changed, 0 unchanged"),
        ("plan programme", "total", "done"),
        ("write brief", f"{KHARKIV}, {KOSICE}", "done"),
        ("schedule event", "matchmaking-event", "done"),
    ]


def test_a_cancellation_moves_as_little_as_possible(run, tables, tmp_path):
    made = run("schedule", *tables, *MORNING, "--tables", 2, "--json")
    file = tmp_path / "plan.json"
    file.write_text(made.stdout, encoding="utf-8")
    before = json.loads(made.stdout)["schedule"]["meetings"]
    agendas = ("--agendas", tmp_path / "agendas", "--language", "ro")
    again = told(
        run("schedule", "--again", file, "--cancel", "guest", "--freeze", *agendas, "--json")
    )
    after = again["schedule"]
    spared = [one for one in before if "guest" not in (one["a"], one["b"])]
    kept = {(one["a"], one["b"], one["slot"], one["place"]) for one in after["meetings"]}
    assert {(one["a"], one["b"], one["slot"], one["place"]) for one in spared} <= kept
    assert all("guest" not in (one["a"], one["b"]) for one in after["meetings"])
    assert len(after["withdrawn"]) == len(before) - len(spared) > 0
    assert after["state"] == "frozen"
    gone = icalendar.Calendar.from_ical((tmp_path / "agendas/withdrawn/guest.ics").read_bytes())
    assert gone["METHOD"] == "CANCEL"
    assert "Anulată" in str(gone.walk("VEVENT")[0]["SUMMARY"])
    unchanged = told(run("schedule", "--again", file, "--json"))["schedule"]
    assert unchanged["meetings"] == before
    shown = run("schedule", "--again", file, "--cancel", "guest").stdout
    assert f"{len(spared)} meetings stay as they were, 0 move" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("content", "options", "status", "words"),
    [
        ("{}", (), 1, "is not what `matcher schedule --json` wrote"),
        ("no JSON", (), 1, "is not what `matcher schedule --json` wrote"),
        ('{"event": {}, "schedule": {}}', (), 1, "The event cannot be read"),
        ("{}", ("--zone", "Europe/Kyiv"), 2, "--again already contains the event"),
    ],
)
def test_an_earlier_plan_that_cannot_be_read_is_told(
    run, tmp_path, content, options, status, words
):
    file = tmp_path / "plan.json"
    file.write_text(content, encoding="utf-8")
    result = run("schedule", "--again", file, *options)
    assert result.exit_code == status
    assert words in result.stderr


def test_a_schedule_needs_tables_or_an_earlier_plan(run):
    assert "say --participants, --zone, --slots, or --again" in run("schedule").stderr
    options = ("--participants", __file__, "--zone", "Europe/Kyiv", *MORNING)
    assert "--cancel needs --again" in run("schedule", *options, "--cancel", "x").stderr


def test_an_event_of_the_service_is_changed_on_its_day(own_run, tables):
    run = own_run
    made = json.loads(run("schedule", *tables, *MORNING, "--tables", 2, "--json").stdout)
    with Store.open(get_settings().store_url) as store:
        meetings = Meetings(store.database)
        event = parse_event({k: v for k, v in made["event"].items() if k != "book"})
        meetings.add(event)
        meetings.save(event, Schedule.model_validate(made["schedule"]), version=1)
        key = event.id
        before = made["schedule"]["meetings"]
        pair = (before[0]["a"], before[0]["b"])
        first, last = event.slots[0].id, event.slots[-1].id
        assert "new" in run("event", "tell", key, "--preview").stdout
        assert "no address" in run("event", "tell", key).stdout
        removed = run("event", "change", key, "remove", *pair, "--preview")
        assert removed.stdout.endswith("Nothing was changed.\n")
        assert run("event", "change", key, "move", *pair).exit_code == 1  # to which slot?
        refused = run("event", "change", key, "add", KHARKIV, CLUJ, "--slot", first)
        assert "no thanks" in refused.stderr
        assert run("event", "change", key, "remove", *pair).stdout.endswith("Changed.\n")
        assert {pair} <= {
            tuple(line.split()[2:]) for line in run("event", "openings", key).stdout.splitlines()
        }
        late = run("event", "presence", key, "--late", KOSICE, last, "--gone", "guest", "--refill")
        assert late.exit_code == 0, late.output
        held = meetings.get(key).schedule
        assert {one.slot for one in held.of(KOSICE)} <= {last}
        assert held.of("guest") == ()
        assert run("event", "presence", key, "--early", KOSICE, "nowhen").exit_code == 1
        assert run("event", "presence", key, "--back", "guest", "--over", last).exit_code == 0
        assert meetings.get(key).schedule.settled == event.slots[-1].start
