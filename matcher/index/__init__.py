"""Vector search and its generations on disk; FAISS is imported by its engine alone."""

from matcher.index.contract import Hit, Mask, SavedIndex, VectorIndex
from matcher.index.flat import FlatIndex
from matcher.index.generation import Generation, Generations
from matcher.index.shared import SharedGenerations, open_generations

__all__ = [
    "FlatIndex",
    "Generation",
    "Generations",
    "Hit",
    "Mask",
    "SavedIndex",
    "SharedGenerations",
    "VectorIndex",
    "open_generations",
]
