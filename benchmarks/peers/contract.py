"""What a peer must do to be measured."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.data import Filter, Task

PEERS = {
    "ours": "ours:Ours",
    "sentence-transformers": "arrays:SemanticSearch",
    "scikit-learn": "arrays:NearestRows",
    "lancedb": "lance:Lance",
    "chromadb": "chroma:Chroma",
    "qdrant-client (local)": "qdrant:QdrantLocal",
    "txtai": "txt:Txtai",
    "pgvector": "postgres:PgVector",
}
"""Name -> module and class: imported only where it is measured."""


class Peer(ABC):
    """One library, used for filtered search as its own documentation advises."""

    efforts: ClassVar[Sequence[Any]] = (None,)
    """Settings of a search, the least first: the first that reaches the recall is timed."""

    @abstractmethod
    def build(self, task: Task, folder: Path) -> None:
        """Take in all rows; files may be kept in the folder."""

    @abstractmethod
    def search(self, question: NDArray[np.float32], chosen: Filter, effort: Any) -> Sequence[int]:
        """Numbers of the ten rows that are best among those that meet the filter."""

    def processes(self) -> list[int]:
        """Other processes that work for it."""
        return []

    def close(self) -> None:  # noqa: B027
        """Stop what was started; most start nothing."""
