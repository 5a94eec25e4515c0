"""Where requests come in: read whole and within limits before any takes a thread.

The server's loop reads and writes for all clients at once, so that one who is slow, silent or
greedy keeps nobody waiting. Only a request that has arrived as a whole goes to a thread, and only
a whole answer comes back.
"""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
    TooManyRequests,
)
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.config import Settings
from matcher.web.http.limits import client_of
from matcher.web.http.security import HEADERS

READ_SECONDS = 20.0
"""How long a body may take to arrive."""

HELD_BODIES = 32
"""Bodies of the largest size that may be held in memory at once, until they are answered."""

CLIENT_BODIES = 16
"""Bodies that one client address may be sending at once."""

_AGAIN_SECONDS = 5
_REFUSED = "matcher.refused"
_OWN_NAMES = {"content-length": "CONTENT_LENGTH", "content-type": "CONTENT_TYPE"}
log = logging.getLogger(__name__)

Environ = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Take = Callable[[int], None]
Answer = tuple[int, list[tuple[str, str]], bytes]


def init_app(app: Flask) -> None:
    """Let `app` answer, in its own words, what the gate refuses."""
    app.before_request(_refuse)


def _refuse() -> None:
    if refusal := request.environ.get(_REFUSED):
        raise refusal


class Gate:
    """An ASGI application in front of a WSGI one.

    Parameters
    ----------
    app
        What answers.
    settings
        Threads, largest body, proxies.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._max_body = settings.max_body_kb * 1024
        self._find_client = ProxyFix(lambda *_: (), x_for=settings.trusted_proxies)
        self._threads = ThreadPoolExecutor(settings.threads, "request")
        self._probes = ThreadPoolExecutor(1, "probe")
        self._reading: Counter[str] = Counter()
        self._held = 0
        self._answering: set[asyncio.Future[Answer]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, unless the client goes before it is answered."""
        with suppress(asyncio.CancelledError):
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Message, receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        probe = environ["PATH_INFO"].endswith("/healthz")
        threads = self._probes if probe else self._threads
        with self._room() as take:
            if not probe:
                await self._take_body(environ, receive, take)
            status, headers, body = await self._answer(environ, threads)
        told = [(name.lower().encode("latin1"), text.encode("latin1")) for name, text in headers]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})

    async def drain(self, seconds: float) -> None:
        """Wait until what has arrived is answered."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)

    async def _take_body(self, environ: Environ, receive: Receive, take: Take) -> None:
        try:
            body = await self._body(environ, receive, take)
        except HTTPException as refusal:
            environ[_REFUSED] = refusal
        else:
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))

    async def _body(self, environ: Environ, receive: Receive, take: Take) -> bytes:
        """Read the body.

        Raises
        ------
        HTTPException
            It is too large, too slow, there is no room for it, or where the request ends may be
            taken in two ways.
        """
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        if "," in environ.get("HTTP_HOST", ""):
            raise BadRequest("The request names several hosts.")
        # The server hides a length that stands beside it, so this alone tells of both.
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise BadRequest(
                "Announce the size of the body by Content-Length alone, without Transfer-Encoding."
            )
        if announced > self._max_body:
            raise RequestEntityTooLarge
        if not announced:
            return b""
        with self._one_more(environ):
            try:
                async with asyncio.timeout(READ_SECONDS):
                    return await _received(receive, take)
            except TimeoutError:
                raise RequestTimeout from None

    @contextmanager
    def _one_more(self, environ: Environ) -> Iterator[None]:
        """Count the bodies that a client is sending."""
        self._find_client(environ, _nothing)  # type: ignore[arg-type]
        client = client_of(environ.get("REMOTE_ADDR"))
        if self._reading[client] >= CLIENT_BODIES:
            raise TooManyRequests(
                f"This address is already sending {CLIENT_BODIES} requests. Finish some first.",
                retry_after=_AGAIN_SECONDS,
            )
        self._reading[client] += 1
        try:
            yield
        finally:
            self._reading[client] -= 1
            if not self._reading[client]:
                del self._reading[client]

    @contextmanager
    def _room(self) -> Iterator[Take]:
        """Give a function that makes room for so many bytes more of a body, until the answer."""
        taken = 0

        def take(size: int) -> None:
            nonlocal taken
            taken += size
            self._held += size
            if self._held > HELD_BODIES * self._max_body:
                raise ServiceUnavailable(retry_after=_AGAIN_SECONDS)

        try:
            yield take
        finally:
            self._held -= taken

    async def _answer(self, environ: Environ, threads: ThreadPoolExecutor) -> Answer:
        loop = asyncio.get_running_loop()
        answering = loop.run_in_executor(threads, _answered, self._app, environ)
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        return await answering


def environ_of(scope: Message) -> Environ:
    """Return the WSGI environment of a request; its body is empty until it is read.

    Headers with an underscore are left out: their names here could not be told from those with a
    dash, which a proxy sets.
    """
    server, client = scope["server"], scope["client"]
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin1"), value.decode("latin1")
        if "_" not in name:
            key = _OWN_NAMES.get(name) or "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


async def _received(receive: Receive, take: Take) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        part = message.get("body", b"")
        take(len(part))
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _answered(app: Flask, environ: Environ) -> Answer:
    """Ask the application, in a thread."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[..., None]:
        started[:] = [(status, headers)]
        return _nothing

    try:
        parts = app(environ, start)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", _nothing)()
        status, headers = started[0]
    except Exception:  # the last place before the client: it gets an answer, the log the trace
        log.exception("no answer could be made")
        return 500, list(HEADERS.items()), b""
    return int(status[:3]), headers, body


def _nothing(*_: object) -> None:
    pass
