"""The web face of the matcher: API, pages, and the server that runs them."""

from matcher.web.http.app import create_app
from matcher.web.http.server import leave, serve

__all__ = ["create_app", "leave", "serve"]
