"""Text encoders: the contract, and the one that sentence-transformers does the work for."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.config import PACKAGED_MODEL
from matcher.embedding.model_files import (
    PACKAGED_DIM,
    PACKAGED_FINGERPRINT,
    check_packaged_weights,
    find_model,
    folder_fingerprint,
)
from matcher.errors import InvalidInputError, ModelUnavailableError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, in all) as the work goes on."""

TOKENS = 1024
"""Tokens in one batch, padding included: about 1.3 times as fast here as 32 texts a batch."""


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Identifies the weights: equal fingerprints give equal vectors."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def english_only(self) -> bool:
        """Whether the model is known to understand English alone."""

    @property
    def cached_as(self) -> str:
        """Name under which vectors are kept; encoders that share it agree on equal keys."""

    def key(self, text: str) -> str:
        """Key of a text under that name: whatever the vector depends on besides goes into it."""

    def prepare(self) -> None:
        """Make now what the first text would have to wait for; nothing is loaded."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts.

        Parameters
        ----------
        texts
            n texts, none of them empty.
        progress
            Told how far the work is.

        Returns
        -------
        ndarray of float32
            (n, dim), each row of Euclidean length 1.

        Raises
        ------
        InvalidInputError
            A text is empty.
        ModelUnavailableError
            The model cannot be loaded.
        """


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU, loaded from disk when first needed.

    Nothing is ever downloaded. Making one costs nothing; torch is imported by the first `encode`.

    Parameters
    ----------
    model
        ``"all-MiniLM-L6-v2"`` for the packaged model, a model folder, or a hub name whose files
        are in the local Hugging Face cache.
    """

    def __init__(self, model: str = PACKAGED_MODEL) -> None:
        self.model = model
        self._loading = Lock()
        self._loaded: SentenceTransformer | None = None

    @property
    def _packaged(self) -> bool:
        return self.model == PACKAGED_MODEL

    @property
    def english_only(self) -> bool:
        """True for the packaged model; other models are taken to understand more."""
        return self._packaged

    @property
    def cached_as(self) -> str:
        """The fingerprint: nothing else shapes a vector."""
        return self.fingerprint

    def key(self, text: str) -> str:
        """Key of a text in a cache."""
        return content_key(text)

    def prepare(self) -> None:
        """Do nothing: the model is used as it came."""

    @cached_property
    def fingerprint(self) -> str:
        """Name and SHA-256 of the model; a model other than the packaged one is read for it.

        Raises
        ------
        ModelUnavailableError
            There is no such model on this machine.
        """
        if self._packaged:
            return PACKAGED_FINGERPRINT
        return f"{Path(self.model).name}@{folder_fingerprint(find_model(self.model))}"

    @cached_property
    def dim(self) -> int:
        """Length of a vector; a model other than the packaged one is loaded for it."""
        if self._packaged:
            return PACKAGED_DIM
        return int(self._transformer().encode(["dimension"], show_progress_bar=False).shape[1])

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts as `Encoder.encode` says; equal texts are encoded once."""
        require_text(texts)
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        model = self._transformer()
        row: dict[str, int] = {}
        parts: list[Vectors] = []
        unique = list(dict.fromkeys(texts))
        for places in batches(_token_counts(model, unique)):
            batch = [unique[place] for place in places]
            vectors = model.encode(
                batch, batch_size=len(batch), normalize_embeddings=True, show_progress_bar=False
            )
            parts.append(np.asarray(vectors, dtype=np.float32))
            row.update(zip(batch, count(len(row)), strict=False))
            if progress:
                progress(len(row), len(unique))
        return np.concatenate(parts)[[row[text] for text in texts]]

    def _transformer(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                if self._packaged:
                    check_packaged_weights()
                self._loaded = _load(find_model(self.model))
            return self._loaded


def content_key(text: str) -> str:
    """Return the key of a text in the cache: its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def require_text(texts: Sequence[str]) -> None:
    """Refuse empty texts: they have no meaning, and a model would invent one.

    Raises
    ------
    InvalidInputError
        A text is empty or blank.
    """
    if not all(text.strip() for text in texts):
        raise InvalidInputError("An empty text cannot be compared; write at least a few words.")


def _token_counts(model: "SentenceTransformer", texts: list[str]) -> list[int]:
    tokenizer = model.tokenizer
    if not callable(tokenizer):  # word-vector models: nothing is padded
        return [1] * len(texts)
    tokens = tokenizer(texts, truncation=True, max_length=model.max_seq_length)["input_ids"]
    return [len(text) for text in tokens]


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Cut texts of some lengths into batches of like length, the longest first.

    Parameters
    ----------
    lengths
        Tokens of each text.

    Yields
    ------
    list of int
        Places of texts that are `TOKENS` at most when they are padded, or of a single one.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        size = max(1, TOKENS // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def quieten(*loggers: str) -> None:
    """Keep the libraries around torch offline, and their remarks and progress bars off screens."""
    os.environ.update(
        HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1"
    )
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for name in loggers:
        logging.getLogger(name).setLevel(logging.ERROR)


def _load(folder: Path) -> "SentenceTransformer":
    quieten("sentence_transformers")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise ModelUnavailableError(
            f"The model {folder.name} cannot be loaded ({type(error).__name__}). Fetch it again, "
            f"or set MATCHER_MODEL to another one; {PACKAGED_MODEL} is always there."
        ) from error
