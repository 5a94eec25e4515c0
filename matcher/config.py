"""All settings of the product, in one place.

Every setting can be given in the environment as ``MATCHER_<NAME>``, for example
``MATCHER_PORT=9000``; ``matcher doctor`` prints the values in force.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[1]
DATA_DIR = PROJECT_DIR / "data"
PACKAGED_MODEL = "all-MiniLM-L6-v2"


class Settings(BaseSettings):
    """Settings of one running matcher, read from ``MATCHER_*`` variables."""

    model_config = SettingsConfigDict(env_prefix="MATCHER_", frozen=True, extra="forbid")

    home: Path = Field(
        default=PROJECT_DIR / ".matcher",
        description="Folder of everything that is not shipped: database, vectors, index.",
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the store; an SQLite file in `home` when absent.",
    )
    model: str = Field(
        default=PACKAGED_MODEL,
        description="Sentence-embedding model: the packaged one, a folder, or a hub name.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the service listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the service.")
    threads: int = Field(default=8, ge=1, le=256, description="Request threads of the service.")
    max_body_kb: int = Field(
        default=1024, ge=1, description="Largest request body that the service accepts, in kB."
    )
    exhaustive_limit: int = Field(
        default=5000,
        ge=1,
        description="Up to this many eligible clusters are all scored; above, candidates are "
        "retrieved by vector search first.",
    )
    connection_limit: int = Field(
        default=500, ge=1, description="Open connections that the service holds at most."
    )

    @property
    def store_url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'matcher.db'}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Settings from the environment, read once per process."""
    return Settings()
