"""An encoder that never encodes the same text twice."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from matcher.embedding.encoder import Encoder, Progress, Vectors, require_text
from matcher.embedding.shipped import shipped_vectors
from matcher.errors import IndexUnavailableError

BATCH = 128
"""Texts between two saves: what a killed process loses at most."""


class VectorCache(Protocol):
    """Where vectors are kept, by model fingerprint and content key."""

    def get(self, fingerprint: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors that are known, (dim,) each; unknown keys are left out."""

    def put(self, fingerprint: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors, all or none; a key that is there already is replaced."""


class CachedEncoder:
    """An `Encoder` that looks into a cache first and saves each batch that it had to encode.

    With every text in the cache, the inner encoder is not asked and loads nothing.

    Parameters
    ----------
    encoder
        Encodes what is missing.
    cache
        Keeps the vectors.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder = encoder
        self.cache = cache

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the inner encoder."""
        return self.encoder.fingerprint

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.encoder.dim

    @property
    def english_only(self) -> bool:
        """Whether the inner encoder understands English alone."""
        return self.encoder.english_only

    @property
    def cached_as(self) -> str:
        """As the inner encoder says."""
        return self.encoder.cached_as

    def key(self, text: str) -> str:
        """Key of a text, as the inner encoder says."""
        return self.encoder.key(text)

    def prepare(self) -> None:
        """Prepare the inner encoder."""
        self.encoder.prepare()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts as `Encoder.encode` says; an interrupted call resumes where it was.

        `progress` counts distinct texts, those found in the cache included.
        """
        require_text(texts)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        keys = [self.encoder.key(text) for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        known = self._known(list(wanted))
        missing = sorted(wanted.keys() - known.keys(), key=lambda key: (-len(wanted[key]), key))
        report = progress or _silent
        report(len(known), len(wanted))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = self.encoder.encode([wanted[key] for key in batch])
            fresh = dict(zip(batch, vectors, strict=True))
            self.cache.put(self.encoder.cached_as, fresh)
            known.update(fresh)
            report(len(known), len(wanted))
        return np.stack([known[key] for key in keys])

    def _known(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """Look into the cache, then among what ships; what is not of length 1 is damaged."""
        cached = self.cache.get(self.encoder.cached_as, keys)
        known = {key: row for key, row in cached.items() if abs(float(row @ row) - 1) < 1e-3}
        missing = [key for key in keys if key not in known]
        return known | shipped_vectors(self.encoder.cached_as, missing)


class NeverEncoding:
    """An encoder that loads no model: beneath a `CachedEncoder`, what is cached is all there is.

    Parameters
    ----------
    encoder
        The encoder whose cached vectors are wanted.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.english_only = encoder.fingerprint, encoder.english_only
        self.cached_as, self.key = encoder.cached_as, encoder.key
        self._encoder = encoder

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    def prepare(self) -> None:
        """Do nothing: no text will come."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Refuse.

        Raises
        ------
        IndexUnavailableError
            Always; the text says what to do.
        """
        raise IndexUnavailableError("Some profiles are not embedded yet. Embed them: matcher index")


def _silent(done: int, total: int) -> None:
    """Report to nobody."""
