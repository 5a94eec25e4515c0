"""Parts of the questions that are reported apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from matcher.evaluation.protocol import Link, Question
from matcher.matching.corpus import Corpus
from matcher.profiles.completeness import completeness

COMPLETE = 0.75
"""Completeness from which an asker's profile counts as rich."""
_DETAILED = ("eap_eu", "eu_eu")


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
