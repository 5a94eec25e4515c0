"""Synthetic profiles of any number: ``python -m benchmarks synthetic 1000 --seed 1 > file.jsonl``.

Every profile says in its id, its name and its description that it stands for no organisation.
Fields are drawn so that their spread is that of the shipped clusters: place from one of them;
kind, field, lengths of lists and of the description from another; the phrases in the lists from
all that share its first ecosystem. Equal seeds give equal profiles, and fewer of them are the first
ones of more.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

import numpy as np

from matcher.config import DATA_DIR
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import countries, ecosystems
from matcher.store.shipped import parse_lines

LISTS = ("technologies", "services", "offers", "seeks")
PLACE = ("country", "region", "city", "lat", "lon", "nuts2")
CHARACTER = ("kind", "label", "ecosystems", "nace", "target_countries", "languages", "as_of")
NOTICE = "Synthetic profile for tests of size; it stands for no real organisation"
BATCH = 500


@lru_cache(maxsize=1)
def shipped() -> tuple[ClusterProfile, ...]:
    """The clusters that come with the product."""
    file = DATA_DIR / "clusters.jsonl"
    return tuple(parse_lines(file.read_bytes(), ClusterProfile, file.name))


@cache
def phrase_pool(kind: str, ecosystem: str) -> tuple[str, ...]:
    """Phrases of one kind in the shipped clusters of one ecosystem, often used ones often."""
    return tuple(
        phrase
        for profile in shipped()
        if ecosystem in profile.ecosystems
        for phrase in getattr(profile, kind)
    )


def synthetic_profiles(count: int, seed: int) -> Iterator[ClusterProfile]:
    """Valid profiles, one after another; memory does not grow with their number."""
    return islice(_endless(seed), count)


def _endless(seed: int) -> Iterator[ClusterProfile]:
    number = 0
    while True:
        random = np.random.default_rng([seed, number])
        models = random.integers(len(shipped()), size=(BATCH, 4)).tolist()
        for place, character, age, size in models:
            number += 1
            drawn = [shipped()[row] for row in (place, character, age, size)]
            yield _profile(number, drawn, random)


def _profile(
    number: int, drawn: Sequence[ClusterProfile], random: np.random.Generator
) -> ClusterProfile:
    place, character, age, size = drawn
    lists = {kind: _drawn(kind, character, random) for kind in LISTS}
    field = (lists["technologies"] or lists["services"])[0]
    fields = {name: getattr(place, name) for name in PLACE}
    fields |= {name: getattr(character, name) for name in CHARACTER}
    return ClusterProfile(
        id=f"{place.country.lower()}-synthetic-{number:09}",
        name=f"Synthetic cluster {number:09}: {field}",
        founded=age.founded,
        members_total=size.members_total and _near(size.members_total, random),
        description=_description(place.country, character, lists),
        **fields,
        **lists,
    )


def _drawn(kind: str, character: ClusterProfile, random: np.random.Generator) -> tuple[str, ...]:
    """As many different phrases as the model has, of its own first ecosystem."""
    pool = phrase_pool(kind, character.ecosystems[0])
    wanted = len(getattr(character, kind))
    places = random.integers(len(pool), size=2 * wanted + 2).tolist()
    return tuple(dict.fromkeys(pool[place] for place in places))[:wanted]


def _near(value: int, random: np.random.Generator) -> int:
    return max(1, round(value * float(random.uniform(0.7, 1.4))))


def _description(country: str, character: ClusterProfile, lists: dict[str, tuple[str, ...]]) -> str:
    """Sentences made of the profile's own phrases and of its model's, as long as the model's."""
    kind = (character.kind or "cluster").replace("_", " ")
    titles = "; ".join(ecosystems()[name] for name in character.ecosystems)
    sentences = [
        f"{NOTICE}. {kind.capitalize()} in {countries()[country].name}; {titles}",
        *(f"{name.capitalize()}: {'; '.join(said)}" for name, said in lists.items() if said),
    ]
    wanted = len(character.description or "")
    text = ". ".join(sentences)
    spare = phrase_pool("services", character.ecosystems[0])
    for step in range(len(spare)):
        if len(text) >= wanted:
            break
        text += f"; {spare[(len(text) + step) % len(spare)]}"
    return text + "."


def main(arguments: Sequence[str]) -> None:
    """Write the profiles asked for to the standard output, one a line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks synthetic")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    for profile in synthetic_profiles(asked.count, asked.seed):
        sys.stdout.write(profile.model_dump_json(exclude_none=True) + "\n")
