"""A searchable index as one sealed folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matcher.embedding.encoder import Vectors
from matcher.errors import IndexUnavailableError
from matcher.index.sealed import Array, Contents, pack, read_sealed, write_sealed


def save_index(folder: Path, ids: Sequence[str], arrays: Mapping[str, Array]) -> None:
    """Write ids, arrays and their checksums.

    Parameters
    ----------
    folder
        Made where it is missing.
    ids
        Of the n rows.
    arrays
        The vectors under ``"vectors"``, (n, dim), and whatever else the engine needs.

    Raises
    ------
    IndexUnavailableError
        It cannot be written.
    """
    try:
        write_sealed(folder, pack(arrays, ids, {}))
    except OSError as error:
        raise IndexUnavailableError(f"The index cannot be saved: {error.strerror}.") from error


def read_index(folder: Path) -> tuple[Contents, Vectors]:
    """Read what `save_index` wrote: everything, and the vectors apart; those stay on disk.

    Raises
    ------
    IndexUnavailableError
        A file is missing or is not exactly what was written.
    """
    contents = read_sealed(folder)
    vectors = contents.arrays.get("vectors")
    if vectors is None or vectors.ndim != 2 or len(vectors) != len(contents.ids):
        raise IndexUnavailableError(f"{folder.name} does not hold a saved index.")
    return contents, vectors
