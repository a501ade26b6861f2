"""Every table of the hotline, on one page. All times are UTC.

The partial unique indexes are the law of the switchboard: whatever races, two live offers for one
agent, for one place of a call, or two talks of one call cannot be stored.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, also on SQLite, which keeps no zone. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return (
            value.astimezone(UTC)
            if dialect.name == "postgresql"
            else value.astimezone(UTC).replace(tzinfo=None)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


def column(name: str, kind: Any, *more: Any, null: bool = False, **options: Any) -> Column[Any]:
    """A column that holds something unless `null` says it need not."""
    return Column(name, kind, *more, nullable=null, **options)


counters = Table(
    "counters",
    metadata,
    column("name", String(64), primary_key=True),
    column("last", Id),
)

menus = Table(
    "menus",
    metadata,
    column("version", String(64), primary_key=True),
    column("source", JSON),
    column("loaded_at", Moment),
)

IN_QUEUE = text("state in ('waiting', 'offered')")
WAITING = text("state = 'waiting'")
CALLED_BACK = text("call_back IS NOT NULL AND answered_at IS NULL AND state <> 'ended'")
RESTING = text("due_at IS NOT NULL")
# To be called back at a number that is not the caller's own.
KEYED = text("\"left\" = 'asked' AND (caller IS NULL OR caller <> call_back)")
IN_LINE = text("call_back IS NOT NULL AND state = 'waiting' AND leg IS NULL AND due_at IS NULL")

CALL_STATES = ("menu", "waiting", "offered", "talking", "ended")

calls = Table(
    "calls",
    metadata,
    column("sid", String(64), primary_key=True),
    column("ticket", String(32), unique=True),
    column("caller", String(32), null=True),  # E.164; none when withheld
    column("dialled", Text),  # as the carrier wrote it: a number, or a SIP address of any length
    column("language", String(8)),
    column("state", String(16), CheckConstraint(f"state in {CALL_STATES}", name="state")),
    column("menu", String(64), ForeignKey("menus.version")),
    column("at", Text),  # the menu node
    column("tries", Integer, default=0),
    column("step", Integer, default=0),  # how many steps were answered: the number of the next one
    column("entered", JSON, default=dict),  # what the caller keyed in, by name
    column("queue", String(64), null=True),
    column("priority", Integer, default=0),
    column("started_at", Moment),
    column("waiting_since", Moment, null=True),  # kept when the call returns to the queue: its order
    column("queued_at", Moment, null=True),  # when it last came into the queue: its patience
    column("answered_at", Moment, null=True),
    column("ended_at", Moment, null=True),
    column("seen_at", Moment),  # when a webhook last told that it lives
    column("queue_sid", String(64), null=True),
    column("conference_sid", String(64), null=True),
    column("held", Boolean, default=False),
    column("agent", String(64), null=True),  # who talks, or talked last
    column("outcome", String(32), null=True),
    column("version", Integer, default=0),
    column("notice", String(8), null=True),  # that talks are recorded: begun, heard
    column("wants", String(64), null=True),  # the agent whom the caller is kept for
    column("lane", Text, null=True),  # queue, language, priority and wants as one word (see calls.book)
    column("promised_at", Moment, null=True),  # when the caller was first told how long it takes
    column("promised_p50", Float, null=True),  # the seconds that half of such callers do not exceed
    column("promised_p90", Float, null=True),  # and that nine of ten do not
    column("call_back", String(32), null=True),  # E.164: where the caller, who has left the line, is called
    column("leg", String(64), null=True),  # of a call-back: the leg that the caller is on
    column("left", String(16), null=True),  # why the caller left the line: asked, gave-up
    column("left_at", Moment, null=True),
    column("dials", Integer, server_default=text("0")),  # how often the caller was called back in vain
    column("due_at", Moment, null=True),  # a call-back that rests, in no lane, until then
    Index(
        "ix_calls_in_queue",
        "queue",
        "language",
        "waiting_since",
        sqlite_where=IN_QUEUE,
        postgresql_where=IN_QUEUE,
    ),
    # One call-back a number.
    Index(
        "uq_calls_call_back",
        "call_back",
        unique=True,
        sqlite_where=CALLED_BACK,
        postgresql_where=CALLED_BACK,
    ),
    Index("ix_calls_due_at", "due_at", sqlite_where=RESTING, postgresql_where=RESTING),
    Index("ix_calls_in_line", "queue", sqlite_where=IN_LINE, postgresql_where=IN_LINE),
    Index("ix_calls_keyed_at", "call_back", "left_at", sqlite_where=KEYED, postgresql_where=KEYED),
    Index("ix_calls_keyed_by", "caller", "left_at", sqlite_where=KEYED, postgresql_where=KEYED),
    Index("ix_calls_ended_at", "ended_at"),  # the latest who waited: how long callers are patient
    # The first caller of each lane.
    Index("ix_calls_lane", "lane", "waiting_since", "sid", sqlite_where=WAITING, postgresql_where=WAITING),
    Index(
        "ix_calls_live",
        "seen_at",
        sqlite_where=text("state <> 'ended'"),
        postgresql_where=text("state <> 'ended'"),
    ),
)

# The lines on which callers were called back, for as long as their calls are kept.
legs = Table(
    "legs",
    metadata,
    column("sid", String(64), primary_key=True),
    column("call_sid", String(64), ForeignKey("calls.sid"), index=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    column("call_sid", String(64), primary_key=True),
    column("step", String(80), primary_key=True),
    column("twiml", Text),
    column("at", Moment, index=True),
)

OF_PRESENCE = text("kind = 'presence'")  # who came, paused and left

journal = Table(
    "journal",
    metadata,
    column("id", Id, primary_key=True, autoincrement=True),
    column("at", Moment),
    column("call_sid", String(64), null=True, index=True),
    column("ticket", String(32), null=True, index=True),
    column("kind", String(48)),
    column("detail", JSON, default=dict),
    Index("ix_journal_presence", "at", sqlite_where=OF_PRESENCE, postgresql_where=OF_PRESENCE),
)

# Written out where it is asked for too: with a bound list SQLite would not use the index on it.
UNSENT = text("state in ('pending', 'sending')")

outbox = Table(
    "outbox",
    metadata,
    column("id", Id, primary_key=True, autoincrement=True),
    column("key", String(120), unique=True),
    column("kind", String(32)),
    column("call_sid", String(64), null=True, index=True),
    column("offer", String(64), null=True),
    column("body", JSON, default=dict),
    column("state", String(16)),  # pending, sending, done, failed
    column("attempts", Integer, default=0),
    column("due_at", Moment),  # not before; while sending: when another process may take it up
    column("created_at", Moment),
    column("error", Text, null=True),
    Index(
        "ix_outbox_due",
        "due_at",
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    ),
)

AGENT_STATES = ("offline", "ready", "offered", "talking", "wrapping-up", "paused")

# What agents can; never changed, for its name is made of what it says.
profiles = Table(
    "profiles",
    metadata,
    column("name", String(64), primary_key=True),
    column("queues", JSON),  # the share of each
    column("skills", JSON),  # the level of each
    column("rarity", Float),
    column("interprets", Boolean, default=False),
)

READY = text("state = 'ready'")


def of_profile(name: str, *by: str) -> Index:
    """Finds the first ready agent of a profile by a strategy's order."""
    return Index(f"ix_agents_{name}", "profile", *by, "name", sqlite_where=READY, postgresql_where=READY)


agents = Table(
    "agents",
    metadata,
    column("name", String(64), primary_key=True),
    column("address", Text),  # client:kim, sip:kim@host or +E.164
    column("state", String(16), CheckConstraint(f"state in {AGENT_STATES}", name="state")),
    column("reason", String(64), null=True),  # why paused
    column("then", String(16), null=True),  # the state asked for in the middle of an offer or talk
    column("since", Moment),
    column("ready_since", Moment, null=True),
    column("wrap_up_until", Moment, null=True),
    column("version", Integer, default=0),
    column("profile", String(64), null=True),  # none: no longer listed
    column("signed_in_at", Moment, null=True),
    column("rung_at", Moment),  # when an offer was last made
    column("calls", Integer, default=0),  # accepted since signing in
    column("busy_seconds", Float, default=0.0),  # on them, writing up included
    column("occupancy", Float, default=0.0),  # their share of the time since signing in, when last ready
    column("talk_seconds", Float, default=180.0),  # what a call takes this agent, the latest counting most
    column("misses", Integer, default=0),  # missed since the last call that was accepted
    column("ordered", Boolean, default=False),  # `then` is a supervisor's word, not the agent's
    of_profile("ready", "ready_since"),
    of_profile("calls", "calls", "ready_since"),
    of_profile("occupancy", "occupancy", "ready_since"),
    of_profile("rung_at", "rung_at", "ready_since"),
    of_profile("talk_seconds", "talk_seconds", "ready_since"),
)

OFFER_STATES = ("offered", "pledged", "accepted", "declined", "missed", "withdrawn", "ended")
LIVE_OFFER = text("state in ('offered', 'pledged', 'accepted')")
ACCEPTED = text("state = 'accepted'")

offers = Table(
    "offers",
    metadata,
    column("id", String(64), primary_key=True),
    column("call_sid", String(64), ForeignKey("calls.sid"), index=True),
    column("agent", String(64)),
    column("state", String(16), CheckConstraint(f"state in {OFFER_STATES}", name="state")),
    column("version", Integer, default=0),
    column("created_at", Moment),
    column("deadline", Moment),
    column("leg", String(64), null=True, index=True),  # the CallSid of the agent's leg
    column("accepted_at", Moment, null=True),
    column("joined_at", Moment, null=True),  # when the caller came into the conference
    column("ended_at", Moment, null=True),
    column("recording", String(64), null=True),  # the RecordingSid of the talk
    column("place", Integer, default=0),  # of several offers of one call at once: the first is 0
    column("role", String(16), default="agent"),  # agent, interpreter
    column("conference", String(64), index=True),  # its name: the id of the agent's offer
    Index("uq_offers_live_agent", "agent", unique=True, sqlite_where=LIVE_OFFER, postgresql_where=LIVE_OFFER),
    Index("ix_offers_ended_at", "ended_at"),
    Index(
        "uq_offers_live_place",
        "call_sid",
        "place",
        unique=True,
        sqlite_where=LIVE_OFFER,
        postgresql_where=LIVE_OFFER,
    ),
    Index(
        "uq_offers_talk", "call_sid", "role", unique=True, sqlite_where=ACCEPTED, postgresql_where=ACCEPTED
    ),
)

TICKET_STATES = ("open", "accepted", "call-back", "closed")

tickets = Table(
    "tickets",
    metadata,
    column("number", String(32), primary_key=True),
    column("call_sid", String(64), unique=True),
    column("channel", String(16)),
    column("caller", String(32), null=True),
    column("language", String(8)),
    column("state", String(16), CheckConstraint(f"state in {TICKET_STATES}", name="state")),
    column("outcome", String(32), null=True),
    column("agent", String(64), null=True),
    column("opened_at", Moment, index=True),
    column("answered_at", Moment, null=True),
    column("ended_at", Moment, null=True),
    Index("ix_tickets_caller", "caller"),
)

tasks = Table(
    "tasks",
    metadata,
    column("id", Id, primary_key=True, autoincrement=True),
    column("ticket", String(32), ForeignKey("tickets.number"), index=True),
    column("kind", String(32)),  # call-back
    column("state", String(16)),  # open, done
    column("created_at", Moment),
    column("due_at", Moment),
)

KEPT = text("deleted_at IS NULL")

recordings = Table(
    "recordings",
    metadata,
    column("sid", String(64), primary_key=True),
    column("call_sid", String(64), index=True),
    column("ticket", String(32), ForeignKey("tickets.number"), index=True),
    column("kind", String(16)),  # message, talk
    column("url", Text),
    column("seconds", Integer, null=True),
    column("created_at", Moment),
    column("deleted_at", Moment, null=True),  # when its sound was deleted at the carrier
    Index("ix_recordings_kept", "created_at", sqlite_where=KEPT, postgresql_where=KEPT),
)

# The rules by which it was decided who is rung, each version for as long as a receipt names it.
rulebooks = Table(
    "rulebooks",
    metadata,
    column("version", String(64), primary_key=True),
    column("rules", JSON),
    column("loaded_at", Moment),
)

# Why this agent: everything that the choice was made from.
receipts = Table(
    "receipts",
    metadata,
    column("offer", String(64), ForeignKey("offers.id"), primary_key=True),
    column("call_sid", String(64), index=True),
    column("at", Moment, index=True),
    column("rulebook", String(64), ForeignKey("rulebooks.version")),
    column("body", JSON),
)

# Queues that a supervisor has closed; who did so, and when it was opened again, is in the journal.
closures = Table(
    "closures",
    metadata,
    column("queue", String(64), primary_key=True),
    column("since", Moment),
    column("until", Moment, null=True),  # open again from then on; none: until a supervisor opens it
    column("reason", Text, null=True),
    column("who", String(64)),
)

leases = Table(
    "leases",
    metadata,
    column("name", String(64), primary_key=True),
    column("holder", String(64)),
    column("until", Moment),
)
