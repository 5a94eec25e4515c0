"""The quantities that a score is made of.

A factor compares one asker with n partners. It answers two vectors: what it means to the asker
and what it means to each partner; for a symmetric factor the two are the same. NaN stands for
unknown. To add a factor, add one entry to `FACTORS` and one to the wording of explanations, and
train the model anew.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import place, sector, text

Compute = Callable[[Corpus, Corpus], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Factor:
    """A named quantity.

    Attributes
    ----------
    title
        What it is, in plain words.
    compute
        ``(asker, partners) -> (to_you, to_them)``; the asker is a corpus of one row, and both
        answers are (n,) float32 with NaN for unknown.
    """

    title: str
    compute: Compute


def _symmetric(compute: Callable[[Corpus, Corpus], Floats]) -> Compute:
    def both(asker: Corpus, partners: Corpus) -> tuple[Floats, Floats]:
        values = compute(asker, partners)
        return values, values

    return both


FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        "profile": Factor("Similar profile", _symmetric(text.profile_similarity)),
        "topic": Factor("Same field", _symmetric(text.topic_similarity)),
        "wording": Factor("Same technical terms", _symmetric(text.wording_similarity)),
        "specialities": Factor("Specialities that pair up", _symmetric(text.speciality_alignment)),
        "services": Factor("Similar services", _symmetric(text.service_similarity)),
        "ambitions": Factor("Similar ambitions", _symmetric(text.ambition_similarity)),
        "needs": Factor("Needs met by offers", text.needs_met),
        "ecosystems": Factor("Shared ecosystems", _symmetric(sector.shared_ecosystems)),
        "label": Factor("Excellence label", sector.label),
        "size": Factor("Comparable size", _symmetric(sector.size_similarity)),
        "kind": Factor("Same kind of organisation", _symmetric(sector.same_kind)),
        "proximity": Factor("Short distance", _symmetric(place.proximity)),
        "target": Factor("Target country", place.target),
        "markets": Factor("Shared third markets", _symmetric(place.shared_markets)),
    }
)
FACTOR_TITLES: Mapping[str, str] = MappingProxyType(
    {name: factor.title for name, factor in FACTORS.items()}
)

NOTHING: Mapping[str, Floats] = MappingProxyType({})


def factor_values(
    asker: Corpus,
    partners: Corpus,
    only: Container[str] = FACTORS,
    known: Mapping[str, Floats] = NOTHING,
) -> tuple[Floats, Floats]:
    """Factors of all partners.

    Parameters
    ----------
    asker
        A corpus of one row.
    partners
        A corpus of n rows.
    only
        Names of the factors to compute; the others are left unknown.
    known
        Values of symmetric factors that are known already, by name.

    Returns
    -------
    to_you, to_them : ndarray of float32, shape (n, F)
        Columns in the order of `FACTORS`; NaN for unknown.
    """
    unknown = np.full(len(partners), np.nan, dtype=np.float32)
    both = [
        factor.compute(asker, partners) if name in only else (known.get(name, unknown),) * 2
        for name, factor in FACTORS.items()
    ]
    to_you = np.stack([values for values, _ in both], axis=1)
    to_them = np.stack([values for _, values in both], axis=1)
    return to_you, to_them
