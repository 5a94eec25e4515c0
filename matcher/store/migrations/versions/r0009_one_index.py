"""The index is built from the cached vectors by each service: nothing of it is shared as files."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Drop the generations, their vector tables and the pointer to the one in force."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        found = "SELECT tablename FROM pg_tables WHERE tablename ~ '^vectors_[0-9a-f]{16}$'"
        for name in connection.scalars(sa.text(found)).all():
            op.drop_table(name)
    op.drop_table("generation_files")
    op.drop_table("generations")
    op.execute("DELETE FROM meta WHERE key = 'generation'")
