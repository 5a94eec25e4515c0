"""The database: clusters, partnerships, cached vectors; SQLite, or PostgreSQL by its URL."""

from matcher.store.records import SaveCounts
from matcher.store.store import Store
from matcher.store.vectors import VectorTable

__all__ = ["SaveCounts", "Store", "VectorTable"]
