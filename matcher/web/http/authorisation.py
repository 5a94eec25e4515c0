"""Who may use a route that writes: the bearer of a token with the scope that the route names."""

from flask import Flask, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from matcher.store.tokens import Token
from matcher.web.http.context import current_matcher
from matcher.web.http.operations import operation_of


class TokenRequired(Unauthorized):
    """No token was sent, or one that does not work."""

    problem = "token-required"


class ScopeMissing(Forbidden):
    """The token works, but not for this."""

    problem = "scope-missing"


def init_app(app: Flask) -> None:
    """Ask for a token wherever the operation of a route names a scope."""
    app.before_request(_authorise)


def may(scope: str) -> bool:
    """Whether the request, on a route that anybody may ask, brings a token with a scope."""
    return request.authorization is not None and scope in _token().scopes


def _authorise() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    operation = operation_of(view)
    if operation is None or operation.scope is None:
        return
    token = _token()
    if operation.scope not in token.scopes:
        raise ScopeMissing(f"The token {token.name!r} lacks the scope {operation.scope!r}.")
    g.actor = token.name


def _token() -> Token:
    """Return the token of the request; other schemes than Bearer are not ours to judge."""
    given = request.authorization
    if given is None or given.type != "bearer":
        raise _required("This needs a token: send it as Authorization: Bearer ...")
    token = current_matcher().store.tokens.verify(given.token or "")
    if token is None:
        raise _required(
            "This token does not work: it is unknown, revoked or expired.", "invalid_token"
        )
    return token


def _required(detail: str, error: str | None = None) -> TokenRequired:
    told: dict[str, str | None] = {"realm": "cluster matcher"}
    if error:
        told["error"] = error
    return TokenRequired(detail, www_authenticate=WWWAuthenticate("bearer", told))
