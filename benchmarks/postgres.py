"""PostgreSQL in figures: ``python -m benchmarks postgres 1000 50000 200000``.

Starts a server of its own (from the development requirements) and measures, for each number of
profiles: bytes in its tables, time to build them, time and processor time of look-ups through one
connection, and what share of the best ten they find. Processor time, unlike time, bears other work
on the machine. Vectors are mixes of the shipped clusters' ones with some noise, bodies are shipped
ones under new ids; all seeded. Uses the data of MATCHER_HOME.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter

import numpy as np

from matcher.config import PROJECT_DIR
from matcher.index import pgtable
from matcher.index.pgvector import PgVectorIndex
from matcher.matcher import Matcher
from matcher.matching.candidates import depth_among
from matcher.store.database import Database, upsert
from matcher.store.migrate import migrate
from matcher.store.tables import clusters

SHARES = (1.0, 0.3, 0.01)
"""Shares of all rows that the filters of the questions allow."""

QUESTIONS, MIXED, NOISE, PART = 60, 3, 0.02, 20_000
MEMORY = "2GB"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks postgres")
    parser.add_argument("sizes", type=int, nargs="*", default=[])
    sizes = parser.parse_args(arguments).sizes or [1000, 50_000]
    sys.path.insert(0, str(PROJECT_DIR / "tests"))
    from postgres import Binaries, PostgresServer

    with Matcher.open() as matcher:
        about = np.array(matcher.snapshot.corpus.vectors.facets["about"])
        bodies = [profile.model_dump_json() for profile in matcher.clusters]
        files = sum(array.nbytes for array in matcher.snapshot.generation.arrays.values())
    print(f"generation: {files / len(bodies):,.0f} bytes a profile at {len(bodies)} profiles")
    with closing(Binaries()) as binaries, closing(PostgresServer.make(binaries)) as server:
        server.start()
        server.execute(f"ALTER SYSTEM SET shared_buffers = '{MEMORY}'")
        server.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
        server.stop()
        server.start()
        for size in sizes:
            url = server.empty_database()
            with closing(Database(url)) as database:
                migrate(database)
                print(f"\n{size:,} profiles", flush=True)
                profiles(database, bodies, size)
                vectors(database, about, size)
            server.drop(url)


def profiles(database: Database, bodies: Sequence[str], size: int) -> None:
    began = perf_counter()
    row = {"country": "GE", "visibility": "public", "origin": "user"}
    for start in range(0, size, PART):
        part = range(start, min(start + PART, size))
        rows = [
            row | {"id": f"ge-{number:09}", "body": bodies[number % len(bodies)]} for number in part
        ]
        with database.write() as connection:
            upsert(connection, clusters, rows)
    told("profiles", perf_counter() - began, measured(database, "clusters"), size)


def vectors(database: Database, about: np.ndarray, size: int) -> None:
    rows = np.vstack([*mixed(about, size)])
    index = PgVectorIndex(database, "searched", rows.shape[1])
    ids = [str(number) for number in range(size)]
    began = perf_counter()
    with database.write() as connection:
        pgtable.make_table(connection, "searched", rows.shape[1])
        pgtable.copy_rows(connection, "searched", 0, ids, rows)
    told("vectors", perf_counter() - began, measured(database, "searched"), size)
    before, began = measured(database, "searched"), perf_counter()
    with database.write() as connection:
        pgtable.make_graph(connection, "searched", rows.shape[1], size)
    told("their graph", perf_counter() - began, measured(database, "searched") - before, size)
    index = PgVectorIndex.filled(database, "searched", rows.shape[1], ids)
    for share in SHARES:
        ask(index, rows, share)


def mixed(about: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Unit vectors, each between some shipped ones."""
    random = np.random.default_rng(1)
    for start in range(0, size, PART):
        count = min(PART, size - start)
        shares = random.dirichlet([1.0] * MIXED, count).astype(np.float32)
        drawn = about[random.integers(len(about), size=(count, MIXED))]
        rows = np.einsum("nm,nmd->nd", shares, drawn)
        rows += NOISE * random.standard_normal(rows.shape, dtype=np.float32)
        yield rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ask(index: PgVectorIndex, rows: np.ndarray, share: float) -> None:
    random = np.random.default_rng(2)
    allowed = random.random(len(rows)) < share
    depth = depth_among(int(np.count_nonzero(allowed)))
    queries = rows[random.integers(len(rows), size=QUESTIONS)]
    index.search(queries[:5], depth, allowed)
    times, found, server = [], 0, server_seconds(index)
    for query in queries:
        began = perf_counter()
        (hits,) = index.search(query[None], depth, allowed)
        times.append(perf_counter() - began)
        best = np.argsort(-np.where(allowed, rows @ query, -2.0))[:10]
        found += len({hit.id for hit in hits} & {str(row) for row in best})
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    spent = (server_seconds(index) - server) / QUESTIONS
    expected = QUESTIONS * min(10, int(allowed.sum()))
    print(
        f"  nearest {depth:>4} of {share:>4.0%}: p50 {p50:6.1f} ms  p99 {p99:6.1f} ms  "
        f"server's core {spent * 1000:5.1f} ms, {1 / spent:4.0f} askers/s  "
        f"recall of the best ten {found / expected:.3f}",
        flush=True,
    )


def server_seconds(index: PgVectorIndex) -> float:
    """Processor time that the server has spent on the only connection."""
    with index._database.read(stale=True) as connection:
        key = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    spent = Path(f"/proc/{key}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def measured(database: Database, table: str) -> int:
    with database.read() as connection:
        size = connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table}')").scalar()
    return int(size or 0)


def told(what: str, seconds: float, size: int, rows: int) -> None:
    print(f"  {what:<10}{size / rows:8,.0f} bytes each  {rows / seconds:9,.0f} rows/s", flush=True)
