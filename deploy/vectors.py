"""Write the vectors that ship with the data to `data/vectors/`; run it after a change of the data.

``python deploy/vectors.py`` encodes what is missing and drops what is no longer needed. Without
that folder it encodes everything, which takes some ten minutes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.config import Settings
from matcher.embedding.e5 import E5_FINGERPRINT
from matcher.embedding.encoder import Vectors, content_key
from matcher.embedding.lessons import lessons
from matcher.embedding.model_files import PACKAGED_FINGERPRINT
from matcher.embedding.packaged import PackagedEncoder
from matcher.embedding.shipped import save, shipped_vectors
from matcher.matcher import Matcher
from matcher.store import Store, VectorTable


class Needed(VectorTable):
    """A cache that keeps, of what ships and what is new, all that was ever asked for."""

    vectors: dict[str, Vectors]

    def get(self, fingerprint: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Look up what was kept or ships."""
        missing = [key for key in keys if key not in self.vectors]
        self.vectors |= shipped_vectors(fingerprint, missing)
        return {key: self.vectors[key] for key in keys if key in self.vectors}

    def put(self, fingerprint: str, new: Mapping[str, Vectors]) -> None:
        """Keep what is new."""
        self.vectors |= new


def write(folder: Path) -> None:
    """Embed the shipped data as a first start does, in a home of its own, and keep the vectors."""
    settings = Settings(home=folder)
    encoder, store = PackagedEncoder(folder / "models"), Store.open(settings.store_url)
    store.vectors = needed = Needed(store.database)
    needed.vectors = {}
    with Matcher(store, encoder, settings) as matcher:
        matcher.load(progress=lambda done, total: print(f"{done} of {total}", flush=True))
    keys = [content_key(text) for text in lessons()]
    of_e5, of_minilm = encoder.learnt_from()
    save(PACKAGED_FINGERPRINT, needed.vectors | dict(zip(keys, of_minilm, strict=True)))
    save(E5_FINGERPRINT, dict(zip(keys, of_e5, strict=True)))


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        write(Path(home))
