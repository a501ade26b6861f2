"""What happened, in order, for ever: every step of a call leaves a line here, and no line is changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from store.tables import calls, journal


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    at: datetime
    kind: str
    call_sid: str | None
    ticket: str | None
    detail: dict[str, Any]


def note(
    tx: Connection,
    kind: str,
    *,
    now: datetime,
    call_sid: str | None = None,
    ticket: str | None = None,
    **detail: Any,
) -> None:
    """Write that `kind` happened; `detail` is anything JSON can hold."""
    tx.execute(journal.insert().values(at=now, kind=kind, call_sid=call_sid, ticket=ticket, detail=detail))


def of_call(tx: Connection, sid: str) -> list[Entry]:
    """The journal of the call `sid`, oldest first."""
    return _entries(tx, journal.c.call_sid == sid)


def of_ticket(tx: Connection, number: str) -> list[Entry]:
    """The journal of the ticket `number` and of the call it came from, oldest first."""
    its_call = select(calls.c.sid).where(calls.c.ticket == number)
    return _entries(tx, or_(journal.c.ticket == number, journal.c.call_sid.in_(its_call)))


def _entries(tx: Connection, which: ColumnElement[bool]) -> list[Entry]:
    columns = (journal.c.at, journal.c.kind, journal.c.call_sid, journal.c.ticket, journal.c.detail)
    return [Entry(*row) for row in tx.execute(select(*columns).where(which).order_by(journal.c.id))]
