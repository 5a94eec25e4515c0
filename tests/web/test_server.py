"""The server as a process: it answers over HTTP, and finishes what it has begun."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from postgres import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
SLOW_APP = """
import sys, threading
from flask import Flask
from matcher.config import Settings
from matcher.web.http import gate, server
from matcher.web.http.server import leave, run

server.ACCEPT_SECONDS = 2  # a busy machine may be slow to take who waits

app = Flask("slow")
gate.init_app(app)

@app.get("/slow")
def slow():
    print("started", flush=True)
    threading.Event().wait(0.6)
    return "finished"

run(app, Settings(port=int(sys.argv[1]), threads=1))
leave()
"""


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_APP, str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: is_open(port), "the server answers")
    yield process, port
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def begin(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/slow")
    return connection


def test_sigterm_lets_running_and_waiting_requests_finish(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    running, waiting = begin(port), begin(port)
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGTERM)
    for connection in (running, waiting):
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"finished")
        connection.close()
    assert process.wait(60) == 0
    assert not is_open(port)


def test_sigterm_answers_those_who_had_connected_and_were_not_yet_heard(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    process.send_signal(signal.SIGSTOP)  # so that both wait when the end is asked for
    unheard = begin(port), begin(port)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    for connection in unheard:
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"finished")
        connection.close()
    assert process.wait(60) == 0


TWO_ENDS = (
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: 5\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: gzip, chunked\r\nContent-Length: 5",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 5, 6",
    "Content-Length: +5",
    "Content-Length : 5",
)


def test_a_request_that_may_end_in_two_places_is_refused_and_nothing_behind_it_is_read(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    smuggled = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for lengths in TWO_ENDS:
        head = f"POST /slow HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server[1]), timeout=60) as client:
            client.sendall(f"{head}5\r\nhello\r\n0\r\n\r\n{smuggled}".encode())
            answer = b"".join(iter(lambda: received(client), b""))
        assert answer.startswith(b"HTTP/1.1 400 "), (lengths, answer)
        assert answer.count(b"HTTP/1.1") == 1, (lengths, answer)


def received(client: socket.socket) -> bytes:
    """What has come; nothing where the other side has closed, be it with unread bytes."""
    with suppress(ConnectionResetError):
        return client.recv(65_536)
    return b""


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-c", SLOW_APP, port],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert f"Address already in use: '127.0.0.1:{port}'" in ended.stderr


def test_clients_that_never_finish_keep_nobody_waiting(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    """Ninety half-sent requests, one thread: it is free, because it gets whole requests only."""
    _, port = server
    slow = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(90)]
    for number, client in enumerate(slow):
        unfinished = (
            "GET /slow HTTP/1.1\r\nX-Slow: ",
            "POST /slow HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
        )
        client.sendall(unfinished[number % 2].encode())
    for _ in range(2):
        connection = begin(port)
        assert connection.getresponse().read() == b"finished"
        connection.close()
    for client in slow:
        client.close()
