"""What letters say of the programme, settled once for all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the table; letters are signed as before until staff settle something."""
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("event_day", sa.Date),
        sa.Column("deadline", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
    )
