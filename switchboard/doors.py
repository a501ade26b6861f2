"""Which queues callers may wait in now: by their hours, by a supervisor's word, by how many wait already."""

from datetime import datetime

import structlog
from sqlalchemy import Connection

from calls import book
from ivr.place import Standing
from routing import closures
from routing.floor import Tables
from routing.policy.match import free
from routing.policy.skills import Lane
from settings.calendar import YearUnknown
from store.statements import pass_in_turn
from switchboard.hotline import Hotline
from switchboard.today import today

log = structlog.get_logger()


def open_at(hotline: Hotline, hours: str, now: datetime) -> bool:
    """Whether these hours are open. In a year that the calendar does not hold they are: people answer."""
    try:
        return hotline.config.calendar.open_at(hours, now)
    except YearUnknown as error:
        log.error("the calendar does not hold this year", hours=hours, error=str(error))
        return True


def closed_by_hand(hotline: Hotline, tx: Connection, queue: str | None) -> bool:
    """Whether a supervisor has closed this queue: then those who wait in it are told, and led on."""
    return queue in {closure.queue for closure in closures.closed(tx, hotline.now())}


def standing(hotline: Hotline, tx: Connection, name: str, language: str) -> Standing:
    """Whether a caller of this language who comes now may wait in this queue. The end of its hours sends
    nobody away who waits already."""
    queue, now = hotline.config.queues[hotline.queue(name)], hotline.now()
    if closed_by_hand(hotline, tx, queue.name):
        return "closed"
    if queue.hours and not open_at(hotline, queue.hours, now):
        return "closed"
    if queue.limit is not None:
        pass_in_turn(tx, f"queue {queue.name}")  # not to take the last place twice
        if book.waiting(tx, queue.name) >= queue.limit and not _free(hotline, tx, queue.name, language):
            return "full"
    return "open"


def _free(hotline: Hotline, tx: Connection, queue: str, language: str) -> bool:
    """Whether such a caller would not have to wait: those who do wait for others."""
    rules = today(hotline, tx).rulebook.rules
    return free(Tables(tx), rules, Lane(queue, language), hotline.now().timestamp())
