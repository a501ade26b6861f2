"""Closed queues, seats that a supervisor has ordered, calls missed in a row, and who was at work when."""

import sqlalchemy as sa
from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("queue", name="pk_closures"),
    )
    op.add_column("agents", sa.Column("misses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("agents", sa.Column("ordered", sa.Boolean(), nullable=False, server_default=sa.false()))
    of_presence = sa.text("kind = 'presence'")
    op.create_index(
        "ix_journal_presence", "journal", ["at"], sqlite_where=of_presence, postgresql_where=of_presence
    )
    with op.batch_alter_table("agents") as table:
        table.alter_column("misses", server_default=None)
        table.alter_column("ordered", server_default=None)
