"""Documented partnerships as evidence to show; they never enter a score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from matcher.matching.recommendation import KnownLink
from matcher.profiles.partnership import Partnership


class KnownLinks:
    """Looks up which partnerships two clusters share.

    Parameters
    ----------
    partnerships
        All documented partnerships.
    """

    def __init__(self, partnerships: Iterable[Partnership]) -> None:
        links: dict[str, dict[str, list[KnownLink]]] = defaultdict(lambda: defaultdict(list))
        for partnership in partnerships:
            link = KnownLink(
                partnership.id,
                partnership.name,
                partnership.kind,
                partnership.year_start,
                tuple(partnership.sources),
            )
            for one, other in partnership.pairs:
                links[one][other].append(link)
                links[other][one].append(link)
        self._links: Mapping[str, Mapping[str, list[KnownLink]]] = links

    def of(self, cluster_id: str | None) -> Mapping[str, list[KnownLink]]:
        """Partner id -> what documents the link, for one cluster; empty for a draft."""
        return self._links.get(cluster_id or "", {})
