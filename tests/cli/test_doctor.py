"""What the doctor says of the database, on both engines, without changing it."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from matcher.config import DATA_DIR, Settings
from matcher.doctor import examine
from matcher.index.saved import SavedIndex
from matcher.store import Store
from matcher.store.database import Database
from matcher.store.migrate import HEAD, recorded_revision, upgrade


def state(tmp_path, url):
    return examine(Settings(home=tmp_path / "home", database_url=url))["state"]


def test_the_database_is_named_with_version_revision_and_size(tmp_path, database_url):
    Store.open(database_url).close()
    told = state(tmp_path, database_url)["database"]
    assert told.startswith(database_url.partition(":")[0])
    assert f"revision {HEAD}" in told
    assert "MiB" in told
    assert ("no page damaged" in told) == told.startswith("sqlite")


@pytest.fixture
def home(ships_few, tmp_path):
    """A home that is not made yet, of the product with few clusters."""
    return tmp_path / "home"


def test_the_state_is_told_without_changing_it(run, home):
    assert "not made yet" in run("doctor").output
    assert not home.exists()
    assert "serves" in run("index").stdout
    clusters = json.loads(run("index", "--json").stdout)["clusters"]
    assert clusters > 30
    shown = run("doctor").output
    lines = (DATA_DIR / "partnerships.jsonl").read_text().splitlines()
    assert f" {clusters} clusters, {len(lines)} partnerships\n" in shown
    assert re.search(r"generation \w+, .*, built ", shown)
    assert "stale" not in shown


def test_an_index_is_written_once_each_time_it_is_asked_for(run, home, monkeypatch):
    written, write = [], SavedIndex.write
    monkeypatch.setattr(
        SavedIndex, "write", lambda *args, **kwargs: written.append(1) or write(*args, **kwargs)
    )
    for times in (1, 2):
        assert run("index").exit_code == 0
        assert len(written) == times


def test_an_older_database_is_told_and_not_upgraded(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    with closing(Database(url)) as database:
        with database.write() as connection:
            upgrade(connection, "0003")
        told = state(tmp_path, url)
        with database.read() as connection:
            assert recorded_revision(connection) == "0003"
    assert f"the next command brings it to {HEAD}" in told["database"]
    assert "another version" in told["store"]


def test_a_newer_database_is_a_problem(tmp_path, database_url):
    with Store.open(database_url) as store, store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    told = state(tmp_path, database_url)["database"]
    assert told.startswith("problem: ")
    assert "newer version" in told


def test_a_damaged_page_is_told_with_the_way_out(tmp_path):
    file = tmp_path / "matcher.db"
    with Store.open(f"sqlite:///{file}") as store:
        for number in range(300):
            store.tokens.create(f"token {number}", ["import"])
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'audit'"
        (page,) = connection.execute(query).fetchone()
    data = bytearray(file.read_bytes())
    data[(page - 1) * 4096 : (page - 1) * 4096 + 8] = b"\xff" * 8
    file.write_bytes(data)
    told = state(tmp_path, f"sqlite:///{file}")["database"]
    assert "DAMAGED" in told or told.startswith("problem: ")
    assert "restore" in told or "backup" in told


@pytest.mark.parametrize("home", ["there", "not/there/yet"])
def test_free_disk_is_that_of_the_home_folder(tmp_path, home):
    (tmp_path / "there").mkdir()
    machine = examine(Settings(home=tmp_path / home))["machine"]
    assert float(machine["free disk"].split()[0]) > 0
    assert not (tmp_path / "not").exists()
