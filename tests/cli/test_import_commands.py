"""Imports as an office does them: nothing lost, all told before, taken back, doubles joined."""

import io
import json

import openpyxl
import pytest

from matcher.profiles.io.readers import read_profiles
from matcher.profiles.preview import preview

FURNITURE, LVIV, KHARKIV = (
    "ge-georgian-furniture-cluster",
    "ua-lviv-it-cluster",
    "ua-kharkiv-it-cluster",
)
SPELLINGS = """name,country
Kharkiv IT-Cluster NGO,UA
Харківський ІТ-кластер,UA
Kharkiv  I.T. Cluster,UA
Kharkiv Information Technology Cluster,UA
"""


@pytest.fixture
def home(few):
    return few


@pytest.fixture
def file(tmp_path):
    def write(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def exported(run, tmp_path):
    path = tmp_path / "all.jsonl"
    assert run("export", path).exit_code == 0
    return {one.id: one for one in read_profiles(path).profiles}


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "jsonl"])
def test_export_can_be_imported_again(run, tmp_path, ending):
    file = tmp_path / f"all.{ending}"
    assert run("export", file).exit_code == 0
    again = json.loads(run("import", file, "--json").stdout)
    assert (again["problems"], again["added"], again["changed"]) == ([], 0, 0)


@pytest.mark.parametrize(
    ("content", "name", "key", "changed"),
    [
        (
            f"id,name,country,members\n{FURNITURE},Georgian Furniture Cluster,GE,44\n",
            "update.csv",
            FURNITURE,
            {"members_total": 44},
        ),
        (
            "name,country,website\nLviv IT Cluster,UA,https://example.org\n",
            "list.csv",
            LVIV,
            {"website": "https://example.org"},
        ),
        (
            workbook(
                ("Cluster name", "Country", "Members"), ("Bulgarian Furniture Cluster", "BG", 31)
            ),
            "three.xlsx",
            "bg-furniture-cluster",
            {"members_total": 31},
        ),
        (
            "name,country,description,seeks,town\nLviv IT Cluster,UA,,-,n/a\n",
            "blanks.csv",
            LVIV,
            {},
        ),
    ],
)
def test_a_thin_list_leaves_a_rich_record_as_it_is(
    run, file, tmp_path, content, name, key, changed
):
    before = exported(run, tmp_path)
    path = file(content, name)
    checked = json.loads(run("check", path, "--json").stdout)
    (told,) = checked["changes"]
    assert told["id"] == key
    assert {one["field"]: one["after"] for one in told["fields"]} == changed
    assert not any(one["empties"] for one in told["fields"])
    assert exported(run, tmp_path) == before  # a check saves nothing
    done = json.loads(run("import", path, "--json").stdout)
    assert (done["added"], done["changed"]) == (0, 1 if changed else 0)
    assert done["changes"] == checked["changes"]
    after = exported(run, tmp_path)
    assert after == {**before, key: before[key].model_copy(update=changed)}


def test_replacing_is_told_in_full_and_can_be_taken_back(run, file, tmp_path):
    before = exported(run, tmp_path)
    path = file(f"id,name,country,members\n{FURNITURE},Georgian Furniture Cluster,GE,44\n")
    shown = run("check", path, "--replace").stdout
    for field in ("description", "offers", "seeks", "city"):
        assert f"{field}: " in shown
    assert shown.count("-> nothing") > 5
    done = run("import", path, "--replace")
    assert "1 changed" in done.stdout
    assert exported(run, tmp_path)[FURNITURE].description is None
    assert "matcher undo 1" in done.stdout
    assert run("undo", 1).stdout == "1 put back, 0 removed, 0 left as changed since.\n"
    assert exported(run, tmp_path) == before
    listed = json.loads(run("imports", "--json").stdout)
    assert [(one["id"], one["who"], one["detail"]) for one in listed] == [
        (1, "command line", "list.csv")
    ]
    assert listed[0]["undone"]
    assert "taken back" in run("imports").stdout
    assert "already" in run("undo", 1).stderr
    audited = json.loads(run("audit", "--json").stdout)
    assert ("undo import", "import 1") in {(one["action"], one["detail"]) for one in audited}


def test_what_was_changed_since_is_named_when_an_import_is_taken_back(run, file):
    run("import", file("name,country,town,founded\nLviv IT Cluster,UA,Striy,1999\n"))
    run("import", file("name,country,founded\nLviv IT Cluster,UA,2001\n"))
    undone = run("undo", 1)
    assert undone.exit_code == 0
    assert "ua-lviv-it-cluster, founded: was changed again since" in undone.stderr


def test_other_spellings_of_a_known_cluster_are_named(run, file):
    path = file(SPELLINGS)
    for command in ("check", "import"):
        told = json.loads(run(command, path, "--json").stdout)
        warned = {one["where"]: one["message"] for one in told["warnings"]}
        assert len(warned) == 4
        for message in warned.values():
            assert KHARKIV in message


def test_a_list_of_names_alone_adds_none_that_is_there(file, matcher):
    rows = [f'"{one.name}",{one.country}' for one in matcher.clusters]
    listed = read_profiles(file("name,country\n" + "\n".join(rows))).profiles
    changes = preview(listed, [*matcher.clusters], replace=False).changes
    assert {one.action for one in changes} == {"unchanged"}
    assert {one.after.id for one in changes} == {one.id for one in matcher.clusters}


def test_the_same_website_is_named_too(run, file, matcher):
    website = matcher.find(KHARKIV).website
    told = run("check", file(f"name,country,website\nQuite another name,UA,{website}\n"))
    assert f"website: looks like {KHARKIV}" in told.stderr
    told = run("check", file("name,country,website\nQuite another,GE,https://example.org\n"))
    assert "looks like" not in told.stderr


def test_doubles_are_joined_and_parted_again(run, file, tmp_path):
    before = exported(run, tmp_path)
    rows = SPELLINGS.splitlines()[0] + ",seeks,capacity\n" + SPELLINGS.splitlines()[1] + ",x,7\n"
    run("import", file(rows))
    double = "ua-kharkiv-it-cluster-ngo"
    partner = "sk-kosice-it-valley"
    run("introductions", "draft", double, partner, "--purpose", "A talk")
    contact = ("--name", "A. Example", "--email", "contact@example.org", "--given-by", "herself")
    run("people", "add", double, *contact)
    done = json.loads(run("join", double, KHARKIV, "--json").stdout)
    assert done == {"import": 2, "gone": double, "kept": KHARKIV}
    after = exported(run, tmp_path)
    assert after[KHARKIV] == before[KHARKIV].model_copy(update={"capacity": 7})
    assert after[double].visibility == "hidden"
    assert json.loads(run("introductions", "list", "--json").stdout)[0]["a"] == KHARKIV
    assert KHARKIV in run("people", "list").stdout
    assert "join" in run("imports").stdout
    again = file(rows.replace(",x,7", ",wool of the hills,9"))
    checked = json.loads(run("check", again, "--json").stdout)
    assert [one["id"] for one in checked["changes"]] == [KHARKIV]
    assert f"joined into {KHARKIV}" in str(checked["warnings"])
    assert json.loads(run("import", again, "--json").stdout)["changed"] == 1
    later = exported(run, tmp_path)
    assert later[double] == after[double]
    assert later[KHARKIV].name == before[KHARKIV].name
    assert (later[KHARKIV].capacity, later[KHARKIV].seeks) == (9, ("wool of the hills",))
    assert run("undo", 3).exit_code == 0
    assert run("undo", 2).exit_code == 0
    parted = json.loads(run("check", again, "--json").stdout)
    assert [one["id"] for one in parted["changes"]] == [double]
    assert json.loads(run("introductions", "list", "--json").stdout)[0]["a"] == double
    assert double in run("people", "list").stdout
    run("undo", 1)
    assert exported(run, tmp_path) == before


@pytest.mark.parametrize(
    ("gone", "kept", "told"),
    [
        (KHARKIV, KHARKIV, "into itself"),
        (KHARKIV, FURNITURE, "two countries"),
        ("nobody at all", KHARKIV, "No cluster is called"),
    ],
)
def test_what_cannot_be_joined_is_told(run, gone, kept, told):
    result = run("join", gone, kept)
    assert result.exit_code == 1
    assert told in result.stderr


def test_what_a_column_means_is_kept_for_the_next_file(run, file):
    rows = "Wer,Wo,Quux\nAlpha works,UA,wine tours\n"
    refused = run("check", file(rows))
    assert refused.exit_code == 1
    maps = ("--map", "Wer=name", "--map", "Wo=country", "--map", "Quux=offers")
    done = json.loads(run("import", file(rows), *maps, "--json").stdout)
    assert done["changes"][0]["id"] == "ua-alpha-works"
    again = run("check", file("Quux,Wo,Wer\nbeer tours,UA,Beta works\n"), "--json")
    told = json.loads(again.stdout)
    assert told["good"] == 1
    assert "read as in an earlier import" in told["warnings"][0]["message"]
    assert "“Quux” as offers" in told["warnings"][0]["message"]
    assert {one["text"]: one["field"] for one in told["headings"]}["Wer"] == "name"


@pytest.mark.parametrize(
    ("entry", "told"), [("Wer", "Heading=column"), ("Wer=luck", "luck"), ("=name", "name")]
)
def test_a_mapping_that_says_nothing_is_refused(run, file, entry, told):
    result = run("check", file("Wer,country\nAlpha,UA\n"), "--map", entry)
    assert result.exit_code == 1
    assert told in result.stderr


def test_placeholders_make_no_partners(run, file):
    header = "name,country,description,offers,seeks,target_countries\n"
    path = file(
        header
        + "Placeholder Mill Cluster,UA,Wool spinning mills,n/a,n/a,n/a\n"
        + "Placeholder Hub Cluster,PL,Booking software for hotels,n/a,N/A,n/a\n"
    )
    assert json.loads(run("import", path, "--json").stdout)["added"] == 2
    told = run(
        "explain", "ua-placeholder-mill-cluster", "pl-placeholder-hub-cluster", "--json"
    ).stdout
    assert "n/a" not in told.casefold()
    assert "Namibia" not in told


def test_a_template_is_a_workbook_by_its_name_too(run, tmp_path):
    told = run("template", tmp_path / "template.csv")
    assert told.exit_code == 2
    assert "template.xlsx" in told.output
    assert not (tmp_path / "template.csv").exists()


def test_a_home_without_imports_says_so(run):
    assert "no imports" in run("imports").stdout


def test_a_template_is_written_and_read_back(run, tmp_path):
    path = tmp_path / "template.xlsx"
    assert run("template", path, "--language", "uk").exit_code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = [cell.value for cell in sheet[1]]
    for name, value in {"name": "Alpha works", "country": "UA"}.items():
        sheet.cell(2, columns.index(name) + 1, value)
    book.save(path)
    told = json.loads(run("check", path, "--json").stdout)
    assert [one["id"] for one in told["changes"]] == ["ua-alpha-works"]
