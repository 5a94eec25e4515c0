"""Links in letters follow when the address of their reader is corrected."""

from sqlalchemy import Connection, func, select, update

from matcher.introductions.tables import people
from matcher.mail.tables import participant_links


def readdress(connection: Connection, cluster_id: str, before: str, after: str) -> None:
    """Let links to a corrected address follow, unless another contact there still has it."""
    left = select(people.c.email).where(people.c.cluster_id == cluster_id)
    if before.casefold() in map(str.casefold, connection.scalars(left)):
        return
    theirs = participant_links.c.participant_id == cluster_id
    there = func.lower(participant_links.c.email) == before.lower()
    connection.execute(update(participant_links).where(theirs & there).values(email=after))
