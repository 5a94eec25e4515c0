"""Saved groups with their introductions, and calls."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "saved_groups",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(40)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "group_members",
        sa.Column(
            "group_key",
            sa.String(40),
            sa.ForeignKey("saved_groups.key", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("cluster_id", sa.String(120), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date, nullable=False, index=True),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
    )
    op.create_table(
        "group_introductions",
        sa.Column(
            "introduction_id",
            sa.Integer,
            sa.ForeignKey("introductions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "group_key",
            sa.String(40),
            sa.ForeignKey("saved_groups.key", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
