"""Who may use a route: the bearer of a token with the scope that it names, or who has signed in."""

from collections.abc import Callable
from functools import partial
from typing import Literal, ParamSpec, TypeVar

from flask import Flask, after_this_request, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from matcher.accounts.accounts import Account
from matcher.accounts.memberships import Memberships
from matcher.store.tokens import Token
from matcher.web.http.context import current_database, current_matcher, keep_private
from matcher.web.http.operations import operation_of
from matcher.web.http.security import SAFE_METHODS, CrossSiteRequest
from matcher.web.http.sessions import current_account, lasting, scopes_of

P = ParamSpec("P")
R = TypeVar("R")
Who = Literal["account", "editor", "owner", "staff"]
"""Anybody who has signed in; who has a role at the cluster of the address, or owns it; staff."""

_WIDER = {"check-in": ("staff",)}
"""Scopes that may also do what a narrower one is for."""

_pages: dict[object, Who] = {}


class ScopeMissing(Forbidden):
    """The token works, but not for this."""

    problem = "scope-missing"


class SignInRequired(Unauthorized):
    """The page is for somebody who has signed in."""

    problem = "sign-in-required"


class RoleMissing(Forbidden):
    """The page is for others than who has signed in."""

    problem = "role-missing"


def only_for(who: Who) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a page as open only to these."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        _pages[view] = who
        return view

    return mark


def init_app(app: Flask) -> None:
    """Ask for a token wherever the operation of a route names a scope, and for roles on pages."""
    app.before_request(_authorise)


def may(scope: str) -> bool:
    """Whether the request, on a route that anybody may ask, brings a token with a scope."""
    return request.authorization is not None and scope in _token().scopes


def _authorise() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if who := _pages.get(view):
        _require_role(who)
        after_this_request(keep_private)
    operation = operation_of(view)
    if operation is None or operation.scope is None:
        return
    enough = {operation.scope, *_WIDER.get(operation.scope, ())}
    if request.authorization is None and "staff" in enough and _may_as_staff(operation.scope):
        return
    token = _token()
    if enough.isdisjoint(token.scopes):
        raise ScopeMissing(f"The token {token.name!r} lacks the scope {operation.scope!r}.")
    g.actor = token.name
    g.lasts = partial(current_matcher().store.tokens.works, token.id)


def _require_role(who: Who) -> None:
    account = _signed_in()
    if account is None:
        raise SignInRequired
    g.actor, g.lasts = account.actor, lasting("staff")
    if who == "account" or (account.is_staff and who != "owner"):
        return
    cluster = (request.view_args or {}).get("cluster_id", "")
    role = None if who == "staff" else Memberships(current_database()).role(account, cluster)
    if role is None or (who == "owner" and role != "owner"):
        raise RoleMissing


def _may_as_staff(scope: str) -> bool:
    account = _signed_in()
    if account is None or scope not in scopes_of(account):
        return False
    g.actor, g.lasts = account.actor, lasting(scope)
    return True


def _signed_in() -> Account | None:
    """Return who has signed in; a change in their name must say from which site it comes."""
    account = current_account()
    named = request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin")
    if account and request.method not in SAFE_METHODS and not named:
        raise CrossSiteRequest
    return account


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


def _required(detail: str, error: str | None = None) -> Unauthorized:
    told: dict[str, str | None] = {"realm": "cluster matcher"}
    if error:
        told["error"] = error
    return Unauthorized(detail, www_authenticate=WWWAuthenticate("bearer", told))
