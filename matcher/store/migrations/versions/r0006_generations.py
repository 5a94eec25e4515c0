"""Generations of the index that several services share, in parts that a database bears."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "generations",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("published", sa.String(40), nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
    )
    op.create_table(
        "generation_files",
        sa.Column(
            "generation_id",
            sa.String(16),
            sa.ForeignKey("generations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Numbers hardly shrink: compressing them would only cost time.
        op.execute("ALTER TABLE generation_files ALTER COLUMN data SET STORAGE EXTERNAL")
