"""`Desk`: everything that staff keep about introductions."""

from matcher.introductions.contacts import People
from matcher.introductions.repository import Introductions
from matcher.store.database import Database


class Desk:
    """The staff's records in the database of an open store.

    Attributes
    ----------
    introductions
        The introductions and their states.
    people
        Contact persons and their consents.
    """

    def __init__(self, database: Database) -> None:
        self.introductions = Introductions(database)
        self.people = People(database)
