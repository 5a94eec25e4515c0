"""The database: clusters, partnerships, cached vectors; SQLite, or PostgreSQL by its URL."""

from matcher.store.imports import Saved, Undone
from matcher.store.store import Store
from matcher.store.vectors import VectorTable

__all__ = ["Saved", "Store", "Undone", "VectorTable"]
