"""Look-up of clusters by id, name, native name or acronym, in any script, typing errors allowed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.errors import AmbiguousNameError, ClusterNotFoundError
from matcher.profiles.names import bare, joined, plain
from matcher.profiles.profile import ClusterProfile

_LISTED = 10
_SUGGESTED = 5
_SURE = 85.0
_CLEAR_LEAD = 8.0
_NEAR = 60.0
_TYPO_LENGTH = 4
_LONGEST = 300


class Named(Protocol):
    """Whatever can be looked up: a cluster, or a participant of an event."""

    @property
    def id(self) -> str:
        """Key that it is found by, too."""

    @property
    def name(self) -> str:
        """Name to show."""


Owner = TypeVar("Owner", bound=Named)


class _Name(NamedTuple):
    """One name of one profile: its comparable forms, and the profile's position."""

    plain: str
    bare: str
    owner: int


class NameIndex(Generic[Owner]):
    """All names of a set of profiles, prepared for look-up.

    Profiles whose visibility is "hidden" are found by their exact id alone.

    Parameters
    ----------
    ids
        Their ids, sorted.
    profiles
        The profiles to be found, in the same order; each is read when it is found.
    names
        What `name_lines` gives for each.
    """

    def __init__(self, ids: Sequence[str], profiles: Sequence[Owner], names: Iterable[str]) -> None:
        self._profiles = profiles
        self._row_of = {cluster_id: row for row, cluster_id in enumerate(ids)}
        self._names = [
            _Name(name, bare(name), owner)
            for owner, lines in enumerate(names)
            for name in lines.splitlines()
        ]
        self._exact = _grouped((name.plain, name.owner) for name in self._names)
        self._loose = _grouped((joined(name.bare), name.owner) for name in self._names)
        self._bare_forms = [name.bare for name in self._names]
        self._owners = np.array([name.owner for name in self._names], dtype=np.int64)

    def find(self, text: str) -> Owner:
        """Find the one cluster that goes by `text`.

        Equal names win over names equal but for filler words and blanks, these over names
        that contain all the words, and these over names like it but for typing errors.

        Raises
        ------
        AmbiguousNameError
            Where several clusters go by `text`; lists up to ten of them.
        ClusterNotFoundError
            Where none does; suggests up to five that come nearest.
        """
        query = plain(text[:_LONGEST])
        if (row := self._row_of.get(id_form(text))) is not None:
            return self._profiles[row]
        if not query:
            raise ClusterNotFoundError(text)
        owners = self._owners_of(query)
        if not owners:
            raise ClusterNotFoundError(text, self._labels(self._nearest(query)[:_SUGGESTED]))
        if len(owners) > 1:
            ranked = dict.fromkeys([*self._matching(query), *self._nearest(query), *sorted(owners)])
            listed = [owner for owner in ranked if owner in owners]
            raise AmbiguousNameError(text, self._labels(listed[:_LISTED]))
        return self._profiles[next(iter(owners))]

    def sure(self, text: str) -> Owner | None:
        """Return the one that goes by just this id or name, whatever its script or filler words."""
        query = plain(text[:_LONGEST])
        row = self._row_of.get(id_form(text))
        owners = self._exact.get(query) or self._loose.get(joined(bare(query))) or set()
        rows = {row} if row is not None else owners
        return self._profiles[next(iter(rows))] if query and len(rows) == 1 else None

    def search(self, text: str, limit: int = 20) -> list[Owner]:
        """Clusters whose name begins with, contains or resembles `text`, best first.

        Parameters
        ----------
        text
            What has been typed so far; blank finds nothing.
        limit
            The most clusters to return.
        """
        query = plain(text[:_LONGEST])
        if not query or limit < 1:
            return []
        owners = self._matching(query)
        if len(owners) < limit:
            owners = list(dict.fromkeys([*owners, *self._nearest(query)]))
        return [self._profiles[owner] for owner in owners[:limit]]

    def namesakes(self, profile: ClusterProfile) -> list[Owner]:
        """Other clusters that go by a name of this one, as `find` understands names."""
        own = {owner for owner, one in enumerate(self._profiles) if one.id == profile.id}
        found: dict[int, None] = {}
        for text in dict.fromkeys(
            plain(name) for name in (profile.name, profile.native_name or "")
        ):
            if text:
                found |= dict.fromkeys(sorted(self._owners_of(text, own)))
        return [self._profiles[owner] for owner in found]

    def _owners_of(self, query: str, own: Set[int] = frozenset()) -> Set[int]:
        """Owners of the names that a text stands for, by the strictest way that finds any.

        Those in `own` are not looked for.
        """
        ways: tuple[Callable[[str], Set[int]], ...] = (
            lambda text: self._exact.get(text, set()),
            lambda text: self._loose.get(joined(bare(text)), set()),
            self._containing,
            self._resembling,
        )
        return next((owners for way in ways if (owners := way(query) - own)), frozenset())

    def matching(self, text: str, limit: int) -> list[Owner]:
        """Clusters whose name begins with or contains `text`, best first."""
        query = plain(text[:_LONGEST])
        owners = self._matching(query) if query and limit > 0 else []
        return [self._profiles[owner] for owner in owners[:limit]]

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """(n,) place of each profile, from 0, in the order of their names; unnamed ones first."""
        names = [""] * len(self._profiles)
        for name in reversed(self._names):  # the first of an owner's names is the usual one
            names[name.owner] = name.plain
        places = np.empty(len(names), dtype=np.intp)
        places[np.argsort(names, kind="stable")] = np.arange(len(names))
        return places

    def _labels(self, owners: Iterable[int]) -> list[tuple[str, str]]:
        return [(self._profiles[o].id, self._profiles[o].name) for o in owners]

    def _containing(self, query: str) -> set[int]:
        """Owners of names in which every word of the query begins a word of its own."""
        words = bare(query).split()
        return {name.owner for name in self._names if _covers(name.plain, words)}

    def _resembling(self, query: str) -> set[int]:
        """Owners of the likeliest name and of all that are too close to it to decide."""
        scores = self._likeness(query)
        best = float(scores.max(initial=0.0))
        if best < _SURE:
            return set()
        close = np.flatnonzero(scores >= max(_SURE, best - _CLEAR_LEAD))
        return {int(owner) for owner in close}

    def _likeness(self, query: str) -> NDArray[np.float32]:
        """Likeness to the query of each profile's nearest name, 0 to 100, shape (profiles,)."""
        from rapidfuzz import fuzz, process

        core = bare(query)
        whole = process.cdist([core], self._bare_forms, scorer=fuzz.ratio)[0]
        sorted_words = process.cdist([core], self._bare_forms, scorer=fuzz.token_sort_ratio)[0]
        best = np.zeros(len(self._profiles), dtype=np.float32)
        np.maximum.at(best, self._owners, np.maximum(whole, sorted_words))
        return best

    def _nearest(self, query: str) -> list[int]:
        from rapidfuzz import fuzz, process

        scores = self._likeness(query)
        partial = process.cdist([bare(query)], self._bare_forms, scorer=fuzz.partial_ratio)[0]
        if len(query) >= _TYPO_LENGTH:
            np.maximum.at(scores, self._owners, np.float32(0.9) * partial)
        order = sorted(np.flatnonzero(scores >= _NEAR), key=lambda owner: (-scores[owner], owner))
        return [int(owner) for owner in order]

    def _matching(self, query: str) -> list[int]:
        """Owners of names that begin with the query, have its words or its letters; best first."""
        words, letters = query.split(), joined(query)
        best: dict[int, tuple[int, int]] = {}
        for name in self._names:
            tier = _tier(name, query, words, letters)
            if tier is not None:
                rank = (tier, len(name.plain))
                best[name.owner] = min(rank, best.get(name.owner, rank))
        return sorted(best, key=lambda owner: (*best[owner], owner))


def id_form(text: str) -> str:
    """The id that a text would stand for, were it one: "UA kharkiv IT" -> "ua-kharkiv-it"."""
    return plain(text[:_LONGEST]).replace(" ", "-")


def name_lines(profile: ClusterProfile) -> str:
    """What a profile is called, in comparable forms, one a line; nothing for a hidden one."""
    if profile.visibility == "hidden":
        return ""
    spellings = (profile.name, profile.native_name, profile.acronym)
    plains = dict.fromkeys(plain(spelling) for spelling in spellings if spelling)
    return "\n".join(filter(None, plains))


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, set[int]]:
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for key, owner in pairs:
        groups[key].add(owner)
    return dict(groups)


def _covers(name: str, words: Iterable[str]) -> bool:
    padded = f" {name}"
    return all(f" {word}" in padded for word in words)


def _tier(name: _Name, query: str, words: list[str], letters: str) -> int | None:
    """0 equal, 1 begins with the query, 2 has its words, 3 has its letters; ``None`` otherwise."""
    if name.plain.startswith(query):
        return 0 if name.plain == query else 1
    if _covers(name.plain, words):
        return 2
    return 3 if letters in joined(name.plain) else None
