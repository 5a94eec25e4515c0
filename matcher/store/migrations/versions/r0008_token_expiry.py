"""Tokens may end by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the moment; those made before go on for ever."""
    op.add_column("tokens", sa.Column("expires", sa.String(40)))
