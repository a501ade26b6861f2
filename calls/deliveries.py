"""Which webhooks were answered, and with what: a webhook that comes again gets the same answer.

The answer is stored in the transaction of the change it tells of, so that of two overlapping deliveries
one fails on the primary key, rolls back, and finds what the other one answered.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from store.tables import deliveries


def answered(tx: Connection, call_sid: str, step: str) -> str | None:
    """The TwiML that this step of the call was answered with, if it was."""
    query = select(deliveries.c.twiml).where(deliveries.c.call_sid == call_sid, deliveries.c.step == step)
    return tx.scalar(query)


def keep(tx: Connection, call_sid: str, step: str, twiml: str, now: datetime) -> str:
    """Store the answer; IntegrityError where another delivery of the same step was first."""
    tx.execute(insert(deliveries).values(call_sid=call_sid, step=step, twiml=twiml, at=now))
    return twiml


def forget(tx: Connection, before: datetime) -> int:
    """Delete the answers older than `before`; returns how many."""
    return tx.execute(delete(deliveries).where(deliveries.c.at < before)).rowcount
