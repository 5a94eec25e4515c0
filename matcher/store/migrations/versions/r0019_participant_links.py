"""Links by which participants of an event serve themselves, and who said to be late."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "participant_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("calendar", sa.String(64), nullable=False, index=True),
        sa.Column("event_id", sa.String(120), nullable=False, index=True),
        sa.Column("participant_id", sa.String(120), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sent", sa.String(40), nullable=False),
        sa.Column("expires", sa.String(40), nullable=False),
        sa.Column("withdrawn", sa.String(40)),
        sa.Column("checked", sa.String(40)),
    )
    op.create_table(
        "late_notes",
        sa.Column("event_id", sa.String(120), primary_key=True),
        sa.Column("by", sa.String(120), primary_key=True),
        sa.Column("about", sa.String(120), primary_key=True),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("said", sa.String(40), nullable=False),
    )
