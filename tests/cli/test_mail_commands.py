"""Letters and accounts of staff on the command line."""

import json
import re

import pytest
from mail_server import mail_server

from matcher.accounts.signing_in import SigningIn
from matcher.config import Settings, get_settings
from matcher.i18n.languages import language
from matcher.store import Store


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def store(tmp_path):
    with Store.open(Settings(home=tmp_path / "home").store_url) as store:
        yield store


@pytest.fixture
def letter(store):
    SigningIn(store.database, "http://localhost:8000").ask("a@example.org", language("en"))


def test_letters_are_listed_without_one_time_links_and_sent(run, letter, monkeypatch):
    listed = run("outbox", "list")
    assert re.match(r"1  waiting  \S+  sign in  a@example.org", listed.output)
    (told,) = json.loads(run("outbox", "list", "--json").output)
    assert (told["text"], told["html"]) == ("", "")
    with mail_server() as (url, box):
        monkeypatch.setenv("MATCHER_SMTP_URL", url)
        get_settings.cache_clear()
        sent = run("outbox", "send")
    assert sent.output == "Sent: 1. In the outbox: 1 sent.\n"
    assert len(box.letters) == 1
    assert run("outbox", "list", "--state", "failed").output == "There are no such letters.\n"
    again = run("outbox", "retry", 1)
    assert again.exit_code == 1
    assert "nothing to repeat" in again.output


def test_a_mail_server_that_cannot_be_one_is_named(run, monkeypatch):
    monkeypatch.setenv("MATCHER_SMTP_URL", "http://user:secret@example.org")
    get_settings.cache_clear()
    answer = run("outbox", "send")
    assert answer.exit_code == 1
    assert "MATCHER_SMTP_URL" in answer.output
    assert "secret" not in answer.output


def test_a_password_is_never_shown(run, monkeypatch):
    monkeypatch.setenv("MATCHER_SMTP_URL", "smtp://user:secret@127.0.0.1:9")
    get_settings.cache_clear()
    assert "secret" not in run("doctor").output
    assert "secret" not in repr(get_settings())


def test_what_is_no_report_is_told(run, letter, tmp_path):
    (tmp_path / "x.eml").write_text("hello")
    answer = run("outbox", "bounced", tmp_path / "x.eml")
    assert answer.exit_code == 1
    assert "names no letter" in answer.output


def test_staff_are_made_listed_and_ended(run, store):
    made = run("staff", "add", "office@example.org")
    assert made.exit_code == 0
    link = made.stdout.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in\?t=[\w-]{43}", link)
    entry = SigningIn(store.database, "x").enter(link.partition("t=")[2], language("en"))
    assert entry.account.is_staff
    assert "office@example.org" in run("staff", "list").output
    assert "office@example.org" not in run("audit").output
    assert run("staff", "remove", "OFFICE@example.org").exit_code == 0
    assert run("staff", "list").output == ""
    assert run("staff", "remove", "office@example.org").exit_code == 1
    assert run("staff", "add", "office").exit_code == 1
