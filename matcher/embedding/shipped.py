"""Vectors that the product ships with: a first start embeds nothing of the shipped data."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.config import DATA_DIR
from matcher.embedding.encoder import Vectors, content_key

FOLDER = DATA_DIR / "vectors"
_KEY_BYTES = 16
"""Of a SHA-256: enough that no two texts share them."""


def shipped_vectors(model: str, keys: Sequence[str]) -> dict[str, Vectors]:
    """Look vectors up that were made by a model; keys that are not there are left out.

    Parameters
    ----------
    model
        Fingerprint of the model, or the name under which its vectors are kept.
    keys
        Keys of texts in hexadecimal, as in a cache.
    """
    table = _table(model) if keys else None
    if table is None:
        return {}
    wanted = np.array([_short(key) for key in keys])
    places = np.minimum(np.searchsorted(table["key"], wanted), len(table) - 1)
    there = np.flatnonzero(table["key"][places] == wanted)
    vectors = table["vector"][places[there]].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {keys[int(row)]: vector for row, vector in zip(there, vectors, strict=True)}


def completed(model: str, texts: Sequence[str], encode: Callable[[list[str]], Vectors]) -> Vectors:
    """Return the (n, dim) vectors of n different texts; those that do not ship are encoded."""
    keys = [content_key(text) for text in texts]
    known = shipped_vectors(model, keys)
    missing = [text for key, text in zip(keys, texts, strict=True) if key not in known]
    if missing:
        known |= zip(map(content_key, missing), encode(missing), strict=True)
    return np.stack([known[key] for key in keys])


def save(model: str, vectors: Mapping[str, Vectors]) -> None:
    """Write the vectors that ship for a model, by key, in half precision."""
    dim = len(next(iter(vectors.values())))
    row = np.dtype([("key", f"S{_KEY_BYTES}"), ("vector", "<f2", (dim,))])
    table = np.array([(_short(key), vector) for key, vector in vectors.items()], dtype=row)
    FOLDER.mkdir(exist_ok=True)
    np.save(FOLDER / f"{model}.npy", np.sort(table, order="key"), allow_pickle=False)
    _table.cache_clear()


@lru_cache(maxsize=4)
def _table(model: str) -> NDArray[np.void] | None:
    """Map the file of a model, sorted by key; ``None`` where none ships."""
    try:
        table: NDArray[np.void] = np.load(FOLDER / f"{model}.npy", mmap_mode="r")
    except (OSError, ValueError):
        return None
    return table


def _short(key: str) -> bytes:
    return bytes.fromhex(key)[:_KEY_BYTES]
