"""The rules in force at this moment, in every process: what a supervisor has closed, who receives today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from agents import presence
from routing import closures
from routing.policy.day import Kept
from routing.rulebook import Rulebook, receptions
from settings.opening import out_of_hours
from switchboard.hotline import Hotline


@dataclass(frozen=True)
class Today:
    """The rules in force, the queues that a supervisor has closed, and when a closure or a reception changes
    them of itself; None: not today."""

    rulebook: Rulebook
    closed: frozenset[str]
    until: datetime | None


def today(hotline: Hotline, tx: Connection) -> Today:
    """The rules as they are now."""
    now = hotline.now()
    closed = closures.closed(tx, now)
    kept = frozenset(_kept(hotline, tx, now))
    turns = [closure.until for closure in closed] + [hotline.config.calendar.reception_turn(now)]
    names = frozenset(closure.queue for closure in closed)
    rulebook = hotline.rulebook.on(names, kept, out_of_hours(hotline.config, now))
    return Today(rulebook, names, min((turn for turn in turns if turn is not None), default=None))


def _kept(hotline: Hotline, tx: Connection, now: datetime) -> Iterator[Kept]:
    """The receptions whose director is at work."""
    for reception in receptions(hotline.config, now):
        seat = presence.find(tx, reception.seat.agent)
        if seat and presence.on_duty(seat):
            yield reception
