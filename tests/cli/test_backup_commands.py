"""Backup and restore on the command line."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from matcher.cli import main
from matcher.config import Settings, get_settings
from matcher.store import Store


@pytest.fixture
def run(tmp_path, monkeypatch):
    def invoke(home, *words):
        monkeypatch.setenv("MATCHER_HOME", str(tmp_path / home))
        get_settings.cache_clear()
        return CliRunner().invoke(main, words)

    yield invoke
    get_settings.cache_clear()


@pytest.fixture
def file(run, tmp_path):
    """A backup of a database in which a token was made."""
    run("one", "token", "create", "ministry", "--scope", "import")
    saved = run("one", "backup", str(tmp_path / "backup.zip"))
    assert saved.exit_code == 0
    assert f"2 rows saved to {tmp_path}/backup.zip: 1 audit, 1 tokens." in saved.stdout
    return tmp_path / "backup.zip"


def test_another_machine_gets_what_the_backup_holds(run, file):
    restored = run("other", "restore", str(file))
    assert restored.exit_code == 0
    assert "2 rows restored, as they were at 20" in restored.stdout
    assert "Restart the service" in restored.stderr
    (token,) = json.loads(run("other", "token", "list", "--json").stdout)
    assert token["name"] == "ministry"


def test_nothing_is_given_up_unless_told(run, file, tmp_path):
    run("other", "token", "create", "city", "--scope", "staff")
    again = run("other", "restore", str(file))
    assert again.exit_code == 1
    assert "1 in tokens); nothing was changed. To give all of it up" in again.stderr
    told = json.loads(run("other", "restore", str(file), "--replace", "--json").stdout)
    assert told["tables"]["tokens"]["rows"] == 1
    with Store.open(Settings(home=tmp_path / "other").store_url) as store:
        assert [token.name for token in store.tokens.all()] == ["ministry"]


def test_a_damaged_backup_is_refused_in_a_sentence(run, file):
    file.write_bytes(file.read_bytes()[:-100])
    refused = run("other", "restore", str(file))
    assert refused.exit_code == 1
    told = f"matcher: {file} is damaged, cut off, or no backup at all. Use another one; nothing"
    assert told in refused.stderr


def test_an_empty_home_is_not_backed_up(run, file):
    before = file.read_bytes()
    refused = run("nowhere", "backup", str(file))
    assert refused.exit_code == 1
    assert "Check MATCHER_HOME" in refused.stderr
    assert file.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(run, file, tmp_path):
    refused = run("one", "backup", str(tmp_path / "no" / "b.zip"))
    assert refused.exit_code == 1
    assert f"matcher: {tmp_path}/no/b.zip: No such file or directory\n" in refused.stderr


def test_the_doctor_knows_the_last_backup(run, file, tmp_path):
    state = json.loads(run("one", "doctor", "--json").stdout)["state"]
    assert state["last backup"].endswith(f"0 days ago, {file}")
    assert state["last backup"].startswith(datetime.now(UTC).date().isoformat())
    shutil.rmtree(tmp_path / "one")
    never = json.loads(run("one", "doctor", "--json").stdout)["state"]["last backup"]
    assert never == "none made on this machine: matcher backup FILE"


def test_what_a_backup_would_bring_is_shown_and_nothing_is_done(run, file):
    for words in (("backup", str(file), "--show"), ("restore", str(file), "--show")):
        shown = run("other", *words)
        assert shown.exit_code == 0
        assert "Token ministry: import, worked\n" in shown.stdout
        told = json.loads(run("other", *words, "--json").stdout)
        assert told["tokens"] == [
            {"name": "ministry", "scopes": "import", "worked": True, "known": True}
        ]
    assert json.loads(run("other", "token", "list", "--json").stdout) == []


def test_a_revoked_token_is_not_brought_back(run, file):
    run("one", "token", "revoke", "ministry")
    for option in ((), ("--keep-tokens",)):
        restored = run("one", "restore", str(file), "--replace", *option)
        assert "Tokens revoked since the backup stay so: 1." in restored.stderr
        (token,) = json.loads(run("one", "token", "list", "--json").stdout)
        assert token["revoked"]
    assert "restore backup" in run("one", "audit").stdout


def test_tokens_of_a_backup_work_when_they_are_to(run, file):
    assert "are revoked: matcher token create" in run("other", "restore", str(file)).stderr
    run("third", "restore", str(file), "--keep-tokens")
    revoked = [
        json.loads(run(home, "token", "list", "--json").stdout)[0]["revoked"]
        for home in ("other", "third")
    ]
    assert revoked[0]
    assert revoked[1] is None
