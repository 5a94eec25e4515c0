"""The network of documented partnerships: communities, brokers, holes."""

from collections.abc import Iterable, Sequence

import networkx as nx
import pandas as pd

from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile


def partnership_graph(
    partnerships: Iterable[Partnership], profiles: Sequence[ClusterProfile]
) -> "nx.Graph[str]":
    """Clusters (nodes, by id) joined by the partnerships they share.

    A partnership of n profiled members adds ``1 / (n - 1)`` to the `weight` of each of its
    edges, so that each member spends one on it (Newman, 2001): a memorandum of dozens says less
    about a pair than an agreement of two. Clusters without any partner are left out.
    """
    by_id = {profile.id: profile for profile in profiles}
    graph: nx.Graph[str] = nx.Graph()
    for one in partnerships:
        for a, b in one.pairs:
            if a in by_id and b in by_id:
                weight = graph.get_edge_data(a, b, {"weight": 0.0})["weight"]
                graph.add_edge(a, b, weight=weight + 1 / (len(one.member_ids) - 1))
    for key in graph:
        profile = by_id[key]
        graph.nodes[key].update(name=profile.name, country=profile.country, side=profile.group)
    return graph


def brokers(graph: "nx.Graph[str]") -> pd.DataFrame:
    """How each cluster is placed, the strongest broker first.

    Returns
    -------
    DataFrame
        By id: `name`, `country`, `side`; `partners`; `across`, partners on the other side;
        `betweenness`, the share of shortest paths that run through it; `constraint` (Burt,
        1992), low where its partners do not know each other, that is, where it spans a hole.
    """
    between = nx.betweenness_centrality(graph)
    constraint = nx.constraint(graph)
    rows = {
        key: {
            **data,
            "partners": graph.degree(key),
            "across": sum(graph.nodes[other]["side"] != data["side"] for other in graph[key]),
            "betweenness": between[key],
            "constraint": constraint[key],
        }
        for key, data in graph.nodes(data=True)
    }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")
    return frame.sort_values(["betweenness", "partners"], ascending=False, kind="stable")


def communities(graph: "nx.Graph[str]", seed: int = 0) -> list[set[str]]:
    """Groups that cooperate among themselves more than with others, the largest first (Louvain)."""
    found = nx.community.louvain_communities(graph, seed=seed)
    return sorted(found, key=lambda group: (-len(group), min(group)))
