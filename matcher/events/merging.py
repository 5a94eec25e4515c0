"""Tables worked into an event that is there already: good rows kept, bad ones named."""

from collections.abc import Mapping

from matcher.events.event import Event, parse_event
from matcher.events.headings import TABLES, TableName
from matcher.events.importing import Clusters, EventTables, read_event_tables
from matcher.events.rows import Source
from matcher.matcher import Matcher


def fill(
    matcher: Matcher, event: Event, tables: Mapping[TableName, Source], said: Mapping[str, str]
) -> tuple[Event, EventTables]:
    """Work tables into an event as `import_tables` does, by what staff have said of headings.

    What they say now is kept, and holds for the next file of such headings.

    Parameters
    ----------
    said
        What headings mean: heading -> column, or ``""`` to leave it out.
    """
    filled = event

    def read(mapping: Mapping[str, str]) -> EventTables:
        nonlocal filled
        filled, found = import_tables(event, tables, matcher.snapshot.names, mapping)
        return found

    found, _ = matcher.store.mappings.applied("event", said, read)
    if said:
        matcher.store.mappings.keep("event", found.headings, said)
    return filled, found


def import_tables(
    event: Event,
    tables: Mapping[TableName, Source],
    clusters: Clusters | None = None,
    mapping: Mapping[str, str] | None = None,
) -> tuple[Event, EventTables]:
    """Work tables into an event.

    Who is listed is added, or replaced where the id is known; nobody is removed, and who has
    cancelled stays cancelled. Presence is replaced for whoever is listed, and so is a wish of
    the same two.

    Parameters
    ----------
    clusters, mapping
        As for `read_event_tables`.

    Returns
    -------
    event, found
        The event with the good rows, and what the tables held.

    Raises
    ------
    UnreadableFileError
        A file as a whole cannot be read, or lacks a column that it needs.
    InvalidInputError
        A no-thanks cannot be placed, or the event would contradict itself, such as by what is
        fixed.
    """
    sources = (tables.get(name) for name in TABLES)
    found = read_event_tables(event, *sources, clusters=clusters, mapping=mapping)
    wishes = {(wish.by, wish.about): wish for wish in (*event.wishes, *found.wishes)}
    changes = {
        "participants": found.participants,
        "wishes": tuple(wishes.values()),
        "met_before": tuple(dict.fromkeys((*event.met_before, *found.met_before))),
    }
    return parse_event({**dict(event), **changes}), found
