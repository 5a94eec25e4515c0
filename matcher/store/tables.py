"""The tables of the store."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from matcher.store.marks import CLUSTER, CODE, DIGEST, DOCUMENT, MOMENT, WORDS, no_person

metadata = MetaData()

clusters = Table(
    "clusters",
    metadata,
    Column("id", String(120), primary_key=True, info=CLUSTER),
    Column("country", String(2), nullable=False, info=no_person("the code of a country")),
    Column("visibility", String(10), nullable=False, info=CODE),
    Column("origin", String(10), nullable=False, info=CODE),
    Column("body", Text, nullable=False, info=DOCUMENT),
)

partnerships = Table(
    "partnerships",
    metadata,
    Column("id", String(200), primary_key=True, info=CLUSTER),
    Column("origin", String(10), nullable=False, info=CODE),
    Column("body", Text, nullable=False, info=DOCUMENT),
)

# Clusters as they were shipped last: tells what a user has changed since.
shipped_clusters = Table(
    "shipped_clusters",
    metadata,
    Column("id", String(120), primary_key=True, info=CLUSTER),
    Column("body", Text, nullable=False, info=DOCUMENT),
)

# Where imports of a cluster go that was joined into another; to itself, once that is taken back.
joined_clusters = Table(
    "joined_clusters",
    metadata,
    Column("gone", String(120), primary_key=True, info=CLUSTER),
    Column("kept", String(120), nullable=False, info=CLUSTER),
)

vectors = Table(
    "vectors",
    metadata,
    Column("fingerprint", String(200), primary_key=True, info=no_person("names a model")),
    Column("key", String(64), primary_key=True, info=DIGEST),
    Column("data", LargeBinary, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(100), primary_key=True, info=no_person("names a note of ours")),
    Column("value", Text, nullable=False, info=DIGEST),
)

# A token itself is not kept, only its digest.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(8), primary_key=True, info=CODE),
    Column("name", String(80), nullable=False, info=WORDS),
    Column("scopes", Text, nullable=False, info=CODE),
    Column("digest", String(64), nullable=False, info=DIGEST),
    Column("created", String(40), nullable=False, info=MOMENT),
    Column("revoked", String(40), info=MOMENT),
    Column("expires", String(40), info=MOMENT),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(40), nullable=False, info=MOMENT),
    Column("who", String(80), nullable=False, info=WORDS),
    Column("action", String(80), nullable=False, info=CODE),
    Column("detail", Text, nullable=False, info=WORDS),
    Column("request_id", String(64), info=WORDS),
    Column("outcome", Text, nullable=False, info=WORDS),
)

# What somebody describes; its key is not kept, only the digest of it.
drafts = Table(
    "drafts",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    Column("body", Text, nullable=False, info=DOCUMENT),
    Column("expires", String(40), nullable=False, index=True, info=MOMENT),
)

# Long work under way, and for a week what came of it; `alive` is renewed as long as it goes on.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", String(80), nullable=False, info=CODE),
    Column("detail", Text, nullable=False, info=WORDS),
    Column("state", String(10), nullable=False, info=CODE),
    Column("share", Float, nullable=False),
    Column("message", String(200), nullable=False, info=WORDS),
    Column("gap", Float),
    Column("result", Text, info=DOCUMENT),
    Column("problem", Text, info=DOCUMENT),
    Column("begun", String(40), nullable=False, info=MOMENT),
    Column("alive", String(40), nullable=False, info=MOMENT),
)

# What users imported or joined, for a while, so that it can be taken back; `undone` says when.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(40), nullable=False, info=MOMENT),
    Column("who", String(80), nullable=False, info=WORDS),
    Column("action", String(10), nullable=False, info=CODE),
    Column("detail", Text, nullable=False, info=WORDS),
    Column("undone", String(40), info=MOMENT),
)

# Each row that an import touched: `kind` is its table, and `field` the column, where it is one.
import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False, info=no_person("names a table")),
    Column("key", Text, nullable=False, info=CLUSTER),
    Column("field", String(40), info=no_person("names a column")),
    Column("origin", String(10), info=CODE),
    Column("before", Text, info=DOCUMENT),
    Column("after", Text, nullable=False, info=DOCUMENT),
)

# How the columns of files were named: the last word of whoever imported one with such headings.
mappings = Table(
    "mappings",
    metadata,
    Column("headings", String(64), primary_key=True, info=DIGEST),
    Column("at", String(40), nullable=False, info=MOMENT),
    Column("mapping", Text, nullable=False, info=DOCUMENT),
)
# That somebody was erased, without a word: `digests` of what is to be forgotten again after the
# restore of an older backup, and whether the files have been rewritten since.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, nullable=False, index=True),
    Column("at", String(40), nullable=False, info=MOMENT),
    Column("salt", String(32), nullable=False, info=CODE),
    Column("digests", Text, nullable=False, info=no_person("salted digests")),
    Column("rewritten", Boolean, nullable=False),
)


@lru_cache(maxsize=1)
def all_tables() -> tuple[Table, ...]:
    """Tables of all rooms, those first that others refer to; a room keeps its own in `tables`."""
    package = Path(__file__).parents[1]
    for file in sorted(package.glob("*/tables.py")):
        import_module(f"{package.name}.{file.parent.name}.tables")
    return tuple(metadata.sorted_tables)
