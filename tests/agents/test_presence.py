"""Every presence meets everything that can happen to it: the table is the specification."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from agents import presence
from agents.presence import Presence, Seat
from calls.states import Overtaken
from store.engine import Store
from store.tables import agents, journal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=7)

HAPPENINGS = {
    "wish ready": lambda tx, seat: presence.wish(tx, seat, Presence.READY, NOW),
    "wish paused": lambda tx, seat: presence.wish(tx, seat, Presence.PAUSED, NOW, "lunch"),
    "wish offline": lambda tx, seat: presence.wish(tx, seat, Presence.OFFLINE, NOW),
    "talk": lambda tx, seat: presence.talk(tx, seat, NOW),
    "release": lambda tx, seat: presence.release(tx, seat, NOW, "taken"),
    "let go": lambda tx, seat: presence.let_go(tx, seat, NOW, "call-back-busy"),
    "rest": lambda tx, seat: presence.rest(tx, seat, NOW, "missed"),
    "miss": lambda tx, seat: presence.miss(tx, seat, NOW, Presence.PAUSED, 1),
    "order ready": lambda tx, seat: presence.order(tx, seat, Presence.READY, NOW, "sun"),
    "order paused": lambda tx, seat: presence.order(tx, seat, Presence.PAUSED, NOW, "sun", "training"),
    "order offline": lambda tx, seat: presence.order(tx, seat, Presence.OFFLINE, NOW, "sun"),
    "vanish": lambda tx, seat: presence.vanish(tx, seat, NOW),
    "wrap up": lambda tx, seat: presence.wrap_up(tx, seat, NOW, 30),
    "wrapped up": lambda tx, seat: presence.wrapped_up(tx, seat, NOW),
}

# What a wish leads to at once, and where it is kept for later (then).
AT_ONCE = (Presence.OFFLINE, Presence.READY, Presence.PAUSED, Presence.WRAPPING_UP)
IN_HAND = (*presence.BUSY, Presence.WRAPPING_UP)  # an order waits for the notes, too
OUTCOMES: dict[tuple[str, Presence], Presence] = {
    ("talk", Presence.OFFERED): Presence.TALKING,
    ("release", Presence.OFFERED): Presence.READY,
    ("let go", Presence.TALKING): Presence.READY,
    ("rest", Presence.OFFERED): Presence.PAUSED,
    ("miss", Presence.OFFERED): Presence.PAUSED,
    ("vanish", Presence.OFFERED): Presence.OFFLINE,
    ("wrap up", Presence.TALKING): Presence.WRAPPING_UP,
    ("wrapped up", Presence.WRAPPING_UP): Presence.READY,
    **{("wish ready", state): Presence.READY for state in AT_ONCE},
    **{("wish paused", state): Presence.PAUSED for state in AT_ONCE},
    **{("wish offline", state): Presence.OFFLINE for state in AT_ONCE},
    **{(f"order {wish}", state): wish for wish in presence.WISHES for state in AT_ONCE},
    **{(f"order {wish}", state): state for wish in presence.WISHES for state in IN_HAND},
    **{(f"wish {wish}", state): state for wish in presence.WISHES for state in presence.BUSY},
}


def seated(tx: Connection, state: Presence, **more: object) -> Seat:
    ready_since = BEFORE if state in (Presence.READY, *presence.BUSY) else None
    values = {"name": "kim", "address": "client:kim", "state": state, "version": 3}
    tx.execute(insert(agents).values(since=BEFORE, rung_at=BEFORE, ready_since=ready_since, **values | more))
    return again(tx)


def again(tx: Connection) -> Seat:
    seat = presence.find(tx, "kim")
    assert seat is not None
    return seat


@pytest.mark.parametrize("state", Presence)
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_every_happening_in_every_state(store: Store, happening: str, state: Presence) -> None:
    with store.transaction() as tx:
        seat = seated(tx, state)
        expected = OUTCOMES.get((happening, state))
        if expected is None:
            with pytest.raises(Overtaken):
                HAPPENINGS[happening](tx, seat)
            assert again(tx) == seat
        else:
            HAPPENINGS[happening](tx, seat)
            assert again(tx).state == expected


# Who is ordered offline in the middle of a call ends up there, whatever else happens in whatever order.
ENDS = {Presence.OFFERED: ("release", "rest", "miss", "vanish"), Presence.WRAPPING_UP: ("wrapped up",)}
LATER = [happening for happening in HAPPENINGS if not happening.startswith("order")]


@pytest.mark.parametrize("state", ENDS)
@pytest.mark.parametrize("meanwhile", ["wish ready", "wish paused", "wish offline", "nothing"])
def test_an_order_is_honoured_whatever_the_agent_wishes_meanwhile_and_whatever_comes_late(
    store: Store, state: Presence, meanwhile: str
) -> None:
    for end in ENDS[state]:
        with store.transaction() as tx:
            tx.execute(delete(agents))
            presence.order(tx, seated(tx, state), Presence.OFFLINE, NOW, "sun")
            if meanwhile != "nothing":
                HAPPENINGS[meanwhile](tx, again(tx))
            if again(tx).state == state:
                HAPPENINGS[end](tx, again(tx))
            assert (again(tx).state, again(tx).then, again(tx).ordered) == (Presence.OFFLINE, None, False)
            for late in LATER:
                if late.startswith("wish"):
                    continue  # the agent's own word afterwards counts again
                with pytest.raises(Overtaken):
                    HAPPENINGS[late](tx, again(tx))
            assert again(tx).state == Presence.OFFLINE


def test_an_order_in_the_middle_of_a_talk_waits_for_the_notes_and_the_journal_knows_who(store: Store) -> None:
    with store.transaction() as tx:
        presence.order(tx, seated(tx, Presence.TALKING), Presence.PAUSED, NOW, "sun", "training")
        presence.wish(tx, again(tx), Presence.READY, NOW)
        presence.wrap_up(tx, again(tx), NOW, 30)
        assert again(tx).state == Presence.WRAPPING_UP
        presence.wrapped_up(tx, again(tx), NOW)
        assert (again(tx).state, again(tx).reason) == (Presence.PAUSED, "training")
        line, _ = tx.execute(select(journal.c.kind, journal.c.detail)).all()
    assert line.kind == "seat-ordered"
    assert line.detail == {"agent": "kim", "state": "paused", "reason": "training", "who": "sun"}


@pytest.mark.parametrize(
    ("state", "states"),
    [
        (Presence.PAUSED, ["ready", "ready", "paused"]),
        (Presence.OFFLINE, ["ready", "ready", "offline"]),
        (Presence.READY, ["ready", "ready", "ready"]),
    ],
)
def test_so_many_misses_in_a_row_lead_there(store: Store, state: Presence, states: list[str]) -> None:
    with store.transaction() as tx:
        seated(tx, Presence.READY, signed_in_at=BEFORE)
        met = []
        for _ in range(3):
            presence.reserve(tx, "kim", NOW)
            presence.miss(tx, again(tx), NOW, state, 3)
            met.append(str(again(tx).state))
        assert met == states
        assert again(tx).ready_since == (NOW if state == Presence.READY else None)


def test_a_call_that_is_taken_begins_the_count_anew(store: Store) -> None:
    with store.transaction() as tx:
        seated(tx, Presence.OFFERED, signed_in_at=BEFORE)
        presence.miss(tx, again(tx), NOW, Presence.PAUSED, 2)
        presence.reserve(tx, "kim", NOW)
        presence.talk(tx, again(tx), NOW)
        presence.wrap_up(tx, again(tx), NOW, 30)
        presence.wrapped_up(tx, again(tx), NOW)
        presence.reserve(tx, "kim", NOW)
        presence.miss(tx, again(tx), NOW, Presence.PAUSED, 2)
        assert again(tx).state == Presence.READY


def test_a_pause_asked_for_while_it_rings_keeps_its_reason_when_the_call_is_missed(store: Store) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.OFFERED), Presence.PAUSED, NOW, "lunch")
        presence.miss(tx, again(tx), NOW, Presence.READY, 1)
        assert (again(tx).state, again(tx).reason) == (Presence.PAUSED, "lunch")


@pytest.mark.parametrize("wish", presence.WISHES)
def test_a_wish_in_the_middle_of_a_talk_is_honoured_after_it(store: Store, wish: Presence) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.TALKING), wish, NOW, "lunch")
        presence.wrap_up(tx, again(tx), NOW, 30)
        presence.wrapped_up(tx, again(tx), NOW)
        assert again(tx).state == wish
        assert again(tx).then is None
        assert again(tx).reason == (None if wish == Presence.READY else "lunch")


@pytest.mark.parametrize("state", Presence)
def test_who_opens_the_desk_once_more_ends_neither_a_break_nor_the_notes(
    store: Store, state: Presence
) -> None:
    with store.transaction() as tx:
        before = seated(tx, state)
        presence.sit_down(tx, before, NOW)
        if state == Presence.OFFLINE:
            assert (again(tx).state, again(tx).ready_since) == (Presence.READY, NOW)
        else:
            assert again(tx) == before


def test_who_asked_for_a_break_in_a_talk_and_opens_the_desk_once_more_has_it_after_the_talk(
    store: Store,
) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.TALKING), Presence.PAUSED, NOW, "lunch")
        presence.sit_down(tx, again(tx), NOW)
        assert (again(tx).then, again(tx).reason) == (Presence.PAUSED, "lunch")


def test_who_was_to_leave_after_the_talk_and_comes_back_stays(store: Store) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.TALKING), Presence.OFFLINE, NOW)
        presence.sit_down(tx, again(tx), NOW)
        presence.wrap_up(tx, again(tx), NOW, 30)
        presence.wrapped_up(tx, again(tx), NOW)
        assert again(tx).state == Presence.READY


def test_who_is_ordered_offline_cannot_sit_down_against_it(store: Store) -> None:
    with store.transaction() as tx:
        presence.order(tx, seated(tx, Presence.TALKING), Presence.OFFLINE, NOW, "a supervisor")
        presence.sit_down(tx, again(tx), NOW)
        assert (again(tx).then, again(tx).ordered) == (Presence.OFFLINE, True)


def test_a_withdrawn_offer_leaves_the_agent_at_the_old_place_and_tells_why(store: Store) -> None:
    with store.transaction() as tx:
        presence.release(tx, seated(tx, Presence.OFFERED), NOW, "taken")
        assert (again(tx).ready_since, again(tx).reason) == (BEFORE, "taken")


def test_a_pause_asked_for_while_it_rings_is_kept_when_the_offer_is_withdrawn(store: Store) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.OFFERED), Presence.PAUSED, NOW, "lunch")
        presence.release(tx, again(tx), NOW, "taken")
        assert (again(tx).state, again(tx).reason) == (Presence.PAUSED, "lunch")


def test_who_asked_to_go_offline_does_not_end_up_paused_by_a_missed_call(store: Store) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.OFFERED), Presence.OFFLINE, NOW)
        presence.rest(tx, again(tx), NOW, "missed")
        assert again(tx).state == Presence.OFFLINE


def test_a_change_decided_from_an_old_view_is_refused(store: Store) -> None:
    with store.transaction() as tx:
        old = seated(tx, Presence.READY)
        presence.wish(tx, old, Presence.PAUSED, NOW, "lunch")
        with pytest.raises(Overtaken):
            presence.wish(tx, old, Presence.OFFLINE, NOW)
        assert again(tx).state == Presence.PAUSED


def test_a_ready_agent_is_reserved_once(store: Store) -> None:
    with store.transaction() as tx:
        seated(tx, Presence.READY)
        assert presence.reserve(tx, "kim", NOW)
        assert not presence.reserve(tx, "kim", NOW)


def test_wrapping_up_has_a_limit(store: Store) -> None:
    with store.transaction() as tx:
        presence.wrap_up(tx, seated(tx, Presence.TALKING), NOW, 30)
        assert presence.overdue(tx, NOW + timedelta(seconds=29)) == []
        assert presence.overdue(tx, NOW + timedelta(seconds=30)) == ["kim"]


def test_only_three_things_can_be_wished_for(store: Store) -> None:
    with store.transaction() as tx, pytest.raises(ValueError, match="cannot ask to be talking"):
        presence.wish(tx, seated(tx, Presence.READY), Presence.TALKING, NOW)


def test_presence_says_nothing_that_the_database_would_refuse(store: Store) -> None:
    with store.transaction() as tx:
        seated(tx, Presence.OFFLINE)
        for state in Presence:
            tx.execute(update(agents).values(state=state))


def test_the_time_for_writing_up_counts_as_busy_however_it_ends(store: Store) -> None:
    with store.transaction() as tx:
        for end in (presence.wrapped_up, lambda tx, seat, now: presence.wish(tx, seat, Presence.READY, now)):
            before = {"signed_in_at": BEFORE - timedelta(minutes=7), "busy_seconds": 0.0}
            end(tx, seated(tx, Presence.WRAPPING_UP, **before), NOW)
            assert (again(tx).busy_seconds, again(tx).occupancy) == (7 * 60, 0.5)
            tx.execute(agents.delete())


def test_who_waited_in_vain_for_a_call_back_keeps_the_idle_time_and_is_told_why(store: Store) -> None:
    with store.transaction() as tx:
        seat = seated(tx, Presence.TALKING)
        presence.let_go(tx, seat, NOW, "call-back-busy")
        seat = again(tx)
        assert (seat.state, seat.ready_since, seat.reason) == (Presence.READY, BEFORE, "call-back-busy")
        assert presence.reserve(tx, "kim", NOW)
        assert again(tx).reason is None


def test_who_was_told_so_and_asks_to_be_ready_keeps_the_idle_time(store: Store) -> None:
    with store.transaction() as tx:
        presence.let_go(tx, seated(tx, Presence.TALKING), NOW, "call-back-busy")
        presence.wish(tx, again(tx), Presence.READY, NOW)
        presence.order(tx, again(tx), Presence.READY, NOW, "a supervisor")
        assert again(tx).ready_since == BEFORE


def test_a_break_asked_for_meanwhile_begins_when_the_call_back_was_in_vain(store: Store) -> None:
    with store.transaction() as tx:
        presence.wish(tx, seated(tx, Presence.TALKING), Presence.PAUSED, NOW, "lunch")
        presence.let_go(tx, again(tx), NOW, "call-back-busy")
        assert (again(tx).state, again(tx).reason) == (Presence.PAUSED, "lunch")
