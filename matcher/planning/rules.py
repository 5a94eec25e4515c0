"""Which pairs must not be introduced, whatever their value, and by which rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.i18n.message import Message, Text
from matcher.matching.links import KnownLinks
from matcher.planning.solver.instance import Bools
from matcher.profiles.profile import ClusterProfile

IdPair = frozenset[str]
Sides = tuple[Sequence[ClusterProfile], Sequence[ClusterProfile]]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Unordered pairs of cluster ids, by reason.

    Attributes
    ----------
    known
        Documented partnerships, and "known to us".
    refused
        "Not for us", and introductions that one side declined for good.
    under_way
        Introductions that are being made at present.
    """

    known: frozenset[IdPair] = frozenset()
    refused: frozenset[IdPair] = frozenset()
    under_way: frozenset[IdPair] = frozenset()


def documented(links: KnownLinks, clusters: Iterable[ClusterProfile]) -> frozenset[IdPair]:
    """List the pairs of these clusters with any other that have a documented partnership."""
    return frozenset(
        frozenset((cluster.id, partner)) for cluster in clusters for partner in links.of(cluster.id)
    )


def pair_rules(
    sides: Sides, exclusions: Exclusions, never: Iterable[tuple[str, str]]
) -> Mapping[Text, Bools]:
    """Name each rule and the (n, m) pairs that it forbids.

    Parameters
    ----------
    sides
        Askers and targets.
    exclusions
        What history rules out.
    never
        The programme's own "no" list.
    """
    askers, targets = sides
    here, there = (np.array([cluster.country for cluster in side], "<U2") for side in sides)
    a, b = (np.array([cluster.id for cluster in side], "<U120") for side in sides)
    both = np.isin(a, b)[:, None] & np.isin(b, a)[None, :]
    return {
        Message("same country"): here[:, None] == there[None, :],
        Message("same organisation"): a[:, None] == b[None, :],
        Message("the same pair the other way round"): both & (a[:, None] > b[None, :]),
        Message("the programme's own no list"): _mask(map(frozenset, never), askers, targets),
        Message("already known to each other"): _mask(exclusions.known, askers, targets),
        Message("refused before"): _mask(exclusions.refused, askers, targets),
        Message("an introduction under way"): _mask(exclusions.under_way, askers, targets),
    }


def _mask(
    pairs: Iterable[IdPair], askers: Sequence[ClusterProfile], targets: Sequence[ClusterProfile]
) -> Bools:
    rows = {cluster.id: index for index, cluster in enumerate(askers)}
    columns = {cluster.id: index for index, cluster in enumerate(targets)}
    mask = np.zeros((len(rows), len(columns)), np.bool_)
    for pair in pairs:
        for one in pair:
            for other in pair - {one}:
                if one in rows and other in columns:
                    mask[rows[one], columns[other]] = True
    return mask
