"""Single changed bytes and cut-off files: refused by name, or mended; never another answer."""

import random
import shutil
from collections import Counter

import pytest
from ordeals import import_
from stage import Sqlite, served

from matcher.errors import MatcherError

KINDS = {
    "arrays": "index/*.npz",
    "vectors": "index/*.faiss",
    "manifest": "index/manifest.json",
    "database": "matcher.db",
}


@pytest.fixture(scope="module")
def stage(shipped, tmp_path_factory):
    return Sqlite(tmp_path_factory.mktemp("damage"))


@pytest.fixture(scope="module")
def good(stage):
    """A place with an index, and what it answers."""
    place = stage.empty()
    served(place)
    import_(place)
    return place, served(place)


def flipped(data, draw):
    changed = bytearray(data)
    changed[draw.randrange(len(changed))] ^= draw.randint(1, 255)
    return bytes(changed)


def cut(data, draw):
    return data[: draw.randrange(len(data))]


def outcome(place, answers):
    """How a fresh start takes damage; without the index, everything must come from the database."""
    try:
        return "mended or not touched" if served(place) == answers else "LOST"
    except MatcherError as error:
        assert str(error)[-1] not in " :", error
        return "refused"


WORDS = {flipped: "a changed byte", cut: "a cut-off file"}


@pytest.mark.parametrize("harm", WORDS, ids=["changed bytes", "cut-off files"])
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_noticed(stage, good, kind, harm, long, ledger):
    place, answers = good
    draw, ends = random.Random(17), Counter()
    trials = {flipped: 120, cut: 20}[harm] if long else 3
    for trial in range(trials if kind != "database" or not long else 2 * trials):
        copy = stage.copy(place)
        file = draw.choice(sorted(copy.home.glob(KINDS[kind])))
        file.write_bytes(harm(file.read_bytes(), draw))
        if kind == "database" and trial % 2:
            shutil.rmtree(copy.home / "index")
        ends[outcome(copy, answers)] += 1
        stage.drop(copy)
    ledger(f"{WORDS[harm]}: {kind}", ends.total(), ends["LOST"], ends)
    assert ends["LOST"] == 0
