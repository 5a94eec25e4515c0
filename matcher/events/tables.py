"""Tables of events with their schedules, and of what participants say after the meetings."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from matcher.store.tables import metadata

_ID = String(120)

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("event", Text, nullable=False),
    Column("schedule", Text),
)

# Outlives its event: outcomes come months later.
feedback = Table(
    "feedback",
    metadata,
    Column("event_id", _ID, primary_key=True),
    Column("a", _ID, primary_key=True),
    Column("b", _ID, primary_key=True),
    Column("by", _ID, primary_key=True),
    Column("attended", Boolean, nullable=False),
    Column("rating", Integer),
    Column("outcome", String(16)),
    Column("second_meeting", Boolean),
    Column("recorded_at", String(40), nullable=False),
)
