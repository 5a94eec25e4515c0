"""What an import does to the clusters that are stored: worked out before anything is saved."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from matcher.errors import FieldProblem
from matcher.i18n.message import Message
from matcher.profiles.ids import make_id
from matcher.profiles.profile import ClusterProfile, Origin

Value = bool | int | float | str | tuple[str, ...] | None
Action = Literal["added", "changed", "unchanged"]
_NAMING = ("id", "origins")
"""Fields that are never taken over by themselves: one names the record, one its other fields."""
_NEVER_OWNED = (*_NAMING, "last_verified", "as_of", "sources")


class ToldField(BaseModel):
    """A field before and after an import; where both are alike, another now vouches for it."""

    field: str
    before: Value
    after: Value
    origin: Origin = Field(description="Who vouches for the new value.")
    empties: bool = Field(description="Whether a value goes and none comes.")


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """A cluster before and after an import.

    Attributes
    ----------
    before
        ``None`` where it is new.
    kept
        Fields that the file would change and that stay, as they are the owner's own words.
    """

    before: ClusterProfile | None
    after: ClusterProfile
    kept: tuple[str, ...] = ()

    @property
    def action(self) -> Action:
        """What becomes of the record."""
        if self.before is None:
            return "added"
        return "changed" if differing(self.before, self.after) else "unchanged"

    @property
    def fields(self) -> tuple[ToldField, ...]:
        """What changes, field by field; of a new cluster, all that is known."""
        before, after = self.before, self.after
        if before is None:
            names = [name for name in known_fields(after) if name not in (*_NAMING, "visibility")]
        else:
            names = list(differing(before, after))
        return tuple(_told(name, getattr(before, name, None), after) for name in names)


def planned(
    profiles: Iterable[ClusterProfile],
    stored: Callable[[str], ClusterProfile | None],
    *,
    replace: bool = False,
) -> list[ClusterChange]:
    """Work out what an import changes; of several profiles with one id the last one counts.

    Parameters
    ----------
    profiles
        What a file gave: fields that are not set, or blank, say nothing.
    stored
        The cluster of an id as it is now.
    replace
        Whether what the file does not hold is emptied.
    """
    new = {profile.id: profile for profile in profiles}
    return [_change(profile, stored(key), replace) for key, profile in new.items()]


def identified(
    profiles: Sequence[ClusterProfile], clusters: Iterable[ClusterProfile]
) -> list[ClusterProfile]:
    """Give profiles whose id was made of their name the id of the cluster that has that name.

    Parameters
    ----------
    profiles
        As a file gave them.
    clusters
        All that are stored.
    """
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    taken_ids = {profile.id for profile in profiles}
    for one in clusters:
        named[one.country, one.name.casefold()].append(one.id)
    return [
        profile.model_copy(update={"id": same[0]})
        if _has_made_id(profile)
        and len(same := named.get((profile.country, profile.name.casefold()), [])) == 1
        and same[0] not in taken_ids
        else profile
        for profile in profiles
    ]


def redirected(
    profiles: Sequence[ClusterProfile],
    joined: Mapping[str, str],
    stored: Callable[[str], ClusterProfile | None],
) -> list[ClusterProfile]:
    """Let what a file says of a cluster that was joined into another say it of that one.

    The name that was kept stays. Where the file has both, the row of the kept one counts first.

    Parameters
    ----------
    profiles
        As a file gave them, identified.
    joined
        Into which id another one was joined.
    stored
        The cluster of an id as it is now.
    """
    moved = [one for one in profiles if one.id in joined and stored(joined[one.id])]
    if not moved:
        return list(profiles)
    given = {one.id: one for one in profiles if one not in moved}
    for one in moved:
        kept = stored(joined[one.id])
        assert kept  # noqa: S101
        renamed = one.model_copy(update={"id": kept.id, "name": kept.name})
        renamed.model_fields_set.discard("name")
        there = given.get(kept.id)
        given[kept.id] = filled_up(there, renamed) if there else renamed
    return list(given.values())


def remarks(changes: Iterable[ClusterChange]) -> list[FieldProblem]:
    """Tell which values of a file are not taken, as the owner has said otherwise."""
    message = Message(
        "stays as the cluster itself gave it; to change it, say in the column origins that the new "
        "value is the owner's, or replace the whole record"
    )
    return [
        FieldProblem(change.after.id, message, field) for change in changes for field in change.kept
    ]


def taken(base: ClusterProfile, source: ClusterProfile, fields: Collection[str]) -> ClusterProfile:
    """Take some fields over from another profile, each with who vouches for it."""
    values = {name: getattr(source, name) for name in fields}
    there, come = _origins(base), _origins(source)
    origins = {name: who for name, who in there.items() if name not in fields}
    origins |= {name: who for name, who in come.items() if name in fields}
    entries = tuple(f"{name}={who}" for name, who in origins.items())
    made = base.model_copy(update={**values, "origins": entries})
    if (made.lat is None) != (made.lon is None):
        made = made.model_copy(update={"lat": base.lat, "lon": base.lon})
    return made


def differing(one: ClusterProfile, other: ClusterProfile) -> tuple[str, ...]:
    """Fields in which two profiles differ, by value or by who vouches for it."""
    return tuple(
        name
        for name in ClusterProfile.model_fields
        if name not in _NAMING and not alike(one, other, name)
    )


def alike(one: ClusterProfile, other: ClusterProfile, field: str) -> bool:
    """Whether two profiles say the same in a field, and on the same authority."""
    same = getattr(one, field) == getattr(other, field)
    return bool(same and one.origin(field) == other.origin(field))


def filled_up(kept: ClusterProfile, gone: ClusterProfile) -> ClusterProfile:
    """Give a profile what it lacks and another one of the same cluster has."""
    lacking = [name for name in known_fields(gone) if is_blank(getattr(kept, name))]
    return taken(kept, gone, lacking)


def followed(
    stored: ClusterProfile, shipped: ClusterProfile, now: ClusterProfile
) -> ClusterProfile:
    """Take over what is shipped now in the fields that nobody has changed since it was shipped.

    Parameters
    ----------
    stored
        As it is; a hidden one stays so, as it may be withdrawn or joined into another.
    shipped, now
        As it was shipped last, and as it is shipped now.
    """
    if stored.visibility == "hidden":
        return stored
    fields = [
        name
        for name in differing(shipped, now)
        if alike(stored, shipped, name) and stored.origin(name) != "owner"
    ]
    return taken(stored, now, fields)


def with_owner(before: ClusterProfile, after: ClusterProfile) -> ClusterProfile:
    """Mark the fields that differ as the owner's word: whatever is read elsewhere, it stays."""
    theirs = {name for name, who in _origins(before).items() if who == "owner"}
    theirs |= {
        name
        for name in ClusterProfile.model_fields
        if name not in _NEVER_OWNED and getattr(before, name) != getattr(after, name)
    }
    others = (entry for entry in after.origins if entry.partition("=")[0] not in theirs)
    origins = (*others, *(f"{name}=owner" for name in sorted(theirs)))
    return after.model_copy(update={"origins": origins})


def known_fields(profile: ClusterProfile) -> Sequence[str]:
    """Fields that hold something."""
    return [name for name in ClusterProfile.model_fields if not is_blank(getattr(profile, name))]


def is_blank(value: object) -> bool:
    """Whether a value says nothing."""
    return value is None or value == ()


def _told(field: str, before: object, after: ClusterProfile) -> ToldField:
    values = before, getattr(after, field)
    told = [one.isoformat() if isinstance(one, date) else one for one in values]
    return ToldField(
        field=field,
        before=told[0],
        after=told[1],
        origin=after.origin(field),
        empties=not is_blank(before) and is_blank(values[1]),
    )


def _has_made_id(profile: ClusterProfile) -> bool:
    return profile.id == make_id(profile.country, profile.name)


def _change(given: ClusterProfile, stored: ClusterProfile | None, replace: bool) -> ClusterChange:
    if stored is None:
        return ClusterChange(None, given)
    stated = [
        name
        for name in known_fields(given)
        if name in given.model_fields_set and name not in _NAMING
    ]
    if replace:
        shown = given if "visibility" in stated else taken(given, stored, ["visibility"])
        return ClusterChange(stored, shown)
    kept = [name for name in stated if _is_owners(stored, given, name)]
    after = taken(stored, given, [name for name in stated if name not in kept])
    changed = [name for name in kept if getattr(stored, name) != getattr(given, name)]
    return ClusterChange(stored, after, tuple(changed))


def _is_owners(stored: ClusterProfile, given: ClusterProfile, field: str) -> bool:
    """Whether a stored value is the owner's word and the given one is not."""
    return stored.origin(field) == "owner" != given.origin(field)


def _origins(profile: ClusterProfile) -> dict[str, str]:
    return dict(entry.partition("=")[::2] for entry in profile.origins)
