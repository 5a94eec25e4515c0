"""Index generations on disk: replaced as a whole, verified when read, the last good one kept.

Layout: ``generations/<id>/`` a generation (see `matcher.index.sealed`), ``generations/current``
the id in force, ``generations/lock``. A new generation is written beside the old one, forced to
the disk, renamed into place, and only then pointed to; whoever dies in between leaves the old one
in force.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import IndexUnavailableError
from matcher.index.contract import VectorIndex
from matcher.index.growing import GrowingArrays
from matcher.index.lock import exclusive
from matcher.index.sealed import (
    Array,
    Contents,
    Packed,
    Source,
    pack,
    read_sealed,
    sync_folder,
    write_durably,
    write_sealed,
)
from matcher.profiles.packed import Texts

Write = Callable[[Mapping[str, Source], Sequence[str], Mapping[str, str]], "Generation"]

GENERATION_ID = re.compile(r"[0-9a-f]{16}")
"""What the id of a generation looks like; it is the name of a folder, too."""

SEARCHED = "about"
"""Name of the array in which candidates are looked up: the profiles as a whole."""

_REBUILD = "Rebuild it: matcher index"


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything that answers are computed from; the arrays are read-only.

    Attributes
    ----------
    id
        Digest of the content: equal content, equal id.
    ids
        Names of the rows; packed in the array ``ids`` where there is one.
    arrays
        By name.
    meta
        What the writer noted, the model's ``"fingerprint"`` above all.
    created
        When it was written, ISO 8601 in UTC.
    degraded
        Why an older generation than the one in force is served; ``None`` when all is well.
    searcher
        The rows of the array `SEARCHED` in a vector index elsewhere, which answers as long as it
        can be reached.
    """

    id: str
    ids: Sequence[str]
    arrays: Mapping[str, Array]
    meta: Mapping[str, str]
    created: str
    degraded: str | None = None
    searcher: VectorIndex | None = None


class Generations:
    """The generations under a home folder.

    Parameters
    ----------
    home
        The matcher's folder; nothing is made in it before something is written.
    """

    def __init__(self, home: Path) -> None:
        self._root = home / "generations"
        self._pointer = self._root / "current"

    def current(self, fingerprint: str | None = None) -> Generation:
        """Read and verify the generation in force, or else the last good one.

        Parameters
        ----------
        fingerprint
            The model that the vectors must come from; any when ``None``.

        Raises
        ------
        IndexUnavailableError
            There is none that can be used; the text says what to do.
        """
        while True:
            pointed = self.pointed()
            contents, problems = self._first_good(pointed)
            if not problems or pointed == self.pointed():
                break
        if contents is None:
            raise IndexUnavailableError(_hopeless(problems))
        generation = _generation(contents, problems)
        found = generation.meta.get("fingerprint", "unknown")
        if fingerprint is not None and found != fingerprint:
            raise IndexUnavailableError(
                f"The index was made with the model {found}, but {fingerprint} is in use. "
                f"{_REBUILD}"
            )
        return generation

    def pointed(self) -> str | None:
        """Return the id in force; ``None`` where the pointer is missing or damaged."""
        try:
            text = self._pointer.read_bytes().decode("ascii", "replace")
        except OSError:
            return None
        return text[:-1] if text.endswith("\n") and GENERATION_ID.fullmatch(text[:-1]) else None

    def write(
        self, arrays: Mapping[str, Source], ids: Sequence[str], meta: Mapping[str, str]
    ) -> Generation:
        """Make this content the generation in force; content that is in force already stays.

        Parameters
        ----------
        arrays
            float32, int32, int64 or uint8 arrays by lower-case name, or finished .npy files.
        ids
            Names of the rows.
        meta
            Notes, among them the model's ``"fingerprint"``.

        Raises
        ------
        IndexBusyError
            Another process is rebuilding.
        IndexUnavailableError
            It cannot be stored; what was in force still is.
        """
        with self.rebuilding() as write:
            return write(arrays, ids, meta)

    @contextmanager
    def rebuilding(self) -> Iterator[Write]:
        """Hold the lock for a whole rebuild; gives the function that works as `write` does."""
        with ExitStack() as held:
            with explained():
                self._root.mkdir(parents=True, exist_ok=True)
                held.enter_context(exclusive(self._root / "lock"))
            yield self._replace

    @contextmanager
    def workshop(self) -> Iterator[GrowingArrays]:
        """Lend arrays that grow on the disk, for the length of a rebuild.

        Their files can be handed to the function that `rebuilding` gives: nothing is copied.

        Raises
        ------
        IndexUnavailableError
            The disk is full, or the folder cannot be written.
        """
        folder = self._root / ".workshop.new"
        with explained():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            arrays = GrowingArrays(folder)
            try:
                yield arrays
            finally:
                arrays.close()
                shutil.rmtree(folder, ignore_errors=True)

    def _replace(
        self, arrays: Mapping[str, Source], ids: Sequence[str], meta: Mapping[str, str]
    ) -> Generation:
        packed = pack(arrays, ids, meta)
        with explained():
            contents = self._stored(packed)
            previous = self.pointed()
            if previous != packed.digest:
                self._point_to(packed.digest)
            self._tidy(packed.digest, previous)
        return _generation(contents)

    def _stored(self, packed: Packed) -> Contents:
        folder = self._root / packed.digest
        try:
            return read_sealed(folder)
        except IndexUnavailableError:
            self._store(folder, packed)
        return read_sealed(folder)

    def _store(self, folder: Path, packed: Packed) -> None:
        fresh = self._root / f".{folder.name}.new"
        damaged = self._root / f".{folder.name}.damaged"
        try:
            for leftover in (fresh, damaged):
                if leftover.exists():
                    shutil.rmtree(leftover)
            write_sealed(fresh, packed)
            if folder.exists():
                folder.rename(damaged)
            fresh.rename(folder)
            sync_folder(self._root)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _point_to(self, name: str) -> None:
        fresh = self._root / ".current.new"
        write_durably(fresh, f"{name}\n".encode())
        fresh.replace(self._pointer)
        sync_folder(self._root)

    def _tidy(self, current: str, previous: str | None) -> None:
        """Delete all but the generation in force and the best one before it."""
        others = [name for name in self._candidates(previous) if name != current]
        if len(others) > 1:
            kept = next((name for name in others if _is_good(self._root / name)), others[0])
            for name in others:
                if name != kept:
                    shutil.rmtree(self._root / name)
        for leftover in self._root.glob(".*.*"):
            if leftover.is_dir():
                shutil.rmtree(leftover)

    def _candidates(self, first: str | None) -> list[str]:
        """List the generations there are: `first`, then the youngest to the oldest."""
        try:
            folders = [item for item in self._root.iterdir() if GENERATION_ID.fullmatch(item.name)]
            ages = {folder.name: folder.stat().st_mtime_ns for folder in folders}
        except OSError:
            return []
        return sorted(ages, key=lambda name: (name != first, -ages[name], name))

    def _first_good(self, pointed: str | None) -> tuple[Contents | None, list[str]]:
        """Return the best generation that can be read, and what kept better ones from it."""
        candidates = self._candidates(pointed)
        problems = []
        if pointed and pointed not in candidates:
            problems.append(f"{pointed} is missing")
        elif candidates and not pointed:
            problems.append("current is missing or damaged")
        for name in candidates:
            try:
                return _verified(self._root / name), problems
            except IndexUnavailableError as error:
                problems.append(str(error))
        return None, problems


def _generation(contents: Contents, problems: Sequence[str] = ()) -> Generation:
    degraded = None
    if problems:
        degraded = (
            f"The index is damaged ({'; '.join(problems)}); the last good one, of "
            f"{contents.created}, is used instead. {_REBUILD}"
        )
    packed = "ids" in contents.arrays
    return Generation(
        contents.digest,
        Texts.from_arrays("ids", contents.arrays) if packed else contents.ids,
        contents.arrays,
        contents.meta,
        contents.created,
        degraded,
    )


def _hopeless(problems: Sequence[str]) -> str:
    if not problems:
        return "There is no index yet. Build it: matcher index"
    return f"The index is damaged ({'; '.join(problems)}) and no earlier one is left. {_REBUILD}"


def _verified(folder: Path) -> Contents:
    contents = read_sealed(folder)
    if contents.digest != folder.name:
        raise IndexUnavailableError(f"{folder.name}: holds the content of another generation")
    return contents


def _is_good(folder: Path) -> bool:
    try:
        _verified(folder)
    except IndexUnavailableError:
        return False
    return True


@contextmanager
def explained() -> Iterator[None]:
    """Turn a full disk or a read-only folder into a sentence."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailableError(
            f"The new index cannot be written ({error.strerror or error}); the one before it stays "
            "in use. Make room or make the folder writable, then run: matcher index"
        ) from error
