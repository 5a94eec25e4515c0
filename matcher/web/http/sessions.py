"""Who has signed in: read from the cookie of a request, once."""

from collections.abc import Callable
from typing import cast

from flask import g, request
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.accounts import Account
from matcher.accounts.sessions import LASTING, Sessions
from matcher.web.http.context import current_database, current_settings

COOKIE = "session"
_LONGEST = 200


def current_account() -> Account | None:
    """Return who has signed in, if anybody has."""
    if "account" not in g:
        cookie = request.cookies.get(COOKIE, "")
        g.account = _sessions().account(cookie) if 0 < len(cookie) <= _LONGEST else None
    return cast(Account | None, g.account)


def the_account() -> Account:
    """Return who has signed in, on a page that is only for such."""
    account = current_account()
    assert account is not None  # noqa: S101  (the page says that it is only for them)
    return account


def scopes_of(account: Account) -> tuple[str, ...]:
    """Name the scopes of tokens that an account needs none for."""
    if account.is_staff:
        return "staff", "check-in"
    return ("check-in",) if account.is_helper else ()


def lasting(scope: str) -> Callable[[], bool]:
    """Return what tells later whether the session of the request may still do that."""
    sessions, cookie = _sessions(), request.cookies[COOKIE]

    def lasts() -> bool:
        account = sessions.account(cookie)
        return account is not None and scope in scopes_of(account)

    return lasts


def remember(response: Redirect, cookie: str) -> None:
    """Give the browser the cookie of a session that has begun."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LASTING,
        httponly=True,
        samesite="Lax",
        secure=current_settings().origin.startswith("https:"),
    )


def forget(response: Redirect) -> None:
    """End the session of the request, in the store and in the browser."""
    if COOKIE in request.cookies:
        _sessions().end(request.cookies[COOKIE])
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax")


def _sessions() -> Sessions:
    return Sessions(current_database())
