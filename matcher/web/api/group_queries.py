"""Conditions on groups as an address states them, and the groups that satisfy them."""

from werkzeug.datastructures import MultiDict

from matcher.introductions.grouped import loads
from matcher.matching.known import Kept
from matcher.planning.groups import GroupAnswer, build_groups
from matcher.planning.groups.conditions import Conditions
from matcher.profiles.profile import LABELS
from matcher.profiles.taxonomy import countries, country_group, ecosystems
from matcher.profiles.trades import trades
from matcher.web.http.context import cluster_named, current_matcher
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
    """Name members, and those left out, by id instead of by name.

    Raises
    ------
    ClusterNotFoundError, AmbiguousNameError
        One is no public cluster.
    """
    ids = {
        field: tuple(dict.fromkeys(cluster_named(one).id for one in getattr(asked, field)))
        for field in ("members", "excluded")
    }
    return asked.model_copy(update=ids)


def groups_for(asked: Conditions) -> GroupAnswer:
    """Build the groups, as this application's records spread the load."""
    matcher = current_matcher()
    load = loads(matcher.store.database)
    key = (matcher.snapshot.provenance.generation, asked, frozenset(load.items()))
    return _kept.get(key, lambda: build_groups(matcher, asked, load=load))
