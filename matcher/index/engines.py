"""Which engine searches: FAISS in the process, or PostgreSQL for several machines."""

from matcher.config import Settings
from matcher.index.contract import VectorIndex
from matcher.store.database import Database


def open_engine(settings: Settings, database: Database, fingerprint: str, dim: int) -> VectorIndex:
    """Give an empty index of the engine in force.

    Parameters
    ----------
    settings
        Name the factory string of FAISS, and from how many rows on it is used.
    database
        Where the profiles are: vectors of a PostgreSQL database are kept in it, too.
    fingerprint, dim
        The model, and the length of its vectors.
    """
    if database.dialect == "postgresql":
        from matcher.index.pgvector import PgVectorIndex

        return PgVectorIndex(database, fingerprint, dim)
    from matcher.index.faiss_index import FaissIndex

    return FaissIndex(settings.index_factory, settings.index_factory_rows)
