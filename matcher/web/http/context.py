"""The matcher of the running application, as far as the public may see it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import cast

from flask import Response, after_this_request, current_app

from matcher.config import Settings
from matcher.errors import AmbiguousNameError, ClusterNotFoundError
from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile
from matcher.store.database import Database
from matcher.store.drafts import Draft

EXTENSION = "matcher"
SETTINGS = "settings"
Choice = tuple[str, str]


def current_matcher() -> Matcher:
    """Return the matcher that this application answers from."""
    return cast(Matcher, current_app.extensions[EXTENSION])


def current_database() -> Database:
    """Return the database of that matcher."""
    return current_matcher().store.database


def current_settings() -> Settings:
    """Return the settings of this application."""
    return cast(Settings, current_app.extensions[SETTINGS])


def today() -> date:
    """Return the day by UTC, as rules are checked and moves are dated."""
    return datetime.now(UTC).date()


def is_public(profile: ClusterProfile) -> bool:
    """Whether anybody may see the profile."""
    return profile.visibility == "public"


def listed(ids: Iterable[str]) -> list[ClusterProfile]:
    """Return the public clusters with exactly these ids, in order; others are skipped."""
    found = map(current_matcher().get, ids)
    return [cluster for cluster in found if cluster and is_public(cluster)]


def saved_cluster(cluster_id: str) -> ClusterProfile | None:
    """Return a cluster, public or not, even if it was saved just now and is in no answer yet."""
    return current_matcher().get(cluster_id) or current_matcher().store.profile(cluster_id)


def name_of(cluster_id: str) -> str:
    """Name of a cluster, public or not; its id where it is gone."""
    found = current_matcher().get(cluster_id)
    return found.name if found else cluster_id


def described_with(key: str) -> Draft:
    """Return the cluster that was described under a key.

    It can be deleted: no copy of what tells of it stays behind in a proxy.

    Raises
    ------
    NotFoundError
        There is no such draft.
    """
    after_this_request(keep_private)
    return current_matcher().store.drafts.get(key)


def keep_private(response: Response) -> Response:
    """Keep the answer out of every cache, in proxies and in the browser of a shared computer."""
    response.headers["Cache-Control"] = "no-store"
    return response


def search(text: str, limit: int) -> list[ClusterProfile]:
    """Public clusters whose name is like the text, best first."""
    return [found for found in current_matcher().search(text, limit=limit) if is_public(found)]


def cluster_named(name: str) -> ClusterProfile:
    """Return the public cluster of that name or id, in any script.

    Raises
    ------
    ClusterNotFoundError, AmbiguousNameError
        With the public clusters that may have been meant.
    """
    try:
        found = current_matcher().find(name)
    except ClusterNotFoundError as error:
        raise ClusterNotFoundError(name, _public(error.suggestions)) from error
    except AmbiguousNameError as error:
        raise AmbiguousNameError(name, _public(error.candidates)) from error
    if not is_public(found):
        raise ClusterNotFoundError(name)
    return found


def cluster_with_id(cluster_id: str) -> ClusterProfile:
    """Return the public cluster with exactly that id.

    Raises
    ------
    ClusterNotFoundError
        With the nearest, also where the text is the name of one.
    """
    try:
        found = cluster_named(cluster_id)
    except AmbiguousNameError as error:
        raise ClusterNotFoundError(cluster_id, error.candidates) from error
    if found.id != cluster_id:
        raise ClusterNotFoundError(cluster_id, [(found.id, found.name)])
    return found


def _public(choices: tuple[Choice, ...]) -> list[Choice]:
    find = current_matcher().find
    return [(key, name) for key, name in choices if is_public(find(key))]
