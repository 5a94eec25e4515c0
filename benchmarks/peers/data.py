"""The questions that all peers answer: vectors, filters, and the true ten best of each.

Rows are the offers of synthetic profiles, questions what other ones seek, both through the composed
encoder: clustered like real ones, and questions are not rows. A row has a country and an ecosystem.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import synthetic_profiles
from matcher.embedding.encoder import Encoder
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import country_group, ecosystems

K, QUESTIONS, OTHERS, BATCH = 10, 100, 1000, 5000
ECOSYSTEMS = tuple(ecosystems())
COUNTRIES = tuple(sorted(country_group("EU") | country_group("EaP")))
NARROW = ("DE", "FR", "PL")
NEAR = 1e-5


@dataclass(frozen=True)
class Filter:
    """One of some countries and, if given, one ecosystem."""

    countries: tuple[str, ...]
    ecosystem: str | None = None


@dataclass(frozen=True)
class Task:
    """n rows to be searched, and questions with three filters each.

    Attributes
    ----------
    vectors
        (n, dim) unit vectors, a memory map.
    country, ecosystem
        (n,) places in `COUNTRIES` and `ECOSYSTEMS`.
    questions
        (q, dim) unit vectors.
    asking
        Other questions of the same kind, for engines that tune themselves by such.
    filters
        Name of a filter -> the one of each question.
    tenth
        Name of a filter -> (q,) score of the last of the true ten best.
    """

    vectors: NDArray[np.float32]
    country: NDArray[np.uint8]
    ecosystem: NDArray[np.uint8]
    questions: NDArray[np.float32]
    asking: NDArray[np.float32]
    filters: dict[str, list[Filter]]
    tenth: dict[str, NDArray[np.float32]]

    def __len__(self) -> int:
        return len(self.vectors)

    def mask(self, chosen: Filter) -> NDArray[np.bool_]:
        """(n,) rows that meet a filter; put together from a bitmap for each value."""
        met = reduce(np.bitwise_or, (self._bitmaps[code] for code in chosen.countries))
        if chosen.ecosystem:
            met = met & self._bitmaps[chosen.ecosystem]
        return np.unpackbits(met, count=len(self)).view(np.bool_)

    @cached_property
    def _bitmaps(self) -> dict[str, NDArray[np.uint8]]:
        fields = ((COUNTRIES, self.country), (ECOSYSTEMS, self.ecosystem))
        return {
            value: np.packbits(column == place)
            for values, column in fields
            for place, value in enumerate(values)
        }

    @cached_property
    def countries(self) -> list[str]:
        """(n,) country codes."""
        return [COUNTRIES[place] for place in self.country]

    @cached_property
    def ecosystems(self) -> list[str]:
        """(n,) ecosystems."""
        return [ECOSYSTEMS[place] for place in self.ecosystem]

    def recall(self, name: str, question: int, rows: Sequence[int]) -> float:
        """Part of the true ten best among the rows found; such as break the filter are none."""
        found = np.unique(np.asarray(rows, dtype=np.intp))
        chosen = self.filters[name][question]
        found = found[meeting(chosen, self.country[found], self.ecosystem[found])]
        scores = self.vectors[found] @ self.questions[question]
        wanted = min(K, int(self.mask(chosen).sum()))
        good = int((scores >= self.tenth[name][question] - NEAR).sum())
        return min(good, wanted) / wanted if wanted else 1.0


def meeting(
    chosen: Filter, country: NDArray[np.uint8], ecosystem: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Rows that meet a filter, given their country and ecosystem."""
    wanted = np.isin(np.arange(len(COUNTRIES)), [COUNTRIES.index(c) for c in chosen.countries])
    met: NDArray[np.bool_] = wanted[country]
    if chosen.ecosystem:
        met &= ecosystem == ECOSYSTEMS.index(chosen.ecosystem)
    return met


def is_task(folder: Path) -> bool:
    """Whether a task was written there to its end."""
    return (folder / "filters.json").exists()


def read_task(folder: Path) -> Task:
    """Open what `write_task` wrote."""
    said = json.loads((folder / "filters.json").read_text())
    filters = {
        name: [Filter(tuple(countries), ecosystem) for countries, ecosystem in chosen]
        for name, chosen in said.items()
    }
    vectors, country, ecosystem, questions, asking = (
        np.load(folder / f"{name}.npy", mmap_mode="r" if name == "vectors" else None)
        for name in ("vectors", "country", "ecosystem", "questions", "asking")
    )
    tenth = {name: np.load(folder / f"tenth_{name}.npy") for name in filters}
    return Task(vectors, country, ecosystem, questions, asking, filters, tenth)


def write_task(folder: Path, count: int, encoder: Encoder) -> None:
    """Make a task of so many rows, in bounded memory."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", "w+", np.float32, (count, encoder.dim)
    )
    country, ecosystem = np.empty(count, np.uint8), np.empty(count, np.uint8)
    profiles = synthetic_profiles(count, seed=1)
    for start in range(0, count, BATCH):
        batch = list(islice(profiles, BATCH))
        end = start + len(batch)
        vectors[start:end] = encoder.encode(["; ".join(p.offers) for p in batch])
        country[start:end] = [COUNTRIES.index(p.country) for p in batch]
        ecosystem[start:end] = [ECOSYSTEMS.index(p.ecosystems[0]) for p in batch]
    askers = [p for p in synthetic_profiles(2 * QUESTIONS, seed=2) if p.seeks][:QUESTIONS]
    others = [p for p in synthetic_profiles(OTHERS, seed=3) if p.seeks]
    filters = _filters(askers)
    questions, asking = _asked(encoder, askers), _asked(encoder, others)
    tenth = _tenth(vectors, country, ecosystem, questions, filters)
    arrays = {
        "country": country,
        "ecosystem": ecosystem,
        "questions": questions,
        "asking": asking,
    }
    for name, array in (arrays | {f"tenth_{name}": last for name, last in tenth.items()}).items():
        np.save(folder / f"{name}.npy", array)
    said = {name: [(f.countries, f.ecosystem) for f in chosen] for name, chosen in filters.items()}
    (folder / "filters.json").write_text(json.dumps(said))


def _asked(encoder: Encoder, askers: Sequence[ClusterProfile]) -> NDArray[np.float32]:
    return encoder.encode(["; ".join(p.seeks) for p in askers])


def _filters(askers: Sequence[ClusterProfile]) -> dict[str, list[Filter]]:
    """About 80, 10 and 2 of 100 rows: the EU; with the asker's ecosystem; in three countries."""
    union = tuple(sorted(country_group("EU")))
    return {
        "wide": [Filter(union) for _ in askers],
        "middle": [Filter(union, p.ecosystems[0]) for p in askers],
        "narrow": [Filter(NARROW, p.ecosystems[0]) for p in askers],
    }


def _tenth(
    vectors: NDArray[np.float32],
    country: NDArray[np.uint8],
    ecosystem: NDArray[np.uint8],
    questions: NDArray[np.float32],
    filters: dict[str, list[Filter]],
) -> dict[str, NDArray[np.float32]]:
    best = {name: np.full((len(questions), K), -2, np.float32) for name in filters}
    for start in range(0, len(vectors), BATCH):
        part = slice(start, start + BATCH)
        scores = questions @ vectors[part].T
        for name, chosen in filters.items():
            for place, one in enumerate(chosen):
                seen = scores[place][meeting(one, country[part], ecosystem[part])]
                both = np.concatenate([best[name][place], seen])
                best[name][place] = np.partition(both, len(both) - K)[-K:]
    return {name: found.min(axis=1) for name, found in best.items()}
