"""Whose word a field is: what a cluster says of itself stays, whatever is read elsewhere later."""

from collections.abc import Iterable

from matcher.profiles.profile import ClusterProfile

_NEVER = frozenset({"id", "origins", "last_verified", "as_of", "sources"})


def with_owner(before: ClusterProfile, after: ClusterProfile) -> ClusterProfile:
    """Mark the fields that differ as the owner's word."""
    changed = {
        field
        for field in ClusterProfile.model_fields
        if field not in _NEVER and getattr(before, field) != getattr(after, field)
    }
    return _marked(after, (*_owned(before), *changed))


def _owned(profile: ClusterProfile) -> Iterable[str]:
    return (entry.partition("=")[0] for entry in profile.origins if entry.endswith("=owner"))


def _marked(profile: ClusterProfile, owned: Iterable[str]) -> ClusterProfile:
    theirs = dict.fromkeys(owned)
    others = (entry for entry in profile.origins if entry.partition("=")[0] not in theirs)
    origins = (*others, *(f"{field}=owner" for field in sorted(theirs)))
    return profile.model_copy(update={"origins": origins})
