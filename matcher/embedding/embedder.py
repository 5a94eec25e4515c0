"""Profiles as vectors: facets for the whole, single phrases for what may meet one another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Encoder, Progress, Vectors
from matcher.embedding.facets import FACETS, PHRASE_KINDS, facet_texts, phrases
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import DraftProfile
from matcher.profiles.sequences import Chosen, spans

Part = TypeVar("Part")

BATCH = 2048
"""Profiles whose texts are embedded in one call."""


@dataclass(frozen=True)
class PhraseVectors:
    """Vectors of the phrases of n profiles, profile after profile; each phrase is kept once.

    Attributes
    ----------
    table
        (u, dim) unit vectors of different phrases.
    codes
        (m,) rows of `table`.
    starts
        (n + 1,) row r owns the codes ``starts[r]:starts[r + 1]``, in the profile's order.
    """

    table: Vectors
    codes: NDArray[np.int32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def vectors(self) -> Vectors:
        """(m, dim) vectors of all phrases."""
        return self.table.take(self.codes, axis=0)

    @cached_property
    def _different(self) -> tuple[Vectors, NDArray[np.intp]]:
        """Vectors of the different phrases, and the place among them of each phrase."""
        codes, places = np.unique(self.codes, return_inverse=True)
        return self.table.take(codes, axis=0), places

    def cosines(self, few: Self) -> Vectors:
        """(m, k) cosines with a few other phrases; what many profiles say is multiplied once."""
        vectors, places = self._different
        return (vectors @ few.vectors.T).take(places, axis=0)

    def take(self, rows: NDArray[np.intp]) -> Self:
        """The phrases of the given profiles, in the given order."""
        places, starts = spans(self.starts, rows)
        return type(self)(self.table, self.codes.take(places), starts)

    def fits(self, rows: int, dim: int) -> bool:
        """Whether these are phrases of so many profiles in so many dimensions."""
        return (
            self.table.ndim == 2
            and self.table.shape[1] == dim
            and self.codes.ndim == 1
            and bool(((self.codes >= 0) & (self.codes < len(self.table))).all())
            and self.starts.shape == (rows + 1,)
            and self.starts[0] == 0
            and self.starts[-1] == len(self.codes)
            and bool((np.diff(self.starts) >= 0).all())
        )


@dataclass(frozen=True, slots=True)
class EmbeddedProfiles:
    """Vectors of n profiles, row by row; every array is C-contiguous.

    Attributes
    ----------
    ids
        Id of each row; empty for a draft without one.
    facets
        Name of a facet -> (n, dim) unit vectors. A row of zeros means that the profile says
        nothing of it, so its cosine with anything is 0.
    phrases
        Kind of phrase -> its vectors; all kinds share one table.
    """

    ids: Sequence[str]
    facets: Mapping[str, Vectors]
    phrases: Mapping[str, PhraseVectors]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.facets["about"].shape[1])

    @property
    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All arrays by name, as the saved index keeps them."""
        arrays: dict[str, NDArray[np.generic]] = dict(self.facets)
        for kind, group in self.phrases.items():
            arrays |= {f"{kind}_phrases": group.codes, f"{kind}_starts": group.starts}
        return arrays | {"phrases": self.phrases[PHRASE_KINDS[0]].table}

    @classmethod
    def from_arrays(cls, ids: Sequence[str], arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """The inverse of `ids` and `arrays`; arrays of other names are left alone.

        Raises
        ------
        IndexUnavailableError
            An array is missing or does not fit the others.
        """
        try:
            facets = {name: arrays[name] for name in FACETS}
            groups = {
                kind: PhraseVectors(
                    arrays["phrases"],  # type: ignore[arg-type]
                    arrays[f"{kind}_phrases"],  # type: ignore[arg-type]
                    arrays[f"{kind}_starts"],  # type: ignore[arg-type]
                )
                for kind in PHRASE_KINDS
            }
        except KeyError:
            raise IndexUnavailableError(MISFIT) from None
        embedded = cls(ids, facets, groups)  # type: ignore[arg-type]
        if not embedded._fits():
            raise IndexUnavailableError(MISFIT)
        return embedded

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Self:
        """The given rows only, in the given order."""
        chosen = np.asarray(rows, dtype=np.intp)
        return type(self)(
            ids=Chosen(self.ids, chosen),
            facets=_Taken(self.facets, lambda vectors: vectors.take(chosen, axis=0)),
            phrases=_Taken(self.phrases, lambda group: group.take(chosen)),
        )

    def _fits(self) -> bool:
        shape = (len(self.ids), self.facets["about"].shape[-1])
        return all(vectors.shape == shape for vectors in self.facets.values()) and all(
            group.fits(*shape) for group in self.phrases.values()
        )


class _Taken(Mapping[str, Part]):
    """Some rows of every part of a whole; a part is copied when it is first asked for."""

    def __init__(self, whole: Mapping[str, Part], take: Callable[[Part], Part]) -> None:
        self._whole, self._take = whole, take
        self._copied: dict[str, Part] = {}

    def __getitem__(self, name: str) -> Part:
        if name not in self._copied:
            self._copied[name] = self._take(self._whole[name])
        return self._copied[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


MISFIT = "The index was written by another version of the matcher; rebuild it: matcher index"


def embed_profiles(
    profiles: Sequence[DraftProfile], encoder: Encoder, progress: Progress | None = None
) -> EmbeddedProfiles:
    """Embed profiles; equal phrases are encoded once.

    Parameters
    ----------
    profiles
        n profiles; missing texts become zero rows.
    encoder
        Turns texts into vectors; a `CachedEncoder` encodes only what is new.
    progress
        Told how many profiles are done.
    """
    count, code = len(profiles), dict[str, int]()
    facets: dict[str, Vectors] = {}
    tables: list[Vectors] = []
    for start in range(0, max(count, 1), BATCH):
        batch = profiles[start : start + BATCH]
        fresh = [phrase for phrase in distinct_phrases(batch) if phrase not in code]
        report = _within(progress, start, len(batch), count)
        table, rows = _embed_batch(batch, fresh, encoder, report)
        code.update(zip(fresh, range(len(code), len(code) + len(fresh)), strict=True))
        tables.append(table)
        for name, vectors in rows.items():
            whole = facets.setdefault(name, np.empty((count, vectors.shape[1]), np.float32))
            whole[start : start + len(batch)] = vectors
        if progress:
            progress(start + len(batch), count)
    table = np.concatenate(tables)

    def group(kind: str) -> PhraseVectors:
        said = [phrases(profile)[kind] for profile in profiles]
        codes = np.array([code[text] for text in chain(*said)], dtype=np.int32)
        return PhraseVectors(table, codes, np.cumsum([0, *map(len, said)], dtype=np.int64))

    return EmbeddedProfiles(
        ids=tuple(profile.id or "" for profile in profiles),
        facets=facets,
        phrases={kind: group(kind) for kind in PHRASE_KINDS},
    )


def _embed_batch(
    profiles: Sequence[DraftProfile],
    spoken: Sequence[str],
    encoder: Encoder,
    progress: Progress | None,
) -> tuple[Vectors, dict[str, Vectors]]:
    """Embed some phrases and the facets of some profiles, all texts in one call."""
    facets = [facet_texts(profile) for profile in profiles]
    known = list(
        dict.fromkeys([*spoken, *(text for one in facets for text in one.values() if text)])
    )
    row = {text: place for place, text in enumerate([*known, ""])}
    vectors = encoder.encode(known, progress)
    vectors = np.vstack([vectors, np.zeros_like(vectors, shape=(1, vectors.shape[1]))])
    return vectors[: len(spoken)], {
        name: vectors[[row[facet[name]] for facet in facets]] for name in FACETS
    }


def distinct_phrases(profiles: Sequence[DraftProfile]) -> list[str]:
    """The different phrases of some profiles, in the order of the table that embeds them."""
    said = (chain(*phrases(profile).values()) for profile in profiles)
    return list(dict.fromkeys(chain.from_iterable(said)))


def _within(progress: Progress | None, done: int, rows: int, count: int) -> Progress | None:
    """Tell of the texts of some profiles as part of all profiles."""
    if not progress:
        return None
    return lambda texts, of: progress(done + rows * texts // max(of, 1), count)
