"""Recorded talks: callers are told, each talk knows its recording, and recordings are deleted in time."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("calls", sa.Column("notice", sa.String(8), nullable=True))
    op.add_column("offers", sa.Column("recording", sa.String(64), nullable=True))
    op.add_column("recordings", sa.Column("deleted_at", MOMENT, nullable=True))
    op.create_index(
        "ix_recordings_kept",
        "recordings",
        ["created_at"],
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
