"""What people say of suggestions: good, or not for them and why."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, or_, select

from matcher.accounts.accounts import Account
from matcher.accounts.memberships import Memberships
from matcher.accounts.tables import opinions
from matcher.store.database import Database, now, upsert

Verdict = Literal["good", "not_for_us"]
Why = Literal["", "trade", "nothing", "place", "size", "known", "other"]
GRADES: dict[Verdict, int] = {"good": 2, "not_for_us": 0}
"""What a verdict is worth beside the grades of advisers, 0 to 3."""

_NO_GRADE: tuple[Why, ...] = ("known", "other")
"""Reasons that say nothing of how well the two fit."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of one suggestion.

    Attributes
    ----------
    partner_id
        The partner suggested.
    verdict, why
        What was said; a reason only where it is not for them.
    """

    partner_id: str
    verdict: Verdict
    why: Why


class Opinions:
    """The opinions of a database.

    Those of whoever speaks for a cluster, and of staff, are the cluster's: all of them share them.
    Those of others are theirs alone.

    Parameters
    ----------
    database
        Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = Memberships(database)

    def give(
        self, account: Account, cluster: str, partner: str, verdict: Verdict, why: Why = ""
    ) -> None:
        """Note an opinion in place of an earlier one."""
        row = {
            "account_id": account.id,
            "cluster_id": cluster,
            "partner_id": partner,
            "verdict": verdict,
            "why": why,
            "speaks": self._speaks(account, cluster),
            "at": now(),
        }
        shared = self._shared_with(account, cluster) & (opinions.c.partner_id == partner)
        with self._database.write() as connection:
            connection.execute(delete(opinions).where(shared))
            upsert(connection, opinions, [row])

    def take_back(self, account: Account, cluster: str, partner: str) -> None:
        """Forget what was said of a suggestion."""
        shared = self._shared_with(account, cluster) & (opinions.c.partner_id == partner)
        self._database.change(delete(opinions).where(shared))

    def of(self, account: Account, cluster: str) -> dict[str, Opinion]:
        """What holds for an account at a cluster, by partner, in the order in which it was said."""
        shared = self._shared_with(account, cluster)
        query = select(opinions).where(shared).order_by(opinions.c.at)
        return {
            row["partner_id"]: Opinion(row["partner_id"], row["verdict"], row["why"])
            for row in self._database.rows(query)
        }

    def unwanted(self, account: Account, cluster: str) -> tuple[str, ...]:
        """Partners that are not suggested to an account at a cluster any more."""
        held = self.of(account, cluster).values()
        return tuple(one.partner_id for one in held if one.verdict == "not_for_us")

    def grades(self) -> dict[str, dict[str, int]]:
        """Cluster -> partner -> grade, as those see it who speak for the cluster, and staff.

        A partner that is known already, or unwanted for a reason of its own, gets none.
        """
        told: dict[str, dict[str, int]] = {}
        query = select(opinions).where(opinions.c.speaks).order_by(opinions.c.at)
        for row in self._database.rows(query):
            if row["why"] not in _NO_GRADE:
                grade = GRADES[row["verdict"]]
                told.setdefault(row["cluster_id"], {})[row["partner_id"]] = grade
        return told

    def _speaks(self, account: Account, cluster: str) -> bool:
        return account.is_staff or self._held.role(account, cluster) is not None

    def _shared_with(self, account: Account, cluster: str) -> ColumnElement[bool]:
        """Rows of an account at a cluster, with those that all who speak for it share."""
        whose = opinions.c.account_id == account.id
        if self._speaks(account, cluster):
            whose = or_(whose, opinions.c.speaks)
        return and_(opinions.c.cluster_id == cluster, whose)
