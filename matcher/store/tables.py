"""The tables of the store."""

from sqlalchemy import (
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

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

# A token itself is not kept, only its digest.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(8), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created", String(40), nullable=False),
    Column("revoked", String(40)),
    Column("expires", String(40)),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("request_id", String(64)),
    Column("outcome", Text, nullable=False),
)

# What somebody describes; its key is not kept, only the digest of it.
drafts = Table(
    "drafts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("body", Text, nullable=False),
    Column("expires", String(40), nullable=False, index=True),
)

# Long work under way, and for a week what came of it; `alive` is renewed as long as it goes on.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("share", Float, nullable=False),
    Column("message", String(200), nullable=False),
    Column("gap", Float),
    Column("result", Text),
    Column("problem", Text),
    Column("begun", String(40), nullable=False),
    Column("alive", String(40), nullable=False),
)

# What users imported or joined, for a while, so that it can be taken back; `undone` says when.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("who", String(80), nullable=False),
    Column("action", String(10), nullable=False),
    Column("detail", Text, nullable=False),
    Column("undone", String(40)),
)

# Each row that an import touched: `kind` is its table, and `field` the column, where it is one.
import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("key", Text, nullable=False),
    Column("field", String(40)),
    Column("origin", String(10)),
    Column("before", Text),
    Column("after", Text, nullable=False),
)

# How the columns of files were named: the last word of whoever imported one with such headings.
mappings = Table(
    "mappings",
    metadata,
    Column("headings", String(64), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("mapping", Text, nullable=False),
)
