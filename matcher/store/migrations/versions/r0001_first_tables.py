"""First tables: clusters, partnerships, removals, vectors, meta."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "clusters",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("visibility", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "partnerships",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table("removals", sa.Column("id", sa.String(120), primary_key=True))
    op.create_table(
        "vectors",
        sa.Column("fingerprint", sa.String(200), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
