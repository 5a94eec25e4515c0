"""Who of the staff entered a step, and helpers, who check in alone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns; of earlier steps nobody is known, and nobody is a helper yet."""
    who = sa.Column("who", sa.String(80), nullable=False, server_default="")
    op.add_column("introduction_moves", who)
    helper = sa.Column("is_helper", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("accounts", helper)
