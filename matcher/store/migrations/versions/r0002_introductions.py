"""Introductions, marks of clusters on each other, people with their consents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.String(120)


def upgrade() -> None:
    """Create the tables."""
    _introductions()
    _people()


def _introductions() -> None:
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", _ID, nullable=False),
        sa.Column("b", _ID, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_introductions_state", "introductions", ["state"])
    op.create_table(
        "introduction_moves",
        sa.Column(
            "introduction_id",
            sa.Integer,
            sa.ForeignKey("introductions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answer", sa.String(16)),
        sa.Column("outcome", sa.String(16)),
    )
    op.create_table(
        "partner_marks",
        sa.Column("cluster_id", _ID, primary_key=True),
        sa.Column("partner_id", _ID, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cluster_id", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
    )
    op.create_index("ix_people_cluster_id", "people", ["cluster_id"])
    for name, columns in (
        (
            "consents",
            (
                sa.Column("purpose", sa.String(16), nullable=False),
                sa.Column("given_by", sa.Text, nullable=False),
                sa.Column("given_on", sa.Date, nullable=False),
                sa.Column("withdrawn_on", sa.Date),
            ),
        ),
        (
            "person_log",
            (
                sa.Column("day", sa.Date, nullable=False),
                sa.Column("role", sa.String(8), nullable=False),
                sa.Column("action", sa.Text, nullable=False),
            ),
        ),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column(
                "person_id",
                sa.Integer,
                sa.ForeignKey("people.id", ondelete="CASCADE"),
                nullable=False,
            ),
            *columns,
        )
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])
