"""Participants and the data: who is which cluster, and who matches nobody."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from matcher.errors import FieldProblem, InvalidInputError
from matcher.events.event import Event, Participant, parse_event
from matcher.events.papers import event_values
from matcher.matcher import Matcher
from matcher.matching.model import level_of
from matcher.planning.named import Named
from matcher.profiles.profile import ClusterProfile

_OFFERED = 3


class Match(BaseModel):
    """What is known of a participant before a schedule is made.

    `listed`: it is a cluster of the data; `described`: it is not, but its table says what it does.
    `matches` is how many of the others are more than a weak match; `alone`: nobody is, and nobody
    asked for a meeting. `candidates` are clusters that it may be, the nearest first.
    """

    id: str
    name: str
    country: str | None
    listed: bool
    described: bool
    matches: int
    alone: bool
    candidates: tuple[Named, ...]


def matches_of(matcher: Matcher, event: Event) -> tuple[Match, ...]:
    """Tell what is known of each participant who has not cancelled, in the event's order."""
    values = event_values(matcher, event)
    good = Counter(
        key for pair, value in values.items() if level_of(value) != "weak" for key in pair
    )
    wished = {key for wish in event.asked for key in wish.pair}
    return tuple(
        Match(
            id=one.id,
            name=one.name,
            country=one.country,
            listed=matcher.get(one.id) is not None,
            described=matcher.get(one.id) is None and one.profile is not None,
            matches=good[one.id],
            alone=not good[one.id] and one.id not in wished,
            candidates=tuple(map(Named.of, _candidates(matcher, event, one))),
        )
        for one in event.participants
        if not one.cancelled
    )


def identified(event: Event, clusters: Mapping[str, ClusterProfile]) -> Event:
    """Return the event in which participants are clusters of the data.

    Parameters
    ----------
    clusters
        Id of a participant -> the cluster that it is.

    Raises
    ------
    InvalidInputError
        Nobody of such an id takes part, or the cluster takes part already.
    """
    here = event.by_id
    _require_free(here, clusters)
    new = {key: cluster.id for key, cluster in clusters.items()}

    def named(part: Any, *fields: str) -> dict[str, Any]:
        return dict(part) | {
            name: new.get(value, value) for name in fields if (value := getattr(part, name))
        }

    return parse_event(
        {
            **dict(event),
            "participants": [_joined(one, clusters.get(one.id)) for one in event.participants],
            "wishes": [named(wish, "by", "about") for wish in event.wishes],
            "fixed": [named(fixed, "a", "b") for fixed in event.fixed],
            "met_before": [tuple(new.get(key, key) for key in pair) for pair in event.met_before],
        }
    )


def _joined(one: Participant, cluster: ClusterProfile | None) -> Participant:
    if cluster is None:
        return one
    update = {"id": cluster.id, "country": one.country or cluster.country, "profile": None}
    return one.model_copy(update=update)


def _require_free(here: Mapping[str, Participant], clusters: Mapping[str, ClusterProfile]) -> None:
    problems = [FieldProblem(key, "does not take part") for key in clusters if key not in here]
    taken = Counter(cluster.id for cluster in clusters.values())
    for key, cluster in clusters.items():
        other = here.get(cluster.id)
        if (other and other.id != key) or taken[cluster.id] > 1:
            name = other.name if other else cluster.name
            message = (
                f"is {cluster.name}, which takes part already as {name}; remove one of the two"
            )
            problems.append(FieldProblem(key, message))
    if problems:
        raise InvalidInputError("The participants cannot be joined to the data.", problems)


def _candidates(matcher: Matcher, event: Event, one: Participant) -> tuple[ClusterProfile, ...]:
    """Clusters of its country whose names are near, or the one that has its very name."""
    if matcher.get(one.id) is not None:
        return ()
    here = event.by_id
    namesake = matcher.snapshot.names.sure(one.name)
    found = matcher.search(one.name, _OFFERED + len(here))
    near = [cluster for cluster in found if one.country in (None, cluster.country)]
    near = near or ([namesake] if namesake else [])
    return tuple(cluster for cluster in near if cluster.id not in here)[:_OFFERED]
