"""Clusters as answers name them."""

from dataclasses import dataclass
from typing import Self

from matcher.profiles.profile import ClusterProfile


@dataclass(frozen=True, slots=True)
class Named:
    """A cluster by its id, name and country."""

    id: str
    name: str
    country: str

    @classmethod
    def of(cls, cluster: ClusterProfile) -> Self:
        """Name a cluster."""
        return cls(cluster.id, cluster.name, cluster.country)
