"""Headers that every answer carries, and requests that are refused for where they come from."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from werkzeug.exceptions import Forbidden, NotFound

from matcher.web.http.jsonio import nul_in

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# "same-origin" and not "no-referrer": under the latter a browser sends the forms of our own pages
# with the origin "null".
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


class CrossSiteRequest(Forbidden):
    """A browser was made to send this by a page of another site."""

    problem = "cross-site-request"


_HEADER_LIST = list(HEADERS.items())


def init_app(app: Flask) -> None:
    """Refuse what other sites send, and give each answer the headers."""
    app.before_request(_refuse_nul)
    app.before_request(_refuse_other_sites)
    app.wsgi_app = _with_headers(app.wsgi_app)  # type: ignore[method-assign,assignment]


def _refuse_nul() -> None:
    if "\0" in request.path:
        raise NotFound
    if b"%00" in request.query_string:
        raise nul_in("query")


def _refuse_other_sites() -> None:
    """Let programs pass: only browsers send these headers, and a page cannot forge them."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = site in _OWN_SITES if site else origin is None or _host_of(origin) == request.host.lower()
    if not own:
        raise CrossSiteRequest


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _with_headers(answer: WSGIApplication) -> WSGIApplication:
    """Add the headers where an answer leaves the application: one list for all, at no cost."""

    def answer_with_headers(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, headers + _HEADER_LIST, *error)

        return answer(environ, start)

    return answer_with_headers
