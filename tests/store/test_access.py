"""Tokens and the audit log in the database."""

import hmac
import sqlite3
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from support import on_one_engine

from matcher.errors import ConflictError, IndexBusyError, InvalidInputError, NotFoundError
from matcher.store import Store
from matcher.store.tables import tokens
from matcher.store.tokens import SCOPES, TOKEN_PATTERN


@pytest.fixture
def store(database_url):
    with Store.open(database_url) as store:
        yield store


def test_a_token_works_by_its_text_alone(store):
    text = store.tokens.create("ministry", ["import"])
    found = store.tokens.verify(text)
    assert TOKEN_PATTERN.fullmatch(text)
    assert (found.name, found.scopes, found.revoked) == ("ministry", ("import",), None)
    last = "A" if text[-1] != "A" else "B"
    for other in ("", "x", text[:-1] + last, text[:-1], text + "A", text.upper(), "é" + text[1:]):
        assert store.tokens.verify(other) is None


@on_one_engine
def test_two_tokens_have_nothing_in_common(store):
    first, second = (store.tokens.create(name, SCOPES) for name in ("a", "b"))
    swapped = first[:13] + second[13:]
    assert store.tokens.verify(swapped) is None


def test_the_text_of_a_token_is_in_no_file(tmp_path):
    file = tmp_path / "matcher.db"
    with Store.open(f"sqlite:///{file}") as store:
        secret = store.tokens.create("ministry", ["import"]).split("-", 2)[2]
    for path in file.parent.iterdir():
        assert secret.encode() not in path.read_bytes()
    rows = sqlite3.connect(file)
    (digest,) = rows.execute("SELECT digest FROM tokens").fetchone()
    rows.close()
    assert len(digest) == 64 and secret not in digest


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_revoked_token_ends_at_once_and_stays_listed(store, by):
    text = store.tokens.create("ministry", ["import"])
    found = store.tokens.verify(text)
    store.tokens.revoke(getattr(found, by))
    assert store.tokens.verify(text) is None
    assert [token.revoked is not None for token in store.tokens.all()] == [True]
    with pytest.raises(NotFoundError, match="ministry"):
        store.tokens.revoke("ministry")


def test_a_token_ends_by_itself(store):
    text = store.tokens.create("fair", ["staff"], days=2)
    assert store.tokens.verify(text).works
    (kept,) = store.tokens.all()
    assert kept.created < kept.expires
    end = datetime.fromisoformat(kept.expires) - datetime.fromisoformat(kept.created)
    assert end == timedelta(days=2)
    with store.database.write() as connection:
        connection.execute(update(tokens).values(expires=tokens.c.created))
    assert store.tokens.verify(text) is None
    assert [token.works for token in store.tokens.all()] == [False]
    assert store.tokens.verify(store.tokens.create("fair", ["staff"])).expires is None


@on_one_engine
@pytest.mark.parametrize("given", ["unknown", "wrong secret", "revoked", "works"])
def test_every_answer_compares_digests_in_constant_time(store, monkeypatch, given):
    """A token that does not exist takes the same steps as one of which the secret is wrong."""
    text = store.tokens.create("a", ["staff"])
    if given == "revoked":
        store.tokens.revoke("a")
    asked = {
        "unknown": f"cmt-{'0' * 8}-{text[13:]}",
        "wrong secret": text[:13] + "x" * 43,
    }.get(given, text)
    seen = []
    compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda *pair: seen.append(pair) or compare(*pair))
    assert (store.tokens.verify(asked) is not None) == (given == "works")
    ((kept, sent),) = seen
    assert len(kept) == len(sent) == 64


def test_a_name_is_free_again_after_it_was_revoked(store):
    store.tokens.create("ministry", ["import"])
    with pytest.raises(ConflictError):
        store.tokens.create("ministry", ["import"])
    store.tokens.revoke("ministry")
    assert store.tokens.verify(store.tokens.create("ministry", ["import"]))


@on_one_engine
@pytest.mark.parametrize(
    ("name", "scopes", "place"),
    [
        ("", ["import"], "name"),
        ("a" * 81, ["import"], "name"),
        ("a\nb", ["import"], "name"),
        ("=cmd()", ["import"], "name"),
        ("a", [], "scope"),
        ("a", ["import", "everything"], "scope"),
    ],
)
def test_impossible_tokens_are_refused(store, name, scopes, place):
    with pytest.raises(InvalidInputError) as caught:
        store.tokens.create(name, scopes)
    assert [problem.where for problem in caught.value.problems] == [place]
    assert store.tokens.all() == []


def test_the_log_tells_how_each_write_ended(store):
    with store.audit.write("ministry", "import", "2 profiles", "r-1") as outcome:
        assert store.audit.last(1)[0].outcome == "begun"
        outcome.text = "2 added"
    with pytest.raises(IndexBusyError), store.audit.write("ministry", "import", "1 profile"):
        raise IndexBusyError("7")
    with pytest.raises(ZeroDivisionError), store.audit.write("ministry", "import", "1 profile"):
        raise ZeroDivisionError
    newest, busy, good = store.audit.last(10)
    assert (good.who, good.action, good.detail) == ("ministry", "import", "2 profiles")
    assert (good.request_id, good.outcome) == ("r-1", "2 added")
    assert good.at.endswith("+00:00")
    assert (busy.outcome, newest.outcome) == ("failed: index-busy", "failed: internal")
    assert [entry.id for entry in store.audit.last(2)] == [newest.id, busy.id]


def test_writes_from_many_threads_are_all_logged(store):
    def write(number):
        with store.audit.write(f"t{number}", "import", "x") as outcome:
            outcome.text = f"end {number}"

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = store.audit.last(100)
    assert {(entry.who, entry.outcome) for entry in entries} == {
        (f"t{number}", f"end {number}") for number in range(8)
    }
