"""No removals: a cluster is hidden, never deleted."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Drop the table, which nothing fills."""
    op.drop_table("removals")
