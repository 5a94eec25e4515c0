"""Tokens that may write: made once, kept as a digest, ended in time but never forgotten."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import RowMapping, insert, select, update

from matcher.errors import ConflictError, FieldProblem, InvalidInputError, NotFoundError
from matcher.store.database import Repository, now
from matcher.store.tables import tokens

SCOPES = MappingProxyType(
    {
        "import": "import cluster profiles",
        "staff": "plan and keep introductions and events, with what is private to staff",
        "check-in": "note who has arrived at an event, as its helpers do; staff may as well",
    }
)
"""What a token may be allowed to do, in words."""

TOKEN_PATTERN = re.compile(r"cmt-([0-9a-f]{8})-([A-Za-z0-9_-]{43})")
"""What a token looks like: its public id, then 256 random bits."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,79}")
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token.

    Attributes
    ----------
    id, name
        Its public id, and whom or what it was made for.
    scopes
        What it may do.
    created, revoked, expires
        When, ISO 8601 in UTC; ``None`` where it was not revoked, where it does not expire.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    revoked: str | None
    expires: str | None = None

    @property
    def works(self) -> bool:
        """Whether it was neither revoked nor has expired."""
        return self.revoked is None and (
            self.expires is None or self.expires > now(timespec="seconds")
        )


class TokenTable(Repository):
    """The tokens of a database."""

    def create(self, name: str, scopes: Iterable[str], days: int | None = None) -> str:
        """Make a token and give its text, which is not kept and cannot be read again.

        Parameters
        ----------
        name, scopes
            Whom or what it is for, and what it may do.
        days
            How long it works; for ever when ``None``.

        Raises
        ------
        InvalidInputError
            The name or a scope is not a possible one.
        ConflictError
            A working token has that name.
        """
        wanted = sorted(set(scopes))
        _require(name, wanted)
        key, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        row = {
            "id": key,
            "name": name,
            "scopes": " ".join(wanted),
            "digest": _digest(secret),
            "created": now(timespec="seconds"),
            "expires": now(timedelta(days=days), "seconds") if days else None,
        }
        with self._database.write() as connection:
            namesakes = select(tokens).where(tokens.c.name == name)
            if any(_token(row).works for row in connection.execute(namesakes).mappings()):
                raise ConflictError(f"A token called {name!r} works already: revoke it first.")
            connection.execute(insert(tokens).values(row))
        return f"cmt-{key}-{secret}"

    def verify(self, text: str) -> Token | None:
        """Find the working token with that text; ``None`` if there is none."""
        parts = TOKEN_PATTERN.fullmatch(text)
        if parts is None:
            return None
        row = self._database.first(select(tokens).where(tokens.c.id == parts[1]))
        right = hmac.compare_digest(row["digest"] if row else _NOBODY, _digest(parts[2]))
        token = _token(row) if row and right else None
        return token if token and token.works else None

    def works(self, key: str) -> bool:
        """Whether the token with that id still works."""
        row = self._database.first(select(tokens).where(tokens.c.id == key))
        return row is not None and _token(row).works

    def all(self) -> list[Token]:
        """List all tokens ever made, the oldest first."""
        query = select(tokens).order_by(tokens.c.created, tokens.c.id)
        return [_token(row) for row in self._database.rows(query)]

    def revoke(self, name: str) -> None:
        """End the working token of that name or id, from the next request on.

        Raises
        ------
        NotFoundError
            There is none.
        """
        named = (tokens.c.name == name) | (tokens.c.id == name)
        change = (
            update(tokens)
            .where(named, tokens.c.revoked.is_(None))
            .values(revoked=now(timespec="seconds"))
        )
        if self._database.change(change) == 0:
            raise NotFoundError(f"No working token is called {name!r}.")


def _require(name: str, scopes: list[str]) -> None:
    problems = [
        FieldProblem("scope", f"unknown: {scope!r}; use one of {', '.join(SCOPES)}")
        for scope in scopes
        if scope not in SCOPES
    ]
    if not scopes:
        problems.append(FieldProblem("scope", f"give at least one of {', '.join(SCOPES)}"))
    if not _NAME.fullmatch(name):
        rule = "1 to 80 Latin letters, digits, spaces, dots, dashes; a letter or digit first"
        problems.append(FieldProblem("name", f"use {rule}"))
    if problems:
        raise InvalidInputError("The token was not made.", problems)


def _token(row: RowMapping) -> Token:
    scopes = tuple(row["scopes"].split())
    return Token(row["id"], row["name"], scopes, row["created"], row["revoked"], row["expires"])


def _digest(secret: str) -> str:
    """SHA-256, unsalted and fast, is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
