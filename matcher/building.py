"""From stored profiles to an index generation, batch by batch.

What is made of a batch goes straight to the disk, so that memory grows far less than the number
of profiles. Rows of those that have not changed are copied from the generation before. A build that
was interrupted finds in the cache what it had embedded.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.embedder import distinct_phrases, embed_profiles
from matcher.embedding.encoder import Encoder, Progress
from matcher.embedding.facets import FACETS, PHRASE_KINDS
from matcher.embedding.lexical import LexicalModel, Lexicon, SparseRows
from matcher.embedding.phrasebook import KEY_BYTES, PhraseBook
from matcher.embedding.postings import turned
from matcher.errors import IndexUnavailableError
from matcher.index.generation import SEARCHED, Generation, Generations
from matcher.index.growing import GrowingArrays
from matcher.index.sealed import Array, mapped
from matcher.matching.candidates import index_arrays
from matcher.matching.columns import Columns
from matcher.matching.corpus import keyword_lines
from matcher.profiles.packed import Chosen, Profiles, Texts, spans
from matcher.profiles.profile import ClusterProfile

RECIPE = "4"
"""Raised when the arrays of a generation change in meaning, so that older ones are rebuilt."""

BATCH = 2048
"""Profiles that are in memory at a time."""

SAMPLE = 20_000
"""Of more profiles than that, about so many, evenly spaced, teach the vocabulary."""

Arrays = Mapping[str, Array]
Body = tuple[str, str]
"""Id and JSON of a profile."""

_WORDS = {"lexical_starts": ("lexical_values", "lexical_columns")}
_LISTS = {
    "keywords_starts": ("keywords",),
    **{f"{kind}_starts": (f"{kind}_phrases",) for kind in PHRASE_KINDS},
}
"""Where rows begin -> the arrays of which each row owns some values."""


def bodies_digest(bodies: Iterable[Body]) -> str:
    """SHA-256 of everything that a generation depends on, but the model."""
    digest = hashlib.sha256(RECIPE.encode())
    for _, body in bodies:
        digest.update(body.encode() + b"\n")
    return digest.hexdigest()


def build(
    generations: Generations,
    bodies: Iterable[Body],
    encoder: Encoder,
    progress: Progress | None = None,
) -> Generation:
    """Embed what changed and make the result the generation in force.

    Parameters
    ----------
    generations
        Where it is kept.
    bodies
        Id and JSON of all profiles, sorted by id.
    encoder
        Turns texts into vectors.
    progress
        Told how many profiles are done.

    Raises
    ------
    IndexBusyError
        Another process is rebuilding.
    IndexUnavailableError
        It cannot be stored.
    ModelUnavailableError
        The model cannot be loaded.
    """
    with generations.rebuilding() as write, generations.workshop() as made:
        before = _before(generations, encoder.fingerprint)
        work = _Build(made, before.arrays if before else {}, encoder)
        digest = bodies_digest(work.take_in(bodies))
        learnt_from = work.learn(int(before.meta["learnt_from"]) if before else 0)
        work.describe(progress)
        work.order_phrases()
        work.index()
        meta = {"recipe": RECIPE, "profiles": digest, "learnt_from": str(learnt_from)}
        return write(work.files, (), {"fingerprint": encoder.fingerprint, **meta})


def _before(generations: Generations, fingerprint: str) -> Generation | None:
    """Return the generation that unchanged rows can be copied from."""
    try:
        generation = generations.current(fingerprint)
    except IndexUnavailableError:
        return None
    return generation if generation.meta.get("recipe") == RECIPE else None


class _Build:
    """One build; its methods are called in the order in which they stand.

    Parameters
    ----------
    made
        Where the arrays grow.
    old
        The arrays of the generation before; none where everything is made anew.
    encoder
        Turns texts into vectors.
    """

    def __init__(self, made: GrowingArrays, old: Arrays, encoder: Encoder) -> None:
        self._made, self._old, self._encoder = made, old, encoder
        self._book = PhraseBook(old.get("phrase_keys", np.empty((0, KEY_BYTES), np.uint8)))

    def take_in(self, bodies: Iterable[Body]) -> Iterator[Body]:
        """Copy the profiles while they pass, and see which of them are new."""
        unchanged: list[NDArray[np.int64]] = []
        earlier = _Earlier(self._old)
        passing = iter(bodies)
        while (batch := list(islice(passing, BATCH))) or not unchanged:
            unchanged.append(np.array([earlier.row(*body) for body in batch], dtype=np.int64))
            self._made.append(Texts.of(key for key, _ in batch).arrays("ids"))
            self._made.append(Texts.of(body for _, body in batch).arrays("bodies"))
            yield from batch
        self._unchanged = np.concatenate(unchanged)
        bodies, starts = self._finished("bodies"), self._finished("bodies_starts")
        self._profiles = Profiles(Texts(bodies, starts))

    def learn(self, learnt_from: int) -> int:
        """Learn the vocabulary, or keep the one before, and return from how many it is.

        One that was learnt from a sample is kept until there are twice as many profiles.
        """
        count = len(self._profiles)
        self._keeps_words = min(count, learnt_from) > SAMPLE and count <= 2 * learnt_from
        if self._keeps_words:
            self._model, count = Lexicon.from_arrays(self._old).model, learnt_from
        else:
            rows = range(0, count, max(1, -(-count // SAMPLE)))
            self._model = LexicalModel.of(self._profiles[row] for row in rows)
        self._made.append(self._model.arrays)
        return count

    def describe(self, progress: Progress | None) -> None:
        """Make columns, vectors and words of all profiles."""
        count = len(self._profiles)
        for start in range(0, max(count, 1), BATCH):
            rows = self._unchanged[start : start + BATCH]
            batch = Chosen(self._profiles, np.arange(start, start + len(rows)))
            fresh = Chosen(batch, np.flatnonzero(rows < 0))[:]
            report = _within(progress, start + len(rows) - len(fresh), len(fresh), count)
            arrays = _woven(self._old, rows, self._described(fresh, report), _LISTS)
            for kind in PHRASE_KINDS:
                arrays[f"{kind}_numbers"] = arrays.pop(f"{kind}_phrases")
            if self._keeps_words:
                arrays |= _woven(self._old, rows, self._model.rows(fresh).arrays, _WORDS)
            else:
                arrays |= self._model.rows(batch).arrays
            self._made.append(arrays)
            if progress:
                progress(start + len(rows), count)

    def _described(self, fresh: Sequence[ClusterProfile], report: Progress | None) -> Arrays:
        """Make everything of new profiles but their words."""
        if not fresh and self._old:
            self._made.append({"new_phrases": self._old["phrases"][:0]})
            return {name: self._old[name][: name in _LISTS] for name in _row_names(self._old)}
        embedded = embed_profiles(fresh, self._encoder, report)
        arrays = embedded.arrays
        codes, new = self._book.codes(distinct_phrases(fresh))
        self._made.append({"new_phrases": arrays.pop("phrases")[new]})
        for kind in PHRASE_KINDS:
            arrays[f"{kind}_phrases"] = codes[arrays[f"{kind}_phrases"]]
        arrays |= Texts.of(map(keyword_lines, fresh)).arrays("keywords")
        return arrays | Columns.of(fresh).arrays

    def order_phrases(self) -> None:
        """Write the vectors of the phrases that are said, and each row's places among them."""
        numbers = {kind: self._finished(f"{kind}_numbers") for kind in PHRASE_KINDS}
        used = np.zeros(len(self._book), dtype=np.bool_)
        for said in numbers.values():
            used[said] = True
        keys, order = self._book.in_order(used)
        self._made.append({"phrase_keys": keys})
        for part in _parts(order):
            self._made.append({"phrases": self._phrase_vectors(part)})
        place = np.zeros(len(used), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        for kind, said in numbers.items():
            for part in _parts(said):
                self._made.append({f"{kind}_phrases": place[part]})

    def _phrase_vectors(self, numbers: NDArray[np.int32]) -> Array:
        """Vectors of numbered phrases, those of the generation before and new ones."""
        new = self._finished("new_phrases")
        old = self._old.get("phrases", new[:0])
        vectors = np.empty((len(numbers), new.shape[1]), dtype=np.float32)
        known = numbers < len(old)
        vectors[known] = old[numbers[known]]
        vectors[~known] = new[numbers[~known] - len(old)]
        return vectors

    def index(self) -> None:
        """Index what candidates are looked up by, where they are many."""
        indexed = index_arrays(self._finished(SEARCHED), self._old, self._unchanged)
        self._made.append(indexed)
        if indexed:
            rows = SparseRows(*(self._finished(f"lexical_{name}") for name in SparseRows.__slots__))
            for part in turned(rows, len(self._model.terms)):
                self._made.append(part)

    @property
    def files(self) -> dict[str, Path]:
        """The files that make up the generation."""
        passing = {"new_phrases", *(f"{kind}_numbers" for kind in PHRASE_KINDS)}
        return {name: file for name, file in self._made.finish().items() if name not in passing}

    def _finished(self, name: str) -> Array:
        return mapped(self._made.finish(name)[name])


class _Earlier:
    """Looks profiles up in a generation before, in the order of their ids."""

    def __init__(self, arrays: Arrays) -> None:
        nothing = Texts.of(())
        self._ids = Texts.from_arrays("ids", arrays) if arrays else nothing
        self._bodies = Texts.from_arrays("bodies", arrays) if arrays else nothing
        self._next = 0

    def row(self, key: str, body: str) -> int:
        """Row of the very same profile; -1 where it is new or has changed."""
        while self._next < len(self._ids) and self._ids[self._next] < key:
            self._next += 1
        row = self._next
        same = row < len(self._ids) and self._ids[row] == key and self._bodies[row] == body
        return row if same else -1


def _woven(
    old: Arrays, rows: NDArray[np.int64], new: Arrays, lists: Mapping[str, tuple[str, ...]]
) -> dict[str, Array]:
    """Put copied and new rows together.

    Parameters
    ----------
    old
        Arrays of the generation before.
    rows
        (k,) row in there, -1 for a new one.
    new
        The new rows, in their order.
    lists
        See `_LISTS`.
    """
    kept = rows >= 0
    if not kept.any():
        return dict(new)
    lengthy = {value for values in lists.values() for value in values}
    woven = {
        name: _filled(kept, old[name][rows[kept]], fresh)
        for name, fresh in new.items()
        if name not in lists and name not in lengthy
    }
    for starts, values in lists.items():
        places, own = spans(old[starts], rows[kept])
        sizes = _filled(kept, np.diff(own), np.diff(new[starts]))
        woven[starts] = np.append(0, np.cumsum(sizes)).astype(np.int64)
        for name in values:
            woven[name] = _filled(np.repeat(kept, sizes), old[name][places], new[name])
    return woven


def _filled(kept: NDArray[np.bool_], old: Array, new: Array) -> Array:
    whole = np.empty((len(kept), *new.shape[1:]), dtype=new.dtype)
    whole[kept], whole[~kept] = old, new
    return whole


def _row_names(arrays: Arrays) -> list[str]:
    """Names of the arrays that `_Build._described` makes."""
    columns = [name for name in arrays if name.startswith("column_")]
    values = [name for names in _LISTS.values() for name in names]
    return [*FACETS, *columns, *_LISTS, *values]


def _parts(array: Array) -> Iterator[Array]:
    """Cut an array into parts that fit into the memory, one at least."""
    for start in range(0, max(len(array), 1), BATCH):
        yield array[start : start + BATCH]


def _within(progress: Progress | None, done: int, rows: int, count: int) -> Progress | None:
    """Tell of the texts of some rows as part of all rows."""
    if not progress:
        return None
    return lambda texts, of: progress(done + rows * texts // max(of, 1), count)
