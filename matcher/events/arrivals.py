"""Who has arrived: noted at the door, beside the event, so that nobody waits for its editors."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from matcher.errors import NotFoundError
from matcher.events.repository import Meetings
from matcher.events.tables import arrivals
from matcher.store.database import Repository, upsert


class Arrivals(Repository):
    """Who has arrived at the events of a database."""

    def of(self, event_id: str) -> Mapping[str, str]:
        """Tell who is there: id of a participant -> since when, ISO 8601 in UTC."""
        query = select(arrivals).where(arrivals.c.event_id == event_id)
        return {row["participant_id"]: row["since"] for row in self._database.rows(query)}

    def note(self, event_id: str, participant_id: str, since: datetime | None) -> None:
        """Note that a participant has arrived, or has not after all; the first time counts.

        Raises
        ------
        NotFoundError
            There is no such event, or nobody of that id takes part in it.
        """
        if participant_id not in Meetings(self._database).get(event_id).event.by_id:
            raise NotFoundError(f"Nobody with the id {participant_id!r} takes part.")
        mine = (arrivals.c.event_id == event_id) & (arrivals.c.participant_id == participant_id)
        with self._database.write() as connection:
            if since is None:
                connection.execute(delete(arrivals).where(mine))
            elif connection.execute(select(arrivals).where(mine)).first() is None:
                row = {"event_id": event_id, "participant_id": participant_id}
                upsert(connection, arrivals, [{**row, "since": since.isoformat()}])
