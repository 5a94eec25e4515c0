"""Profiles as vectors: facets for the whole, single phrases for what is offered and sought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Encoder, Progress, Vectors
from matcher.embedding.facets import FACETS, facet_texts, phrases
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import DraftProfile

Starts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EmbeddedProfiles:
    """Vectors of n profiles, row by row; every array is C-contiguous.

    Attributes
    ----------
    ids
        Id of each row; empty for a draft without one.
    about, offers, seeks
        (n, dim) unit vectors of the facets. A row of zeros means that the profile says nothing
        of it, so its cosine with anything is 0.
    offer_phrases, seek_phrases
        (m, dim), (s, dim) unit vectors of the single phrases, profile after profile.
    offer_starts, seek_starts
        (n + 1,) row r owns the phrases ``starts[r]:starts[r + 1]``, in the profile's order.
    """

    ids: tuple[str, ...]
    about: Vectors
    offers: Vectors
    seeks: Vectors
    offer_phrases: Vectors
    offer_starts: Starts
    seek_phrases: Vectors
    seek_starts: Starts

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.about.shape[1])

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All arrays by name, as an index generation stores them."""
        return {name: getattr(self, name) for name in _ARRAYS}

    @classmethod
    def from_arrays(cls, ids: Sequence[str], arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Undo `ids` and `arrays`; arrays of other names are left alone.

        Raises
        ------
        IndexUnavailableError
            An array is missing or does not fit the others.
        """
        if not set(_ARRAYS) <= set(arrays):
            raise IndexUnavailableError(_MISFIT)
        embedded = cls(tuple(ids), **{name: arrays[name] for name in _ARRAYS})  # type: ignore[arg-type]
        if not embedded._fits():
            raise IndexUnavailableError(_MISFIT)
        return embedded

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Self:
        """Return the given rows only, in the given order."""
        chosen = np.asarray(rows, dtype=np.intp)
        offers, offer_starts = _take_phrases(self.offer_phrases, self.offer_starts, chosen)
        seeks, seek_starts = _take_phrases(self.seek_phrases, self.seek_starts, chosen)
        return type(self)(
            ids=tuple(self.ids[row] for row in chosen),
            about=self.about[chosen],
            offers=self.offers[chosen],
            seeks=self.seeks[chosen],
            offer_phrases=offers,
            offer_starts=offer_starts,
            seek_phrases=seeks,
            seek_starts=seek_starts,
        )

    def _fits(self) -> bool:
        size = len(self.ids)
        facets = [getattr(self, name) for name in FACETS]
        return all(facet.shape == facets[0].shape for facet in facets) and all(
            facets[0].ndim == phrase.ndim == 2
            and len(facets[0]) == size
            and phrase.shape[1] == facets[0].shape[1]
            and starts.shape == (size + 1,)
            and starts[0] == 0
            and starts[-1] == len(phrase)
            and bool((np.diff(starts) >= 0).all())
            for phrase, starts in (
                (self.offer_phrases, self.offer_starts),
                (self.seek_phrases, self.seek_starts),
            )
        )


_ARRAYS = tuple(field.name for field in fields(EmbeddedProfiles) if field.name != "ids")
_MISFIT = "The index was written by another version of the matcher; rebuild it: matcher index"


def embed_profiles(
    profiles: Sequence[DraftProfile], encoder: Encoder, progress: Progress | None = None
) -> EmbeddedProfiles:
    """Embed profiles; equal texts are encoded once.

    Parameters
    ----------
    profiles
        n profiles; missing texts become zero rows.
    encoder
        Turns texts into vectors; a `CachedEncoder` encodes only what is new.
    progress
        Told how many texts are done.
    """
    facets = [facet_texts(profile) for profile in profiles]
    spoken = [phrases(profile) for profile in profiles]
    texts = chain(
        (text for facet in facets for text in facet.values() if text),
        (text for said in spoken for text in chain(*said.values())),
    )
    rows = _Rows(list(dict.fromkeys(texts)), encoder, progress)
    return EmbeddedProfiles(
        ids=tuple(profile.id or "" for profile in profiles),
        about=rows.of(facet["about"] for facet in facets),
        offers=rows.of(facet["offers"] for facet in facets),
        seeks=rows.of(facet["seeks"] for facet in facets),
        offer_phrases=rows.of(text for said in spoken for text in said["offers"]),
        offer_starts=_starts(said["offers"] for said in spoken),
        seek_phrases=rows.of(text for said in spoken for text in said["seeks"]),
        seek_starts=_starts(said["seeks"] for said in spoken),
    )


class _Rows:
    """Looks vectors up by their text; the empty text has a vector of zeros."""

    def __init__(self, texts: list[str], encoder: Encoder, progress: Progress | None) -> None:
        vectors = encoder.encode(texts, progress)
        self._vectors = np.vstack([vectors, np.zeros_like(vectors, shape=(1, vectors.shape[1]))])
        self._row = {text: row for row, text in enumerate([*texts, ""])}

    def of(self, texts: Iterable[str]) -> Vectors:
        rows = np.fromiter((self._row[text] for text in texts), dtype=np.intp)
        return self._vectors[rows]


def _starts(groups: Iterable[Sequence[str]]) -> Starts:
    return np.cumsum([0, *(len(group) for group in groups)], dtype=np.int64)


def _take_phrases(
    phrase_vectors: Vectors, starts: Starts, rows: NDArray[np.intp]
) -> tuple[Vectors, Starts]:
    sizes = np.diff(starts)[rows]
    taken = np.concatenate(
        [np.arange(starts[row], starts[row + 1]) for row in rows] or [np.empty(0, np.int64)]
    )
    return phrase_vectors[taken], np.cumsum([0, *sizes], dtype=np.int64)
