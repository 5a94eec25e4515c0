"""Saved groups, each under an address that nobody can guess."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, insert, or_, select, update

from matcher.errors import ConflictError, InvalidInputError, NotFoundError
from matcher.planning.groups.conditions import LARGEST, SMALLEST, Conditions
from matcher.planning.tables import group_members, saved_groups
from matcher.store.database import Repository, now

MOST = 20_000
"""Kept at once, so that nobody fills the disk."""


@dataclass(frozen=True, slots=True)
class SavedGroup:
    """A group that somebody chose.

    Attributes
    ----------
    key
        Names it in addresses.
    asked
        The conditions that it was built for.
    members
        Ids; the first one leads.
    version
        Rises by one with each change, so that two people cannot overwrite each other.
    """

    key: str
    asked: Conditions
    members: tuple[str, ...]
    version: int


class SavedGroups(Repository):
    """The saved groups of a database; expired ones are gone as soon as another is saved."""

    def add(self, asked: Conditions, members: tuple[str, ...], days: int) -> str:
        """Save a group for some days and return its key.

        Raises
        ------
        InvalidInputError
            It is too small or too large, names a cluster twice, or too many are kept.
        """
        if not SMALLEST <= len(members) <= LARGEST or len(set(members)) < len(members):
            raise InvalidInputError(
                f"A group has {SMALLEST} to {LARGEST} members, each of them once."
            )
        key = f"group-{secrets.token_urlsafe(16)}"
        row = {
            "key": key,
            "asked": asked.model_dump_json(exclude_defaults=True),
            "created": now(),
            "expires": now(timedelta(days=days)),
            "version": 1,
        }
        with self._database.write() as connection:
            connection.execute(delete(saved_groups).where(saved_groups.c.expires <= now()))
            kept = connection.scalar(select(func.count()).select_from(saved_groups)) or 0
            if kept >= MOST:
                raise InvalidInputError("Too many groups are kept. Please try again tomorrow.")
            connection.execute(insert(saved_groups).values(row))
            places = [
                {"group_key": key, "place": place, "cluster_id": member}
                for place, member in enumerate(members)
            ]
            connection.execute(insert(group_members), places)
        return key

    def get(self, key: str) -> SavedGroup:
        """Read a group.

        Raises
        ------
        NotFoundError
            It has expired, or never was.
        """
        members = select(group_members.c.cluster_id).where(group_members.c.group_key == key)
        group = saved_groups.c
        current = or_(group.expires.is_(None), group.expires > now())
        with self._database.read() as connection:
            row = connection.execute(select(saved_groups).where(group.key == key, current)).first()
            found = connection.scalars(members.order_by(group_members.c.place)).all()
        if row is None:
            raise NotFoundError("This group has expired, or its address is wrong.")
        return SavedGroup(key, Conditions.model_validate_json(row.asked), tuple(found), row.version)

    def kept(self) -> list[SavedGroup]:
        """List the groups that are kept for good, the latest first."""
        group = saved_groups.c
        query = select(group.key).where(group.expires.is_(None)).order_by(group.created.desc())
        return [self.get(row["key"]) for row in self._database.rows(query)]

    def keep(self, key: str) -> None:
        """Keep a group for good, since work has begun on it."""
        kept = update(saved_groups).where(saved_groups.c.key == key).values(expires=None)
        self._database.change(kept)

    def replace(self, group: SavedGroup, leaves: str, comes: str) -> None:
        """Put one cluster in another one's place, in the version that was seen.

        Raises
        ------
        InvalidInputError
            The one that leaves leads the group or is not in it, or the other one is.
        ConflictError
            The group has been changed since.
        """
        if leaves not in group.members[1:] or comes in group.members:
            raise InvalidInputError(
                "Name a member that leaves, other than the first, and a cluster that is none yet."
            )
        table = group_members.c
        with self._database.write() as connection:
            changed = connection.execute(
                update(saved_groups)
                .where(saved_groups.c.key == group.key, saved_groups.c.version == group.version)
                .values(version=group.version + 1)
            )
            if not changed.rowcount:
                raise ConflictError("Somebody has changed this group. Look at it again.")
            connection.execute(
                update(group_members)
                .where(table.group_key == group.key, table.cluster_id == leaves)
                .values(cluster_id=comes)
            )
