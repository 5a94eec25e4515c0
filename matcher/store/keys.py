"""The key that signs what is handed to browsers and readers of letters: made once, kept here."""

import secrets

from sqlalchemy import select

from matcher.store.database import Database, upsert
from matcher.store.tables import meta

_KEY = "signing-key"


def signing_key(database: Database) -> str:
    """Return the key of a database; every service on it signs alike."""
    query = select(meta.c.value).where(meta.c.key == _KEY)
    with database.read() as connection:
        found = connection.scalar(query)
    if found:
        return str(found)
    with database.write() as connection:
        found = connection.scalar(query)
        if not found:
            found = secrets.token_urlsafe(32)
            upsert(connection, meta, [{"key": _KEY, "value": found}])
        return str(found)
