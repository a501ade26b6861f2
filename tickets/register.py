"""Register a ticket: the first thing that happens to a call."""

from datetime import datetime, tzinfo

from sqlalchemy import Connection

from store.statements import insert
from store.tables import counters, tickets
from tickets.life import State


def register(
    tx: Connection, *, call_sid: str, caller: str | None, language: str, now: datetime, timezone: tzinfo
) -> str:
    """Open a ticket for the call and give its number: the day in `timezone`, then a count from 00001.

    The numbers of a day have no gap and no double, because the count is part of the transaction: until it
    ends, the next registration waits.
    """
    number = _next_number(tx, now.astimezone(timezone))
    tx.execute(
        tickets.insert().values(
            number=number,
            call_sid=call_sid,
            channel="phone",
            caller=caller,
            language=language,
            state=State.OPEN,
            opened_at=now,
        )
    )
    return number


def _next_number(tx: Connection, local: datetime) -> str:
    day = f"{local:%y%m%d}"
    first = insert(tx, counters).values(name=f"ticket-{day}", last=1)
    count = first.on_conflict_do_update(index_elements=["name"], set_={"last": counters.c.last + 1})
    return f"{day}{tx.execute(count.returning(counters.c.last)).scalar_one():05d}"
