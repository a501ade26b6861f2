"""The life of a ticket: every move crossed with every state, and endings that come twice."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Row, select

from store.engine import Store
from store.tables import TICKET_STATES, tasks, tickets
from tickets.life import ENDINGS, MOVES, MoveRefused, State, after, answered, ended, owes_a_call, speaks
from tickets.register import register

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)

OUTCOMES = {
    "answered": "accepted",
    "abandoned": "call-back",
    "failed": "call-back",
    "message": "call-back",
    "self-service": "closed",
    "transferred": "closed",
    "not-reached": "call-back",
    "called-again": "closed",
    "declined": "closed",
}

LEGAL = {
    ("answer", "open"): "accepted",
    ("answer", "accepted"): "accepted",
    ("miss", "open"): "call-back",
    ("miss", "accepted"): "call-back",
    ("leave-message", "open"): "call-back",
    ("leave-message", "accepted"): "call-back",
    ("settle", "open"): "closed",
    ("settle", "accepted"): "closed",
    ("answer", "call-back"): "accepted",
    ("miss", "call-back"): "call-back",
    ("leave-message", "call-back"): "call-back",
    ("settle", "call-back"): "closed",
}


def new(tx: Connection, sid: str = "CA1") -> str:
    return register(tx, call_sid=sid, caller=None, language="zh", now=NOW, timezone=ZoneInfo("Asia/Shanghai"))


def read(tx: Connection, number: str) -> Row[tuple[object, ...]]:
    return tx.execute(select(tickets).where(tickets.c.number == number)).one()


def call_backs(tx: Connection, number: str) -> int:
    return len(tx.execute(select(tasks).where(tasks.c.ticket == number, tasks.c.kind == "call-back")).all())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state(move: str, state: State) -> None:
    if (move, state) in LEGAL:
        assert after(move, state) == LEGAL[move, state]
        return
    with pytest.raises(MoveRefused, match=f"cannot {move} a ticket that is {state}; it must be "):
        after(move, state)


def test_the_states_are_those_that_the_database_allows() -> None:
    assert tuple(State) == TICKET_STATES
    assert set(OUTCOMES) == set(ENDINGS)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_call_that_ends_leaves_its_ticket_in_the_right_state(store: Store, outcome: str) -> None:
    with store.transaction() as tx:
        number = new(tx)
        assert ended(tx, number, outcome, LATER)
        ticket = read(tx, number)
        assert (ticket.state, ticket.outcome, ticket.ended_at) == (OUTCOMES[outcome], outcome, LATER)
        assert call_backs(tx, number) == (OUTCOMES[outcome] == "call-back")


def test_the_first_ending_counts_unless_later_word_tells_of_more_than_a_missed_call(store: Store) -> None:
    for count, (first, second) in enumerate(product(OUTCOMES, OUTCOMES)):
        upgrade = first in ("abandoned", "failed") and second in ("message", "transferred")
        last = second if upgrade else first
        with store.transaction() as tx:
            number = new(tx, f"CA{count}")
            ended(tx, number, first, NOW)
            assert ended(tx, number, second, LATER) is upgrade
            ticket = read(tx, number)
            assert (ticket.state, ticket.outcome, ticket.ended_at) == (OUTCOMES[last], last, NOW)
            assert call_backs(tx, number) == (OUTCOMES[last] == "call-back")


def test_the_first_answer_gives_the_time_and_the_last_the_agent(store: Store) -> None:
    with store.transaction() as tx:
        number = new(tx)
        assert answered(tx, number, "kim", NOW)
        assert answered(tx, number, "pak", LATER)
        ticket = read(tx, number)
        assert (ticket.state, ticket.agent, ticket.answered_at) == ("accepted", "pak", NOW)


def test_an_answer_after_the_end_changes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        number = new(tx)
        ended(tx, number, "abandoned", NOW)
        assert not answered(tx, number, "kim", LATER)
        assert read(tx, number).agent is None


def test_a_caller_left_alone_in_the_end_is_called_back_although_somebody_had_answered(store: Store) -> None:
    with store.transaction() as tx:
        number = new(tx)
        answered(tx, number, "kim", NOW)
        ended(tx, number, "abandoned", LATER)
        assert read(tx, number).state == "call-back"
        assert call_backs(tx, number) == 1


def test_endings_that_come_at_once_leave_one_task(store: Store) -> None:
    with store.transaction() as tx:
        number = new(tx)
    together = threading.Barrier(4)
    first: list[bool] = []

    def end() -> None:
        together.wait(30)
        with store.transaction() as tx:
            first.append(ended(tx, number, "abandoned", LATER))

    threads = [threading.Thread(target=end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(first) == [False, False, False, True]
    with store.reading() as tx:
        assert call_backs(tx, number) == 1


def test_the_ticket_speaks_the_language_the_caller_chose(store: Store) -> None:
    with store.transaction() as tx:
        number = new(tx)
        speaks(tx, number, "ko")
        assert read(tx, number).language == "ko"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_call_is_owed_where_nobody_could_help(outcome: str) -> None:
    assert owes_a_call(outcome) == (OUTCOMES[outcome] == "call-back")
