"""An encoder for more texts than can be embedded: it mixes vectors of really encoded phrases.

A text is cut into its phrases. Those of the shipped vocabulary have the vector that the model gives
them; any other stands for two of these, chosen by its digest. The text's vector is their mean, each
phrase weighted at random (seeded by the text), plus a little noise, so that no two texts are alike.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import LISTS, shipped
from matcher.config import Settings, get_settings
from matcher.embedding.cache import CachedEncoder
from matcher.embedding.encoder import (
    Progress,
    SentenceTransformerEncoder,
    Vectors,
    content_key,
    require_text,
)
from matcher.store import Store

NOISE = 0.15
EMPHASIS, SILENT = 3.0, 0.05
"""Power of the phrases' exponential weights, and the part of the largest below which one is left
out: with these, long texts are about as near to one another as really encoded ones."""

BATCH = 4096
TABLE = 1 << 12
_CUT = re.compile(r"[;:.] |[.;]$")


def vocabulary() -> tuple[str, ...]:
    """All phrases of the shipped clusters, each once."""
    said = (phrase for kind in LISTS for p in shipped() for phrase in getattr(p, kind))
    return tuple(dict.fromkeys(said))


def composed_encoder(settings: Settings | None = None, seed: int = 1) -> "ComposedEncoder":
    """The encoder over the shipped vocabulary; the model runs only for what is not cached."""
    settings = settings or get_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    words = vocabulary()
    with Store.open(settings.store_url) as store:
        model = CachedEncoder(SentenceTransformerEncoder(settings.model), store.vectors)
        return ComposedEncoder(dict(zip(words, model.encode(words), strict=True)), seed)


class ComposedEncoder:
    """An `Encoder`; equal vocabulary and seed give equal vectors.

    Parameters
    ----------
    known
        Phrase -> (dim,) unit vector.
    seed
        Draws weights and noise.
    """

    english_only = True

    def __init__(self, known: Mapping[str, Vectors], seed: int = 1) -> None:
        random = np.random.default_rng(seed)
        self._place = {phrase: place for place, phrase in enumerate(known)}
        self._vectors = np.stack(list(known.values()))
        self._noise = random.standard_normal((TABLE, self.dim), dtype=np.float32)
        self._noise *= NOISE / (2 * self.dim) ** 0.5
        self._weights = (0.01 + random.exponential(size=TABLE) ** EMPHASIS).astype(np.float32)
        digest = blake2b(self._vectors.tobytes(), digest_size=8, salt=seed.to_bytes(8)).hexdigest()
        self.fingerprint = self.cached_as = f"composed@{digest}"

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def key(self, text: str) -> str:
        """Key of a text in a cache."""
        return content_key(text)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Mix a vector for each text, as `Encoder.encode` says."""
        require_text(texts)
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            vectors[start : start + BATCH] = self._mixed(batch)
            if progress:
                progress(start + len(batch), len(texts))
        return vectors

    def _mixed(self, texts: Sequence[str]) -> Vectors:
        places, starts = self._phrases(texts)
        digests = np.array([_digest(text) for text in texts], dtype=np.uint64)
        owner = np.repeat(digests, np.diff([*starts, len(places)]))
        drawn = (owner + places.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(52)
        weights = self._weights[drawn]
        most = np.repeat(np.maximum.reduceat(weights, starts), np.diff([*starts, len(places)]))
        heard = weights > SILENT * most
        starts = np.concatenate(
            [[0], np.cumsum(np.add.reduceat(heard, starts, dtype=np.intp))[:-1]]
        )
        mixed = np.add.reduceat(
            self._vectors[places[heard]] * weights[heard][:, None], starts, axis=0
        )
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        for shift in (0, 16):
            mixed += self._noise[(digests >> np.uint64(shift)) % np.uint64(TABLE)]
        return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)

    def _phrases(self, texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Places of the phrases of all texts, one text after another, and where each begins."""
        places: list[int] = []
        starts = []
        for text in texts:
            starts.append(len(places))
            for phrase in filter(None, _CUT.split(text)):
                places += self._places(phrase)
            if len(places) == starts[-1]:
                places += self._places(text)
        return np.array(places, dtype=np.intp), np.array(starts, dtype=np.intp)

    def _places(self, phrase: str) -> tuple[int, ...]:
        known = self._place.get(phrase)
        if known is not None:
            return (known,)
        digest = _digest(phrase)
        return digest % len(self._place), (digest >> 32) % len(self._place)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
