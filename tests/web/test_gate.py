"""The gate in front of the application: what it refuses, and that nothing of it stays behind."""

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from flask import Flask

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http import gate as module
from matcher.web.http.gate import Gate, environ_of
from matcher.web.http.security import HEADERS

KB = 1024
MAX_BODY = 64 * KB
JSON = (b"content-type", b"application/json")
Message = dict[str, Any]


class Call:
    """One request; `answer` has status, headers and body when it is over."""

    def __init__(
        self,
        parts: Iterable[bytes] = (),
        *headers: tuple[bytes, bytes],
        path: str = "/api/v1/partners",
        method: str = "POST",
        client: str = "192.0.2.1",
        ends: bool = True,
    ) -> None:
        self.scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", b"localhost"), *headers],
            "server": ("127.0.0.1", 8000),
            "client": (client, 50_000),
        }
        self.parts, self.ends, self.taken = list(parts), ends, 0
        self.told: list[Message] = []

    async def receive(self) -> Message:
        if not self.parts and not self.ends:
            await asyncio.Event().wait()
        part = self.parts.pop(0) if self.parts else b""
        self.taken += len(part)
        more = bool(self.parts) or not self.ends
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(self, message: Message) -> None:
        self.told.append(message)

    async def through(self, gate: Gate) -> "Call":
        await gate(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.told[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.told[0]["headers"]}

    @property
    def problem(self) -> str:
        return str(orjson.loads(self.told[1]["body"])["type"])


@pytest.fixture
def gate(matcher: Matcher, settings: Settings) -> Gate:
    own = settings.model_copy(update={"max_body_kb": MAX_BODY // KB, "threads": 1})
    return Gate(create_app(matcher, own), own)


def sent(gate: Gate, *calls: Call) -> Call:
    """All calls at once; gives the last when it is answered, and gives up the others."""

    async def within() -> None:
        async with asyncio.timeout(30):
            others = [asyncio.create_task(call.through(gate)) for call in calls[:-1]]
            await asyncio.sleep(0)
            await calls[-1].through(gate)
            for other in others:
                other.cancel()

    asyncio.run(within())
    return calls[-1]


def length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", str(size).encode()


def unfinished(client: str = "192.0.2.1") -> Call:
    return Call((b"x" * KB,), JSON, length(2 * KB), client=client, ends=False)


def test_a_whole_request_is_answered_with_the_headers_of_every_answer(gate: Gate) -> None:
    body = orjson.dumps({"text": "Makers of chairs.", "k": 1})
    call = sent(gate, Call([body[:9], body[9:]], JSON, length(len(body))))
    assert call.status == 200, call.told
    assert call.headers["content-length"] == str(len(call.told[1]["body"]))
    assert {name.lower() for name in HEADERS} <= call.headers.keys()


def test_a_body_too_large_is_refused_where_it_is_announced(gate: Gate) -> None:
    call = sent(gate, Call([b"x" * KB] * 99, JSON, length(MAX_BODY + 1)))
    assert (call.status, call.problem, call.taken) == (413, "/problems/too-large", 0)
    assert call.headers["x-request-id"]


def test_a_body_of_unknown_length_is_refused_before_any_of_it_is_taken(gate: Gate) -> None:
    call = sent(gate, Call([b"x" * KB] * 99, JSON, (b"transfer-encoding", b"chunked")))
    assert (call.status, call.problem, call.taken) == (400, "/problems/malformed-request", 0)
    assert b"Content-Length" in call.told[1]["body"]


def test_a_body_that_does_not_end_is_given_up(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.05)
    call = sent(gate, unfinished())
    assert (call.status, call.problem) == (408, "/problems/too-slow")


def test_one_client_may_send_so_many_at_once_and_others_still_theirs(gate: Gate) -> None:
    crowd = [unfinished() for _ in range(module.CLIENT_BODIES)]
    refused = sent(gate, *crowd, unfinished())
    assert (refused.status, refused.problem) == (429, "/problems/too-many-requests")
    assert refused.headers["retry-after"] == "5"
    crowd = [unfinished() for _ in range(module.CLIENT_BODIES)]
    other = Call([b"{}"], JSON, length(2), client="192.0.2.2")
    assert sent(gate, *crowd, other).status == 422
    assert sent(gate, Call([b"{}"], JSON, length(2))).status == 422  # those given up are forgotten


def test_all_bodies_together_have_a_bound(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_BODIES", 1)
    crowd = [
        Call([b"x" * MAX_BODY], JSON, length(MAX_BODY), client=f"192.0.2.{n}", ends=False)
        for n in range(2)
    ]
    refused = sent(gate, crowd[0], Call([b"{}"], JSON, length(2)))
    assert (refused.status, refused.problem) == (503, "/problems/overloaded")
    assert refused.headers["retry-after"] == "5"
    assert sent(gate, Call([b"{}"], JSON, length(2))).status == 422


def test_bodies_that_wait_for_a_thread_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_BODIES", 1)
    app, opened = Flask("slow"), threading.Event()
    module.init_app(app)

    @app.post("/slow")
    def slow() -> str:
        assert opened.wait(30)
        return "slow"

    gate = Gate(app, Settings(threads=1, max_body_kb=1))
    crowd = [Call([b"x" * 600], length(600), path="/slow") for _ in range(2)]

    async def within() -> None:
        waiting = [asyncio.create_task(call.through(gate)) for call in crowd]
        await asyncio.sleep(0)
        opened.set()
        await asyncio.gather(*waiting)

    asyncio.run(within())
    assert sorted(call.status for call in crowd) == [200, 503]


def test_several_hosts_are_refused(gate: Gate) -> None:
    call = sent(gate, Call((), (b"host", b"evil.example"), path="/", method="GET"))
    assert (call.status, call.problem) == (400, "/problems/malformed-request")


def test_a_client_that_goes_leaves_nothing_behind(gate: Gate) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    call = unfinished()
    call.receive = gone  # type: ignore[method-assign]
    assert sent(gate, call).status == 400
    assert sent(gate, *[unfinished()] * 3, Call([b"{}"], JSON, length(2))).status == 422


def test_headers_with_underscores_cannot_pose_as_those_of_a_proxy() -> None:
    call = Call((), (b"x_forwarded_for", b"192.0.2.9"), (b"accept", b"a"), (b"accept", b"b"))
    environ = environ_of(call.scope)
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["HTTP_ACCEPT"] == "a,b"


def test_paths_arrive_as_they_were_sent() -> None:
    environ = environ_of(Call(path="/caf%C3%A9/%FF").scope)
    assert environ["PATH_INFO"].encode("latin1") == b"/caf\xc3\xa9/\xff"


def test_health_is_told_while_all_threads_are_taken() -> None:
    app, opened = Flask("slow"), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        assert opened.wait(30)
        return "slow"

    @app.get("/healthz")
    def probed() -> str:
        return "ok"

    gate = Gate(app, Settings(threads=1))
    slow_ones = [Call((), path="/slow", method="GET") for _ in range(3)]
    health = Call((), path="/healthz", method="GET")

    async def within() -> None:
        waiting = [asyncio.create_task(call.through(gate)) for call in slow_ones]
        await health.through(gate)
        assert not any(one.done() for one in waiting)
        opened.set()
        await gate.drain(30)
        await asyncio.gather(*waiting)

    asyncio.run(within())
    assert [call.told[1]["body"] for call in (*slow_ones, health)] == [b"slow"] * 3 + [b"ok"]


def test_where_no_answer_can_be_made_the_headers_are_sent(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("broken")
    app.wsgi_app = None  # type: ignore[assignment,method-assign]
    call = sent(Gate(app, Settings()), Call((), path="/", method="GET"))
    assert (call.status, call.told[1]["body"]) == (500, b"")
    assert {name.lower() for name in HEADERS} <= call.headers.keys()
    assert "no answer could be made" in caplog.text
