"""Callers who left the line to be called back, and the lines on which they were."""

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CALLED_BACK = sa.text("call_back IS NOT NULL AND answered_at IS NULL AND state <> 'ended'")
RESTING = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "legs",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name="fk_legs_call_sid"),
        sa.PrimaryKeyConstraint("sid", name="pk_legs"),
    )
    op.create_index("ix_legs_call_sid", "legs", ["call_sid"])
    op.add_column("calls", sa.Column("call_back", sa.String(32), nullable=True))
    op.add_column("calls", sa.Column("leg", sa.String(64), nullable=True))
    op.add_column("calls", sa.Column("left", sa.String(16), nullable=True))
    op.add_column("calls", sa.Column("left_at", MOMENT, nullable=True))
    op.add_column("calls", sa.Column("dials", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("calls", sa.Column("due_at", MOMENT, nullable=True))
    op.create_index(
        "uq_calls_call_back",
        "calls",
        ["call_back"],
        unique=True,
        sqlite_where=CALLED_BACK,
        postgresql_where=CALLED_BACK,
    )
    op.create_index("ix_calls_due_at", "calls", ["due_at"], sqlite_where=RESTING, postgresql_where=RESTING)
