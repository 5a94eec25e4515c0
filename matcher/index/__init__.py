"""Vector search, and the saved index; FAISS and PostgreSQL are imported by their engines alone."""

from matcher.index.contract import Hits, Mask, VectorIndex
from matcher.index.engines import open_engine
from matcher.index.saved import Saved, SavedIndex

__all__ = ["Hits", "Mask", "Saved", "SavedIndex", "VectorIndex", "open_engine"]
