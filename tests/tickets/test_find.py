"""Tickets are found by number, by time and by state; a caller finds the own ones only."""

from typing import Any

import pytest

from store.engine import Store
from tickets.find import latest, status_for_caller, ticket
from tickets.show import view


def test_a_ticket_knows_how_long_its_caller_waited_and_talked(store: Store, city: Any) -> None:
    number = city.call("answered")
    with store.reading() as tx:
        found = ticket(tx, number)
    assert found is not None
    assert (found.state, found.agent, found.seconds_waited, found.seconds_talked) == (
        "accepted",
        "kim",
        15,
        75,
    )


def test_nobody_talked_with_a_caller_who_gave_up(store: Store, city: Any) -> None:
    number = city.call("abandoned")
    with store.reading() as tx:
        found = ticket(tx, number)
    assert found is not None
    assert (found.state, found.seconds_waited, found.seconds_talked) == ("call-back", 90, None)


def test_a_call_under_way_has_no_times_yet(store: Store, city: Any) -> None:
    number = city.call(None)
    with store.reading() as tx:
        found = ticket(tx, number)
    assert found is not None
    assert (found.state, found.seconds_waited, found.seconds_talked) == ("open", None, None)


def test_the_newest_come_first(store: Store, city: Any) -> None:
    numbers = [city.call("abandoned" if count % 2 else "answered", after=count * 60) for count in range(5)]
    with store.reading() as tx:
        assert [found.number for found in latest(tx, 3)] == numbers[:1:-1]
        assert [found.number for found in latest(tx, 9, state="call-back")] == [numbers[3], numbers[1]]


@pytest.mark.parametrize(
    ("caller", "found"),
    [("+8643188880001", True), ("+8643188880002", False), (None, False)],
    ids=["own", "another's", "withheld"],
)
def test_a_caller_hears_of_the_own_ticket_only(
    store: Store, city: Any, caller: str | None, found: bool
) -> None:
    number = city.call("answered")
    with store.reading() as tx:
        status = status_for_caller(tx, number, caller)
        assert status_for_caller(tx, "2611239999", caller) is None
    assert status == ({"ticket": number, "state": "accepted"} if found else None)


def test_a_ticket_of_a_withheld_number_is_nobodys(store: Store, city: Any) -> None:
    number = city.call("answered", caller=None)
    with store.reading() as tx:
        assert status_for_caller(tx, number, None) is None
        assert status_for_caller(tx, number, "+8643188880001") is None


def test_the_view_holds_the_path_the_recordings_the_tasks_and_the_journal(store: Store, city: Any) -> None:
    number = city.call("message")
    with store.reading() as tx:
        found = view(tx, number)
        assert view(tx, "2611239999") is None
    assert found is not None
    assert found.path == ("welcome", "language", "people")
    assert [(each.kind, each.seconds) for each in found.recordings] == [("message", 12)]
    assert [(each.kind, each.state) for each in found.tasks] == [("call-back", "open")]
    kinds = [each.kind for each in found.journal]
    assert kinds == ["call-arrived", "step", "step", "waiting", "ended"]
