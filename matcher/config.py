"""All settings of the product, in one place.

Every setting can be given in the environment as ``MATCHER_<NAME>``, for example
``MATCHER_PORT=9000``; ``matcher doctor`` prints the values in force.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from matcher.errors import FieldProblem, InvalidInputError

PROJECT_DIR = Path(__file__).resolve().parents[1]
PACKAGED_MODEL = "all-MiniLM-L6-v2"


def find_folders() -> tuple[Path, Path]:
    """Find the shipped data, and the default folder for what is made from them.

    In a checkout both are beside the package. An installed package carries its data inside, and may
    not be writable: what it makes goes to the user's own data folder.
    """
    if (PROJECT_DIR / "pyproject.toml").is_file():
        return PROJECT_DIR / "data", PROJECT_DIR / ".matcher"
    home = user_data_path("cluster-matcher", appauthor=False)
    return Path(__file__).resolve().parent / "data", home


DATA_DIR, DEFAULT_HOME = find_folders()


class Settings(BaseSettings):
    """Settings of one running matcher, read from ``MATCHER_*`` variables."""

    model_config = SettingsConfigDict(env_prefix="MATCHER_", frozen=True, extra="forbid")

    home: Path = Field(
        default=DEFAULT_HOME,
        description="Folder of everything that is not shipped: database, vectors, index.",
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the store; an SQLite file in `home` when absent.",
    )
    database_read_url: str | None = Field(
        default=None,
        description="URL of a read replica of the store in PostgreSQL. It takes reads that bear "
        "the state of some moments ago, and all of them while the primary is away.",
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
    refresh_seconds: float = Field(
        default=5,
        ge=0,
        description="How often the service looks for an index that another process has made, and "
        "whom to write to about partners that are new in saved searches, or of whose event the day "
        "has come to remind; 0 for never.",
    )
    exhaustive_limit: int = Field(
        default=5000,
        ge=1,
        description="How many candidates the vector index finds: up to this many eligible clusters "
        "are all scored; of more, those that are nearest to the asker as a whole.",
    )
    index_factory: str = Field(
        default="IVF{lists},RaBitQ4,RFlat",
        description="Factory string of FAISS for large collections; {lists} becomes a number that "
        "fits the clusters. Flat compares with every one.",
    )
    index_factory_rows: int = Field(
        default=20_000,
        ge=0,
        description="From so many clusters on the factory string is used; fewer are searched "
        "exactly.",
    )
    connection_limit: int = Field(
        default=2000, ge=1, description="Open connections that the service holds at most."
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Host names that requests may be for, separated by commas; a name that begins "
        "with a dot includes its subdomains. Any host when empty.",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*$",
        description="Address of the start page as visitors have it, such as "
        "https://example.org/match. Links in letters begin with it; its path is put before all "
        "links of the pages.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Mail server that letters are sent through: smtp://user:password@host:587 "
        "(encrypted where the server can), smtps://user:password@host:465. Without one, letters "
        "are files in the folder `mail` of `home`.",
    )
    mail_from: str = Field(
        default="cluster-matcher@localhost",
        pattern=r"^([^@<>\r\n\"]+ <[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)$",
        description="Sender of letters: name@example.org, or A name <name@example.org>.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="How many reverse proxies stand in front: the address of a client is taken "
        "from so many entries of X-Forwarded-For. 0 ignores that header.",
    )
    rate_limit: int = Field(
        default=600,
        ge=0,
        description="Requests that one client address may make a minute; 0 for no limit.",
    )
    post_rate_limit: int = Field(
        default=60,
        ge=0,
        description="How many of them may send texts or files to work on; 0 for no own limit.",
    )
    draft_days: int = Field(
        default=60,
        ge=1,
        le=3650,
        description="How long a described cluster is kept after it was last changed.",
    )
    answer_cache_mb: int = Field(
        default=32,
        ge=0,
        description="Memory for answers that were given before, in MB; 0 keeps none.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="What the service logs: info has a line for each request, warning has not.",
    )

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url", mode="before")
    @classmethod
    def _without_slash(cls, value: object) -> object:
        return (value.rstrip("/") or None) if isinstance(value, str) else value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("write it as smtp://user:password@host:587 or smtps://host:465")
        return value

    @property
    def origin(self) -> str:
        """Where links in letters begin: the public address, or this machine's own."""
        host = "localhost" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def store_url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'matcher.db'}"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Settings from the environment, read once per process.

    Raises
    ------
    InvalidInputError
        A variable has an impossible value; every one is named.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            FieldProblem(f"MATCHER_{str(detail['loc'][0]).upper()}", detail["msg"])
            for detail in error.errors(include_url=False, include_input=False)
        ]
        raise InvalidInputError("A setting cannot be used.", problems) from None
