"""How well a stranger is served: the same questions, asked with most of the profile missing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from matcher.embedding.encoder import Encoder
from matcher.evaluation.bootstrap import Estimate, estimate
from matcher.evaluation.evaluate import cross_fit
from matcher.evaluation.examples import LEAKY, FactorTable
from matcher.evaluation.metrics import METRICS
from matcher.evaluation.protocol import Direction, Split, by_asker, links_of, part_of, questions_of
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import DraftProfile

WORDS = 50


def _whole(profile: DraftProfile) -> DraftProfile:
    return profile


def _half(profile: DraftProfile) -> DraftProfile:
    """Name, country, kind, ecosystems, description; no lists, no numbers, no place."""
    kept = {"id", "name", "country", "kind", "ecosystems", "description"}
    return DraftProfile.model_validate(profile.model_dump(include=kept))


def _text(profile: DraftProfile) -> DraftProfile:
    """The first words of the description, as somebody would paste them, and the country."""
    words = (profile.description or "").split()[:WORDS]
    return DraftProfile(id=profile.id, country=profile.country, description=" ".join(words))


VARIANTS: Mapping[str, Callable[[DraftProfile], DraftProfile]] = MappingProxyType(
    {"whole profile": _whole, "half of the fields": _half, f"text of {WORDS} words": _text}
)


def cold_start(
    snapshot: Snapshot, encoder: Encoder, split: Split = "all", direction: Direction = "eap_eu"
) -> dict[str, dict[str, Estimate]]:
    """Ask with parts of each asker's profile blanked, under cross-validated weights.

    Parameters
    ----------
    snapshot
        Clusters and partnerships.
    encoder
        Embeds the shortened askers.
    split, direction
        Which questions are asked.

    Returns
    -------
    dict
        Variant of the profile -> metric -> mean over clusters with its interval.
    """
    corpus = snapshot.corpus
    links = links_of(corpus, snapshot.partnerships)
    asked = [link for link in links if split in ("all", part_of(link.group))]
    questions = questions_of(corpus, asked, links)
    table = FactorTable.of(corpus, (question.asker for question in questions))
    fits = cross_fit(questions, table)
    places = [p for p, question in enumerate(questions) if question.direction == direction]
    found = {}
    for name, shorten in VARIANTS.items():
        lists = []
        for place in places:
            question = questions[place]
            draft = snapshot.draft(shorten(corpus.profiles[question.asker]), encoder)
            factors = table.of_asker(draft, corpus, LEAKY)
            rows = np.flatnonzero(question.candidates)
            order = np.argsort(-fits[place].logits(factors)[rows], kind="stable")
            lists.append((rows[order].tolist(), question.relevant))
        groups = by_asker([questions[place] for place in places]).values()
        found[name] = {
            metric: estimate(
                np.array([np.mean([measure(*lists[i]) for i in own]) for own in groups])
            )
            for metric, measure in METRICS.items()
        }
    return found
