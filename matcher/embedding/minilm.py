"""all-MiniLM-L6-v2 by ONNX Runtime: the vectors of sentence-transformers without torch."""

import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matcher.config import PACKAGED_MODEL
from matcher.embedding.encoder import Vectors, batches, quieten
from matcher.embedding.model_files import check_packaged_weights, packaged_folder
from matcher.errors import ModelUnavailableError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

LIMIT = 256
"""Word pieces that the model reads, the two that mark beginning and end included."""


class MiniLM:
    """The exported model; may be shared between threads.

    Parameters
    ----------
    file
        What `export` has written.
    """

    def __init__(self, file: Path) -> None:
        self._tokenizer = _tokenizer()
        self._session = _session(file)

    def pieces(self, text: str) -> int:
        """Number of word pieces of a text, however long, with those that mark its ends."""
        return len(self._tokenizer.encode(text).ids)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into (n, 384) unit vectors; what exceeds `LIMIT` must have been cut off."""
        encoded = self._tokenizer.encode_batch(list(texts))
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for rows in batches([len(text.ids) for text in encoded]):
            vectors[rows] = self._run([encoded[row] for row in rows])
        return vectors

    def _run(self, batch: Sequence["Encoding"]) -> Vectors:
        ids = np.zeros((len(batch), max(len(text.ids) for text in batch)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(batch):
            ids[row, : len(text.ids)] = text.ids
            mask[row, : len(text.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        return np.asarray(self._session.run(["vector"], feed)[0], dtype=np.float32)


def export(file: Path) -> None:
    """Write the packaged model as an ONNX file, in some seconds.

    Another process does it, as torch would stay in the memory of this one.

    Raises
    ------
    ModelUnavailableError
        The packaged weights are missing or damaged, or cannot be exported.
    """
    check_packaged_weights()
    command = [sys.executable, "-m", __name__, str(file)]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(  # noqa: S603 - our own module
        command, env=os.environ | path, stderr=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode:
        reason = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[-1]
        raise ModelUnavailableError(
            f"The model {PACKAGED_MODEL} cannot be prepared on this machine ({reason})."
        )


def _export(file: Path) -> None:
    """Write the ONNX file with torch."""
    import torch
    from transformers import AutoModel

    quieten("torch.onnx", "onnxscript", "onnx_ir")

    class Pooled(torch.nn.Module):
        """The mean over the word pieces of a text, of length 1."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(
                str(packaged_folder()), local_files_only=True, attn_implementation="eager"
            )

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask)[0]
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(mean, dim=1)

    shape = {0: torch.export.Dim("texts", max=4096), 1: torch.export.Dim("pieces", max=512)}
    # Two tensors: one that is given twice would make the inputs one.
    examples = torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled().eval(),
            examples,
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector"],
            dynamic_shapes=(shape, shape),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _tokenizer() -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(file: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # would keep what the longest batch ever took
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors share no narrower base
        raise ModelUnavailableError(
            f"The exported model {file.name} cannot be loaded ({type(error).__name__}). Delete "
            "it; it is made anew when it is needed."
        ) from error


if __name__ == "__main__":
    _export(Path(sys.argv[1]))
