"""The tables of the store."""

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

clusters = Table(
    "clusters",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("country", String(2), nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("body", Text, nullable=False),
)

partnerships = Table(
    "partnerships",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("origin", String(10), nullable=False),
    Column("body", Text, nullable=False),
)

# Ids of shipped clusters that the user deleted, so that an update does not bring them back.
removals = Table("removals", metadata, Column("id", String(120), primary_key=True))

vectors = Table(
    "vectors",
    metadata,
    Column("fingerprint", String(200), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
