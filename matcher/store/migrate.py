"""Brings a database to the tables of this version; alembic is imported only when there is need."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from matcher.errors import StoreUnavailableError
from matcher.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0022"
"""The newest revision in `migrations/versions`."""


def migrate(database: Database) -> None:
    """Run the migrations that the database has not seen.

    Raises
    ------
    StoreUnavailableError
        It was written by a newer version of the matcher, or cannot be used.
    """
    with database.read() as connection:
        found = recorded_revision(connection)
    if found != HEAD:
        _upgrade(database, found)


def recorded_revision(connection: Connection) -> str | None:
    """Read which revision the database is at; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def alembic_config() -> "Config":
    """Make the configuration that alembic's own commands need."""
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def known_revisions() -> frozenset[str]:
    """List the revisions that this version knows."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return frozenset(script.revision for script in scripts)


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the database of a connection to a revision, within the transaction begun on it."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _upgrade(database: Database, found: str | None) -> None:
    if found is not None and found not in known_revisions():
        raise StoreUnavailableError(
            f"The database was written by a newer version of the matcher (revision {found}, this "
            f"one knows {HEAD}). Update the matcher; the database was not touched."
        )
    with database.write() as connection:
        upgrade(connection, HEAD)
