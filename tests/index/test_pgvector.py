"""Vector search in PostgreSQL."""

from contextlib import closing
from itertools import count

import numpy as np
import pytest
from contract import IDS, VectorIndexContract, exact, vectors

from matcher.errors import IndexUnavailableError, InvalidInputError, StoreUnavailableError
from matcher.index import pgtable
from matcher.index.pgvector import PgVectorIndex
from matcher.store.database import Database


@pytest.fixture(scope="class")
def database(postgres):
    url = postgres.empty_database()
    with closing(Database(url)) as database:
        yield database
    postgres.drop(url)


@pytest.fixture(scope="class")
def tables(request, database):
    """Give the class under test a way to make an index in a table of its own."""
    numbers = count()
    request.cls.make = staticmethod(
        lambda dim: PgVectorIndex(database, f"vectors_{next(numbers)}", dim)
    )


@pytest.mark.usefixtures("tables")
class TestPgVectorIndex(VectorIndexContract):
    pass


@pytest.fixture(scope="module")
def many(postgres):
    """Six thousand rows in 64 dimensions, of which a graph is made."""
    url = postgres.empty_database()
    rows = vectors(6000, 64, seed=7)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with pytest.MonkeyPatch.context() as patch, closing(Database(url)) as database:
        patch.setattr(pgtable, "EXACT_ROWS", 50)
        index = PgVectorIndex(database, "many", 64)
        index.build([f"r-{n:05}" for n in range(len(rows))], rows)
        yield index, rows
    postgres.drop(url)


@pytest.mark.parametrize("share", [1.0, 0.3, 0.02])
def test_a_graph_finds_as_many_as_are_asked_for_and_nearly_all_of_the_best(many, share):
    index, rows = many
    random = np.random.default_rng(8)
    queries = rows[random.integers(len(rows), size=30)]
    allowed = random.random(len(rows)) < share
    found = 0
    for query, hits in zip(queries, index.search(queries, 10, allowed), strict=True):
        best = dict(exact(index.ids, rows, query, 10, allowed))
        assert len(hits) == 10
        assert all(allowed[index.ids.index(hit.id)] for hit in hits)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.id))
        found += sum(hit.id in best for hit in hits)
        for hit in hits:
            if hit.id in best:
                assert hit.score == pytest.approx(best[hit.id], abs=1e-5)
    assert found / 300 >= 0.97


def test_the_graph_is_used(many):
    index, rows = many
    with index._database.read() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(
            "EXPLAIN SELECT number FROM many ORDER BY vector::halfvec(64) <#> "
            f"'{rows[0].tolist()}'::halfvec(64) LIMIT 10"
        ).scalars()
        assert any("many_graph" in line for line in plan)


def test_where_the_walk_ends_too_early_all_rows_are_compared(many, monkeypatch):
    index, rows = many
    walk = "SET LOCAL hnsw.iterative_scan = off; SET LOCAL hnsw.ef_search = {breadth}"
    monkeypatch.setattr("matcher.index.pgvector._WALK", f"{walk}; SET LOCAL enable_seqscan = off")
    far = rows @ rows[0] < np.quantile(rows @ rows[0], 0.05)
    hits = index.search(rows[:1], 20, far)[0]
    assert [hit.id for hit in hits] == [
        name for name, _ in exact(index.ids, rows, rows[0], 20, far)
    ]


def test_a_table_that_is_gone_is_said_in_words(database):
    index = PgVectorIndex.filled(database, "dropped", 8, IDS)
    with pytest.raises(IndexUnavailableError, match="not in the database any more"):
        index.search(vectors(1), 3)


def test_a_server_that_is_away_is_said_in_words():
    with closing(Database("postgresql://postgres@127.0.0.1:9/x")) as database:
        index = PgVectorIndex.filled(database, "x", 8, IDS)
        with pytest.raises(IndexUnavailableError, match="cannot be reached"):
            index.search(vectors(1), 3)


def test_a_table_name_that_could_be_sql_is_refused(database):
    with pytest.raises(InvalidInputError):
        PgVectorIndex(database, "x; DROP TABLE y", 8)


def test_a_user_who_may_not_switch_pgvector_on_is_told_what_to_ask_for(postgres):
    url = postgres.empty_database()
    postgres.execute("CREATE ROLE modest LOGIN")
    postgres.execute("GRANT ALL ON SCHEMA public TO modest", url.rpartition("/")[2])
    with closing(Database(url.replace("postgres@", "modest@"))) as database:
        index = PgVectorIndex(database, "x", 8)
        with pytest.raises(StoreUnavailableError, match="CREATE EXTENSION vector"):
            index.build(IDS, vectors())
    postgres.drop(url)
