"""Who may speak for which cluster: claims, their approval, and the roles that follow."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, select, update

from matcher.accounts.accounts import Account, account_of, as_account
from matcher.accounts.tables import accounts, memberships
from matcher.errors import ConflictError, NotFoundError
from matcher.mail.outbox import checked
from matcher.store.database import Repository, now

Role = Literal["owner", "editor"]
MOST_CLAIMS = 5
"""Claims of one account that may wait for staff at once."""

_SHARED_HOSTS = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"),
        *("ukr.net", "i.ua", "mail.ru", "yandex.ru", "gmx.de", "gmx.net", "web.de", "proton.me"),
        *("protonmail.com", "facebook.com", "linkedin.com"),
    )
)
"""Where anybody can have an address: one there proves nothing about a website there."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What an account may do at a cluster, or asks to.

    Attributes
    ----------
    account, cluster_id
        Who, and where.
    role
        An editor may change the profile, an owner may also invite and remove others.
    approved
        Whether staff, or an owner, have agreed.
    note
        What the account says of itself, for staff.
    draft
        JSON of the profile of a cluster that is to be registered.
    since
        ISO 8601 in UTC.
    """

    account: Account
    cluster_id: str
    role: Role
    approved: bool
    note: str
    draft: str | None
    since: str


class Memberships(Repository):
    """The memberships of a database."""

    def role(self, account: Account, cluster: str) -> Role | None:
        """What an account may do at a cluster."""
        with self._database.read() as connection:
            found = _one(connection, account.id, cluster)
        return found.role if found and found.approved else None

    def of(self, account: Account) -> list[Membership]:
        """Clusters of an account, those waiting too."""
        with self._database.read() as connection:
            return _read(connection, memberships.c.account_id == account.id)

    def at(self, cluster: str) -> list[Membership]:
        """Who has a role at a cluster, the longest first."""
        with self._database.read() as connection:
            return _read(connection, _approved(cluster))

    def waiting(self) -> list[Membership]:
        """Claims that staff have to decide, the oldest first."""
        with self._database.read() as connection:
            return _read(connection, memberships.c.state == "asked")

    def ask(self, account: Account, cluster: str, note: str, draft: str | None = None) -> None:
        """Claim a cluster, or with a draft ask for a new one; staff decide.

        Raises
        ------
        ConflictError
            The account has claimed it already, or has too many claims waiting.
        """
        row = {
            "account_id": account.id,
            "cluster_id": cluster,
            "role": "owner",
            "state": "asked",
            "note": note.strip()[:2000],
            "draft": draft,
            "since": now(),
        }
        with self._database.write() as connection:
            if _one(connection, account.id, cluster):
                raise ConflictError("You have asked for this cluster already.")
            mine = (memberships.c.account_id == account.id) & (memberships.c.state == "asked")
            if len(_read(connection, mine)) >= MOST_CLAIMS:
                raise ConflictError("Some of your requests still wait for an answer.")
            connection.execute(insert(memberships).values(row))

    def approve(self, connection: Connection, account_id: int, cluster: str) -> Membership:
        """Approve a claim; the first one who speaks for a cluster owns it, later ones edit.

        Raises
        ------
        NotFoundError
            No such claim waits.
        """
        claim = _waiting(connection, account_id, cluster)
        role = "editor" if _read(connection, _approved(cluster)) else "owner"
        values = {"state": "approved", "role": role, "draft": None, "since": now()}
        connection.execute(update(memberships).where(_this(account_id, cluster)).values(values))
        return claim

    def refuse(self, connection: Connection, account_id: int, cluster: str) -> Membership:
        """Refuse a claim.

        Raises
        ------
        NotFoundError
            No such claim waits.
        """
        claim = _waiting(connection, account_id, cluster)
        connection.execute(delete(memberships).where(_this(account_id, cluster)))
        return claim

    def invite(
        self, connection: Connection, email: str, cluster: str, role: Role, language: str
    ) -> Account:
        """Give somebody a role at a cluster, in the name of its owner.

        Raises
        ------
        InvalidInputError
            That is not an e-mail address.
        """
        account = account_of(connection, checked(email), language)
        connection.execute(delete(memberships).where(_this(account.id, cluster)))
        row = {"account_id": account.id, "cluster_id": cluster, "role": role, "note": ""}
        connection.execute(insert(memberships).values(state="approved", since=now(), **row))
        return account

    def remove(self, account_id: int, cluster: str) -> None:
        """Take a role away, at once.

        Raises
        ------
        NotFoundError
            There is none.
        ConflictError
            It is the last owner's.
        """
        with self._database.write() as connection:
            found = _one(connection, account_id, cluster)
            if found is None:
                raise NotFoundError("This person has no role at this cluster.")
            others = [one for one in _read(connection, _approved(cluster)) if one != found]
            is_owner = found.approved and found.role == "owner"
            if is_owner and not any(one.role == "owner" for one in others):
                raise ConflictError("A cluster needs an owner: make somebody else one first.")
            connection.execute(delete(memberships).where(_this(account_id, cluster)))


def is_own_domain(email: str, website: str | None) -> bool:
    """Whether an address is at the domain of a website: a strong hint that it speaks for it."""
    host = (urlsplit(website or "").hostname or "").removeprefix("www.")
    domain = email.rpartition("@")[2].lower()
    if not host or "." not in host or domain in _SHARED_HOSTS or host in _SHARED_HOSTS:
        return False
    return domain == host or host.endswith(f".{domain}") or domain.endswith(f".{host}")


def _this(account_id: int, cluster: str) -> ColumnElement[bool]:
    return and_(memberships.c.account_id == account_id, memberships.c.cluster_id == cluster)


def _approved(cluster: str) -> ColumnElement[bool]:
    return and_(memberships.c.cluster_id == cluster, memberships.c.state == "approved")


def _one(connection: Connection, account_id: int, cluster: str) -> Membership | None:
    found = _read(connection, _this(account_id, cluster))
    return found[0] if found else None


def _waiting(connection: Connection, account_id: int, cluster: str) -> Membership:
    found = _one(connection, account_id, cluster)
    if found is None or found.approved:
        raise NotFoundError("This request is not there any more: somebody has decided it.")
    return found


def _read(connection: Connection, which: ColumnElement[bool]) -> list[Membership]:
    joined = memberships.join(accounts, accounts.c.id == memberships.c.account_id)
    query = (
        select(memberships, *accounts.c)
        .select_from(joined)
        .where(which)
        .order_by(memberships.c.since, memberships.c.account_id)
    )
    return [_membership(row) for row in connection.execute(query).mappings()]


def _membership(row: RowMapping) -> Membership:
    return Membership(
        account=as_account(row),
        cluster_id=row["cluster_id"],
        role=row["role"],
        approved=row["state"] == "approved",
        note=row["note"],
        draft=row["draft"],
        since=row["since"],
    )
