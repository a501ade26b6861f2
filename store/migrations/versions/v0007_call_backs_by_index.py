"""Call-backs in the line are found by the queues that have closed."""

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None

IN_LINE = sa.text("call_back IS NOT NULL AND state = 'waiting' AND leg IS NULL AND due_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_calls_in_line", "calls", ["queue"], sqlite_where=IN_LINE, postgresql_where=IN_LINE)
