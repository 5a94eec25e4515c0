"""The encoder in force without a setting: every language in one space, and no torch to ask."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import TypeVar

import numpy as np

from matcher import memory
from matcher.config import PACKAGED_MODEL, Settings
from matcher.embedding import minilm
from matcher.embedding.bridge import Bridge
from matcher.embedding.e5 import E5, E5_FINGERPRINT, WEIGHTS_SHA256
from matcher.embedding.encoder import (
    Encoder,
    Progress,
    SentenceTransformerEncoder,
    Vectors,
    content_key,
    require_text,
)
from matcher.embedding.lessons import lessons, lessons_digest
from matcher.embedding.made_files import MadeFile
from matcher.embedding.minilm import MiniLM
from matcher.embedding.model_files import PACKAGED_DIM, PACKAGED_FINGERPRINT, PACKAGED_SHA256
from matcher.embedding.parts import Part, parts, windows
from matcher.embedding.shipped import completed

Model = TypeVar("Model", MiniLM, E5, Bridge)

BATCH = 128
RECIPE = "2"
"""Raised when what is made on this machine, or the way a text is cut, changes in meaning."""
_SHORT = minilm.LIMIT - 2
"""Letters that always fit into the model: a word piece has one letter at least."""


def open_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings ask for; nothing is loaded yet."""
    if settings.model == PACKAGED_MODEL:
        return PackagedEncoder(settings.home / "models" / PACKAGED_FINGERPRINT)
    return SentenceTransformerEncoder(settings.model)


class PackagedEncoder:
    """English by MiniLM, other languages by multilingual-e5-small brought into MiniLM's space.

    A text of several languages is cut where the language changes, a long one into windows; the
    mean of the parts, weighted by their length, stands for the whole. Making one costs nothing:
    models are loaded, and files made in `folder`, when first needed. Threads may share it.

    Parameters
    ----------
    folder
        Where files are kept that are made from the models once.
    """

    dim = PACKAGED_DIM
    english_only = False
    cached_as = PACKAGED_FINGERPRINT

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loading = RLock()
        self._loaded: dict[str, MiniLM | E5 | Bridge] = {}

    @cached_property
    def fingerprint(self) -> str:
        """Identifies both models and the way between them."""
        return f"{PACKAGED_FINGERPRINT}+{self._way[:16]}"

    @cached_property
    def _made_from(self) -> Mapping[str, str]:
        return {
            "minilm": PACKAGED_SHA256,
            "e5": WEIGHTS_SHA256,
            "texts": lessons_digest(),
            "recipe": RECIPE,
        }

    @cached_property
    def _way(self) -> str:
        return sha256("\n".join(self._made_from.values()).encode()).hexdigest()

    def key(self, text: str) -> str:
        """Key of a text in a cache: plain for what was always encoded as it is now."""
        if not all(part.english for part in parts(text)):
            return content_key(f"{self._way}\0{text}")
        return content_key(text if len(text) <= _SHORT else f"windows {RECIPE}\0{text}")

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts as `Encoder.encode` says; all of a text counts, however long it is."""
        require_text(texts)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        pieces = {text: self._pieces(text) for text in dict.fromkeys(texts)}
        needed = dict.fromkeys(piece for each in pieces.values() for piece in each)
        vectors = self._encoded(list(needed), progress)
        whole = {text: _mean(each, vectors) for text, each in pieces.items()}
        return np.stack([whole[text] for text in texts])

    def _pieces(self, text: str) -> list[Part]:
        """Parts of a text that their model reads as a whole; e5 cuts long ones itself."""
        return [
            Part(window, part.english)
            for part in parts(text)
            for window in (windows(part.text, self._fits) if part.english else (part.text,))
        ]

    def _fits(self, text: str) -> bool:
        return len(text) <= _SHORT or self._minilm.pieces(text) <= minilm.LIMIT

    def _encoded(self, pieces: Sequence[Part], progress: Progress | None) -> dict[Part, Vectors]:
        """Vectors of different pieces, by model and length, so that batches hold little padding."""
        order = sorted(pieces, key=lambda piece: (piece.english, -len(piece.text), piece.text))
        found: dict[Part, Vectors] = {}
        for english in (True, False):
            chosen = [piece for piece in order if piece.english is english]
            for start in range(0, len(chosen), BATCH):
                batch = chosen[start : start + BATCH]
                read = self._english if english else self._foreign
                found.update(zip(batch, read([piece.text for piece in batch]), strict=True))
                if progress:
                    progress(len(found), len(pieces))
        return found

    def _english(self, texts: Sequence[str]) -> Vectors:
        return self._minilm.encode(texts)

    def _foreign(self, texts: Sequence[str]) -> Vectors:
        return self._bridge(self._by_e5(texts))

    def _by_e5(self, texts: Sequence[str]) -> Vectors:
        return self._e5.encode(texts)

    def prepare(self) -> None:
        """Make the files that models are loaded from, which takes half a minute, once."""
        with self._loading:
            _ = self._minilm_file, self._bridge_file

    @cached_property
    def _minilm_file(self) -> Path:
        made_from = {"minilm": PACKAGED_SHA256, "recipe": RECIPE}
        return MadeFile(self.folder, "minilm.onnx", made_from, minilm.export).path()

    @cached_property
    def _bridge_file(self) -> Path:
        return MadeFile(self.folder, "bridge.npz", self._made_from, self._learn).path()

    @property
    def _minilm(self) -> MiniLM:
        return self._once("minilm", lambda: MiniLM(self._minilm_file))

    @property
    def _e5(self) -> E5:
        return self._once("e5", E5)

    @property
    def _bridge(self) -> Bridge:
        return self._once("bridge", lambda: Bridge.load(self._bridge_file))

    def _once(self, name: str, load: Callable[[], Model]) -> Model:
        """Load a model unless that was done; other threads wait for it."""
        with self._loading:
            if name not in self._loaded:
                self._loaded[name] = load()
                memory.give_back()  # the copies that loading makes
            return self._loaded[name]  # type: ignore[return-value]

    def learnt_from(self) -> tuple[Vectors, Vectors]:
        """Return the vectors of `lessons` by e5 and by MiniLM; those that ship are not made."""
        texts = lessons()
        return (
            completed(E5_FINGERPRINT, texts, self._by_e5),
            completed(PACKAGED_FINGERPRINT, texts, self._english),
        )

    def _learn(self, file: Path) -> None:
        """Learn the way from e5 to MiniLM."""
        Bridge.fit(*self.learnt_from()).save(file)


def _mean(pieces: Sequence[Part], vectors: Mapping[Part, Vectors]) -> Vectors:
    """Mean of a text's pieces, weighted by their length; of length 1."""
    if len(pieces) == 1:
        return vectors[pieces[0]]
    total = sum(len(piece.text) * vectors[piece] for piece in pieces)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)
