"""Who has arrived at an event."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "arrivals",
        sa.Column("event_id", sa.String(120), primary_key=True),
        sa.Column("participant_id", sa.String(120), primary_key=True),
        sa.Column("since", sa.String(40), nullable=False),
    )
