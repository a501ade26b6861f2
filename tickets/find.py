"""Find tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, exists, func, select

from store.tables import calls, offers, tickets


@dataclass(frozen=True)
class Ticket:
    """One ticket, with how long its caller waited and talked. `caller` is E.164, None when withheld; times
    are UTC; `talking` says that a talk goes on."""

    number: str
    call_sid: str
    channel: str
    caller: str | None
    language: str
    state: str
    outcome: str | None
    agent: str | None
    opened_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    waiting_since: datetime | None
    talked_until: datetime | None
    talking: bool

    @property
    def seconds_waited(self) -> int | None:
        """From the queue to a person, or to the hang-up. None: never waited, or waits still."""
        return _seconds(self.waiting_since, self.answered_at or self.ended_at)

    @property
    def seconds_talked(self) -> int | None:
        """From the first answer to the end of the last talk. None: nobody answered, or they talk still."""
        return None if self.talking else _seconds(self.answered_at, self.talked_until or self.ended_at)


def ticket(tx: Connection, number: str) -> Ticket | None:
    """The ticket with this number."""
    row = tx.execute(_all().where(tickets.c.number == number)).one_or_none()
    return _ticket(row) if row else None


def latest(tx: Connection, limit: int, *, state: str | None = None) -> list[Ticket]:
    """The newest tickets, newest first; only those in `state`, where given."""
    query = _all() if state is None else _all().where(tickets.c.state == state)
    newest = query.order_by(tickets.c.opened_at.desc(), tickets.c.number.desc()).limit(limit)
    return [_ticket(row) for row in tx.execute(newest)]


def status_for_caller(tx: Connection, number: str, caller: str | None) -> Mapping[str, str] | None:
    """Ticket and state of the ticket `number`, if it is the caller's own.

    None for other people's tickets, so that nobody learns of them by trying numbers, and for a caller who
    withholds the own number.
    """
    if caller is None:
        return None
    own = select(tickets.c.state).where(tickets.c.number == number, tickets.c.caller == caller)
    state = tx.scalar(own)
    return None if state is None else {"ticket": number, "state": state}


def last_agent(tx: Connection, caller: str, since: datetime) -> str | None:
    """Who talked with this caller last, in a call that came after `since`."""
    t = tickets.c
    talked = select(t.agent).where(t.caller == caller, t.agent.is_not(None), t.opened_at >= since)
    return tx.scalar(talked.order_by(t.opened_at.desc(), t.number.desc()).limit(1))


def under_way(tx: Connection, caller: str) -> list[str]:
    """The CallSids of this caller's calls that have not ended, the newest first."""
    t = tickets.c
    theirs = select(t.call_sid).where(t.caller == caller, t.ended_at.is_(None))
    return list(tx.scalars(theirs.order_by(t.opened_at.desc(), t.number.desc())))


def _all() -> Select[tuple[object, ...]]:
    its_talks = (offers.c.call_sid == tickets.c.call_sid) & offers.c.joined_at.is_not(None)
    until = select(func.max(offers.c.ended_at)).where(its_talks).scalar_subquery().label("talked_until")
    talking = exists().where(its_talks, offers.c.ended_at.is_(None)).label("talking")
    columns = (*tickets.c, calls.c.waiting_since, until, talking)
    return select(*columns).select_from(tickets.outerjoin(calls, calls.c.sid == tickets.c.call_sid))


def _ticket(row: Row[tuple[object, ...]]) -> Ticket:
    return Ticket(**row._mapping)


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start).total_seconds())
