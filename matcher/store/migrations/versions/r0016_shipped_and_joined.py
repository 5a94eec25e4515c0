"""What was shipped last of each cluster, and where imports of joined clusters go."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the tables; fill them with what is known."""
    op.create_table(
        "shipped_clusters",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO shipped_clusters (id, body) "
        "SELECT id, body FROM clusters WHERE origin = 'shipped'"
    )
    joined = op.create_table(
        "joined_clusters",
        sa.Column("gone", sa.String(120), primary_key=True),
        sa.Column("kept", sa.String(120), nullable=False),
    )
    joins = op.get_bind().execute(
        sa.text("SELECT detail FROM imports WHERE action = 'join' AND undone IS NULL ORDER BY id")
    )
    known: dict[str, str] = {}
    for (detail,) in joins:
        gone, _, kept = detail.partition(" into ")
        known = {key: kept if value == gone else value for key, value in known.items()}
        known[gone] = kept
    if known:
        op.bulk_insert(joined, [{"gone": key, "kept": kept} for key, kept in known.items()])
