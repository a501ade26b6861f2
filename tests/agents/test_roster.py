"""Seats follow the list of agents, without hurting anybody who is on a call."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from agents import presence, roster
from agents.presence import Presence
from agents.roster import Place
from store.engine import Store
from store.tables import agents

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KIM = {"kim": Place("client:kim", "korean")}


def test_newcomers_start_offline_with_what_they_can(store: Store) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, KIM, NOW)
        seat = presence.find(tx, "kim")
        assert seat is not None
        assert (seat.state, seat.profile) == (Presence.OFFLINE, "korean")


def test_a_changed_list_changes_profile_and_address_but_not_what_the_agent_is_doing(store: Store) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, KIM, NOW)
        tx.execute(update(agents).values(state=Presence.TALKING))
        roster.seat_all(tx, {"kim": Place("client:kim2", "chinese")}, NOW)
        seat = presence.find(tx, "kim")
        assert seat is not None
        assert (seat.state, seat.address, seat.profile) == (Presence.TALKING, "client:kim2", "chinese")


@pytest.mark.parametrize("state", Presence)
def test_who_left_the_list_leaves_the_seat_after_the_call_in_hand(store: Store, state: Presence) -> None:
    with store.transaction() as tx:
        roster.seat_all(tx, KIM, NOW)
        tx.execute(update(agents).values(state=state))
        roster.seat_all(tx, {}, NOW)
        seat = presence.find(tx, "kim")
        if state in presence.BUSY:
            assert seat is not None
            assert (seat.then, seat.profile) == (Presence.OFFLINE, None)
        else:
            assert seat is None
