"""Tables worked into an event that is there already: good rows kept, bad ones named."""

from collections.abc import Mapping

from matcher.errors import FieldProblem
from matcher.events.event import Event, parse_event
from matcher.events.importing import TABLES, Clusters, Source, TableName, read_event_tables
from matcher.profiles.io.formats import format_of
from matcher.profiles.io.workbook import sheet_names


def import_tables(
    event: Event, tables: Mapping[TableName, Source], clusters: Clusters | None = None
) -> tuple[Event, tuple[FieldProblem, ...]]:
    """Work tables into an event.

    Who is listed is added, or replaced where the id is known; nobody is removed, and who has
    cancelled stays cancelled. Presence is replaced for whoever is listed, and so is a wish of
    the same two.

    Parameters
    ----------
    clusters
        As for `read_event_tables`.

    Returns
    -------
    event, problems
        The event with the good rows, and all that was not taken: rows, or roles in them.

    Raises
    ------
    UnreadableFileError
        A file as a whole cannot be read, or lacks a column that it needs.
    InvalidInputError
        A no-thanks cannot be placed, or the event would contradict itself, such as by what is
        fixed.
    """
    found = read_event_tables(
        event.zone,
        tables.get("participants"),
        tables.get("presence"),
        tables.get("wishes"),
        known=event.participants,
        has_online=any(place.kind == "online" for place in event.places),
        clusters=clusters,
    )
    wishes = {(wish.by, wish.about): wish for wish in (*event.wishes, *found.wishes)}
    changes = {
        "participants": found.participants,
        "wishes": tuple(wishes.values()),
        "met_before": tuple(dict.fromkeys((*event.met_before, *found.met_before))),
    }
    return parse_event({**dict(event), **changes}), found.problems


def tables_of_file(content: bytes, name: str | None = None) -> dict[TableName, Source]:
    """Tables that one file holds: a workbook by the names of its sheets, else participants.

    Parameters
    ----------
    name
        Name of the file; its suffix tells the format where the content does not.

    Raises
    ------
    UnreadableFileError
        It is empty or damaged.
    """
    names = sheet_names(content) if format_of(content, name) == "xlsx" else []
    found: dict[TableName, Source] = {table: content for table in TABLES if table in names}
    return found or {"participants": content}
