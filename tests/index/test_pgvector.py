"""Vector search in PostgreSQL."""

from contextlib import closing
from itertools import count

import numpy as np
import pytest
from contract import IDS, VectorIndexContract, exact, names, near, recall, same, vectors

from matcher.errors import IndexUnavailableError, StoreUnavailableError
from matcher.index import pgvector
from matcher.index.pgvector import TABLE, PgVectorIndex
from matcher.store.database import Database


@pytest.fixture(scope="class")
def database(postgres):
    url = postgres.empty_database()
    with closing(Database(url)) as database:
        yield database
    postgres.drop(url)


@pytest.fixture(scope="class")
def engine(request, database):
    """Give the class under test a way to make an index of a model of its own."""
    numbers = count()
    request.cls.make = staticmethod(
        lambda dim: PgVectorIndex(database, f"model@{next(numbers)}", dim)
    )
    request.cls.again = staticmethod(
        lambda index: PgVectorIndex(database, index._fingerprint, index._dim)
    )


@pytest.mark.usefixtures("engine")
class TestPgVectorIndex(VectorIndexContract):
    pass


@pytest.fixture(scope="module")
def many(postgres):
    """Four thousand rows in 64 dimensions, of which a graph is made."""
    url = postgres.empty_database()
    rows = near(4000, 64, seed=7)
    with pytest.MonkeyPatch.context() as patch, closing(Database(url)) as database:
        patch.setattr(pgvector, "EXACT_ROWS", 50)
        index = PgVectorIndex(database, "model@1", 64)
        index.build(names(len(rows)), rows)
        yield index, rows
    postgres.drop(url)


@pytest.mark.parametrize("share", [1.0, 0.7, 0.3, 0.02])
def test_a_graph_finds_as_many_as_are_asked_for_and_nearly_all_of_the_best(many, share):
    index, rows = many
    allowed = np.random.default_rng(3).random(len(rows)) < share
    assert recall(index, rows, allowed) >= 0.97


def test_the_graph_is_used(many):
    index, rows = many
    with index._database.read() as connection:
        connection.exec_driver_sql(pgvector._WALK.format(breadth=100))
        plan = connection.exec_driver_sql(
            f"EXPLAIN SELECT id FROM {TABLE} WHERE fingerprint = 'model@1' "
            f"ORDER BY vector <#> '{rows[0].tolist()}' LIMIT 10"
        ).scalars()
        assert any("_graph" in line for line in plan)


def test_where_the_walk_ends_too_early_all_rows_are_compared(many, monkeypatch):
    index, rows = many
    walk = "SET LOCAL hnsw.iterative_scan = off; SET LOCAL hnsw.ef_search = {breadth}"
    monkeypatch.setattr(pgvector, "_WALK", f"{walk}; SET LOCAL enable_seqscan = off")
    far = rows @ rows[0] < np.quantile(rows @ rows[0], 0.05)
    hits = index.search(rows[:1], 20, far)[0]
    assert hits.rows.tolist() == [row for row, _ in exact(rows, rows[0], 20, far)]


def test_only_what_changed_is_written(database):
    index = PgVectorIndex(database, "changing", 8)
    index.build(IDS, vectors())
    marks = f"SELECT id, xmin::text FROM {TABLE} WHERE fingerprint = 'changing' ORDER BY id"
    with database.read() as connection:
        before = {row.id: row.xmin for row in connection.exec_driver_sql(marks)}
    changed = vectors()
    changed[1] += 1
    index.build(["a", "b", "d", "e", "f"], changed)
    with database.read() as connection:
        after = {row.id: row.xmin for row in connection.exec_driver_sql(marks)}
    assert list(after) == ["a", "b", "d", "e", "f"]
    assert after["a"] == before["a"]
    assert after["b"] != before["b"]


def test_a_newer_collection_in_the_table_is_noticed(database):
    old, new = (PgVectorIndex(database, "growing", 8) for _ in range(2))
    old.build(IDS, vectors())
    few = np.array([True, True, False, False, False])
    before = old.search(vectors(1), 5, few)[0]
    new.build([*IDS, "f"], np.vstack([vectors(), 9 * vectors(1)]))
    assert same([old.search(vectors(1), 5, few)[0]], [before])
    with pytest.raises(IndexUnavailableError, match="vectors of this collection"):
        old.search(vectors(1), 5)


def test_missing_rows_are_said_in_words(database):
    PgVectorIndex(database, "another", 8).build(IDS, vectors())
    index = PgVectorIndex(database, "never built", 8)
    index.load(None, IDS)
    with pytest.raises(IndexUnavailableError, match="vectors of this collection"):
        index.search(vectors(1), 3)


def test_a_table_that_is_gone_is_said_in_words(postgres):
    url = postgres.empty_database()
    with closing(Database(url)) as database:
        index = PgVectorIndex(database, "x", 8)
        index.load(None, IDS)
        with pytest.raises(IndexUnavailableError, match="not in the database"):
            index.search(vectors(1), 3)
    postgres.drop(url)


def test_a_server_that_is_away_is_said_in_words():
    with closing(Database("postgresql://postgres@127.0.0.1:9/x")) as database:
        index = PgVectorIndex(database, "x", 8)
        index.load(None, IDS)
        with pytest.raises(IndexUnavailableError, match="cannot be reached"):
            index.search(vectors(1), 3)


def test_another_length_of_vectors_takes_the_place_of_the_table(postgres):
    url = postgres.empty_database()
    with closing(Database(url)) as database:
        PgVectorIndex(database, "short", 8).build(IDS, vectors())
        longer = PgVectorIndex(database, "long", 9)
        longer.build(IDS, vectors(dim=9))
        assert len(longer.search(vectors(1, dim=9), 9)[0].rows) == 5
    postgres.drop(url)


def test_a_user_who_may_not_switch_pgvector_on_is_told_what_to_ask_for(postgres):
    url = postgres.empty_database()
    postgres.execute("CREATE ROLE modest LOGIN")
    postgres.execute("GRANT ALL ON SCHEMA public TO modest", url.rpartition("/")[2])
    with closing(Database(url.replace("postgres@", "modest@"))) as database:
        index = PgVectorIndex(database, "x", 8)
        with pytest.raises(StoreUnavailableError, match="CREATE EXTENSION vector"):
            index.build(IDS, vectors())
    postgres.drop(url)
