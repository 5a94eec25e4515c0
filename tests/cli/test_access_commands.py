"""Tokens and the audit log on the command line."""

import json

import pytest

from matcher.config import Settings
from matcher.store import Store
from matcher.store.tokens import TOKEN_PATTERN


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_a_token_is_shown_once_and_works(run, tmp_path):
    made = run("token", "create", "ministry", "--scope", "import")
    assert made.exit_code == 0
    text = made.stdout.strip()
    assert TOKEN_PATTERN.fullmatch(text)
    with Store.open(Settings(home=tmp_path / "home").store_url) as store:
        assert store.tokens.verify(text).name == "ministry"
    listed = run("token", "list")
    assert "ministry" in listed.output
    assert text.split("-", 2)[2] not in listed.output + run("token", "list", "--json").output


def test_a_revoked_token_is_listed_as_such(run):
    run("token", "create", "ministry", "--scope", "import")
    assert run("token", "revoke", "ministry").exit_code == 0
    (token,) = json.loads(run("token", "list", "--json").output)
    assert (token["name"], token["scopes"]) == ("ministry", ["import"])
    assert token["revoked"]
    again = run("token", "revoke", "ministry")
    assert again.exit_code == 1
    assert "No working token is called 'ministry'" in again.output


def test_the_list_tells_when_a_token_ends(run):
    run("token", "create", "fair", "--scope", "staff", "--days", "3")
    run("token", "create", "ministry", "--scope", "import")
    shown = [line.split("  ") for line in run("token", "list").output.splitlines()]
    states = {name: state for _, name, _, state in shown}
    assert states["ministry"] == "works"
    assert states["fair"].startswith("works until 20")
    assert run("token", "create", "a", "--scope", "staff", "--days", "0").exit_code == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [(("a", "--scope", "everything"), 1), (("a",), 2), (("=a", "--scope", "import"), 1)],
)
def test_impossible_tokens_are_refused_in_words(run, words, code):
    result = run("token", "create", *words)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert run("token", "list").output == ""


def test_audit_lists_the_newest_first(run):
    run("token", "create", "ministry", "--scope", "import")
    run("token", "revoke", "ministry")
    run("token", "revoke", "nobody")
    entries = json.loads(run("audit", "--json").output)
    assert [(entry["who"], entry["action"], entry["outcome"]) for entry in entries] == [
        ("command line", "revoke token", "failed: not-found"),
        ("command line", "revoke token", "done"),
        ("command line", "create token", "done"),
    ]
    shown = run("audit", "--limit", "1").output
    assert shown.count("\n") == 1
    assert "nobody" in shown
