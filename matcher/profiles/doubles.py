"""Clusters that are likely the same: by website, or by a name in another spelling or script."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from matcher.errors import FieldProblem
from matcher.i18n.message import Message
from matcher.profiles.lookup import NameIndex, name_lines
from matcher.profiles.merging import ClusterChange
from matcher.profiles.names import bare, joined, plain
from matcher.profiles.profile import ClusterProfile

_MOST_COMPARED = 500
"""New clusters of one import whose names are compared with all others: it takes its time."""

_SHARED_HOSTS = frozenset(
    ("facebook.com", "linkedin.com", "instagram.com", "sites.google.com", "github.io", "t.me")
)
"""Where many have a page, so that it tells nothing."""


_Table = defaultdict[tuple[str, str], list[ClusterProfile]]
"""Clusters by country and something that they have."""

_LONGEST_SHORTENED = 4


class Likeness(NamedTuple):
    """Another cluster that a new one looks like, and the field that shows it."""

    other: ClusterProfile
    field: str


class Doubles:
    """Finds clusters that are likely registered already.

    Parameters
    ----------
    profiles
        All that there are; hidden ones are never named.
    """

    def __init__(self, profiles: Iterable[ClusterProfile]) -> None:
        by_country: defaultdict[str, list[ClusterProfile]] = defaultdict(list)
        self._by_host, self._by_name, self._by_short = _Table(list), _Table(list), _Table(list)
        for profile in profiles:
            if profile.visibility != "hidden":
                by_country[profile.country].append(profile)
                self._enter(profile)
        self._names = {country: _name_index(here) for country, here in by_country.items()}

    def of(self, profile: ClusterProfile) -> list[Likeness]:
        """Other clusters of its country with its website or a name like it, the likeliest first."""
        country, host = profile.country, _host(profile)
        names = self._names.get(country)
        alike = names.namesakes(profile) if names else []
        for text in _bare_names(profile):
            alike += self._by_short.get((country, joined(text)), ())
            for short in _short_forms(text):
                alike += self._by_name.get((country, short), ())
        found = [Likeness(other, "name") for other in alike]
        same_host = self._by_host.get((country, host), ()) if host else ()
        found += [Likeness(other, "website") for other in same_host]
        others = {one.other.id: one for one in reversed(found) if one.other.id != profile.id}
        return [*others.values()][::-1]

    def _enter(self, profile: ClusterProfile) -> None:
        country = profile.country
        self._by_host[country, _host(profile)].append(profile)
        for text in _bare_names(profile):
            self._by_name[country, joined(text)].append(profile)
            for short in _short_forms(text):
                self._by_short[country, short].append(profile)


def likely_doubles(
    changes: Iterable[ClusterChange], clusters: Sequence[ClusterProfile]
) -> list[FieldProblem]:
    """Tell which new clusters look like one that is registered, or like another new one.

    Parameters
    ----------
    changes
        What an import does.
    clusters
        All that are stored.
    """
    new = [change.after for change in changes if change.action == "added"]
    doubles = Doubles([*clusters, *new]) if new else None
    told = [
        FieldProblem(profile.id, _told(found), found[0].field)
        for profile in new[:_MOST_COMPARED]
        if doubles and (found := doubles.of(profile))
    ]
    if len(new) > _MOST_COMPARED:
        message = Message("only the first {count} new clusters were compared", count=_MOST_COMPARED)
        told.append(FieldProblem(Message("file"), message))
    return told


def _told(found: Sequence[Likeness]) -> Message:
    named = tuple(f"{one.other.id} ({one.other.name})" for one in found[:3])
    message = Message(
        "looks like {others}; if it is the same cluster, give the row that id, or join the two",
        others=named,
    )
    return message


def _host(profile: ClusterProfile) -> str:
    """Domain of the website; empty where there is none, or many share it."""
    host = (urlsplit(profile.website or "").hostname or "").removeprefix("www.")
    shared = any(host == one or host.endswith(f".{one}") for one in _SHARED_HOSTS)
    return "" if shared else host


def _name_index(profiles: Iterable[ClusterProfile]) -> NameIndex[ClusterProfile]:
    here = sorted(profiles, key=lambda one: one.id)
    return NameIndex([one.id for one in here], here, map(name_lines, here))


def _bare_names(profile: ClusterProfile) -> list[str]:
    return [bare(plain(name)) for name in (profile.name, profile.native_name) if name]


def _short_forms(text: str) -> Iterator[str]:
    """Names with some words in a row as their initials: "kharkiv information technology" too."""
    words = text.split()
    for length in range(2, min(_LONGEST_SHORTENED + 1, len(words))):
        for start in range(len(words) - length + 1):
            end = start + length
            initials = "".join(word[0] for word in words[start:end])
            yield "".join([*words[:start], initials, *words[end:]])
