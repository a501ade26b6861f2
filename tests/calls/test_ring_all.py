"""ring-all: it rings at everybody at once, one has the call, and for the others nothing has happened."""

from typing import Any

import pytest

from agents import offers
from agents.offers import Offered
from routing.receipts import replay
from switchboard import commands, ending
from switchboard.menu import Arrival
from switchboard.offering import leg_status, picked_up


def rung(hotline: Any, call: Any) -> list[str]:
    """Whose telephones ring for the call."""
    return [seat.name for seat in hotline.seats.values() if seat.rung_for(call.sid)]


def three_ring(hotline: Any) -> tuple[Any, Any, Any, Any]:
    """A caller for whom it rings at Kim, Pak and Jin, who were ready in that order."""
    hotline.queue("people", strategy="ring-all")
    seats = []
    for name in ("Kim", "Pak", "Jin"):
        seats.append(hotline.agent(name))
        hotline.wait(5)
    call = hotline.call_from()
    call.is_offered()
    hotline.wait(1)
    assert rung(hotline, call) == ["kim", "pak", "jin"]
    for seat in seats:
        seat.line()
    return call, *seats


def test_who_accepts_first_has_the_call_and_the_others_keep_their_idle_time(hotline: Any) -> None:
    call, kim, pak, jin = three_ring(hotline)
    pak.answers()
    hotline.wait(2)
    assert (call.call.state, call.call.agent, pak.state) == ("talking", "pak", "talking")
    pak.says("您好")
    call.hears("您好")
    for other in (kim, jin):
        assert (other.state, other.view.reason, other.view.talk) == ("ready", "taken", None)
        assert other._lines[-1].status in ("canceled", "completed", "no-answer")
    assert call.journal.count("withdrawn") == 2

    hotline.queue("people", strategy="longest-idle")
    second = hotline.call_from("+86 431 8888 0002")
    second.rings("Kim")
    assert kim.view.reason is None  # what became of the last call is in the way of none
    hotline.wait(15)
    assert (jin.state, jin.view.reason) == ("ready", None)


def test_the_second_who_accepts_hears_that_it_is_taken(hotline: Any) -> None:
    """Both press in the same moment, and the carrier's word of it comes twice."""
    call, kim, pak, _ = three_ring(hotline)
    late = hotline.read(offers.of_agent, "kim")
    first = hotline.read(offers.of_agent, "pak")
    pak.answers()
    for _again in range(2):
        assert "已由其他坐席接听" in picked_up(hotline.stage.hotline, late.id, late.leg)
        assert "<Conference" in picked_up(hotline.stage.hotline, first.id, first.leg)
    assert (kim.state, pak.state, call.call.agent) == ("ready", "talking", "pak")


def test_who_declines_ends_only_their_own_ringing(hotline: Any) -> None:
    call, kim, pak, jin = three_ring(hotline)
    since = call.call.waiting_since
    kim.declines()
    pak.declines()
    assert (call.call.state, rung(hotline, call)) == ("offered", ["jin"])
    assert [seat.state for seat in (kim, pak, jin)] == ["paused", "paused", "offered"]
    jin.declines()
    assert (call.call.state, call.call.waiting_since) == ("waiting", since)
    pak.is_ready()
    call.rings("Pak")


def test_a_call_that_everybody_misses_keeps_its_place(hotline: Any) -> None:
    call, kim, pak, jin = three_ring(hotline)
    since = call.call.waiting_since
    hotline.wait(25)
    assert [(seat.state, seat.view.reason) for seat in (kim, pak, jin)] == [("paused", "missed")] * 3
    assert (call.call.state, call.call.waiting_since) == ("waiting", since)
    other = hotline.call_from("+86 431 8888 0002")
    other.waits()
    hotline.queue("people", strategy="longest-idle")
    jin.is_ready()
    call.rings("Jin")


def test_a_caller_who_hangs_up_stops_all_the_ringing(hotline: Any) -> None:
    call, *seats = three_ring(hotline)
    call.hangs_up()
    hotline.wait(1)
    for seat in seats:
        assert (seat.state, seat.view.reason) == ("ready", "caller-gone")
        assert seat._lines[-1].status != "ringing"
    assert call.ticket.ticket.state == "call-back"


def test_of_two_who_decline_at_once_the_second_sees_the_first(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kim's decline comes while Pak's has been read and not yet written: both are read again."""
    hotline.queue("people", strategy="ring-all")
    for name in ("Kim", "Pak"):
        hotline.agent(name)
    call = hotline.call_from()
    call.is_offered()
    live = hotline.stage.hotline
    of_call, tried = offers.of_call, []

    def meanwhile(tx: Any, sid: str) -> Any:
        found = of_call(tx, sid)
        tried.append(len(found))
        if len(tried) == 1:  # what the other process has not committed yet is not seen
            decline = offers.of_agent(tx, "kim")
            offers.settle(tx, decline, Offered.DECLINED, live.now())
            tx.exec_driver_sql(f"UPDATE calls SET version = version + 1 WHERE sid = '{sid}'")  # noqa: S608
        return found

    offer = hotline.read(offers.of_agent, "pak")
    monkeypatch.setattr(offers, "of_call", meanwhile)
    leg_status(live, offer.id, offer.leg, "busy")
    assert tried == [2, 2]  # overtaken, rolled back with all that the other did here, and decided again
    assert call.call.state == "offered"


def test_a_process_killed_after_the_offers_were_stored_strands_nobody(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline.queue("people", strategy="ring-all")
    kim, pak = hotline.agent("Kim"), hotline.agent("Pak")
    with monkeypatch.context() as killed:
        killed.setitem(commands.SENDERS, "ring", lambda *_arguments: None)
        call = hotline.call_from()
        call.is_offered()
    hotline.wait(20)
    hotline.wait(10)
    assert rung(hotline, call) == ["kim", "pak"]
    assert (kim.state, pak.state) == ("offered", "offered")


def test_the_end_told_twice_withdraws_once(hotline: Any) -> None:
    call, kim, *_ = three_ring(hotline)
    for _ in range(2):
        ending.status(hotline.stage.hotline, Arrival(call.sid, "", ""), "completed")
    assert call.journal.count("withdrawn") == 3
    assert kim.state == "ready"


def test_one_receipt_tells_of_all_who_were_rung(hotline: Any) -> None:
    call, *_ = three_ring(hotline)
    [receipt] = call.receipts
    assert receipt.body["chosen"]["agents"] == ["kim", "pak", "jin"]
    again = replay(receipt)
    assert again is not None
    assert [one.name for one in again.agents] == ["kim", "pak", "jin"]
