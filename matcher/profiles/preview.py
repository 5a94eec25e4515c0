"""What an import would do to a collection, and what its sender should know before it is done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel

from matcher.errors import FieldProblem
from matcher.i18n.message import Message
from matcher.profiles.doubles import likely_doubles
from matcher.profiles.merging import (
    Action,
    ClusterChange,
    ToldField,
    identified,
    planned,
    redirected,
    remarks,
)
from matcher.profiles.profile import ClusterProfile


class ToldChange(BaseModel):
    """What becomes of a cluster in an import; of a new one, `fields` are all that are known."""

    id: str
    name: str
    action: Action
    fields: tuple[ToldField, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would change, and what deserves a look.

    Attributes
    ----------
    profiles
        Those of the file; one without an id of its own has that of the cluster of its name.
    """

    profiles: tuple[ClusterProfile, ...]
    changes: tuple[ClusterChange, ...]
    warnings: tuple[FieldProblem, ...]


def preview(
    profiles: Sequence[ClusterProfile],
    clusters: Sequence[ClusterProfile],
    *,
    replace: bool,
    joined: Mapping[str, str] = MappingProxyType({}),
) -> Preview:
    """Work out what an import would do; nothing is saved.

    Parameters
    ----------
    profiles, replace
        As in `planned`.
    clusters
        All that are stored, as far as the asker may know of them.
    joined
        Into which id another one was joined, likewise.
    """
    stored = {one.id: one for one in clusters}
    found = identified(profiles, clusters)
    named = redirected(found, joined, stored.get)
    changes = planned(named, stored.get, replace=replace)
    warnings = (*_moved(found, joined), *remarks(changes), *likely_doubles(changes, clusters))
    return Preview(tuple(named), tuple(changes), warnings)


def _moved(profiles: Iterable[ClusterProfile], joined: Mapping[str, str]) -> Iterator[FieldProblem]:
    """Tell which rows are of clusters that were joined into another."""
    for profile in profiles:
        if kept := joined.get(profile.id):
            message = Message("was joined into {kept}: what the row says goes there", kept=kept)
            yield FieldProblem(profile.id, message, "id")


def told(changes: Iterable[ClusterChange]) -> tuple[ToldChange, ...]:
    """Changes as commands and routes tell them."""
    return tuple(
        ToldChange(
            id=change.after.id,
            name=change.after.name,
            action=change.action,
            fields=change.fields,
        )
        for change in changes
    )
