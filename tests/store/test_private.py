"""Other users of the machine read nothing: files are private, and mended where they are not."""

import os
import stat

import pytest
from support import FakeEncoder

from matcher import doctor
from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.store import Store
from matcher.store.private import make_private, open_to_others


@pytest.fixture
def careless():
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder):
    return {item.name: stat.S_IMODE(item.stat().st_mode) for item in (folder, *folder.rglob("*"))}


def test_a_new_database_is_private_whatever_the_process_allows(careless, tmp_path):
    home = tmp_path / "home"
    with Store.open(f"sqlite:///{home}/matcher.db") as store:
        store.tokens.create("office", ["staff"])
        found = modes(home)
    assert {"home", "matcher.db", "matcher.db-wal", "matcher.db-shm"} <= found.keys()
    assert {name: mode for name, mode in found.items() if mode & 0o077} == {}


def test_a_home_of_earlier_versions_is_mended_and_nothing_else_is_touched(careless, tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, other):
        folder.mkdir()
        (folder / "matcher.db").write_bytes(b"")
    (home / "link").symlink_to(other / "matcher.db")
    (home / "script").touch(0o755)
    assert {item.name for item in open_to_others(home)} == {"home", "matcher.db", "script"}
    make_private(home)
    assert list(open_to_others(home)) == []
    assert modes(other) == {"other": 0o755, "matcher.db": 0o644}
    assert stat.S_IMODE((home / "script").stat().st_mode) == 0o700


def test_opening_the_matcher_mends_its_home(careless, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "matcher.db").touch(0o644)
    monkeypatch.setattr("matcher.matcher.open_encoder", lambda settings: FakeEncoder())
    monkeypatch.setattr(Store, "load_shipped", lambda store, folder: False)
    with Matcher.open(Settings(home=home)):
        assert not {home, home / "matcher.db"} & {*open_to_others(home)}


def test_the_doctor_tells_what_others_may_use(careless, tmp_path):
    assert doctor.examine(Settings(home=tmp_path / "none"))["state"]["files"] == "private"
    home = tmp_path / "home"
    home.mkdir()
    told = doctor.examine(Settings(home=home))["state"]["files"]
    assert told.startswith("problem")
    assert str(home) in told
