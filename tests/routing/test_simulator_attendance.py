"""Who was at work when, as agents' own comings and goings have written it down."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from agents import presence
from agents.presence import Presence
from agents.roster import seat_all
from routing.simulator.attendance import hourly, shifts
from routing.simulator.house import EVER
from routing.simulator.past import midnight
from routing.simulator.traffic import HOUR
from store.tables import agents

DAY = date(2026, 3, 2)
ZONE = ZoneInfo("Asia/Shanghai")
START = midnight(DAY, ZONE).astimezone(UTC)


@pytest.fixture
def kim(store):
    """Kim, told what to do at which hour of DAY."""
    with store.transaction() as tx:
        row = {"name": "kim", "address": "client:kim", "state": "offline", "since": START, "rung_at": START}
        tx.execute(insert(agents).values(**row))

    def wishes(*told):
        for hour, state, reason in told:
            with store.transaction() as tx:
                seat, now = presence.find(tx, "kim"), START + timedelta(hours=hour)
                if reason in ("missed", "declined"):
                    assert presence.reserve(tx, "kim", now)
                    presence.rest(tx, presence.find(tx, "kim"), now, reason)
                else:
                    presence.wish(tx, seat, state, now, reason)

    return wishes


def worked(store, day=DAY):
    with store.reading() as tx:
        return shifts(tx, day, ZONE)


def test_a_day_with_a_meal(store, kim):
    kim((8, Presence.READY, None), (12, Presence.PAUSED, "lunch"), (13, Presence.READY, None))
    kim((17, Presence.OFFLINE, None))
    assert worked(store) == {"kim": ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))}


def test_who_is_taken_off_the_list_has_left(store, kim):
    kim((8, Presence.READY, None))
    with store.transaction() as tx:
        seat_all(tx, {}, START + timedelta(hours=12))
    assert worked(store) == {"kim": ((8 * HOUR, 12 * HOUR),)}
    assert worked(store, DAY + timedelta(1)) == {}


def test_a_night_is_two_days(store, kim):
    kim((20, Presence.READY, None), (30, Presence.OFFLINE, None))
    assert worked(store) == {"kim": ((20 * HOUR, EVER),)}
    assert worked(store, DAY + timedelta(1)) == {"kim": ((0.0, 6 * HOUR),)}
    assert worked(store, DAY + timedelta(2)) == {}


def test_who_missed_an_offer_and_is_soon_back_was_there_and_who_stayed_away_was_not(store, kim):
    kim((8, Presence.READY, None), (9, None, "missed"), (9.1, Presence.READY, None))
    kim((10, None, "declined"), (11, Presence.READY, None), (17, Presence.OFFLINE, None))
    assert worked(store) == {"kim": ((8 * HOUR, 10 * HOUR), (11 * HOUR, 17 * HOUR))}


def test_a_pause_that_ends_the_day_begins_when_it_began(store, kim):
    kim((8, Presence.READY, None), (12, Presence.PAUSED, "lunch"), (12.5, Presence.OFFLINE, None))
    assert worked(store) == {"kim": ((8 * HOUR, 12 * HOUR),)}


def test_seats_by_the_hour_are_the_average_of_the_days():
    whole, half = (
        {"kim": ((8 * HOUR, 10 * HOUR),)},
        {"kim": ((8 * HOUR, 9 * HOUR),), "pak": ((8 * HOUR, EVER),)},
    )
    found = hourly([whole, half])
    assert (found[7], found[8], found[9], found[10], found[23]) == (0, 2, 1, 0, 0)
