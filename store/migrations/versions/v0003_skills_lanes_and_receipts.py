"""Skills with levels as profiles, waiting calls in lanes, and a receipt for every assignment.

What agents can is written anew from agents.yml when the hotline starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IN_QUEUE = sa.text("state in ('waiting', 'offered')")
WAITING = sa.text("state = 'waiting'")
READY = sa.text("state = 'ready'")


def upgrade() -> None:
    receipts()
    agents()
    calls()


def receipts() -> None:
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_rulebooks"),
    )
    op.create_table(
        "receipts",
        sa.Column("offer", sa.String(64), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["offer"], ["offers.id"], name="fk_receipts_offer"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebooks.version"], name="fk_receipts_rulebook"),
        sa.PrimaryKeyConstraint("offer", name="pk_receipts"),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])
    op.create_index("ix_receipts_call_sid", "receipts", ["call_sid"])


def agents() -> None:
    op.create_table(
        "profiles",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("rarity", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_profiles"),
    )
    op.drop_table("agent_queues")
    op.drop_table("agent_languages")
    op.add_column("agents", sa.Column("profile", sa.String(64), nullable=True))
    op.add_column("agents", sa.Column("signed_in_at", MOMENT, nullable=True))
    op.add_column("agents", sa.Column("rung_at", MOMENT, nullable=True))
    op.add_column("agents", sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("agents", sa.Column("busy_seconds", sa.Float(), nullable=False, server_default="0"))
    op.add_column("agents", sa.Column("occupancy", sa.Float(), nullable=False, server_default="0"))
    op.add_column("agents", sa.Column("talk_seconds", sa.Float(), nullable=False, server_default="180"))
    op.execute("UPDATE agents SET rung_at = since")
    with op.batch_alter_table("agents") as table:
        table.alter_column("rung_at", nullable=False)
        for name in ("calls", "busy_seconds", "occupancy", "talk_seconds"):
            table.alter_column(name, server_default=None)
    op.drop_index("ix_agents_ready", "agents")
    for name, by in (
        ("ready", []),
        ("calls", ["calls"]),
        ("occupancy", ["occupancy"]),
        ("rung_at", ["rung_at"]),
        ("talk_seconds", ["talk_seconds"]),
    ):
        columns = ["profile", *by, "ready_since", "name"]
        op.create_index(f"ix_agents_{name}", "agents", columns, sqlite_where=READY, postgresql_where=READY)


def calls() -> None:
    op.add_column("calls", sa.Column("wants", sa.String(64), nullable=True))
    op.add_column("calls", sa.Column("lane", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("promised_at", MOMENT, nullable=True))
    op.add_column("calls", sa.Column("promised_p50", sa.Float(), nullable=True))
    op.add_column("calls", sa.Column("promised_p90", sa.Float(), nullable=True))
    op.execute(
        "UPDATE calls SET lane = queue || '|' || language || '|' || priority || '|' WHERE queue IS NOT NULL"
    )
    op.drop_index("ix_calls_waiting", "calls")
    columns = ["queue", "language", "waiting_since"]
    op.create_index("ix_calls_in_queue", "calls", columns, sqlite_where=IN_QUEUE, postgresql_where=IN_QUEUE)
    op.create_index("ix_calls_ended_at", "calls", ["ended_at"])
    columns = ["lane", "waiting_since", "sid"]
    op.create_index("ix_calls_lane", "calls", columns, sqlite_where=WAITING, postgresql_where=WAITING)
