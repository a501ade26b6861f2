"""Seats follow the list of agents, without hurting anybody who is on a call."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from agents import presence, roster
from agents.presence import Presence
from store.engine import Store
from store.tables import agent_languages, agent_queues, agents

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    name: str
    address: str = "client:x"
    languages: tuple[str, ...] = ("zh",)
    queues: tuple[str, ...] = ("people",)


def test_newcomers_start_offline_with_their_skills(store: Store) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, [Listed("kim", languages=("zh", "ko"))], NOW)
        seat = presence.find(tx, "kim")
        assert seat is not None
        assert seat.state == Presence.OFFLINE
        assert set(tx.scalars(select(agent_languages.c.language))) == {"zh", "ko"}
        assert set(tx.scalars(select(agent_queues.c.queue))) == {"people"}


def test_a_changed_list_changes_skills_and_address_but_not_what_the_agent_is_doing(store: Store) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, [Listed("kim")], NOW)
        tx.execute(update(agents).values(state=Presence.TALKING))
        roster.seat_all(tx, [Listed("kim", "client:kim2", ("ko",), ("night",))], NOW)
        seat = presence.find(tx, "kim")
        assert seat is not None
        assert (seat.state, seat.address) == (Presence.TALKING, "client:kim2")
        assert set(tx.scalars(select(agent_languages.c.language))) == {"ko"}


@pytest.mark.parametrize("state", Presence)
def test_who_left_the_list_leaves_the_seat_after_the_call_in_hand(store: Store, state: Presence) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, [Listed("kim")], NOW)
        tx.execute(update(agents).values(state=state))
        roster.seat_all(tx, [], NOW)
        seat = presence.find(tx, "kim")
        if state in presence.BUSY:
            assert seat is not None
            assert seat.then == Presence.OFFLINE
        else:
            assert seat is None
