"""The programme that staff run: what all letters and briefs about introductions say of it."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Connection, insert, select, update

from matcher.documents.letters import Occasion
from matcher.documents.text import clean
from matcher.errors import ConflictError, FieldProblem, InvalidInputError
from matcher.i18n.languages import Language
from matcher.introductions.tables import programme as table
from matcher.store.database import Repository

_Words = Annotated[str, Field(max_length=200), AfterValidator(clean)]


class Programme(BaseModel):
    """What letters and briefs take from the programme; what is empty is not settled.

    `sender` signs the letters, `name` stands below it and in briefs. The two of a pair could talk
    at `event`, which begins on `event_day`; one in which both take part goes before it. Letters
    ask for an answer by `deadline`, and within three weeks all the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: _Words = ""
    sender: _Words = ""
    event: _Words = ""
    event_day: date | None = None
    deadline: date | None = None

    def signature(self, say: Language) -> str:
        """Return what stands below a letter, in its language."""
        return "\n".join(filter(None, (self.sender or say("The networking team"), self.name)))

    def occasion(self, on: date) -> Occasion | None:
        """Return the event, unless it is over."""
        if not self.event or self.event_day is None or self.event_day < on:
            return None
        return Occasion(self.event, self.event_day, both=False)


class Programmes(Repository):
    """The programme of a database, at its version; at 0 nothing has been settled yet."""

    def read(self) -> tuple[Programme, int]:
        """Read it, with its version."""
        with self._database.read() as connection:
            return programme_of(connection)

    def save(self, programme: Programme, *, version: int, on: date) -> int:
        """Replace the version that the editor has seen; the answer is the new one.

        Raises
        ------
        ConflictError
            It has been changed since.
        InvalidInputError
            The event lacks its day, or the deadline has passed.
        """
        _require_days(programme, on)
        values = {**programme.model_dump(), "version": version + 1}
        with self._database.write() as connection:
            _, now = programme_of(connection)
            if now != version:
                raise ConflictError(f"The programme is now at version {now}: read it again.")
            write = update(table) if now else insert(table)
            connection.execute(write.values(values))
        return version + 1


def programme_of(connection: Connection) -> tuple[Programme, int]:
    """Read the programme with its version."""
    row = connection.execute(select(table)).mappings().first()
    if row is None:
        return Programme(), 0
    return Programme(**{name: row[name] for name in Programme.model_fields}), row["version"]


def _require_days(programme: Programme, on: date) -> None:
    problems = []
    if programme.event and programme.event_day is None:
        problems.append(FieldProblem("body", "is needed with an event", "event_day"))
    if programme.deadline and programme.deadline < on:
        problems.append(FieldProblem("body", "has passed", "deadline"))
    if problems:
        raise InvalidInputError("The programme cannot be like that.", problems)
