"""Jobs: long work that goes on after its request was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("message", sa.String(200), nullable=False),
        sa.Column("gap", sa.Float),
        sa.Column("result", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("begun", sa.String(40), nullable=False),
        sa.Column("alive", sa.String(40), nullable=False),
    )
