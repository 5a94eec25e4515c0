"""`Desk`: everything that staff keep about introductions."""

from matcher.introductions.contacts import People
from matcher.introductions.programme import Programme, Programmes
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
    programmes
        What letters and briefs say of the programme.
    """

    def __init__(self, database: Database) -> None:
        self.introductions = Introductions(database)
        self.people = People(database)
        self.programmes = Programmes(database)

    @property
    def programme(self) -> Programme:
        """The programme as it is settled now."""
        return self.programmes.read()[0]
