"""A restore lets nobody in again: tokens start revoked, and who was shut out stays out."""

from contextlib import closing

import pytest
from sqlalchemy import insert, update

from matcher.store import Store
from matcher.store.access import CREATION
from matcher.store.backup import back_up, restore
from matcher.store.contents import look_into
from matcher.store.database import Database
from matcher.store.migrate import migrate
from matcher.store.tables import tokens


@pytest.fixture
def store(database_url):
    with Store.open(database_url) as store:
        yield store


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.zip"


def make(store, name, *scopes):
    with store.audit.write("command line", CREATION, f"{name}: {' '.join(scopes)}"):
        return store.tokens.create(name, scopes)


def works(store, token):
    return store.tokens.verify(token) is not None


def test_tokens_of_a_backup_do_not_work_unless_asked_for(store, file):
    token = make(store, "office", "staff", "import")
    back_up(store.database, file)
    restore(store.database, file, replace=True, keep_tokens=True)
    assert works(store, token)
    restore(store.database, file, replace=True)
    assert not works(store, token)
    assert [one.name for one in store.tokens.all()] == ["office"]


@pytest.mark.parametrize("keep", [False, True])
def test_a_revocation_outlives_every_restore(store, file, tmp_path, keep):
    back_up(store.database, tmp_path / "before.zip")
    token = make(store, "lost", "staff")
    back_up(store.database, file)
    store.tokens.revoke("lost")
    for source in (file, tmp_path / "before.zip", file):
        restore(store.database, source, replace=True, keep_tokens=keep)
        assert not works(store, token)
        assert [one.name for one in store.tokens.all() if one.revoked] == ["lost"]


@pytest.fixture
def forged(tmp_path):
    """A backup with a token that nobody made, and one that may more than it was made for."""
    with closing(Database(f"sqlite:///{tmp_path}/forger.db")) as database:
        migrate(database)
        with Store(database) as store:
            stolen = store.tokens.create("intruder", ["staff"])
            raised = make(store, "office", "import")
            with database.write() as connection:
                grown = update(tokens).where(tokens.c.name == "office")
                connection.execute(grown.values(scopes="import staff"))
            back_up(database, tmp_path / "forged.zip")
    return tmp_path / "forged.zip", (stolen, raised)


def test_tokens_that_no_audit_log_knows_are_told_and_do_not_work(store, forged):
    file, texts = forged
    inside = look_into(file, store.database).tokens
    assert {(one.name, one.worked, one.known) for one in inside} == {
        ("intruder", True, False),
        ("office", True, False),
    }
    restore(store.database, file, keep_tokens=True)
    assert not any(works(store, text) for text in texts)


def test_what_a_backup_would_bring_is_told_and_nothing_is_changed(store, file):
    make(store, "office", "staff")
    back_up(store.database, file)
    store.tokens.revoke("office")
    contents = look_into(file, store.database)
    assert (contents.rows["tokens"], contents.later_revocations) == (1, 1)
    (inside,) = contents.tokens
    assert (inside.name, inside.scopes, inside.worked, inside.known) == (
        *("office", "staff"),
        *(True, True),
    )
    assert look_into(file).later_revocations == 0
    assert store.tokens.all()[0].revoked


def test_a_token_that_had_ended_before_the_backup_stays_so(store, file):
    with store.database.write() as connection:
        row = {"id": "0" * 8, "name": "old", "scopes": "staff", "digest": "1" * 64}
        moment = "2026-01-01T00:00:00+00:00"
        connection.execute(insert(tokens).values(**row, created=moment, revoked=moment))
    back_up(store.database, file)
    restore(store.database, file, replace=True, keep_tokens=True)
    assert [one.revoked for one in store.tokens.all()] == [moment]
