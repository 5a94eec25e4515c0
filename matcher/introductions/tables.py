"""Tables of introductions, and, apart from them, of people and their consents."""

from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from matcher.planning.tables import saved_groups
from matcher.store.marks import CLUSTER, CODE, DIGEST, MOMENT, OWN, WORDS
from matcher.store.tables import metadata

_ID = String(120)
_INTRODUCTION = "introduction_id", "introductions.id"
_PERSON = "person_id", "people.id"


def _owner(name: str, key: str, **options: Any) -> Column[int]:
    """Make a column that tells whose the row is; it goes with its owner."""
    return Column(name, Integer, ForeignKey(key, ondelete="CASCADE"), **options)


introductions = Table(
    "introductions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", _ID, nullable=False, info=CLUSTER),
    Column("b", _ID, nullable=False, info=CLUSTER),
    Column("purpose", Text, nullable=False, info=WORDS),
    Column("origin", String(8), nullable=False, info=CODE),
    Column("state", String(16), nullable=False, index=True, info=CODE),
    Column("version", Integer, nullable=False),
)

introduction_moves = Table(
    "introduction_moves",
    metadata,
    _owner(*_INTRODUCTION, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("role", String(8), nullable=False, info=CODE),
    Column("to_state", String(16), nullable=False, info=CODE),
    Column("reason", Text, nullable=False, info=WORDS),
    Column("answer", String(16), info=CODE),
    Column("outcome", String(16), info=CODE),
    Column("who", String(80), nullable=False, server_default="", info=WORDS),
)

partner_marks = Table(
    "partner_marks",
    metadata,
    Column("cluster_id", _ID, primary_key=True, info=CLUSTER),
    Column("partner_id", _ID, primary_key=True, info=CLUSTER),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("day", Date, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cluster_id", _ID, nullable=False, index=True, info=OWN),
    Column("name", Text, nullable=False, info=OWN),
    Column("position", Text, nullable=False, info=WORDS),
    Column("email", Text, nullable=False, info=OWN),
    Column("phone", Text, nullable=False, info=WORDS),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    _owner(*_PERSON, nullable=False, index=True),
    Column("purpose", String(16), nullable=False, info=CODE),
    Column("given_by", Text, nullable=False, info=WORDS),
    Column("given_on", Date, nullable=False),
    Column("withdrawn_on", Date),
)

person_log = Table(
    "person_log",
    metadata,
    Column("id", Integer, primary_key=True),
    _owner(*_PERSON, nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("role", String(8), nullable=False, info=CODE),
    Column("action", Text, nullable=False, info=WORDS),
)

# What a cluster says that asks for an introduction, and where staff write to the one it asks for.
introduction_asks = Table(
    "introduction_asks",
    metadata,
    _owner(*_INTRODUCTION, primary_key=True),
    Column("account_id", Integer, nullable=False),
    Column("message", Text, nullable=False, info=WORDS),
    Column("receiver", Text, nullable=False, info=WORDS),
    Column("source", Text, nullable=False, info=WORDS),
    Column("asked", String(40), nullable=False, info=MOMENT),
)

# The link by which the second side answers: only its digest is kept.
answer_links = Table(
    "answer_links",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    _owner(*_INTRODUCTION, nullable=False, index=True),
    Column("expires", String(40), nullable=False, info=MOMENT),
)

# What staff have settled for all letters and briefs: one row, once there is anything.
programme = Table(
    "programme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, info=WORDS),
    Column("sender", Text, nullable=False, info=WORDS),
    Column("event", Text, nullable=False, info=WORDS),
    Column("event_day", Date),
    Column("deadline", Date),
    Column("version", Integer, nullable=False),
)

# Which introductions were drafted for which saved group; one may serve several.
group_introductions = Table(
    "group_introductions",
    metadata,
    _owner(*_INTRODUCTION, primary_key=True),
    Column(
        "group_key",
        String(40),
        ForeignKey(saved_groups.c.key, ondelete="CASCADE"),
        primary_key=True,
        info=CODE,
    ),
)
