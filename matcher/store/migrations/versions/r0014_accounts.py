"""Accounts, their roles at clusters, one-time links, sessions, and versions of profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("is_staff", sa.Boolean, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
    )
    account = "accounts.id"
    op.create_table(
        "memberships",
        sa.Column(
            "account_id",
            sa.Integer,
            sa.ForeignKey(account, ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("cluster_id", sa.String(120), primary_key=True),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("draft", sa.Text),
        sa.Column("since", sa.String(40), nullable=False),
    )
    op.create_table(
        "tickets",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(40), nullable=False),
        sa.Column("used", sa.String(40)),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer,
            sa.ForeignKey(account, ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(40), nullable=False),
    )
    op.create_table(
        "profile_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cluster_id", sa.String(120), nullable=False, index=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
