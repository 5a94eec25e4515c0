"""Vectors kept in the database, by model fingerprint and content key."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from matcher.store.database import Repository, upsert
from matcher.store.records import chunks
from matcher.store.tables import vectors

_FLOAT = np.dtype("<f4")
_SEAL = 5
"""Bytes behind a vector for its CRC-32: one more than it needs, so that the length tells it."""


class VectorTable(Repository):
    """Vectors of float32; a vector's key is the digest of the text that it stands for."""

    def get(self, fingerprint: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Read the vectors that are there, (dim,) each and read-only.

        Parameters
        ----------
        fingerprint
            The model.
        keys
            Any number of them; those that are not there are left out.
        """
        found: dict[str, NDArray[np.float32]] = {}
        with self._database.read() as connection:
            for part in chunks(keys):
                rows = connection.execute(
                    select(vectors.c.key, vectors.c.data).where(
                        vectors.c.fingerprint == fingerprint, vectors.c.key.in_(part)
                    )
                )
                found.update(
                    (key, np.frombuffer(vector, dtype=_FLOAT))
                    for key, data in rows
                    if (vector := _unsealed(data)) is not None
                )
        return found

    def put(self, fingerprint: str, new: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors, all or none; a key that is there already is replaced."""
        rows = [
            {"fingerprint": fingerprint, "key": key, "data": _sealed(vector)}
            for key, vector in new.items()
        ]
        with self._database.write(beside_others=True) as connection:
            upsert(connection, vectors, rows)


def _sealed(vector: NDArray[np.float32]) -> bytes:
    data = vector.astype(_FLOAT).tobytes()
    return data + zlib.crc32(data).to_bytes(_SEAL, "little")


def _unsealed(data: bytes) -> bytes | None:
    """The vector in a row; ``None`` where it is damaged. Older rows have no seal."""
    if len(data) % _FLOAT.itemsize == 0:
        return data
    vector, seal = data[:-_SEAL], data[-_SEAL:]
    return vector if zlib.crc32(vector) == int.from_bytes(seal, "little") else None
