"""The walkthrough for staff does what it says: each of its commands is run, in order."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import icalendar
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from support import FakeEncoder, job_ended

from matcher import matcher as facade
from matcher.cli import main
from matcher.config import Settings, get_settings
from matcher.events.event import ROLES
from matcher.introductions.workflow import ANSWERS
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.web import create_app

FOLDER = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (FOLDER / "staff.md").read_text(encoding="utf-8")
BASE = "http://localhost/api/v1"


def commands() -> list[list[str]]:
    """Words of each command of the guide, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.M | re.S)
    return [
        shlex.split(command)
        for block in blocks
        for command in re.split(r"\n(?=matcher |curl )", block.replace("\\\n", " "))
    ]


def test_the_guide_lists_the_roles_of_delegates() -> None:
    assert ", ".join(ROLES[:-1]) + f" or {ROLES[-1]}" in " ".join(GUIDE.split())


class Shell:
    """Runs the commands of the guide in a folder, without a network."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.token = ""
        self.answers: dict[str, Any] = {}

    def run(self, words: list[str]) -> None:
        if words[0] == "matcher":
            self._matcher(words[1:])
        else:
            self._curl(
                [word.replace("$DESK", BASE).replace("$TOKEN", self.token) for word in words]
            )

    def _matcher(self, words: list[str]) -> None:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, (words, result.output)
        self.answers[" ".join(words)] = result.stdout
        if words[:2] == ["token", "create"]:
            self.token = result.stdout.strip()

    def _curl(self, words: list[str]) -> None:
        options: dict[str, list[str]] = {"-H": [], "-X": ["GET"], "-d": [], "-o": []}
        address, rest = "", iter(words[1:])
        for word in rest:
            if word in options:
                options[word].append(next(rest))
            else:
                address = word
        (body,) = options["-d"] or [""]
        sent = Path(body[1:]).read_bytes() if body.startswith("@") else body.encode()
        headers = dict(header.split(": ", 1) for header in options["-H"])
        answer = self._client.open(
            address, method=options["-X"][-1], headers=headers, data=sent or None
        )
        assert answer.status_code in (200, 202), (words, answer.text)
        if answer.status_code == 202:  # whoever reads the guide asks until it is done
            assert job_ended(self._client, answer, headers)["state"] == "done"
        for name in options["-o"]:
            Path(name).write_bytes(answer.data)
        self.answers[address.removeprefix(BASE)] = answer


@pytest.fixture
def shell(
    own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    monkeypatch.setattr(facade, "open_encoder", lambda settings: FakeEncoder())
    monkeypatch.setenv("MATCHER_HOME", str(own_settings.home))
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    get_settings.cache_clear()
    store = Store.open(own_settings.store_url)
    with Matcher(store, FakeEncoder(), own_settings) as matcher:
        matcher.load()
        yield Shell(create_app(matcher, own_settings).test_client())
    get_settings.cache_clear()


def test_the_walkthrough_works_from_plan_to_outcome(shell: Shell) -> None:
    tables = re.findall(r"`(\w+\.csv)`[^`]*?```csv\n(.*?)```", GUIDE, re.S)
    assert [name for name, _ in tables] == ["people.csv", "presence.csv", "wishes.csv"]
    for name, text in tables:
        Path(name).write_text(text, encoding="utf-8")
    for words in commands():
        shell.run(words)

    with ZipFile("plan.zip") as archive:
        assert any(name.endswith("brief.pdf") for name in archive.namelist())
    assert Path("brief.docx").read_bytes().startswith(b"PK")
    assert Path("brief.pdf").read_bytes().startswith(b"%PDF")
    assert Path("agendas/participants/sk-kosice-it-valley.ics").exists()
    with ZipFile("agendas.zip") as archive:
        assert "withdrawn/ua-lviv-it-cluster.ics" in archive.namelist()
    calendar = icalendar.Calendar.from_ical(Path("kharkiv.ics").read_bytes())
    assert calendar.walk("VEVENT")
    final = shell.answers["/introductions/1/moves"].json
    assert (final["state"], final["outcome"], final["version"]) == ("outcome", "mou", 8)
    assert shell.answers["/introductions/1/letters"].json["joint"]
    assert shell.answers["/introductions:conversion"].json["share"] == 1


def test_the_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
    assert len(pictures) == 9
    assert all((FOLDER / name).exists() for name in pictures)


def test_the_answers_of_a_refusal_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", GUIDE, re.M)
    assert set(rows) == set(ANSWERS)
