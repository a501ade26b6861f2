"""Queues that a supervisor has closed: looked at by every decision, in every process."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select

from calls import journal
from store.statements import insert
from store.tables import closures

# Asked at every decision, so it is made once.
CLOSED = (
    select(closures)
    .where(or_(closures.c.until.is_(None), closures.c.until > bindparam("now")))
    .order_by(closures.c.queue)
)


@dataclass(frozen=True)
class Closure:
    """A queue is closed since then and `until` then; None: until somebody opens it. `who` closed it."""

    queue: str
    since: datetime
    until: datetime | None
    reason: str | None
    who: str


def close(tx: Connection, closure: Closure) -> None:
    """Close a queue; one that is closed already is closed anew, with what is said now."""
    values = asdict(closure)
    written = insert(tx, closures).values(**values)
    tx.execute(written.on_conflict_do_update(index_elements=["queue"], set_=values))
    until = closure.until.isoformat() if closure.until else None
    detail = {"queue": closure.queue, "until": until, "reason": closure.reason, "who": closure.who}
    journal.note(tx, "queue-closed", now=closure.since, **detail)


def reopen(tx: Connection, queues: Iterable[str], who: str, now: datetime) -> list[str]:
    """Open these queues again; returns those that were closed."""
    wanted = set(queues)
    opened = [one.queue for one in closed(tx, now) if one.queue in wanted]
    tx.execute(delete(closures).where(closures.c.queue.in_(wanted)))
    for queue in opened:
        journal.note(tx, "queue-opened", now=now, queue=queue, who=who)
    return opened


def closed(tx: Connection, now: datetime) -> list[Closure]:
    """The queues that are closed now, by their names."""
    return [Closure(**row) for row in tx.execute(CLOSED, {"now": now}).mappings()]
