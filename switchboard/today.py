"""The rules in force at this moment, in every process: what a supervisor has closed, who receives today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from agents import presence
from routing import closures
from routing.policy.day import Kept
from routing.policy.timeline import Seat
from routing.rulebook import Rulebook
from settings.calendar import YearUnknown
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
    rulebook = hotline.rulebook.on(names, kept, frozenset(_out_of_hours(hotline, now)))
    return Today(rulebook, names, min((turn for turn in turns if turn is not None), default=None))


def _out_of_hours(hotline: Hotline, now: datetime) -> Iterator[str]:
    """The queues whose opening hours are over, or have not begun."""
    config = hotline.config
    for name, queue in config.queues.items():
        try:
            if queue.hours and not config.calendar.open_at(queue.hours, now):
                yield name
        except YearUnknown:  # people answer, as `doors` lets callers in
            continue


def _kept(hotline: Hotline, tx: Connection, now: datetime) -> Iterator[Kept]:
    """The receptions whose director is at work."""
    for reception in hotline.config.calendar.receptions_at(now):
        director = hotline.config.agents.get(reception.agent)
        seat = presence.find(tx, reception.agent) if director else None
        if director and seat and presence.on_duty(seat):
            yield Kept(reception.queue, Seat(reception.agent, director.languages), reception.seconds)
