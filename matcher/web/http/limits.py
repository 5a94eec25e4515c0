"""How often one client may ask, and how long an address may be.

The limit forgets evenly and is kept in the memory of the process.
"""

import math
import re
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Lock

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from matcher.config import Settings
from matcher.store.engines import PATIENCE
from matcher.web.http.security import SAFE_METHODS

MAX_CLIENTS = 50_000
"""Clients remembered at once; past it those nearest to being forgotten go first."""

MAX_QUERY_BYTES = 16_384
"""Of a query string: some hundred ids. Pages repeat it in several links."""

WRITE_SECONDS = 2
"""How long a request waits for another process that writes to the database."""

_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([^:]+):\d+")
_MINUTE = 60.0
_FREE = frozenset({"static", "docs.healthz", "docs.readyz", "metrics.metrics"})


class RateLimit:
    """So many requests a minute for each client, by the generic cell rate algorithm.

    A client may spend a whole minute's requests at once; they come back one by one.

    Parameters
    ----------
    per_minute
        The limit, at least 1.
    clock
        Seconds, never going back.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = _MINUTE / per_minute
        self._clock = clock
        self._paid_until: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, client: str) -> float:
        """Admit a request and return 0, or return the seconds until one will be admitted."""
        now = self._clock()
        with self._lock:
            until = max(self._paid_until.get(client, now), now)
            wait = until + self._interval - now - _MINUTE
            if wait > 1e-6:
                return wait
            self._paid_until[client] = until + self._interval
            if len(self._paid_until) > MAX_CLIENTS:
                self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        kept = sorted(
            (item for item in self._paid_until.items() if item[1] > now), key=lambda item: item[1]
        )
        self._paid_until = dict(kept[-MAX_CLIENTS // 2 :])


def init_app(app: Flask, settings: Settings) -> None:
    """Limit the requests of each client address."""
    every = RateLimit(settings.rate_limit) if settings.rate_limit else None
    posts = RateLimit(settings.post_rate_limit) if settings.post_rate_limit else None

    def limit() -> None:
        if request.endpoint in _FREE:
            return
        client = client_of(request.remote_addr)
        wait = every.wait(client) if every else 0.0
        if posts and not wait and request.method not in SAFE_METHODS:
            wait = posts.wait(client)
        if wait:
            seconds = math.ceil(wait)
            raise TooManyRequests(
                f"This address has asked too often. Wait {seconds} s and ask again.",
                retry_after=seconds,
            )

    app.before_request(limit)
    app.before_request(_hurry)
    app.before_request(_refuse_long_queries)


def _hurry() -> None:
    """Let a request that writes wait for other writers a moment only: others need its thread."""
    PATIENCE.set(WRITE_SECONDS)


def _refuse_long_queries() -> None:
    if len(request.query_string) > MAX_QUERY_BYTES:
        raise RequestEntityTooLarge(
            f"The part of the address after the question mark has more than {MAX_QUERY_BYTES:,} "
            "bytes. Name fewer clusters at once."
        )


def client_of(address: str | None) -> str:
    """Return the client that an address stands for: with IPv6, one has a whole /64 to itself.

    Some proxies put a port behind the address; an IPv4 address may be dressed as IPv6.
    """
    found = address or "unknown"
    if parts := _WITH_PORT.fullmatch(found):
        found = parts[1] or parts[2]
    try:
        one = ip_address(found)
    except ValueError:
        return found
    if isinstance(one, IPv4Address):
        return str(one)
    return str(one.ipv4_mapped or IPv6Address(int(one) >> 64 << 64))
