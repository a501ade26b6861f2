"""What a waiting caller is told: the place, and the wait from the agents at work and the queue ahead."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from calls import book
from routing.outlook import Outlook, Patience, outlook, patience
from routing.policy.estimate import FOREVER, wait
from store.engine import Store
from store.tables import calls


def told(store: Store, floor: Any, sid: str = "me") -> Outlook:
    with store.reading() as tx:
        call = book.find(tx, sid)
        assert call is not None
        return outlook(tx, floor.rulebook.rules, call, floor.now, 20)


def test_the_place_is_among_those_of_the_same_queue_and_language(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        for sid, waited, language, queue, priority in (
            ("me", 50, "zh", "people", 0),
            ("before", 60, "zh", "people", 0),
            ("urgent", 30, "zh", "people", 10),
            ("behind", 40, "zh", "people", 0),
            ("not-so-urgent", 10, "zh", "people", 10),
            ("other-language", 90, "ko", "people", 0),
            ("other-queue", 90, "zh", "night", 0),
        ):
            floor.caller(tx, sid, waited, language, queue, priority)
    assert told(store, floor).position == 3


def test_nobody_at_work_is_no_wait(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "me", 50, "ko")
        floor.agent(tx, "wang", 10, ["zh"])
        floor.agent(tx, "kim", None, ["ko"])  # paused
    assert told(store, floor).wait is None


def test_only_agents_who_can_and_callers_who_are_in_the_way_count(store: Store, floor: Any) -> None:
    """Three of the twelve who speak Chinese speak Korean: of eight Chinese callers two are in the way."""
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "me", 50, "ko")
        floor.caller(tx, "korean", 60, "ko")
        for i in range(8):
            floor.caller(tx, f"chinese-{i}", 70 + i)
        for i in range(12):
            floor.agent(tx, f"agent-{i:02}", 10, ["zh", "ko"] if i < 3 else ["zh"])
    assert told(store, floor) == Outlook(2, wait(1 + 8 * 3 / 12, 3, 180 + 20))


def test_patience_is_learnt_from_those_who_gave_up(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        for i in range(20):
            floor.caller(tx, f"CA{i}", 100 + i)
        over = {"state": "ended", "queued_at": floor.now, "ended_at": floor.now}
        tx.execute(update(calls).values(outcome="answered", **over))
    with store.reading() as tx:
        assert patience(tx) == FOREVER
    with store.transaction() as tx:
        gone = [f"CA{i}" for i in range(10)]
        tx.execute(update(calls).where(calls.c.sid.in_(gone)).values(outcome="abandoned"))
        answered = floor.now - timedelta(seconds=60)
        tx.execute(update(calls).where(calls.c.sid.not_in(gone)).values(answered_at=answered))
    known = Patience()
    total = sum(100 + i for i in range(10)) + sum(40 + i for i in range(10, 20))
    with store.reading() as tx:
        assert patience(tx) == known.seconds(tx, floor.now) == pytest.approx(total / 10)
    with store.transaction() as tx:
        tx.execute(delete(calls))
    with store.reading() as tx:
        assert known.seconds(tx, floor.now + timedelta(seconds=9)) == pytest.approx(total / 10)
        assert known.seconds(tx, floor.now + timedelta(seconds=10)) == FOREVER


def test_who_is_called_back_was_patient_until_the_line_was_left(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        for i in range(20):
            floor.caller(tx, f"CA{i}", 100 + i)
        over = {"state": "ended", "queued_at": floor.now, "ended_at": floor.now, "outcome": "answered"}
        left = {"left_at": floor.now - timedelta(seconds=60), "answered_at": floor.now}
        tx.execute(update(calls).values(left="asked", **over, **left))
    with store.reading() as tx:
        assert patience(tx) == FOREVER
    with store.transaction() as tx:
        gone = [f"CA{i}" for i in range(10)]
        tx.execute(update(calls).where(calls.c.sid.in_(gone)).values(left="gave-up"))
    with store.reading() as tx:
        assert patience(tx) == pytest.approx(sum(40 + i for i in range(20)) / 10)
