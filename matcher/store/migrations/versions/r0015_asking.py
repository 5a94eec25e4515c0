"""Introductions that a cluster asks for itself, and the links by which the other side answers."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables."""
    introduction = "introductions.id"
    op.create_table(
        "introduction_asks",
        sa.Column(
            "introduction_id",
            sa.Integer,
            sa.ForeignKey(introduction, ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("receiver", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
    )
    op.create_table(
        "answer_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "introduction_id",
            sa.Integer,
            sa.ForeignKey(introduction, ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("expires", sa.String(40), nullable=False),
    )
