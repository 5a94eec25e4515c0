"""The production server: one process, several threads, an orderly end."""

import logging
import select
import signal
import sys
import threading
import time
from contextlib import nullcontext
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from matcher import memory
from matcher.config import Settings, get_settings
from matcher.mail.delivery import delivering
from matcher.matcher import Matcher
from matcher.web.http import logs, work
from matcher.web.http.app import create_app
from matcher.web.http.refreshing import refreshing

ACCEPT_SECONDS = 1.0
"""How long connections that were waiting when the end was asked for are still taken."""
DRAIN_SECONDS = 30.0
MAX_HEADER_BYTES = 65_536
SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the others waiting.

Python's own 5 ms let the thread that reads and writes the sockets starve: at 16 connections a
tenth of this gave 1.4 times the requests and a third of the longest waits.
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
        refreshing(answering, settings.refresh_seconds),
        delivering(answering.store.database, settings),
    ):
        run(create_app(answering, settings), settings)


def run(app: Flask, settings: Settings) -> None:
    """Run an application until SIGTERM or Ctrl-C; requests that have arrived are still answered.

    Must run in the main thread, because it listens for signals.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    sockets: dict[int, Any] = {}
    server = _listening(app, settings, sockets)
    stop = _stop_signal()
    log.info("serving on http://%s:%s", settings.host, settings.port)
    while not stop.is_set():
        wasyncore.loop(timeout=0.5, use_poll=True, map=sockets, count=1)
    _drain(server, sockets)
    work.abandon(app)


def _listening(app: Flask, settings: Settings, sockets: dict[int, Any]) -> BaseWSGIServer:
    try:
        return create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=settings.connection_limit,
            # The application refuses a large body in its own words; this bounds what is buffered.
            max_request_body_size=16 * 1024 * settings.max_body_kb,
            max_request_header_size=MAX_HEADER_BYTES,
            ident=None,
            # With a proxy in front the application itself reads what the proxy says of the client.
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        )
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise OSError(error.errno, error.strerror, place) from error


def _stop_signal() -> threading.Event:
    stop = threading.Event()

    def request_stop(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, request_stop)
    signal.signal(signal.SIGINT, request_stop)
    return stop


def _drain(server: BaseWSGIServer, sockets: dict[int, Any]) -> None:
    """Take in who is waiting, then no new connection; finish what has arrived, then close."""
    until = time.monotonic() + ACCEPT_SECONDS
    while _unread(sockets) and time.monotonic() < until:
        wasyncore.loop(timeout=0, use_poll=True, map=sockets, count=1)
    for listener in [place for place in sockets.values() if place.accepting]:
        listener.del_channel()
        listener.socket.close()
    deadline = time.monotonic() + DRAIN_SECONDS
    while (_busy(server, sockets) or _unread(sockets)) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.05, use_poll=True, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def _unread(sockets: dict[int, Any]) -> bool:
    """Whether a connection waits to be taken, or what a client sent to be read."""
    waiting = select.poll()
    for number, place in sockets.items():
        if place.readable():
            waiting.register(number, select.POLLIN)
    return bool(waiting.poll(0))


def _busy(server: BaseWSGIServer, sockets: dict[int, Any]) -> bool:
    tasks = server.task_dispatcher
    unsent = any(getattr(place, "total_outbufs_len", 0) for place in sockets.values())
    return bool(tasks.queue or tasks.active_count or unsent)
