"""Call-backs in the line are found by the queues that have closed; those at numbers that were keyed in are
counted by number and by caller."""

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None

IN_LINE = sa.text("call_back IS NOT NULL AND state = 'waiting' AND leg IS NULL AND due_at IS NULL")
KEYED = sa.text("\"left\" = 'asked' AND (caller IS NULL OR caller <> call_back)")
INDEXES = {
    "ix_calls_in_line": (["queue"], IN_LINE),
    "ix_calls_keyed_at": (["call_back", "left_at"], KEYED),
    "ix_calls_keyed_by": (["caller", "left_at"], KEYED),
}


def upgrade() -> None:
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "calls", columns, sqlite_where=where, postgresql_where=where)
