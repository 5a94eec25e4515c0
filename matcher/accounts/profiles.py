"""A cluster's own profile: changed by those who speak for it, each version kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, RowMapping, insert, select

from matcher.accounts.tables import profile_versions
from matcher.errors import NotFoundError
from matcher.matcher import Matcher
from matcher.profiles.merging import with_owner
from matcher.profiles.profile import ClusterProfile, Visibility
from matcher.store.database import now

SHIPPED = "before"
"""Who wrote the version that was there before its owner came."""


@dataclass(frozen=True, slots=True)
class Version:
    """A profile as somebody left it.

    Attributes
    ----------
    id, cluster_id, at, who
        Its number, of which cluster, when (ISO 8601 in UTC), and by which account.
    change
        Names of the fields that were changed, or what else was done.
    profile
        The whole profile.
    """

    id: int
    cluster_id: str
    at: str
    who: str
    change: str
    profile: ClusterProfile


class OwnProfiles:
    """Changes of profiles by those who speak for them.

    Parameters
    ----------
    matcher
        Whose answers change with them.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._database = matcher.store.database

    def change(self, after: ClusterProfile, who: str, on: date) -> ClusterProfile:
        """Save what somebody who speaks for a cluster says of it now; answers follow at once.

        Returns
        -------
        ClusterProfile
            As saved: with the fields that differ marked as the owner's word.

        Raises
        ------
        IndexBusyError, IndexUnavailableError, ModelUnavailableError
            The profile is saved, but answers do not follow yet.
        """
        before = self._stored(after.id)
        marked = with_owner(before, after).model_copy(update={"last_verified": on})
        return self._save(before, marked, who, _changed(before, marked))

    def add(self, profile: ClusterProfile, who: str, on: date) -> None:
        """Save a cluster that was not listed, all of it its owner's word.

        It is in no answer before the matcher is re-indexed, which takes longer than a visitor waits
        where the model has to be read first.
        """
        blank = ClusterProfile(id=profile.id, name=profile.id, country=profile.country)
        marked = with_owner(blank, profile).model_copy(update={"last_verified": on})
        self._store(None, marked, who, "registered")

    def confirm(self, cluster: str, who: str, on: date) -> ClusterProfile:
        """Note that everything still holds."""
        before = self._stored(cluster)
        return self._save(before, before.model_copy(update={"last_verified": on}), who, "confirmed")

    def show(self, cluster: str, visibility: Visibility, who: str) -> ClusterProfile:
        """Hide a cluster from everybody, or show it again."""
        before = self._stored(cluster)
        after = before.model_copy(update={"visibility": visibility})
        return self._save(before, with_owner(before, after), who, visibility)

    def withdraw(self, cluster: str, who: str) -> ClusterProfile:
        """Give up all but name and country, and hide these: what is left tells nothing.

        The name stays, so that what is shipped does not bring the profile back.
        """
        before = self._stored(cluster)
        bare = ClusterProfile(
            id=before.id, name=before.name, country=before.country, visibility="hidden"
        )
        return self._save(before, with_owner(before, bare), who, "withdrawn")

    def versions(self, cluster: str) -> list[Version]:
        """Read what a profile has been, the newest first."""
        query = select(profile_versions).where(profile_versions.c.cluster_id == cluster)
        return list(
            map(_version, self._database.rows(query.order_by(profile_versions.c.id.desc())))
        )

    def revert(self, cluster: str, version: int, who: str) -> ClusterProfile:
        """Make a profile what it was.

        Raises
        ------
        NotFoundError
            The cluster had no such version.
        """
        found = [one for one in self.versions(cluster) if one.id == version]
        if not found:
            raise NotFoundError(f"There is no version {version} of this profile.")
        return self._save(self._stored(cluster), found[0].profile, who, f"back to {version}")

    def _stored(self, cluster: str) -> ClusterProfile:
        found = self._matcher.store.profile(cluster)
        if found is None:
            raise NotFoundError("There is no such cluster any more.")
        return found

    def _save(
        self, before: ClusterProfile | None, after: ClusterProfile, who: str, change: str
    ) -> ClusterProfile:
        saved = self._store(before, after, who, change)
        self._matcher.reindex()
        return saved

    def _store(
        self, before: ClusterProfile | None, after: ClusterProfile, who: str, change: str
    ) -> ClusterProfile:
        after = ClusterProfile.model_validate(after.model_dump())
        with self._database.write() as connection:
            if before and not _has_versions(connection, after.id):
                _keep(connection, before, SHIPPED, "")
            _keep(connection, after, who, change)
        self._matcher.store.save_profile(after)
        return after


def _changed(before: ClusterProfile, after: ClusterProfile) -> str:
    fields = ClusterProfile.model_fields
    differ = [name for name in fields if getattr(before, name) != getattr(after, name)]
    return ", ".join(name for name in differ if name not in ("origins", "last_verified"))


def _has_versions(connection: Connection, cluster: str) -> bool:
    query = select(profile_versions.c.id).where(profile_versions.c.cluster_id == cluster)
    return connection.scalar(query.limit(1)) is not None


def _keep(connection: Connection, profile: ClusterProfile, who: str, change: str) -> None:
    row = {"cluster_id": profile.id, "at": now(), "who": who, "change": change}
    connection.execute(insert(profile_versions).values(body=profile.model_dump_json(), **row))


def _version(row: RowMapping) -> Version:
    told = {name: row[name] for name in ("id", "cluster_id", "at", "who", "change")}
    return Version(**told, profile=ClusterProfile.model_validate_json(row["body"]))
