"""Tables of the outbox, of links in letters, and of addresses that are not written to any more."""

from sqlalchemy import Column, Integer, String, Table, Text

from matcher.store.marks import CODE, DIGEST, MOMENT, OWN, WORDS
from matcher.store.tables import metadata

# The texts are what the reader gets; those with a one-time link are forgotten once they are sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", String(120), nullable=False, index=True, info=CODE),
    Column("kind", String(40), nullable=False, info=CODE),
    Column("recipient", Text, nullable=False, info=OWN),
    Column("language", String(8), nullable=False, info=CODE),
    Column("subject", Text, nullable=False, info=WORDS),
    Column("text", Text, nullable=False, info=WORDS),
    Column("html", Text, nullable=False, info=WORDS),
    Column("unsubscribe", Text, info=DIGEST),
    Column("until", String(40), info=MOMENT),
    Column("state", String(10), nullable=False, index=True, info=CODE),
    Column("tries", Integer, nullable=False),
    Column("due", String(40), nullable=False, info=MOMENT),
    Column("created", String(40), nullable=False, info=MOMENT),
    Column("noted", String(40), nullable=False, info=MOMENT),
    Column("problem", Text, nullable=False, info=WORDS),
)

# An address itself is not kept, only its digest: so the wish outlives everything else about it.
mail_stops = Table(
    "mail_stops",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    Column("why", String(20), nullable=False, info=CODE),
    Column("since", String(40), nullable=False, info=MOMENT),
)

# Neither the link of a participant is kept nor that of its calendar, only their digests. A letter
# brings a link of its own, so a participant has as many as it got letters.
participant_links = Table(
    "participant_links",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    Column("calendar", String(64), nullable=False, index=True, info=DIGEST),
    Column("event_id", String(120), nullable=False, index=True, info=WORDS),
    Column("participant_id", String(120), nullable=False, info=WORDS),
    Column("email", Text, nullable=False, info=OWN),
    Column("language", String(8), nullable=False, info=CODE),
    Column("sent", String(40), nullable=False, info=MOMENT),
    Column("expires", String(40), nullable=False, info=MOMENT),
    Column("withdrawn", String(40), info=MOMENT),
    Column("checked", String(40), info=MOMENT),
)
