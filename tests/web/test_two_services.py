"""Two services on one database with a replica: one index, no restarts, degraded but not down."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgres import Binaries, PostgresServer, free_port, wait_for

from matcher.store import Store

TESTS = Path(__file__).resolve().parents[1]
ASKER = "ua-kharkiv-it-cluster"
NEW = {"id": "ge-wine-route", "name": "Wine Route", "country": "GE", "offers": ["wine tours"]}


@dataclass(frozen=True)
class Service:
    """A process that serves; its home is its own."""

    process: subprocess.Popen[bytes]
    port: int
    token: str
    log: Path

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def get(self, path: str) -> Any:
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def ready(self) -> Any:
        """What /readyz says; nothing while the service starts."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/readyz")
        except OSError:
            return None

    def degraded(self) -> list[str]:
        return [part["part"] for part in self.get("/readyz")["degraded"]]


@dataclass(frozen=True)
class Site:
    """Two services, the primary they write to, the replica they read from."""

    primary: PostgresServer
    replica: PostgresServer
    services: tuple[Service, Service]
    start: Callable[[], Service]


@pytest.fixture(scope="module")
def site(postgres_binaries: Binaries, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        primary = stack.enter_context(closing(PostgresServer.make(postgres_binaries))).start()
        url = primary.database()
        name = url.rpartition("/")[2]
        with Store.open(url) as store:
            token = store.tokens.create("desk", ["staff", "import"])
        replica = stack.enter_context(closing(primary.replica())).start()

        def start() -> Service:
            home = tmp_path_factory.mktemp("home")
            service = _start(url, replica.url(name), home, token)
            stack.callback(_end, service.process)
            wait_for(service.ready, "the service is ready")
            return service

        yield Site(primary, replica, (start(), start()), start)


def _start(url: str, read_url: str, home: Path, token: str) -> Service:
    port = free_port()
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(TESTS / "web" / "fake_service.py")],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent))),
                "MATCHER_HOME": str(home),
                "MATCHER_PORT": str(port),
                "MATCHER_DATABASE_URL": url,
                "MATCHER_DATABASE_READ_URL": read_url,
                "MATCHER_REFRESH_SECONDS": "0.2",
                "MATCHER_EXHAUSTIVE_LIMIT": "50",
                "MATCHER_RATE_LIMIT": "0",
                "MATCHER_POST_RATE_LIMIT": "0",
                "OMP_NUM_THREADS": "1",
            },
            stderr=log,
        )
    return Service(process, port, token, home / "log")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(60)


def partners(service: Service, k: int) -> list[tuple[str, float]]:
    found = service.get(f"/api/v1/clusters/{ASKER}/partners?k={k}")["partners"]
    return [(partner["id"], partner["score"]) for partner in found]


def test_both_answer_from_one_index(site: Site) -> None:
    one, other = site.services
    assert one.get("/readyz")["generation"] == other.get("/readyz")["generation"]
    assert one.degraded() == other.degraded() == []
    assert partners(one, 10) == partners(other, 10)


def test_a_write_to_one_is_seen_through_the_other_at_once(site: Site) -> None:
    one, other = site.services
    draft = {"a": ASKER, "b": "ro-cluj-it-cluster", "purpose": "A joint bid"}
    status, made = one.ask("POST", "/api/v1/introductions", draft)
    assert status in (200, 201), made
    assert other.get(f"/api/v1/introductions/{made['id']}") == made


def test_an_import_through_one_is_served_by_the_other(site: Site) -> None:
    one, other = site.services
    before = other.get("/readyz")["generation"]
    status, result = one.ask("POST", "/api/v1/profiles:import", [NEW])
    assert (status, result["added"]) == (200, 1), result
    assert result["generation"] != before
    wait_for(
        lambda: other.get("/readyz")["generation"] == result["generation"], "the other noticed"
    )
    assert other.get(f"/api/v1/clusters/{NEW['id']}")["name"] == NEW["name"]
    assert partners(one, 11) == partners(other, 11)


def test_vectors_are_searched_on_the_replica(site: Site) -> None:
    one, _ = site.services
    for server in (site.primary, site.replica):
        server.execute("ALTER SYSTEM SET log_statement = 'all'")
        server.execute("SELECT pg_reload_conf()")
    partners(one, 12)
    wait_for(lambda: "vector <#>" in site.replica.log(), "the replica was asked")
    assert "vector <#>" not in site.primary.log()


def test_without_the_primary_both_are_degraded_and_not_down(site: Site) -> None:
    one, other = site.services
    draft = {"a": ASKER, "b": "pl-mazovia-cluster-ict", "purpose": "A joint bid"}
    known = one.get("/api/v1/introductions")
    before = {service.port: partners(service, 20) for service in site.services}
    site.primary.kill()
    try:
        for k, service in enumerate(site.services, start=13):
            assert partners(service, k) == before[service.port][:k]
            assert service.degraded() == ["store"]
            status, problem = service.ask("POST", "/api/v1/introductions", draft)
            assert (status, problem["type"]) == (503, "/problems/store-unavailable")
            assert "cannot be reached" in problem["detail"]
            assert service.get("/api/v1/introductions") == known
        third = site.start()
        assert partners(third, 20) == before[one.port]
        assert third.degraded() == ["store"]
    finally:
        site.primary.start()
    for service in (*site.services, third):
        wait_for(lambda service=service: service.degraded() == [], "all is well again")
    status, result = other.ask("POST", "/api/v1/profiles:import", [NEW | {"city": "Telavi"}])
    assert (status, result["changed"]) == (200, 1), result
    wait_for(lambda: one.get("/readyz")["generation"] == result["generation"], "one noticed")
    status, made = one.ask("POST", "/api/v1/introductions", draft)
    assert status in (200, 201), made


def test_without_the_replica_everything_is_done_by_the_primary(site: Site) -> None:
    one, other = site.services
    before = partners(one, 20)
    site.replica.kill()
    try:
        assert partners(one, 16) == before[:16]
        assert one.degraded() == ["store"]
        status, result = one.ask("POST", "/api/v1/profiles:import", [NEW | {"city": "Sighnaghi"}])
        assert status == 200, result
        wait_for(lambda: other.get("/readyz")["generation"] == result["generation"], "noticed")
    finally:
        site.replica.start()
    wait_for(lambda: one.degraded() == [], "all is well again")
