"""Tables of events with their schedules, and of what participants say after the meetings."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from matcher.store.marks import CODE, DOCUMENT, MOMENT, WORDS
from matcher.store.tables import metadata

# Ids of events and participants are made from names that somebody typed: they may be a person's.
_ID = String(120)
_WHEN = String(40)

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True, info=WORDS),
    Column("version", Integer, nullable=False),
    Column("event", Text, nullable=False, info=DOCUMENT),
    Column("schedule", Text, info=DOCUMENT),
)

# Outlives its event: outcomes come months later.
feedback = Table(
    "feedback",
    metadata,
    Column("event_id", _ID, primary_key=True, info=WORDS),
    Column("a", _ID, primary_key=True, info=WORDS),
    Column("b", _ID, primary_key=True, info=WORDS),
    Column("by", _ID, primary_key=True, info=WORDS),
    Column("attended", Boolean, nullable=False),
    Column("rating", Integer),
    Column("outcome", String(16), info=CODE),
    Column("second_meeting", Boolean),
    Column("recorded_at", String(40), nullable=False, info=MOMENT),
)

# Beside the event: whoever stands at the door changes no version of it.
arrivals = Table(
    "arrivals",
    metadata,
    Column("event_id", _ID, primary_key=True, info=WORDS),
    Column("participant_id", _ID, primary_key=True, info=WORDS),
    Column("since", String(40), nullable=False, info=MOMENT),
)

# How many minutes a participant said it would be late for the meeting with another.
late_notes = Table(
    "late_notes",
    metadata,
    Column("event_id", _ID, primary_key=True, info=WORDS),
    Column("by", _ID, primary_key=True, info=WORDS),
    Column("about", _ID, primary_key=True, info=WORDS),
    Column("minutes", Integer, nullable=False),
    Column("said", _WHEN, nullable=False, info=MOMENT),
)
