"""The book of calls: nobody writes over what somebody else has just written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from calls import book
from calls.book import Call
from calls.states import MoveRefused, Overtaken, State
from store.engine import Store
from store.tables import menus

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def call(store: Store) -> Call:
    """A call in the menu."""
    with store.transaction() as tx:
        tx.execute(menus.insert().values(version="v", source={}, loaded_at=NOW))
        return book.open_call(
            tx,
            Call(
                sid="CA1",
                ticket="26112300001",
                caller=None,
                dialled="+8643112345",
                language="zh",
                state=State.MENU,
                menu="v",
                at="welcome",
                started_at=NOW,
                seen_at=NOW,
            ),
        )


def change(store: Store, call: Call, *move: str, **values: Any) -> Call:
    with store.transaction() as tx:
        return book.change(tx, call, *move, **values)


def stored(store: Store) -> Call:
    with store.reading() as tx:
        found = book.find(tx, "CA1")
    assert found is not None
    return found


@pytest.mark.parametrize("first", [{"outcome": "message"}, {"conference_sid": "CF1"}, {"step": 1}])
def test_of_two_who_read_the_same_call_the_second_is_overtaken(
    store: Store, call: Call, first: dict[str, Any]
) -> None:
    change(store, call, **first)
    with pytest.raises(Overtaken):
        change(store, call, "end", outcome="abandoned", ended_at=NOW)
    after = stored(store)
    assert after.state == State.MENU
    assert {name: getattr(after, name) for name in first} == first


def test_what_change_gives_back_is_what_is_stored(store: Store, call: Call) -> None:
    waiting = change(store, call, "enqueue", queue="people", waiting_since=NOW, queued_at=NOW)
    assert waiting == stored(store)
    ended = change(store, waiting, "end", outcome="abandoned", ended_at=NOW)
    assert ended == stored(store)


def test_a_move_that_its_state_forbids_changes_nothing(store: Store, call: Call) -> None:
    with pytest.raises(MoveRefused):
        change(store, call, "talk")
    assert stored(store) == call
