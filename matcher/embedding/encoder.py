"""Text encoders: the contract, and the one that sentence-transformers does the work for."""

import logging
import os
from collections.abc import Callable, Sequence
from functools import cached_property
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
"""Called with (texts done, texts in all) as the work goes on."""

BATCH = 16  # measured on two cores: 32, the usual size, wastes 15 % on padding


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

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts.

        Parameters
        ----------
        texts
            n texts, none of them empty; what exceeds the model's limit is cut off.
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
        unique = sorted(dict.fromkeys(texts), key=len, reverse=True)
        parts: list[Vectors] = []
        for start in range(0, len(unique), BATCH):
            batch = unique[start : start + BATCH]
            parts.append(self._encode_batch(batch))
            if progress:
                progress(start + len(batch), len(unique))
        row = {text: place for place, text in enumerate(unique)}
        return np.concatenate(parts)[[row[text] for text in texts]]

    def _encode_batch(self, texts: list[str]) -> Vectors:
        vectors = self._transformer().encode(
            texts,
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def _transformer(self) -> "SentenceTransformer":
        with self._loading:
            if self._loaded is None:
                if self._packaged:
                    check_packaged_weights()
                self._loaded = _load(find_model(self.model))
            return self._loaded


def require_text(texts: Sequence[str]) -> None:
    """Refuse empty texts: they have no meaning, and a model would invent one.

    Raises
    ------
    InvalidInputError
        A text is empty or blank.
    """
    if not all(text.strip() for text in texts):
        raise InvalidInputError("An empty text cannot be compared; write at least a few words.")


def _load(folder: Path) -> "SentenceTransformer":
    os.environ.update(
        HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1"
    )
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise ModelUnavailableError(
            f"The model {folder.name} cannot be loaded ({type(error).__name__}). Fetch it again, or "
            f"set MATCHER_MODEL to another one; {PACKAGED_MODEL} is always there."
        ) from error
