"""Conditions on groups as an address states them, and the groups that satisfy them."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from matcher.errors import InvalidInputError
from matcher.introductions.grouped import loads
from matcher.matching.known import Kept
from matcher.planning.groups import GroupAnswer, build_groups
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.saved import SavedGroups
from matcher.profiles.profile import LABELS, DraftProfile
from matcher.profiles.taxonomy import countries, country_group, ecosystems
from matcher.profiles.trades import trades
from matcher.store.drafts import KEY_PATTERN
from matcher.web.http.context import (
    cluster_named,
    current_database,
    current_matcher,
    current_settings,
    described_with,
)
from matcher.web.http.parameters import parameters_of, read_query

_SINGULAR = {
    "members": "member",
    "must_countries": "must_country",
    "only_countries": "only_country",
    "roles": "role",
    "ecosystems": "ecosystem",
    "trades": "trade",
    "labels": "label",
    "excluded": "without",
}
_CHOICES = {
    "must_countries": sorted(country_group("EU") | country_group("EaP")),
    "only_countries": countries(),
    "ecosystems": ecosystems(),
    "trades": trades(),
    "labels": LABELS,
}
PARAMETER_NAMES = {field: _SINGULAR.get(field, field) for field in Conditions.model_fields}
"""Field of the conditions -> its name in addresses."""

GROUP_PARAMETERS = parameters_of(Conditions, PARAMETER_NAMES, choices=_CHOICES)
_kept: Kept[GroupAnswer] = Kept(200)
"""Groups asked for lately: each takes a second or two, and a page is often looked at again."""

NOT_REGISTERED = "A group can be saved once all of its members are registered."
CONDITIONS = frozenset(parameter.name for parameter in GROUP_PARAMETERS)


def conditions_of(given: MultiDict[str, str]) -> Conditions:
    """Return the conditions that the parameters state, members and others by id.

    Raises
    ------
    InvalidInputError, ClusterNotFoundError, AmbiguousNameError
        A parameter is wrong, or names no public cluster.
    """
    return with_ids(read_query(GROUP_PARAMETERS, given, Conditions))


def with_ids(asked: Conditions) -> Conditions:
    """Name members, and those left out, by id instead of by name; drafts stay as they are.

    Raises
    ------
    ClusterNotFoundError, AmbiguousNameError
        One is no public cluster.
    """
    ids = {
        field: tuple(
            dict.fromkeys(one if is_draft(one) else cluster_named(one).id for one in names)
        )
        for field, names in (("members", asked.members), ("excluded", asked.excluded))
    }
    return asked.model_copy(update=ids)


def is_draft(name: str) -> bool:
    """Whether a member is named by the key of a description that is kept for a while."""
    return bool(KEY_PATTERN.fullmatch(name))


def described_in(asked: Conditions) -> dict[str, DraftProfile]:
    """Return the members that are not registered.

    Raises
    ------
    NotFoundError
        The description of one is gone.
    """
    return {key: described_with(key).profile for key in asked.members if is_draft(key)}


def save_group(asked: Conditions, names: Sequence[str]) -> str:
    """Save a group of these members, by name or id, and return the key that names it.

    Raises
    ------
    ClusterNotFoundError, AmbiguousNameError, InvalidInputError
        A member is no public cluster; the group is too large or too small.
    """
    if any(map(is_draft, (*asked.members, *names))):
        raise InvalidInputError(NOT_REGISTERED)
    members = tuple(cluster_named(name).id for name in names)
    return saved_groups().add(with_ids(asked), members, current_settings().draft_days)


def saved_groups() -> SavedGroups:
    """Return the saved groups of this application's database."""
    return SavedGroups(current_database())


def groups_for(asked: Conditions, described: Mapping[str, DraftProfile]) -> GroupAnswer:
    """Build the groups, as this application's records spread the load."""
    matcher = current_matcher()
    load = loads(matcher.store.database)

    def build() -> GroupAnswer:
        return build_groups(matcher, asked, load=load, described=described)

    if described:
        return build()
    key = (matcher.snapshot.provenance.generation, asked, frozenset(load.items()))
    return _kept.get(key, build)
