"""Which of several clocks ticks: the one that holds the lease, and another one once it has run out."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from store.engine import Store
from store.tables import leases

LIFE = timedelta(seconds=10)


def hold(store: Store, name: str, holder: str, now: datetime) -> bool:
    """Take or renew the lease; false while somebody else has it."""
    try:
        with store.transaction() as tx:
            return _hold(tx, name, holder, now)
    except IntegrityError:
        return False  # two clocks made the first row at once; the other one has it


def _hold(tx: Connection, name: str, holder: str, now: datetime) -> bool:
    # A lease that runs longer than any lease does was taken before the clock was set back.
    free = (leases.c.holder == holder) | (leases.c.until <= now) | (leases.c.until > now + LIFE)
    taken = update(leases).where(leases.c.name == name, free).values(holder=holder, until=now + LIFE)
    if tx.execute(taken).rowcount == 1:
        return True
    if tx.scalar(select(leases.c.name).where(leases.c.name == name)) is not None:
        return False
    tx.execute(leases.insert().values(name=name, holder=holder, until=now + LIFE))
    return True
