"""The production server: one process, a loop for connections, threads for requests."""

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import nullcontext
from threading import Thread
from typing import NoReturn

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from matcher import memory
from matcher.accounts.searches import Alerts
from matcher.config import Settings, get_settings
from matcher.errors import MatcherError
from matcher.events.mailing import Mailing
from matcher.mail.delivery import delivering
from matcher.matcher import Matcher
from matcher.web.http import logs, work
from matcher.web.http.app import create_app
from matcher.web.http.gate import Gate
from matcher.web.http.refreshing import EXTENSION as REFRESHING
from matcher.web.http.refreshing import refreshing

ACCEPT_SECONDS = 0.5
"""How long connections that were waiting when the end was asked for are still taken."""

DRAIN_SECONDS = 30.0
"""How long requests that have arrived may take to be answered at the end."""

FLUSH_SECONDS = 1.0
"""How long clients may take to read their answers at the end."""

HEADER_SECONDS = 10
"""How long a client may take to send the head of a request, the next one on a connection too."""

SEND_SECONDS = 20
"""How long a client may read nothing of an answer."""

SEND_BYTES = 128 * 1024
"""What the kernel keeps of an answer; past it the next request of the connection is not begun."""

MAX_HEADER_BYTES = 65_536
BACKLOG = 1024
OTHER_FILES = 200
"""Descriptors besides those of connections: databases, index, pages."""

SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the others waiting.

Beside 200 pages that were being made, health was told in a half to a quarter of the time that it
took with Python's own 5 ms; requests a second stayed the same.
"""

log = logging.getLogger(__name__)


def serve(settings: Settings | None = None, matcher: Matcher | None = None) -> None:
    """Serve the API and the pages until SIGTERM or Ctrl-C.

    Parameters
    ----------
    settings
        Address, threads and limits; from the environment when absent.
    matcher
        What answers; opened from the settings, and closed, when absent.
    """
    settings = settings or get_settings()
    logs.configure(settings)
    memory.share_one_heap()
    with (
        nullcontext(matcher) if matcher else Matcher.open(settings) as answering,
        refreshing(answering, settings.refresh_seconds, _tellers(answering, settings)) as thread,
        delivering(answering.store.database, settings),
    ):
        Thread(target=_prepare, args=(answering,), name="prepare", daemon=True).start()
        app = create_app(answering, settings)
        app.extensions[REFRESHING] = thread
        run(app, settings)


def _tellers(matcher: Matcher, settings: Settings) -> tuple[Callable[[], object], ...]:
    """Return what writes to whom the clock or a new index gives news."""
    alerts = Alerts(matcher, settings.origin)
    return alerts.run, Mailing(matcher.store.database, settings.origin).remind


def _prepare(matcher: Matcher) -> None:
    """Make what reads texts beside the first requests; most of them need none of it."""
    try:
        matcher.encoder.prepare()
    except MatcherError as error:
        log.warning("texts cannot be read: %s", error)


def run(app: Flask, settings: Settings) -> None:
    """Run an application until SIGTERM or Ctrl-C; requests that have arrived are still answered.

    Must run in the main thread, because it listens for signals.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        asyncio.run(_run(Gate(app, settings), settings))
    finally:
        work.abandon(app)


def leave() -> NoReturn:
    """End a process that has served, once all it opened is closed, without dismantling Python.

    Threads of the server outlive it. One that is about to enter the interpreter while that is
    being dismantled aborts the process, so that a clean end would be told as a crash, and a large
    index would take seconds to be looked through.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def _run(gate: Gate, settings: Settings) -> None:
    server = _Server(gate, _listening(settings), _connections(settings.connection_limit))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(server.serve())
    serving.add_done_callback(lambda _: stop.set())
    log.info("serving on http://%s:%s", settings.host, settings.port)
    await stop.wait()
    await asyncio.sleep(ACCEPT_SECONDS)
    server.stop()  # type: ignore[no-untyped-call]
    await gate.drain(DRAIN_SECONDS)
    await asyncio.wait([serving], timeout=FLUSH_SECONDS)
    # Granian may still call back for connections that were left, into tasks that have ended.
    loop.set_exception_handler(lambda *_: None)


class _Server(Server):
    """Granian within this process, on a socket with limits of its own."""

    def __init__(self, gate: Gate, listener: socket.socket, connections: int) -> None:
        super().__init__(
            gate,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backpressure=connections,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MAX_HEADER_BYTES
            ),
            # What it has to say goes where all logs go; below this it tells of starting.
            log_level=LogLevels.error,
            log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {}},
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        descriptor = self._listener.detach()
        self._shd = SocketHolder(descriptor, False, BACKLOG)  # type: ignore[assignment,call-arg]


def _listening(settings: Settings) -> socket.socket:
    """Return a socket whose connections end when the client reads nothing for long.

    A system without that deadline keeps such connections; they cost memory and no thread.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(
            (settings.host, settings.port), family=family, backlog=BACKLOG
        )
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise OSError(error.errno, os.strerror(error.errno or 0), place) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SEND_SECONDS * 1000)
    return listener


def _connections(wanted: int) -> int:
    """Return how many connections there are descriptors for, having asked for more if needed."""
    needed = wanted + OTHER_FILES
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = (needed if limit == resource.RLIM_INFINITY else limit for limit in limits)
    if soft < needed:
        soft = min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, limits[1]))
    return max(1, min(wanted, soft - OTHER_FILES))
