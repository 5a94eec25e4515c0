"""Tables of accounts, and of what they may do at which cluster."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from matcher.store.tables import metadata

_ID = String(120)
_WHEN = String(40)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("is_staff", Boolean, nullable=False),
    Column("created", _WHEN, nullable=False),
)

# A claim is a membership that staff have yet to approve; `draft` is the profile of a new cluster.
memberships = Table(
    "memberships",
    metadata,
    Column(
        "account_id",
        Integer,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("cluster_id", _ID, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("state", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("draft", Text),
    Column("since", _WHEN, nullable=False),
)

# Neither a link nor a cookie is kept, only its digest.
tickets = Table(
    "tickets",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("email", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("client", String(64), nullable=False),
    Column("created", _WHEN, nullable=False),
    Column("expires", _WHEN, nullable=False),
    Column("used", _WHEN),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column(
        "account_id",
        Integer,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created", _WHEN, nullable=False),
    Column("expires", _WHEN, nullable=False),
)

profile_versions = Table(
    "profile_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cluster_id", _ID, nullable=False, index=True),
    Column("at", _WHEN, nullable=False),
    Column("who", String(80), nullable=False),
    Column("change", Text, nullable=False),
    Column("body", Text, nullable=False),
)
