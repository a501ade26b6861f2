"""Who rings next, on both databases, alone and with many dispatching at once."""

import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from agents import offers
from calls.states import Overtaken
from routing.dispatch import match, move
from routing.floor import Tables
from routing.policy.match import choose
from routing.policy.timeline import Rules, Step
from routing.rulebook import Rulebook
from store.engine import Store
from store.errors import StoreUnavailable
from store.statements import at_one_moment
from store.tables import calls
from store.tables import offers as offer_rows


def pairs(store: Store, floor: Any) -> list[tuple[str, str]]:
    """Dispatch until no pair is left: (caller, agent) in the order of their offers."""
    found = []
    while True:
        with store.transaction() as tx:
            at_one_moment(tx)
            made = match(tx, floor.rulebook, floor.now)
            if made is None:
                return found
            found.append((made.call.sid, made.seats[0].name))


def test_who_waited_longest_gets_who_was_free_longest(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "late", 10)
        floor.caller(tx, "early", 90)
        floor.agent(tx, "fresh", 5)
        floor.agent(tx, "rested", 500)
    assert pairs(store, floor) == [("early", "rested"), ("late", "fresh")]


def test_a_caller_nobody_can_serve_keeps_nobody_else_waiting(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "korean", 900, "ko")
        floor.caller(tx, "chinese", 10, "zh")
        floor.agent(tx, "wang", 5, ["zh"])
    assert pairs(store, floor) == [("chinese", "wang")]


def test_language_and_queue_are_both_needed(store: Store, floor: Any) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "call", 10, "ko", "night")
        floor.agent(tx, "korean-by-day", 500, ["ko"], ["people"])
        floor.agent(tx, "chinese-by-night", 400, ["zh"], ["night"])
        floor.agent(tx, "right", 5, ["zh", "ko"], ["people", "night"])
    assert pairs(store, floor) == [("call", "right")]


def test_priority_makes_waiting_count_for_more_and_a_paused_agent_gets_nothing(
    store: Store, floor: Any
) -> None:
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "patient", 900)
        floor.caller(tx, "urgent", 15, priority=10)
        floor.caller(tx, "fresh", 40)
        for idle, name in enumerate(("ready", "too", "also")):
            floor.agent(tx, name, 10 - idle)
        floor.agent(tx, "paused", None)
    assert pairs(store, floor) == [("patient", "ready"), ("urgent", "too"), ("fresh", "also")]


def test_what_a_decision_reads_is_asked_for_once_however_many_are_kept_for_somebody(
    store: Store, floor: Any
) -> None:
    rulebook = Rulebook("r", {"people": Rules("people", "sticky", keep_seconds=60)})
    asked: list[str] = []

    def decided() -> tuple[Any, int]:
        asked.clear()
        with store.reading() as tx:
            event.listen(tx, "before_cursor_execute", lambda *told: asked.append(told[2]))
            choice = choose(Tables(tx), rulebook.rules, floor.now.timestamp())
        assert choice is not None
        return choice, len(asked)

    with store.transaction() as tx:
        floor.menu(tx)
        floor.agent(tx, "agent-00", 100)
        floor.caller(tx, "CA00", 5, wants="agent-00")
    decided()  # what a profile says is read once for ever
    _, few = decided()
    with store.transaction() as tx:
        for number in range(1, 30):
            floor.agent(tx, f"agent-{number:02}", None if number % 2 else 100 + number)
            floor.caller(tx, f"CA{number:02}", 10 + number, wants=f"agent-{number:02}")
    choice, many = decided()
    assert (choice.head.call, choice.agents[0].name) == ("CA28", "agent-28")  # 29 is kept for who is paused
    assert many == few


def test_many_dispatching_at_once_neither_double_nor_lose(store: Store, floor: Any) -> None:
    callers, seats = 60, 40
    with store.transaction() as tx:
        floor.menu(tx)
        for i in range(callers):
            floor.caller(tx, f"CA{i:03}", 1000 - i)
        for i in range(seats):
            floor.agent(tx, f"agent-{i:02}", 500 - i)

    def dispatch() -> None:
        while True:
            try:
                with store.transaction() as tx:
                    at_one_moment(tx)
                    made = match(tx, floor.rulebook, floor.now)
                    if made is None:
                        return
                    offers.make(tx, made.call.sid, made.seats[0].name, floor.now, floor.now)
            except (Overtaken, IntegrityError, StoreUnavailable):
                continue

    threads = [threading.Thread(target=dispatch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        made = tx.execute(select(offer_rows.c.call_sid, offer_rows.c.agent)).all()
    assert len(made) == seats
    assert len({agent for _, agent in made}) == seats
    assert sorted(call for call, _ in made) == [f"CA{i:03}" for i in range(seats)]


def test_many_dispatching_at_once_move_each_caller_once(store: Store, floor: Any) -> None:
    """Thirty are due, five are not yet."""
    rules = {"people": Rules("people", steps=(Step(60, move="night"),)), "night": Rules("night", priority=20)}
    book, moved = Rulebook.of(rules), []
    with store.transaction() as tx:
        floor.menu(tx)
        for i in range(35):
            floor.caller(tx, f"CA{i:03}", 89 - i)

    def dispatch() -> None:
        while True:
            try:
                with store.transaction() as tx:
                    made = move(tx, book, floor.now)
                if made is None:
                    return
                moved.append(made.call.sid)
            except (Overtaken, StoreUnavailable):
                continue

    threads = [threading.Thread(target=dispatch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == [f"CA{i:03}" for i in range(30)]
    with store.reading() as tx:
        rows = tx.execute(select(calls.c.sid, calls.c.queue, calls.c.priority, calls.c.waiting_since)).all()
    assert {row.sid for row in rows if (row.queue, row.priority) == ("night", 20)} == set(moved)
    since = {row.sid: row.waiting_since for row in rows}
    assert all(since[f"CA{i:03}"] == floor.now - timedelta(seconds=89 - i) for i in range(35))
