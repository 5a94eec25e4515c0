"""SQLite: rows that a disk changed, lost or made up are noticed, whoever wrote them when."""

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from matcher.errors import StoreUnavailableError
from matcher.profiles.profile import ClusterProfile
from matcher.store import Store
from matcher.store.archive import open_archive
from matcher.store.backup import back_up
from matcher.store.database import Database
from matcher.store.tables import meta


def profile(number, city="Lviv"):
    return ClusterProfile(id=f"ua-{number}", name="A cluster", country="UA", city=city)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "matcher.db"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


@pytest.fixture
def three(url):
    with Store.open(url) as store:
        store.imports.save(map(profile, range(3)))


def change(file, statement):
    connection = sqlite3.connect(file)
    with connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clusters SET body = replace(body, 'Lviv', 'Kyiv') WHERE id = 'ua-1'",
        "UPDATE clusters SET origin = 'shipped' WHERE id = 'ua-1'",
        "UPDATE clusters SET id = 'ua-9' WHERE id = 'ua-1'",
        "DELETE FROM clusters WHERE id = 'ua-1'",
        "INSERT INTO clusters SELECT 'ua-9', country, visibility, origin, body FROM clusters "
        "WHERE id = 'ua-1'",
        "UPDATE meta SET value = 'nonsense' WHERE key = 'sum:clusters'",
    ],
)
def test_rows_that_nobody_wrote_are_noticed(three, file, url, statement):
    change(file, statement)
    with Store.open(url) as store:
        for read in (store.profiles, lambda: list(store.bodies())):
            with pytest.raises(StoreUnavailableError, match=r"table clusters .* is damaged"):
                read()


def test_damage_is_not_covered_up_by_later_writes(three, file, url):
    change(file, "DELETE FROM clusters WHERE id = 'ua-1'")
    with Store.open(url) as store:
        store.imports.save([profile(7)])
        with pytest.raises(StoreUnavailableError, match="is damaged"):
            store.profiles()


def test_a_database_without_sums_gets_them_at_the_next_start(three, file, url, tmp_path):
    change(file, "DELETE FROM meta WHERE key = 'sum:clusters'")
    for name in ("clusters.jsonl", "partnerships.jsonl"):
        (tmp_path / name).write_text("")
    with Store.open(url) as store:
        assert store.load_shipped(tmp_path)
        assert not store.load_shipped(tmp_path)
        assert len(store.profiles()) == 3
    change(file, "DELETE FROM clusters WHERE id = 'ua-1'")
    with Store.open(url) as store, pytest.raises(StoreUnavailableError, match="is damaged"):
        store.profiles()


@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 5)), st.sampled_from(["Lviv", "Kyiv"]), st.booleans()),
        max_size=5,
    )
)
def check_any_order_of_writes(folder, writes):
    file = folder / "clusters.jsonl"
    (folder / "partnerships.jsonl").write_text("")
    with Store.open("sqlite://") as store:
        for numbers, city, shipped in writes:
            records = [profile(number, city) for number in sorted(numbers)]
            if shipped:
                file.write_text("".join(one.model_dump_json() + "\n" for one in records))
                store.load_shipped(folder)
            else:
                store.imports.save(records)
            store.profiles()  # raises where the sum is wrong


def test_no_order_of_writes_looks_like_damage(tmp_path):
    check_any_order_of_writes(tmp_path)


def test_each_changed_byte_of_a_vector_is_noticed(fake_encoder, file, url):
    with Store.open(url) as store:
        vector = fake_encoder.encode(["oak"])[0]
        store.vectors.put("m@1", {"a": vector})
        assert store.vectors.get("m@1", ["a"])["a"].tolist() == vector.tolist()
    connection = sqlite3.connect(file)
    (data,) = connection.execute("SELECT data FROM vectors").fetchone()
    draw = random.Random(3)
    with Store.open(url) as store:
        for place in range(len(data)):
            changed = bytearray(data)
            changed[place] ^= draw.randint(1, 255)
            with connection:
                connection.execute("UPDATE vectors SET data = ?", (bytes(changed),))
            assert store.vectors.get("m@1", ["a"]) == {}, place
        with connection:
            connection.execute("UPDATE vectors SET data = ?", (vector.astype("<f4").tobytes(),))
        assert store.vectors.get("m@1", ["a"])["a"].tolist() == vector.tolist()
    connection.close()


def test_a_backup_leaves_out_the_notes_on_what_is_made_from_it(three, url, tmp_path):
    with closing(Database(url)) as database:
        with database.write() as connection:
            connection.execute(insert(meta).values(key="kept", value="x"))
            noted = set(connection.scalars(select(meta.c.key)))
        back_up(database, tmp_path / "a.backup")
    with open_archive(tmp_path / "a.backup") as archive:
        saved = {row["key"] for row in archive.rows("meta")}
    assert noted - saved == {"sum:clusters"}
    assert "kept" in saved


def test_the_digest_of_a_collection_changes_with_each_record(database_url):
    with Store.open(database_url) as store:
        seen = [store.collection()]
        store.imports.save(map(profile, range(3)))
        seen.append(store.collection())
        store.imports.save([profile(1, "Odesa")])
        seen.append(store.collection())
        store.imports.save([profile(1, "Odesa")])
        assert store.collection() == seen[-1]
        assert len(set(seen)) == 3
        store.imports.save([profile(1)])
        assert store.collection() == seen[1]
