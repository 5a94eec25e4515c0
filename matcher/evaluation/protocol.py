"""What is asked of a ranker about documented partnerships.

Partnerships that share a pair of organisations form a *group* (a workshop and the project that
grew from it, say). One *question* asks for the partners that a cluster found in one group;
partners it has from other groups are known, hence removed from the candidates. Candidates are all
visible clusters on the asked side in other countries: the full ranking, no sampled negatives.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from matcher.matching.columns import Bools
from matcher.matching.corpus import Corpus
from matcher.profiles.completeness import completeness
from matcher.profiles.partnership import Partnership

Split = Literal["all", "time"]
Direction = Literal["eap_eu", "eu_eu", "eu_eap", "eap_eap"]
COMPLETE = 0.75
"""Completeness from which an asker's profile counts as rich."""
_DETAILED = ("eap_eu", "eu_eu")
RECENT = 2020
"""First year of the recent side of the time split."""


class Link(NamedTuple):
    """A documented pair, and the group of partnerships that documents it."""

    asker: int
    partner: int
    group: str


@dataclass(frozen=True, slots=True)
class Question:
    """One ranking task.

    Attributes
    ----------
    asker
        Row of the asking cluster.
    group
        The group whose partners are to be found.
    relevant
        Rows of the partners to be found.
    candidates
        (n,) truth vector of the rows to be ranked.
    direction
        From which side to which: ``"eap_eu"``, ``"eu_eu"``, ...
    """

    asker: int
    group: str
    relevant: frozenset[int]
    candidates: Bools
    direction: Direction


def group_partnerships(partnerships: Sequence[Partnership]) -> dict[str, str]:
    """Partnership id -> name of its group, which is the alphabetically first id in it."""
    parent = {partnership.id: partnership.id for partnership in partnerships}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    first_with: dict[tuple[str, str], str] = {}
    for partnership in sorted(partnerships, key=lambda p: p.id):
        for pair in partnership.pairs:
            one, other = root(first_with.setdefault(pair, partnership.id)), root(partnership.id)
            parent[max(one, other)] = min(one, other)
    return {key: root(key) for key in parent}


def links_of(corpus: Corpus, partnerships: Sequence[Partnership]) -> list[Link]:
    """Every documented pair in both directions, once for each group that documents it."""
    groups = group_partnerships(partnerships)
    found = {
        Link(corpus.row_of[asker], corpus.row_of[partner], groups[partnership.id])
        for partnership in partnerships
        for pair in partnership.pairs
        for asker, partner in (pair, pair[::-1])
        if asker in corpus.row_of and partner in corpus.row_of
    }
    return sorted(found)


def recent_groups(partnerships: Sequence[Partnership]) -> frozenset[str]:
    """Groups whose partnerships all began in `RECENT` or later; unknown years count as early."""
    groups = group_partnerships(partnerships)
    early = {groups[p.id] for p in partnerships if (p.year_start or 0) < RECENT}
    return frozenset(groups.values()) - early


def questions_of(corpus: Corpus, links: Iterable[Link], known: Iterable[Link]) -> list[Question]:
    """One question for each asker, group and side asked.

    Parameters
    ----------
    corpus
        The clusters to be ranked.
    links
        The pairs to be found.
    known
        All documented pairs; an asker's partners of other groups leave its candidates.
    """
    partners: dict[tuple[int, str, Direction], set[int]] = defaultdict(set)
    for link in links:
        if _abroad(corpus, link):
            partners[link.asker, link.group, _direction(corpus, link)].add(link.partner)
    known_partners: dict[int, set[int]] = defaultdict(set)
    for link in known:
        known_partners[link.asker].add(link.partner)
    return [
        Question(
            asker,
            group,
            frozenset(relevant),
            _candidates(corpus, asker, direction, known_partners[asker] - relevant),
            direction,
        )
        for (asker, group, direction), relevant in sorted(partners.items(), key=lambda i: i[0])
    ]


def _abroad(corpus: Corpus, link: Link) -> bool:
    country = corpus.columns.country
    return bool(country[link.asker] != country[link.partner])


def _direction(corpus: Corpus, link: Link) -> Direction:
    sides = [str(corpus.profiles[row].group).lower() for row in (link.asker, link.partner)]
    return "_".join(sides)  # type: ignore[return-value]


def _candidates(corpus: Corpus, asker: int, direction: Direction, known: set[int]) -> Bools:
    side = direction.split("_")[1]
    on_side = np.array([str(profile.group).lower() == side for profile in corpus.profiles])
    allowed = corpus.visible & on_side
    allowed &= corpus.columns.country != corpus.columns.country[asker]
    allowed[list(known)] = False
    return np.asarray(allowed)


def by_asker(questions: Sequence[Question]) -> Mapping[int, list[int]]:
    """Asker -> places of its questions in the given order."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        places[question.asker].append(place)
    return places


def slices_of(
    corpus: Corpus, questions: Sequence[Question], evidence: Iterable[Link]
) -> Mapping[str, list[int]]:
    """Name of a slice -> places of its questions.

    Each direction is a slice. The two that ask for EU partners are also cut by whether the asker
    has a documented partner besides those asked for, by how complete its profile is, and by its
    first ecosystem; EaP askers by country as well.
    """
    groups_of: dict[int, set[str]] = defaultdict(set)
    for link in evidence:
        groups_of[link.asker].add(link.group)
    slices: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        slices[question.direction].append(place)
        if question.direction in _DETAILED:
            for name in _cuts(corpus, question, groups_of[question.asker]):
                slices[f"{question.direction}/{name}"].append(place)
    return dict(sorted(slices.items()))


def _cuts(corpus: Corpus, question: Question, groups: set[str]) -> list[str]:
    profile = corpus.profiles[question.asker]
    cuts = [
        "known_history" if groups - {question.group} else "no_known_history",
        "rich_profile" if completeness(profile).share >= COMPLETE else "thin_profile",
    ]
    if profile.ecosystems:
        cuts.append(f"ecosystem={profile.ecosystems[0]}")
    if question.direction == "eap_eu":
        cuts.append(f"country={profile.country}")
    return cuts
