"""Write the vectors that ship with the data to `data/vectors/`; run it after a change of the data.

``python deploy/vectors.py`` encodes what is missing and drops what is no longer needed. Without
that folder it encodes everything, which takes some ten minutes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.config import Settings
from matcher.embedding.e5 import E5, E5_FINGERPRINT
from matcher.embedding.encoder import Vectors, content_key
from matcher.embedding.lessons import lessons
from matcher.embedding.model_files import PACKAGED_FINGERPRINT
from matcher.embedding.packaged import open_encoder
from matcher.embedding.shipped import completed, save, shipped_vectors
from matcher.matcher import Matcher
from matcher.store import Store


class Needed:
    """A cache that keeps, of what ships and what is new, all that was ever asked for."""

    def __init__(self) -> None:
        self.vectors: dict[str, Vectors] = {}

    def get(self, model: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Look up what was kept or ships."""
        self.vectors |= shipped_vectors(model, [key for key in keys if key not in self.vectors])
        return {key: self.vectors[key] for key in keys if key in self.vectors}

    def put(self, model: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep what is new."""
        self.vectors |= vectors


def write(folder: Path) -> None:
    """Embed the shipped data as a first start does, in a home of its own, and keep the vectors."""
    settings = Settings(home=folder)
    encoder, needed = open_encoder(settings), Needed()
    store = Store.open(settings.store_url)
    store.vectors = needed
    with Matcher(store, encoder, settings) as matcher:
        matcher.load(progress=lambda done, total: print(f"{done} of {total}", flush=True))
    texts = lessons()
    keys = [content_key(text) for text in texts]
    of_e5 = completed(E5_FINGERPRINT, texts, lambda missing: E5().encode(missing))
    of_minilm = completed(PACKAGED_FINGERPRINT, texts, encoder._english)
    save(PACKAGED_FINGERPRINT, needed.vectors | dict(zip(keys, of_minilm, strict=True)))
    save(E5_FINGERPRINT, dict(zip(keys, of_e5, strict=True)))


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        write(Path(home))
