"""Accounts: an e-mail address whose owner has opened a link that was sent there."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from matcher.accounts.tables import (
    accounts,
    memberships,
    opinions,
    saved_searches,
    sessions,
    tickets,
)
from matcher.errors import ConflictError, NotFoundError
from matcher.i18n import SOURCE
from matcher.mail.outbox import checked
from matcher.mail.tables import outbox, participant_links
from matcher.store.database import Repository, now


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in.

    Attributes
    ----------
    id, email
        Its number, and where links to sign in go.
    name
        Of the person, as others read it once both sides of an introduction agree; may be empty.
    language
        Of letters.
    is_staff
        Whether it may do what staff do.
    is_helper
        Whether it may note who has arrived at an event, and nothing else that staff do.
    created
        ISO 8601 in UTC.
    """

    id: int
    email: str
    name: str
    language: str
    is_staff: bool
    is_helper: bool
    created: str

    @property
    def actor(self) -> str:
        """Name in the audit log, which holds no address."""
        return f"account {self.id}"


class Accounts(Repository):
    """The accounts of a database."""

    def get(self, key: int) -> Account:
        """Read an account.

        Raises
        ------
        NotFoundError
            There is none of that number.
        """
        query = select(accounts).where(accounts.c.id == key)
        row = self._database.first(query)
        if row is None:
            raise NotFoundError(f"There is no account {key}.")
        return as_account(row)

    def staff(self) -> list[Account]:
        """List the accounts of staff who organise; helpers are not told what waits for them."""
        query = select(accounts).where(accounts.c.is_staff).order_by(accounts.c.id)
        return [as_account(row) for row in self._database.rows(query)]

    def helpers(self) -> list[Account]:
        """List the accounts of helpers."""
        query = select(accounts).where(accounts.c.is_helper).order_by(accounts.c.id)
        return [as_account(row) for row in self._database.rows(query)]

    def add_staff(self, email: str, *, helper: bool = False) -> Account:
        """Make somebody an organiser or a helper; an account that is there already becomes one.

        Raises
        ------
        InvalidInputError, ConflictError
            That is not an e-mail address, or is an organiser's, who may do more than a helper.
        """
        with self._database.write() as connection:
            account = account_of(connection, checked(email), SOURCE)
            if helper and account.is_staff:
                raise ConflictError(
                    "An organiser may do all that a helper may: nothing is changed."
                )
            this = accounts.c.id == account.id
            roles = {"is_staff": not helper, "is_helper": helper}
            connection.execute(update(accounts).where(this).values(roles))
        return self.get(account.id)

    def end_staff(self, email: str) -> None:
        """Let somebody be staff no longer, organiser or helper, at once.

        Raises
        ------
        NotFoundError
            No member of staff has that address.
        """
        member = accounts.c.is_staff | accounts.c.is_helper
        them = member & (func.lower(accounts.c.email) == email.strip().lower())
        ended = {"is_staff": False, "is_helper": False}
        if self._database.change(update(accounts).where(them).values(ended)) == 0:
            raise NotFoundError("No member of staff has that address.")

    def change(self, key: int, *, name: str, language: str) -> None:
        """Change how an account is called, and the language of its letters."""
        values = {"name": " ".join(name.split())[:200], "language": language}
        self._database.change(update(accounts).where(accounts.c.id == key).values(values))

    def export(self, key: int) -> dict[str, Any]:
        """Give everything that is kept about an account, for whoever owns it.

        Raises
        ------
        NotFoundError
            There is none of that number.
        """
        account = self.get(key)
        kept_here = (memberships, saved_searches, opinions)
        mine = ((table, table.c.account_id == key) for table in kept_here)
        theirs = (outbox.c.recipient, participant_links.c.email)
        mail = ((one.table, func.lower(one) == account.email.lower()) for one in theirs)
        hidden = {"text", "html", "unsubscribe", "digest", "calendar"}
        with self._database.read() as connection:
            kept = {
                str(table.name): [
                    {str(name): value for name, value in row.items() if name not in hidden}
                    for row in connection.execute(select(table).where(which)).mappings()
                ]
                for table, which in (*mine, *mail)
            }
        return {"account": asdict(account), **kept}

    def erase(self, key: int) -> None:
        """Forget an account for good, with its sessions, roles and letters, and links in these.

        Raises
        ------
        NotFoundError
            There is none of that number.
        """
        account = self.get(key)
        with self._database.write() as connection:
            for column in (outbox.c.recipient, tickets.c.email, participant_links.c.email):
                whose = func.lower(column) == account.email.lower()
                connection.execute(delete(column.table).where(whose))
            for table in (sessions, memberships, saved_searches, opinions):
                connection.execute(delete(table).where(table.c.account_id == key))
            connection.execute(delete(accounts).where(accounts.c.id == key))
        theirs = (memberships, sessions, tickets, saved_searches, opinions)
        self._database.compact([accounts, *theirs, outbox, participant_links])


def account_of(connection: Connection, email: str, language: str) -> Account:
    """Return the account of an address, made now if there was none."""
    query = select(accounts).where(func.lower(accounts.c.email) == email.lower())
    row = connection.execute(query).mappings().first()
    if row is None:
        values = {"email": email, "name": "", "language": language, "is_staff": False}
        connection.execute(insert(accounts).values(created=now(), **values))
        row = connection.execute(query).mappings().one()
    return as_account(row)


def as_account(row: RowMapping) -> Account:
    """Return the account that a row holds."""
    return Account(**{column.name: row[column] for column in accounts.c})
