"""Events with their schedules, and feedback on meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.String(120)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "events",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("schedule", sa.Text),
    )
    op.create_table(
        "feedback",
        *(sa.Column(name, _ID, primary_key=True) for name in ("event_id", "a", "b", "by")),
        sa.Column("attended", sa.Boolean, nullable=False),
        sa.Column("rating", sa.Integer),
        sa.Column("outcome", sa.String(16)),
        sa.Column("second_meeting", sa.Boolean),
        sa.Column("recorded_at", sa.String(40), nullable=False),
    )
