"""What others change between two looks of the dispatcher. On SQLite nobody can: one writes at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from calls.states import Overtaken
from routing.dispatch import Match, match
from routing.floor import Tables
from routing.policy.match import Head
from routing.policy.timeline import Rules
from routing.rulebook import Rulebook
from store.engine import Store
from store.errors import StoreUnavailable
from store.statements import at_one_moment
from store.tables import agents, calls

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])
Meanwhile = Callable[..., None]


@pytest.fixture
def meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Another process changes rows after the dispatcher has read the callers, before it reads the agents."""

    def changes(*statements: Any) -> None:
        def heads(floor: Tables) -> list[Head]:
            monkeypatch.undo()
            found = floor.heads()
            with store.database.writer.begin() as other:
                for statement in statements:
                    other.execute(statement)
            return found

        monkeypatch.setattr(Tables, "heads", heads)

    return changes


def set_up(store: Store, floor: Any) -> Rulebook:
    """A caller, another who is being offered to somebody, and an agent of two is ready."""
    with store.transaction() as tx:
        floor.menu(tx)
        floor.caller(tx, "returning", 90)
        floor.caller(tx, "later", 10)
        floor.agent(tx, "ready", 5)
        floor.agent(tx, "rested", None)
        tx.execute(update(calls).where(calls.c.sid == "returning").values(state="offered"))
    return replace(floor.rulebook, rules={"people": Rules("people", "fewest-calls")})


def matched(store: Store, floor: Any, rulebook: Rulebook) -> Match | None:
    with store.transaction() as tx:
        at_one_moment(tx)
        return match(tx, rulebook, floor.now)


def test_an_agent_who_goes_for_a_break_meanwhile_is_not_rung_and_breaks_nothing(
    store: Store, floor: Any, meanwhile: Meanwhile
) -> None:
    rulebook = set_up(store, floor)
    meanwhile(update(agents).values(state="paused", ready_since=None))
    with pytest.raises((Overtaken, StoreUnavailable)):  # is looked for again
        matched(store, floor, rulebook)
    assert matched(store, floor, rulebook) is None


def test_who_comes_back_to_the_line_meanwhile_is_not_passed_over_by_an_agent_who_came_after_that(
    store: Store, floor: Any, meanwhile: Meanwhile
) -> None:
    rulebook = set_up(store, floor)
    meanwhile(
        update(calls).where(calls.c.sid == "returning").values(state="waiting"),
        update(agents)
        .where(agents.c.name == "rested")
        .values(state="ready", ready_since=floor.now - timedelta(seconds=500)),
    )
    pairs = []
    for _ in range(2):
        made = matched(store, floor, rulebook)
        assert made is not None
        pairs.append((made.call.sid, made.seats[0].name))
    assert pairs == [("later", "ready"), ("returning", "rested")]
