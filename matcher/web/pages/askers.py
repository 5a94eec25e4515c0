"""Who asks: a registered cluster, or a draft that was described and is kept for a while.

Pages name either by a key in the address: the id of the cluster, or the key of the draft.
"""

from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for

from matcher.errors import MatcherError
from matcher.profiles.profile import DraftProfile
from matcher.store.drafts import KEY_PATTERN
from matcher.web.http.context import cluster_with_id, described_with
from matcher.web.http.languages import current_language


class Asker(NamedTuple):
    """Who asks.

    Attributes
    ----------
    key
        Names it in addresses.
    profile
        What is known of it.
    until
        Last day on which a draft is kept; ``None`` for a registered cluster.
    """

    key: str
    profile: DraftProfile
    until: date | None = None

    @property
    def registered(self) -> bool:
        """Whether it is a cluster of the collection."""
        return self.until is None

    @property
    def name(self) -> str:
        """What pages call it."""
        return self.profile.name or current_language().gettext("your cluster")

    @property
    def subject(self) -> str | DraftProfile:
        """How `Matcher.explain` names it."""
        return self.key if self.registered else self.profile

    def edit_address(self, field: str) -> str:
        """Where a field of its profile can be filled in."""
        place = f"f-{field}"
        if self.registered:
            return url_for("own_profile.edit", cluster_id=self.key, _anchor=place)
        return url_for("drafts.edit", key=self.key, _anchor=place)

    @property
    def query(self) -> dict[str, Any]:
        """How a `PartnerQuery` names it."""
        return {"cluster": self.key} if self.registered else {"profile": self.profile}


def asker_with(key: str) -> Asker:
    """Return who asks under a key.

    Raises
    ------
    ClusterNotFoundError, NotFoundError
        There is no such public cluster, no such draft.
    """
    if KEY_PATTERN.fullmatch(key):
        draft = described_with(key)
        return Asker(key, draft.profile, draft.until)
    cluster = cluster_with_id(key)
    return Asker(cluster.id, cluster)


def viewer() -> Asker | None:
    """Who looks at a page, where the address says so and there still is somebody."""
    key = request.args.get("for", "")
    try:
        return asker_with(key) if key else None
    except MatcherError:
        return None
