"""Generations that services share through PostgreSQL; each service has a home of its own."""

import shutil
from contextlib import ExitStack, closing

import numpy as np
import pytest
from matcher.index.generation import SEARCHED
from postgres import PostgresServer
from sqlalchemy import text

from matcher.errors import IndexBusyError, IndexUnavailableError, StoreUnavailableError
from matcher.index import Generations, SharedGenerations, published
from matcher.store.database import Database

META = {"fingerprint": "fake-words@1"}


def content(seed=1):
    random = np.random.default_rng(seed)
    arrays = {
        name: random.standard_normal((20, 8)).astype(np.float32) for name in (SEARCHED, "topic")
    }
    return arrays, [f"c-{n}" for n in range(20)], META


@pytest.fixture
def database(postgres_url):
    with closing(Database(postgres_url)) as database:
        yield database


@pytest.fixture
def service(tmp_path, database):
    """Gives the generations of a service by its number."""
    return lambda number: SharedGenerations(tmp_path / str(number), database)


def execute(database, statement):
    with database.write() as connection:
        answer = connection.execute(text(statement))
        return answer.scalars().all() if answer.returns_rows else []


def tables(database):
    return set(execute(database, "SELECT tablename FROM pg_tables WHERE tablename ~ '^vectors_'"))


def test_what_one_service_wrote_another_reads(service):
    arrays, ids, meta = content()
    written = service(1).write(arrays, ids, meta)
    found = service(2).current("fake-words@1")
    assert (found.id, list(found.ids), found.meta) == (written.id, ids, meta)
    assert found.degraded is None
    for name, array in arrays.items():
        assert np.array_equal(found.arrays[name], array)
        assert not found.arrays[name].flags.writeable


def test_before_the_first_one_the_error_says_how_to_build_it(service, tmp_path):
    Generations(tmp_path / "1").write(*content())  # from a life without a shared database
    with pytest.raises(IndexUnavailableError, match=r"in the database yet\. Build it"):
        service(1).current()
    assert service(1).pointed() is None


def test_a_new_one_is_noticed_and_the_one_before_it_is_kept(service, database, tmp_path):
    here, there = service(1), service(2)
    written = [here.write(*content(seed)).id for seed in (1, 2, 3)]
    assert there.pointed() == there.current().id == written[-1]
    assert set(execute(database, "SELECT id FROM generations")) == set(written[1:])
    assert {name.split("_")[1] for name in tables(database)} == set(written[1:])
    there.current()
    here.write(*content(4))
    there.current()
    here.write(*content(5))
    newest = there.current().id
    kept = {folder.name for folder in (tmp_path / "2" / "generations").iterdir() if folder.is_dir()}
    assert newest in kept and len(kept) == 2


def test_content_in_force_is_not_uploaded_again(service, database):
    service(1).write(*content())
    before = execute(database, "SELECT published FROM generations")
    service(2).write(*content())
    assert execute(database, "SELECT published FROM generations") == before


@pytest.mark.parametrize("file", ["about.npy", "manifest.json", "ids.json"])
def test_a_copy_damaged_here_is_downloaded_again(service, tmp_path, file):
    written = service(1).write(*content())
    service(2).current()
    damaged = tmp_path / "2" / "generations" / written.id / file
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    found = service(2).current()
    assert (found.id, found.degraded) == (written.id, None)
    assert np.array_equal(found.arrays["about"], content()[0]["about"])


@pytest.mark.parametrize(
    ("file", "named"),
    [("topic.npy", "SHA-256 differs"), ("manifest.json", "manifest.json is damaged")],
)
def test_a_copy_damaged_in_the_database_is_refused_and_repaired_by_the_next_rebuild(
    service, database, file, named
):
    old = service(2).write(*content(1))
    new = service(1).write(*content(2))
    execute(
        database,
        "UPDATE generation_files SET data = set_byte(data, 200, get_byte(data, 200) # 1) "
        f"WHERE name = '{file}' AND generation_id = '{new.id}'",
    )
    served = service(2).current()
    assert served.id == old.id
    assert named in served.degraded
    with pytest.raises(IndexUnavailableError, match="cannot be used"):
        service(3).current()
    service(1).write(*content(2))
    assert (service(3).current().id, service(2).current().degraded) == (new.id, None)


@pytest.mark.parametrize("name", ["../../escaped", "/etc/escaped"])
def test_a_file_that_would_leave_its_folder_is_refused(service, database, name):
    service(1).write(*content())
    execute(database, f"UPDATE generation_files SET name = '{name}' WHERE name = 'ids.json'")
    with pytest.raises(IndexUnavailableError, match="impossible name"):
        service(2).current()


@pytest.mark.parametrize("pointer", ["", "..", "../../escaped", "0123456789ABCDEF"])
def test_a_damaged_pointer_leads_nowhere_and_is_mended(service, database, tmp_path, pointer):
    written = service(1).write(*content())
    (tmp_path / "escaped").mkdir()
    execute(database, f"UPDATE meta SET value = '{pointer}' WHERE key = 'generation'")
    with pytest.raises(IndexUnavailableError, match="Build it"):
        service(2).current()
    assert (tmp_path / "escaped").exists()
    service(1).write(*content())
    assert service(2).current().id == written.id


def test_of_two_rebuilds_at_once_one_is_told_who_holds_the_lock(service):
    with (
        service(1).rebuilding(),
        pytest.raises(IndexBusyError, match=r"process \d+ on "),
        service(2).rebuilding(),
    ):
        pass
    service(2).write(*content())


def test_a_publication_that_breaks_off_leaves_the_old_one_in_force(service, database, monkeypatch):
    old = service(1).write(*content(1))
    before = tables(database)
    with monkeypatch.context() as patch:
        patch.setattr(published, "make_graph", _full_disk)
        with pytest.raises(StoreUnavailableError):
            service(1).write(*content(2))
    for number in (1, 2):
        assert service(number).current().id == old.id
    assert tables(database) == before
    assert service(1).write(*content(2)).id == service(2).current().id != old.id


def _full_disk(*_arguments):
    raise StoreUnavailableError("The disk is full.")


def test_while_the_database_is_away_each_serves_what_it_has(postgres_binaries, tmp_path):
    with ExitStack() as stack:
        server = stack.enter_context(closing(PostgresServer.make(postgres_binaries))).start()
        database = stack.enter_context(closing(Database(server.database())))
        here = SharedGenerations(tmp_path / "1", database)
        first = here.write(*content(1))
        there = SharedGenerations(tmp_path / "2", database)
        there.current()
        server.kill()
        for generations in (here, there):
            assert generations.pointed() == first.id
            assert generations.current().degraded is None
        with pytest.raises(StoreUnavailableError):
            here.write(*content(2))
        assert here.current().id == first.id
        server.start()
        second = here.write(*content(2))
        assert there.current().id == second.id


def test_a_pointer_without_its_generation_is_mended_by_the_next_rebuild(service, database):
    """As after a dump that left out what can be rebuilt."""
    written = service(1).write(*content())
    execute(database, "DELETE FROM generations")
    for table in tables(database):
        execute(database, f"DROP TABLE {table}")
    with pytest.raises(IndexUnavailableError, match="not in the database"):
        service(2).current()
    service(2).write(*content())
    assert service(3).current().id == written.id
    assert len(tables(database)) == 1


def test_a_home_may_be_emptied_at_any_time(service, tmp_path):
    written = service(1).write(*content())
    shutil.rmtree(tmp_path / "1")
    assert service(1).current().id == written.id


def test_vectors_are_searched_in_the_database(service):
    arrays, ids, meta = content()
    for generation in (service(1).write(arrays, ids, meta), service(2).current()):
        rows = arrays[SEARCHED]
        best = int((rows @ rows[3]).argmax())
        (hits,) = generation.searcher.search(rows[3:4], 1)
        assert hits[0].id == str(best)
        assert hits[0].score == pytest.approx(float(rows[best] @ rows[3]), abs=1e-5)
