"""The outbox, and digests of addresses that are not written to any more."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.String(120), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("unsubscribe", sa.Text),
        sa.Column("until", sa.String(40)),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", sa.String(40), nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("noted", sa.String(40), nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
    )
    op.create_table(
        "mail_stops",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
    )
