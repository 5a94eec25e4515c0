"""The rule files: a mistake is named by file, rule and field."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries, country_group
from matcher.readiness.check import check_readiness
from matcher.readiness.dates import last_day
from matcher.readiness.loading import RULES_DIR, load_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES_DIR, tmp_path / "readiness"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            "registration.toml",
            "value = 0.5",
            'value = "half"',
            "registration.toml, ECCP-1, check.value: Input should be a valid number",
        ),
        (
            "registration.toml",
            'field = "management_fte"',
            'field = "managment_fte"',
            "registration.toml, ECCP-1, check.field: 'managment_fte' is not a field of a profile",
        ),
        (
            "registration.toml",
            'kind = "at_least"',
            'kind = "more_than"',
            "registration.toml, ECCP-1, check: Input tag 'more_than'",
        ),
        (
            "registration.toml",
            'sure = "A"\n\n[[rules]]\nid = "ECCP-2"',
            'sure = "sure"\n\n[[rules]]\nid = "ECCP-2"',
            "registration.toml, ECCP-1, sure: Input should be 'A', 'B', 'C', '≠' or '?'",
        ),
        (
            "registration.toml",
            'sure = "A"\n\n[[rules]]\nid = "ECCP-2"',
            '[[rules]]\nid = "ECCP-2"',
            "registration.toml, ECCP-1, sure: is missing",
        ),
        (
            "registration.toml",
            'threshold = "at least 0.5',
            'treshold = "at least 0.5',
            "registration.toml, ECCP-1, treshold: is not known here; check the spelling",
        ),
        (
            "registration.toml",
            'id = "ECCP-2"',
            'id = "ECCP-1"',
            "ECCP-1, id: the id is used twice; give each rule its own",
        ),
        (
            "registration.toml",
            'waivers = ["W1", "W2"]',
            'waivers = ["W1", "W9"]',
            "ECCP-1, waivers: there is no waiver 'W9'",
        ),
        (
            "labels.toml",
            'date = "2019-11-15"',
            'date = "15.11.2019"',
            "labels.toml, L-0a, date: write a date as 2026, 2026-11 or 2026-11-30, or undated",
        ),
        (
            "labels.toml",
            'sources = ["S5", "S6"]',
            'sources = ["S5", "S600"]',
            "L-0a, sources: there is no source 'S600'",
        ),
        ("labels.toml", 'level = "bronze"\n', "", "labels.toml, L-0a, level: is missing"),
        (
            "programmes.toml",
            'EaP = { status = "no", sure = "B", note = "Not on the list of 5 March 2024" }\n',
            "",
            "programmes.toml, P-SMP, countries: BY has no line",
        ),
        (
            "programmes.toml",
            'EU = { status = "yes", sure = "B"',
            'EU = { status = "maybe", sure = "B"',
            "programmes.toml, P-HE, countries.EU.status: Input should be 'yes'",
        ),
        (
            "programmes.toml",
            'AZ = { status = "third"',
            'AZ = { status = "excluded"',
            "P-HE, countries.AZ.status: no rule of cautions.toml shuts AZ out",
        ),
        (
            "programmes.toml",
            'differs = ["a rule',
            'differ = ["a rule',
            "programmes.toml, P-HE, countries.AZ.differ: is not known here",
        ),
        (
            "programmes.toml",
            'regions = ["Chernivtsi"',
            'regions = ["Chernovtsy"',
            "countries.UA.regions: there is no [regions.UA] 'Chernovtsy'",
        ),
        (
            "calls.toml",
            'ended = "2024-06-04"',
            'ended = "2024-06-31"',
            "calls.toml, SMP-COSME-2024-CLUSTERUA, ended: write a date as",
        ),
        (
            "calls.toml",
            'programme = "P-HE"',
            'programme = "P-EH"',
            "programme: there is no programme 'P-EH'",
        ),
        (
            "cautions.toml",
            'gravity = "stop"',
            'gravity = "grave"',
            "cautions.toml, BY-5, gravity: Input should be 'stop'",
        ),
        (
            "cautions.toml",
            'regions = ["Crimea"',
            'regions = ["Krym"',
            "cautions.toml, NC-4, when.regions: there is no [regions.UA] 'Krym'",
        ),
        (
            "cautions.toml",
            'verdict = "not_met"\n',
            "",
            "cautions.toml, BY-5: programmes and verdict go together",
        ),
        (
            "questions.toml",
            'rules = ["ECCP-2b"]',
            'rules = ["ECCP-9"]',
            "questions.toml, activity, rules: there is no rule 'ECCP-9'",
        ),
        (
            "sources.toml",
            'S2 = { url = "https://',
            'S2 = { url = "javascript://',
            "sources.toml, sources.S2.url: must be a web address",
        ),
    ],
)
def test_a_mistake_is_named_by_rule_and_field(folder, name, old, new, expected):
    edit(folder, name, old, new)
    with pytest.raises(InvalidInputError) as caught:
        load_rules(folder)
    assert [str(problem) for problem in caught.value.problems if expected in str(problem)]
    assert expected in str(caught.value)


def test_all_mistakes_are_named_at_once(folder):
    edit(folder, "registration.toml", "value = 0.5", "value = 0")
    edit(folder, "labels.toml", 'date = "2019-11-15"', 'date = "soon"')
    with pytest.raises(InvalidInputError) as caught:
        load_rules(folder)
    assert len(caught.value.problems) == 2


def test_broken_toml_is_named_with_its_line(folder):
    edit(folder, "labels.toml", 'id = "L-0a"', 'id = "L-0a')
    with pytest.raises(UnreadableFileError, match=r"labels\.toml is not a TOML file: .*line \d+"):
        load_rules(folder)


def test_a_missing_file_is_named(folder):
    (folder / "sources.toml").unlink()
    with pytest.raises(UnreadableFileError, match=r"sources\.toml cannot be read"):
        load_rules(folder)


def test_an_edited_threshold_changes_the_finding(folder):
    edit(folder, "registration.toml", "value = 15", "value = 20")
    profile = DraftProfile(country="DE", members_total=18)
    found = check_readiness(profile, date(2026, 11, 25), load_rules(folder))
    by_id = {item.id: item for item in found.registration.checks}
    assert by_id["ECCP-3"].status == "not_met"
    assert "at least 20" in str(by_id["ECCP-3"].sentence)


def test_a_date_may_be_written_without_quotes(folder):
    edit(folder, "calls.toml", 'ended = "2024-06-04"', "ended = 2024-06-04")
    assert load_rules(folder) == load_rules(RULES_DIR)


def test_every_shipped_rule_has_criterion_threshold_date_source_and_sureness():
    book = load_rules(RULES_DIR)
    rules = [*book.registration.rules, *book.labels.rules]
    for rule in (*rules, *book.cautions.cautions):
        assert rule.date
        assert rule.sources
        assert rule.sure
    for rule in rules:
        assert rule.criterion
        assert rule.threshold
    for programme in book.programmes.programmes:
        for code in (*programme.countries, *country_group("EaP")):
            line = programme.entry(code) if code in countries() else programme.countries[code]
            assert line.sure
            assert (line.status in ("unknown", "none-seen")) == (line.sure == "?")
            assert code not in countries() or (line.sources and line.date and line.recheck_by)


def test_every_source_is_cited(folder):
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in folder.glob("*.toml")
        if path.name != "sources.toml"
    )
    listed = load_rules(folder).sources.sources
    assert [name for name in listed if f'"{name}"' not in text] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3)),
    ],
)
def test_a_date_without_day_ends_with_its_period(text, day):
    assert last_day(text) == day
