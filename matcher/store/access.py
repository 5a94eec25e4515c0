"""Tokens in a restore: none works again by itself, and who was shut out stays out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from matcher.store.database import now
from matcher.store.tables import audit, tokens

CREATION = "create token"
"""Action of the audit log that makes a token known."""

Creation = tuple[str, frozenset[str]]
"""Name and scopes of a token, as they were when it was made."""


@dataclass(frozen=True)
class Access:
    """What a database knows of its tokens, apart from those that work.

    Attributes
    ----------
    revoked
        Rows of those that were revoked, by id.
    created
        Tokens that its audit log saw being made.
    """

    revoked: Mapping[str, Mapping[str, Any]]
    created: frozenset[Creation]


def known_access(connection: Connection) -> Access:
    """Read what must outlive a restore."""
    rows = connection.execute(select(tokens).where(tokens.c.revoked.is_not(None))).mappings()
    entries = select(audit).where(audit.c.action == CREATION)
    return Access(
        {row["id"]: dict(row) for row in rows},
        creations(connection.execute(entries).mappings()),
    )


def creations(entries: Iterable[Mapping[Any, Any]]) -> frozenset[Creation]:
    """Which tokens were made, by the entries of an audit log."""
    parts = [
        entry["detail"].rpartition(": ")
        for entry in entries
        if entry["action"] == CREATION and not entry["outcome"].startswith("failed")
    ]
    return frozenset((name, frozenset(scopes.split())) for name, _, scopes in parts)


def is_known(token: Mapping[Any, Any], created: frozenset[Creation]) -> bool:
    """Whether the audit log saw this token being made."""
    return (token["name"], frozenset(token["scopes"].split())) in created


def settle_access(connection: Connection, before: Access, *, keep: bool) -> None:
    """Decide which tokens of a restored backup work.

    Parameters
    ----------
    connection
        A writer's, which has filled in the backup.
    before
        What the database knew until then: tokens that it had revoked stay so.
    keep
        Whether the others work on; one that no audit log saw being made does not.
    """
    restored = connection.execute(select(tokens)).mappings().all()
    created = before.created | known_access(connection).created
    for row in restored:
        when = before.revoked.get(row["id"], row)["revoked"]
        if when is None and not (keep and is_known(row, created)):
            when = now(timespec="seconds")
        connection.execute(update(tokens).where(tokens.c.id == row["id"]).values(revoked=when))
    there = {row["id"] for row in restored}
    gone = [dict(row) for key, row in before.revoked.items() if key not in there]
    if gone:
        connection.execute(insert(tokens), gone)
