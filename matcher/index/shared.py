"""Generations that several services share through PostgreSQL; the home folder is a cache of them.

Whoever re-indexes builds the generation in the home folder, as on one machine, and then publishes
it: files, vector table and pointer appear in the database in one transaction. The others notice
the pointer, download what they do not have, verify every byte, and open it. While the database is
away, each serves what it has.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from matcher.errors import IndexBusyError, IndexUnavailableError, StoreUnavailableError
from matcher.index.generation import SEARCHED, Generation, Generations, Write, explained
from matcher.index.lock import exclusive
from matcher.index.published import PublishedGenerations
from matcher.index.sealed import Contents, Source, read_sealed, sync_folder
from matcher.store.database import Database


class SharedGenerations(Generations):
    """The generations of a database.

    Parameters
    ----------
    home
        The matcher's folder, for the generations in use here.
    database
        In PostgreSQL, with pgvector.
    """

    def __init__(self, home: Path, database: Database) -> None:
        super().__init__(home)
        self._published = PublishedGenerations(database)

    def current(self, fingerprint: str | None = None) -> Generation:
        """Read and verify the generation in force, as `Generations.current` says.

        It is downloaded where it is not here yet, or damaged here.
        """
        if self.pointed() is None:
            raise IndexUnavailableError(
                "There is no index in the database yet. Build it: matcher index"
            )
        with explained():
            self._root.mkdir(parents=True, exist_ok=True)
            generation = super().current(fingerprint)
            self._remember(generation.id)
        return self._searchable(generation)

    def pointed(self) -> str | None:
        """Read the id in force; what was served here last, while the database is away."""
        try:
            return self._published.pointed()
        except StoreUnavailableError:
            return super().pointed()

    @contextmanager
    def rebuilding(self) -> Iterator[Write]:
        """Hold the lock of all services for a whole rebuild, as `Generations.rebuilding` says."""
        with self._published.rebuilding(), super().rebuilding() as write:
            yield write

    def _replace(
        self, arrays: Mapping[str, Source], ids: Sequence[str], meta: Mapping[str, str]
    ) -> Generation:
        before = self.pointed()
        generation = super()._replace(arrays, ids, meta)
        folder = self._root / generation.id
        if generation.id == before and not self._published.is_whole(generation.id, folder):
            self._published.publish(generation.id, folder)
        return self._searchable(generation)

    def _point_to(self, name: str) -> None:
        self._published.publish(name, self._root / name)
        super()._point_to(name)

    def _first_good(self, pointed: str | None) -> tuple[Contents | None, list[str]]:
        problem = None
        if pointed and not (self._root / pointed).exists():
            problem = self._fetched(pointed)
        contents, problems = super()._first_good(pointed)
        if pointed and problems and not problem:
            problem = self._fetched(pointed)  # the copy here is damaged
            if not problem:
                contents, problems = super()._first_good(pointed)
        return contents, [*([problem] if problem else []), *problems]

    def _fetched(self, name: str) -> str | None:
        """Download a generation and put it in its place; give what kept it from that."""
        fresh, folder = self._root / ".fetched", self._root / name
        with exclusive(self._root / "fetching", wait=True):
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            try:
                self._published.download(name, fresh)
                if read_sealed(fresh).digest != name:
                    return f"the copy of {name} in the database holds another generation"
                shutil.rmtree(folder, ignore_errors=True)
                fresh.rename(folder)
                sync_folder(self._root)
            except (IndexUnavailableError, StoreUnavailableError) as error:
                return f"the copy of {name} in the database cannot be used: {error}"
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        return None

    def _remember(self, name: str) -> None:
        """Note what is served here, for times when the database is away, and delete the rest."""
        before = super().pointed()
        if before != name:
            super()._point_to(name)
            with suppress(IndexBusyError), exclusive(self._root / "lock"):
                self._tidy(name, before)

    def _searchable(self, generation: Generation) -> Generation:
        vectors = generation.arrays.get(SEARCHED)
        if vectors is None:
            return generation
        return replace(generation, searcher=self._published.searcher(generation.id, vectors.shape))


def open_generations(home: Path, database: Database) -> Generations:
    """The generations beside a database: shared in PostgreSQL, in the home folder otherwise."""
    if database.dialect == "postgresql":
        return SharedGenerations(home, database)
    return Generations(home)
