"""`Desk`: everything that staff keep about introductions, opened in one go."""

from types import TracebackType
from typing import Self

from matcher.introductions.contacts import People
from matcher.introductions.repository import Introductions
from matcher.store.database import Database
from matcher.store.migrate import migrate


class Desk:
    """The staff's records; open one per process and share it between threads.

    Attributes
    ----------
    introductions
        The introductions and their states.
    people
        Contact persons and their consents.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.introductions = Introductions(database)
        self.people = People(database)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the store's database, making or upgrading its tables.

        Raises
        ------
        StoreUnavailableError
            It cannot be opened, or a newer version wrote it.
        """
        database = Database(url)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
