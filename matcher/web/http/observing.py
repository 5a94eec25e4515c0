"""Each request gets an id and is counted and logged when it is answered."""

import re
import secrets
from time import perf_counter

from flask import Flask, Response, g, request

from matcher.web.http.context import current_settings
from matcher.web.http.logs import log_request
from matcher.web.http.metrics import current_metrics

UNMATCHED = "unmatched"
"""Route of requests for an address that does not exist."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def init_app(app: Flask) -> None:
    """Observe all requests of `app`; first of all parts, so that it sees them last."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = perf_counter()
    given = request.headers.get("X-Request-Id", "") if current_settings().trusted_proxies else ""
    g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    seconds = perf_counter() - g.started
    route = request.url_rule.rule if request.url_rule else UNMATCHED
    method = request.method if request.method in _METHODS else "other"
    current_metrics().count(route, method, response.status_code, seconds)
    # Neither the query nor the body: both may hold what somebody wrote about an unknown cluster.
    log_request(
        {
            "request_id": g.request_id,
            "method": method,
            "route": route,
            "path": request.path[:200],
            "status": response.status_code,
            "ms": round(seconds * 1000, 2),
            "bytes": response.content_length,
            **({"token": g.actor} if "actor" in g else {}),
        }
    )
    return response
