"""What stands in front: whose word is taken for the client, the scheme and the path before ours."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.config import Settings

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_PACKED = re.compile(r'-(?:gzip|br|zstd)(?=")')
"""What Apache puts behind the tag of an answer that it has compressed."""


def init_app(app: Flask, settings: Settings) -> None:
    """Let `app` know what visitors see; called before parts that look at clients or addresses."""
    app.wsgi_app = _placed(app.wsgi_app, settings.public_url)  # type: ignore[method-assign,assignment]
    if count := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_prefix=count)  # type: ignore[method-assign]


def _placed(answer: WSGIApplication, public_url: str | None) -> WSGIApplication:
    public = urlsplit(public_url or "")

    def answer_in_place(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _set_place(environ, public.scheme, public.path)
        for name in ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"):
            if name in environ:
                environ[name] = _PACKED.sub("", environ[name])
        return answer(environ, start_response)

    return answer_in_place


def _set_place(environ: WSGIEnvironment, scheme: str, prefix: str) -> None:
    """Take scheme and prefix from the settings, else from a proxy that says something sensible."""
    if scheme or environ["wsgi.url_scheme"] not in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme or "http"
    if prefix or not _PREFIX.fullmatch(environ["SCRIPT_NAME"]):
        environ["SCRIPT_NAME"] = prefix
    root, path = environ["SCRIPT_NAME"], environ["PATH_INFO"]
    if root and (path == root or path.startswith(root + "/")):
        environ["PATH_INFO"] = path[len(root) :] or "/"
