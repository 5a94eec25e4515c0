"""Tables of saved groups, and of the calls that groups are built for."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from matcher.store.marks import CLUSTER, CODE, DOCUMENT, MOMENT, WORDS, no_person
from matcher.store.tables import metadata

# A group under an address of its own; without `expires` it is kept for good.
saved_groups = Table(
    "saved_groups",
    metadata,
    Column("key", String(40), primary_key=True, info=CODE),
    Column("asked", Text, nullable=False, info=DOCUMENT),
    Column("created", String(40), nullable=False, info=MOMENT),
    Column("expires", String(40), info=MOMENT),
    Column("version", Integer, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column(
        "group_key",
        String(40),
        ForeignKey("saved_groups.key", ondelete="CASCADE"),
        primary_key=True,
        info=CODE,
    ),
    Column(
        "cluster_id",
        String(120),
        primary_key=True,
        info=CLUSTER,
    ),
    Column("place", Integer, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String(80), primary_key=True, info=no_person("made from the title of a call")),
    Column("title", Text, nullable=False, info=WORDS),
    Column("programme", Text, nullable=False, info=WORDS),
    Column("deadline", Date, nullable=False, index=True),
    Column("link", Text, nullable=False, info=WORDS),
    Column("asked", Text, nullable=False, info=DOCUMENT),
)
