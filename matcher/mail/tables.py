"""Tables of the outbox, and of addresses that are not written to any more."""

from sqlalchemy import Column, Integer, String, Table, Text

from matcher.store.tables import metadata

# The texts are what the reader gets; those with a one-time link are forgotten once they are sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(120), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("unsubscribe", Text),
    Column("until", String(40)),
    Column("state", String(10), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("due", String(40), nullable=False),
    Column("created", String(40), nullable=False),
    Column("noted", String(40), nullable=False),
    Column("problem", Text, nullable=False),
)

# An address itself is not kept, only its digest: so the wish outlives everything else about it.
mail_stops = Table(
    "mail_stops",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("why", String(20), nullable=False),
    Column("since", String(40), nullable=False),
)
