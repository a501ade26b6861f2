"""The first tables: calls, agents, offers, tickets, the journal and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    agents()
    counters()
    deliveries()
    journal()
    leases()
    menus()
    outbox()
    tickets()
    agent_languages()
    agent_queues()
    calls()
    recordings()
    tasks()
    offers()


def agents() -> None:
    op.create_table(
        "agents",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("then", sa.String(16), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ready_since", MOMENT, nullable=True),
        sa.Column("wrap_up_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_agents"),
        sa.CheckConstraint(
            "state in ('offline', 'ready', 'offered', 'talking', 'wrapping-up', 'paused')",
            name=op.f("ck_agents_state"),
        ),
    )
    op.create_index(
        "ix_agents_ready",
        "agents",
        ["ready_since"],
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )


def counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("last", ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("twiml", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("call_sid", "step", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_at", "deliveries", ["at"])


def journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=True),
        sa.Column("ticket", sa.String(32), nullable=True),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_call_sid", "journal", ["call_sid"])
    op.create_index("ix_journal_ticket", "journal", ["ticket"])


def leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def menus() -> None:
    op.create_table(
        "menus",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_menus"),
    )


def outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=True),
        sa.Column("offer", sa.String(64), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_call_sid", "outbox", ["call_sid"])
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at"],
        sqlite_where=sa.text("state in ('pending', 'sending')"),
        postgresql_where=sa.text("state in ('pending', 'sending')"),
    )


def tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("caller", sa.String(32), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("agent", sa.String(64), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_tickets"),
        sa.UniqueConstraint("call_sid", name="uq_tickets_call_sid"),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'call-back', 'closed')", name=op.f("ck_tickets_state")
        ),
    )
    op.create_index("ix_tickets_caller", "tickets", ["caller"])
    op.create_index("ix_tickets_opened_at", "tickets", ["opened_at"])


def agent_languages() -> None:
    op.create_table(
        "agent_languages",
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("agent", "language", name="pk_agent_languages"),
        sa.ForeignKeyConstraint(
            ["agent"], ["agents.name"], name="fk_agent_languages_agent", ondelete="CASCADE"
        ),
    )


def agent_queues() -> None:
    op.create_table(
        "agent_queues",
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("agent", "queue", name="pk_agent_queues"),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name="fk_agent_queues_agent", ondelete="CASCADE"),
    )


def calls() -> None:
    op.create_table(
        "calls",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("caller", sa.String(32), nullable=True),
        sa.Column("dialled", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("menu", sa.String(64), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("entered", sa.JSON(), nullable=False),
        sa.Column("queue", sa.String(64), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("queue_sid", sa.String(64), nullable=True),
        sa.Column("conference_sid", sa.String(64), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.String(64), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_calls"),
        sa.ForeignKeyConstraint(["menu"], ["menus.version"], name="fk_calls_menu"),
        sa.UniqueConstraint("ticket", name="uq_calls_ticket"),
        sa.CheckConstraint(
            "state in ('menu', 'waiting', 'offered', 'talking', 'ended')", name=op.f("ck_calls_state")
        ),
    )
    op.create_index(
        "ix_calls_live",
        "calls",
        ["seen_at"],
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_index(
        "ix_calls_waiting",
        "calls",
        ["queue", "language", sa.text("priority DESC"), "waiting_since"],
        sqlite_where=sa.text("state in ('waiting', 'offered')"),
        postgresql_where=sa.text("state in ('waiting', 'offered')"),
    )


def recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_recordings"),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name="fk_recordings_ticket"),
    )
    op.create_index("ix_recordings_call_sid", "recordings", ["call_sid"])
    op.create_index("ix_recordings_ticket", "recordings", ["ticket"])


def tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name="fk_tasks_ticket"),
    )
    op.create_index("ix_tasks_ticket", "tasks", ["ticket"])


def offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("leg", sa.String(64), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.ForeignKeyConstraint(["call_sid"], ["calls.sid"], name="fk_offers_call_sid"),
        sa.CheckConstraint(
            "state in ('offered', 'accepted', 'declined', 'missed', 'withdrawn', 'ended')",
            name=op.f("ck_offers_state"),
        ),
    )
    op.create_index("ix_offers_call_sid", "offers", ["call_sid"])
    op.create_index("ix_offers_leg", "offers", ["leg"])
    op.create_index("ix_offers_ended_at", "offers", ["ended_at"])
    op.create_index(
        "uq_offers_live_agent",
        "offers",
        ["agent"],
        unique=True,
        sqlite_where=sa.text("state in ('offered', 'accepted')"),
        postgresql_where=sa.text("state in ('offered', 'accepted')"),
    )
    op.create_index(
        "uq_offers_live_call",
        "offers",
        ["call_sid"],
        unique=True,
        sqlite_where=sa.text("state in ('offered', 'accepted')"),
        postgresql_where=sa.text("state in ('offered', 'accepted')"),
    )
