"""Several offers for one call at once: one of many becomes a talk, or two together do."""

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None

LIVE = sa.text("state in ('offered', 'pledged', 'accepted')")
ACCEPTED = sa.text("state = 'accepted'")
STATES = "state in ('offered', 'pledged', 'accepted', 'declined', 'missed', 'withdrawn', 'ended')"


def upgrade() -> None:
    op.add_column(
        "profiles", sa.Column("interprets", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("profiles") as table:
        table.alter_column("interprets", server_default=None)
    op.drop_index("uq_offers_live_agent", "offers")
    op.drop_index("uq_offers_live_call", "offers")
    op.add_column("offers", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("offers", sa.Column("role", sa.String(16), nullable=False, server_default="agent"))
    op.add_column("offers", sa.Column("conference", sa.String(64), nullable=False, server_default=""))
    op.execute("UPDATE offers SET conference = id")
    with op.batch_alter_table("offers") as table:
        for name in ("place", "role", "conference"):
            table.alter_column(name, server_default=None)
        table.drop_constraint(op.f("ck_offers_state"), type_="check")
        table.create_check_constraint(op.f("ck_offers_state"), STATES)
    op.create_index(op.f("ix_offers_conference"), "offers", ["conference"])
    _unique("uq_offers_live_agent", LIVE, "agent")
    _unique("uq_offers_live_place", LIVE, "call_sid", "place")
    _unique("uq_offers_talk", ACCEPTED, "call_sid", "role")


def _unique(name: str, among: sa.TextClause, *columns: str) -> None:
    op.create_index(name, "offers", list(columns), unique=True, sqlite_where=among, postgresql_where=among)
