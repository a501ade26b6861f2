"""What the carrier is to be told: stored with the change that wants it, sent after the commit.

    pending ── claim ──▶ sending ──▶ done | failed
       ▲                   │
       └────── retry ──────┘          (a lease that runs out is claimed again)

A command that was claimed before may have reached the carrier: its outcome is unknown, and whoever
claims it next must ask the carrier before sending it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, or_, select, update

from store.statements import insert
from store.tables import UNSENT, outbox

LONGEST = timedelta(minutes=2)  # more than any lease or delay

# What is due, and what was put off by longer than anything is: the clock was set back since.
# Looked for after every commit that can matter, so it is made once.
DUE = select(outbox.c.id).where(
    UNSENT, or_(outbox.c.due_at <= bindparam("now"), outbox.c.due_at > bindparam("longest"))
)
FIRST_DUE = DUE.limit(1)


@dataclass(frozen=True)
class Command:
    """One thing to tell the carrier. `attempts` counts the claims before this one."""

    id: int
    key: str
    kind: str
    body: dict[str, Any]
    call_sid: str | None
    offer: str | None
    attempts: int

    @property
    def outcome_unknown(self) -> bool:
        """Somebody has tried before: the carrier may have done it already."""
        return self.attempts > 0


def put(
    tx: Connection,
    key: str,
    kind: str,
    body: dict[str, Any],
    *,
    now: datetime,
    call_sid: str | None = None,
    offer: str | None = None,
    due_at: datetime | None = None,
) -> int | None:
    """Store a command, once, and give its id; None where `key` was put before, which is left alone."""
    new = insert(tx, outbox).values(
        key=key,
        kind=kind,
        body=body,
        call_sid=call_sid,
        offer=offer,
        state="pending",
        attempts=0,
        due_at=due_at or now,
        created_at=now,
    )
    return tx.execute(new.on_conflict_do_nothing(index_elements=["key"]).returning(outbox.c.id)).scalar()


def any_due(tx: Connection, now: datetime) -> bool:
    """Whether there is anything to claim; only looks."""
    return tx.execute(FIRST_DUE, _moments(now)).first() is not None


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "longest": now + LONGEST}


def claim(tx: Connection, now: datetime, lease_seconds: float, limit: int) -> list[Command]:
    """Take up to `limit` due commands, oldest first; nobody else gets them until the lease runs out."""
    # SKIP LOCKED: what another process is claiming this instant is not ours. (SQLite has one writer anyway.)
    taken = (
        DUE.order_by(outbox.c.due_at, outbox.c.id).limit(limit).with_for_update(skip_locked=True).cte("due")
    )
    rows = tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(select(taken.c.id)))
        .values(
            state="sending", attempts=outbox.c.attempts + 1, due_at=now + timedelta(seconds=lease_seconds)
        )
        .returning(outbox),
        _moments(now),
    )
    commands = [
        Command(row.id, row.key, row.kind, row.body, row.call_sid, row.offer, row.attempts - 1)
        for row in rows
    ]
    return sorted(commands, key=lambda command: command.id)


def done(tx: Connection, id: int) -> None:
    """The carrier has done it, or need not any more."""
    tx.execute(_of(id).values(state="done", error=None))


def retry(tx: Connection, id: int, due_at: datetime, error: str, *, attempts: int | None = None) -> None:
    """Try again from `due_at` on. `attempts` as claimed: what another has claimed since is theirs."""
    tx.execute(_still_mine(id, attempts).values(state="pending", due_at=due_at, error=error))


def failed(tx: Connection, id: int, error: str, *, attempts: int | None = None) -> None:
    """Give it up, for the reason `error`. `attempts` as in `retry`."""
    tx.execute(_still_mine(id, attempts).values(state="failed", error=error))


def _of(id: int) -> Update:
    return update(outbox).where(outbox.c.id == id)


def _still_mine(id: int, attempts: int | None) -> Update:
    mine = _of(id).where(outbox.c.state == "sending")
    return mine if attempts is None else mine.where(outbox.c.attempts == attempts + 1)


def hasten(tx: Connection, key: str, now: datetime) -> None:
    """What was to be sent later, should nothing else come, is wanted now."""
    early = update(outbox).where(outbox.c.key == key, outbox.c.state == "pending", outbox.c.due_at > now)
    tx.execute(early.values(due_at=now))


def forget(tx: Connection, before: datetime) -> None:
    """Delete what was done or given up before then."""
    tx.execute(delete(outbox).where(outbox.c.state.in_(("done", "failed")), outbox.c.created_at < before))
