"""Sessions: a signed cookie that names a record here, so that it can be ended at once."""

import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection, delete, insert, select

from matcher.accounts.accounts import Account, as_account
from matcher.accounts.tables import accounts, sessions
from matcher.accounts.tickets import digest
from matcher.store.database import Database, Repository, now
from matcher.store.keys import signing_key

LASTING = timedelta(days=14)


class Sessions(Repository):
    """The sessions of a database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._signer = URLSafeSerializer(signing_key(database), salt="session")

    def begin(self, connection: Connection, account: Account) -> str:
        """Begin a session; give the text of its cookie, of which only a digest is kept."""
        secret = secrets.token_urlsafe(32)
        connection.execute(delete(sessions).where(sessions.c.expires < now()))
        row = {
            "digest": digest(secret),
            "account_id": account.id,
            "created": now(),
            "expires": now(LASTING),
        }
        connection.execute(insert(sessions).values(row))
        return str(self._signer.dumps(secret))

    def account(self, cookie: str) -> Account | None:
        """Whose session a cookie names; ``None`` if it is over, or none of ours."""
        found = self._digest(cookie)
        if found is None:
            return None
        query = (
            select(accounts)
            .join(sessions, sessions.c.account_id == accounts.c.id)
            .where(sessions.c.digest == found, sessions.c.expires > now())
        )
        row = self._database.first(query)
        return as_account(row) if row else None

    def end(self, cookie: str) -> None:
        """End a session."""
        self._database.change(delete(sessions).where(sessions.c.digest == self._digest(cookie)))

    def end_all(self, account: Account) -> None:
        """End all sessions of an account, on whatever device."""
        self._database.change(delete(sessions).where(sessions.c.account_id == account.id))

    def _digest(self, cookie: str) -> str | None:
        try:
            return digest(str(self._signer.loads(cookie)))
        except BadSignature:
            return None
