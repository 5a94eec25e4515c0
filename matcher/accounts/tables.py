"""Tables of accounts, and of what they may do at which cluster."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, false

from matcher.store.marks import CLUSTER, CODE, DIGEST, DOCUMENT, MOMENT, OWN, WORDS, no_person
from matcher.store.tables import metadata

_ACTOR = no_person("the number of an account")

_ID = String(120)
_WHEN = String(40)


def _account(**options: Any) -> Column[int]:
    """Whose a row is: it goes with the account."""
    account = ForeignKey("accounts.id", ondelete="CASCADE")
    return Column("account_id", Integer, account, **options)


accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False, index=True, info=OWN),
    Column("name", Text, nullable=False, info=WORDS),
    Column("language", String(8), nullable=False, info=CODE),
    Column("is_staff", Boolean, nullable=False),
    Column("is_helper", Boolean, nullable=False, server_default=false()),
    Column("created", _WHEN, nullable=False, info=MOMENT),
)

# A claim is a membership that staff have yet to approve; `draft` is the profile of a new cluster.
memberships = Table(
    "memberships",
    metadata,
    _account(primary_key=True),
    Column("cluster_id", _ID, primary_key=True, info=CLUSTER),
    Column("role", String(8), nullable=False, info=CODE),
    Column("state", String(10), nullable=False, info=CODE),
    Column("note", Text, nullable=False, info=WORDS),
    Column("draft", Text, info=DOCUMENT),
    Column("since", _WHEN, nullable=False, info=MOMENT),
)

# Neither a link nor a cookie is kept, only its digest.
tickets = Table(
    "tickets",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    Column("purpose", String(20), nullable=False, info=CODE),
    Column("email", Text, nullable=False, info=OWN),
    Column("detail", Text, nullable=False, info=WORDS),
    Column("client", String(64), nullable=False, info=DIGEST),
    Column("created", _WHEN, nullable=False, info=MOMENT),
    Column("expires", _WHEN, nullable=False, info=MOMENT),
    Column("used", _WHEN, info=MOMENT),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True, info=DIGEST),
    _account(nullable=False, index=True),
    Column("created", _WHEN, nullable=False, info=MOMENT),
    Column("expires", _WHEN, nullable=False, info=MOMENT),
)

profile_versions = Table(
    "profile_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cluster_id", _ID, nullable=False, index=True, info=CLUSTER),
    Column("at", _WHEN, nullable=False, info=MOMENT),
    Column("who", String(80), nullable=False, info=_ACTOR),
    Column("change", Text, nullable=False, info=CODE),
    Column("body", Text, nullable=False, info=DOCUMENT),
)

# What somebody said of a suggestion; `speaks` where they spoke for the cluster, or are staff.
opinions = Table(
    "opinions",
    metadata,
    _account(primary_key=True),
    Column("cluster_id", _ID, primary_key=True, info=CLUSTER),
    Column("partner_id", _ID, primary_key=True, info=CLUSTER),
    Column("verdict", String(12), nullable=False, info=CODE),
    Column("why", String(12), nullable=False, info=CODE),
    Column("speaks", Boolean, nullable=False),
    Column("at", _WHEN, nullable=False, info=MOMENT),
)

# `query` is a PartnerQuery; `seen` is what its list began with when its reader was last told.
saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Integer, primary_key=True),
    _account(nullable=False, index=True),
    Column("query", Text, nullable=False, info=DOCUMENT),
    Column("seen", Text, nullable=False, info=no_person("ids of clusters, each with a digest")),
    Column("checked", String(80), nullable=False, info=no_person("names an index")),
    Column("created", _WHEN, nullable=False, info=MOMENT),
    Column("told", _WHEN, nullable=False, info=MOMENT),
)
