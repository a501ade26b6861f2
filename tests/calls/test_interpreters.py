"""Nobody free speaks the caller's language: an agent and an interpreter serve together, or neither does."""

from typing import Any

import pytest

from agents import offers, presence
from agents.offers import Offered
from routing.receipts import replay
from switchboard import commands, sweep, talking
from switchboard.offering import picked_up
from terminal.why import same_again

FIRST = pytest.mark.parametrize("first", ["wang", "kim"])


def rung(hotline: Any, call: Any) -> set[str]:
    """Whose telephones ring for the call."""
    return {seat.name for seat in hotline.seats.values() if seat.rung_for(call.sid)}


def both_ring(hotline: Any, **wang: Any) -> tuple[Any, Any, Any]:
    """A Korean caller for whom it rings at Wang, who serves the queue, and at Kim, who interprets."""
    hotline.queue("people", timeline=[{"after": 0, "interpreter": True}])
    agent = hotline.agent("Wang", speaks="zh", **wang)
    interpreter = hotline.agent("Kim", speaks="ko zh", interpreter=True)
    call = hotline.call_from()
    call.chooses("ko")
    call.is_offered()
    hotline.wait(1)
    assert rung(hotline, call) == {"wang", "kim"}
    for seat in (agent, interpreter):
        seat.line()
    return call, agent, interpreter


def three_talk(hotline: Any) -> tuple[Any, Any, Any]:
    call, wang, kim = both_ring(hotline)
    wang.answers()
    kim.answers()
    hotline.wait(2)
    assert (call.call.state, wang.state, kim.state) == ("talking", "talking", "talking")
    return call, wang, kim


def offer_of(hotline: Any, name: str) -> Any:
    return hotline.read(offers.of_agent, name)


@FIRST
def test_both_accept_in_either_order_and_all_three_talk(hotline: Any, first: str) -> None:
    call, wang, kim = both_ring(hotline)
    sooner, later = (wang, kim) if first == "wang" else (kim, wang)
    sooner.answers()
    sooner.hears("等待译员" if sooner is wang else "상담원의 응답을 기다리고")
    hotline.wait(5)
    assert (call.call.state, sooner.state, later.state) == ("offered", "offered", "offered")
    assert sooner.view.talk.accepted
    assert not sooner.view.talk.connected
    later.answers()
    hotline.wait(2)
    assert (call.call.state, call.call.agent) == ("talking", "wang")
    assert (wang.view.talk.other.agent, wang.view.talk.role) == ("kim", "agent")
    assert (kim.view.talk.other.agent, kim.view.talk.role) == ("wang", "interpreter")
    kim.says("여보세요")
    call.hears("여보세요")
    wang.hears("여보세요")
    wang.says("您好")
    call.hears("您好")
    assert [kind for kind in call.journal if kind in ("pledged", "accepted", "joined")] == [
        "pledged",
        "accepted",
        "accepted",
        "joined",
    ]
    assert call.ticket.ticket.agent == "wang"


def test_a_missing_speaker_costs_no_wait_and_the_receipt_tells_of_both(hotline: Any) -> None:
    call, _, _ = both_ring(hotline)
    [receipt] = call.receipts
    assert receipt.body["chosen"] == {"call": call.sid, "agents": ["wang"], "step": 1, "interpreter": "kim"}
    again = replay(receipt)
    assert again is not None
    assert [one.name for one in again.everybody] == ["wang", "kim"]
    assert same_again(receipt)


def test_who_speaks_the_language_goes_first(hotline: Any) -> None:
    hotline.queue("people", timeline=[{"after": 20, "interpreter": True}])
    hotline.agent("Wang")
    hotline.agent("Kim", speaks="ko zh", interpreter=True)
    call = hotline.call_from()
    call.chooses("ko")
    call.waits()
    hotline.wait(10)
    assert call.call.state == "waiting"
    hotline.agent("Pak", speaks="ko")
    call.rings("Pak")


def test_half_a_pair_rings_nobody(hotline: Any) -> None:
    hotline.queue("people", timeline=[{"after": 0, "interpreter": True}])
    wang = hotline.agent("Wang")
    call = hotline.call_from()
    call.chooses("ko")
    call.waits()
    hotline.wait(10)
    assert (call.call.state, wang.state) == ("waiting", "ready")
    hotline.agent("Kim", speaks="ko ru", interpreter=True)  # who does not understand Wang
    hotline.wait(10)
    assert (call.call.state, wang.state) == ("waiting", "ready")
    hotline.agent("Jin", speaks="ko zh", interpreter=True)
    call.is_offered()
    hotline.wait(1)
    assert rung(hotline, call) == {"wang", "jin"}


@FIRST
def test_one_declines_and_the_other_is_let_go_at_the_old_place(hotline: Any, first: str) -> None:
    """Whether the other has accepted by then, or it still rings there."""
    call, wang, kim = both_ring(hotline)
    since, idle = call.call.waiting_since, ready_since(hotline, "wang")
    if first == "wang":
        wang.answers()
        wang.hears("等待译员")
    kim.declines()
    if first == "wang":
        wang.hears("来电人继续排队")
    hotline.wait(2)
    assert (kim.state, kim.view.reason) == ("paused", "declined")
    assert (wang.state, wang.view.reason, wang.view.talk) == ("ready", "other-gone", None)
    assert ready_since(hotline, "wang") == idle
    assert wang._lines[-1].status != "ringing"
    assert (call.call.state, call.call.waiting_since) == ("waiting", since)
    kim.is_ready()
    call.is_offered()
    hotline.wait(1)
    assert rung(hotline, call) == {"wang", "kim"}


def ready_since(hotline: Any, name: str) -> Any:
    return hotline.read(presence.find, name).ready_since


@FIRST
def test_one_misses_and_the_other_is_told(hotline: Any, first: str) -> None:
    call, wang, kim = both_ring(hotline)
    sooner, later = (wang, kim) if first == "wang" else (kim, wang)
    sooner.answers()
    hotline.wait(25)
    assert (later.state, later.view.reason) == ("paused", "missed")
    assert (sooner.state, sooner.view.reason, sooner.view.talk) == ("ready", "other-gone", None)
    assert call.call.state == "waiting"
    sooner.hears("继续排队" if sooner is wang else "계속 대기")
    hotline.wait(10)
    assert sooner._lines[-1].status == "completed"


def test_who_waits_for_the_other_may_give_it_up(hotline: Any) -> None:
    call, wang, kim = both_ring(hotline)
    wang.answers()
    wang.hangs_up()
    hotline.wait(1)
    assert (wang.state, wang.view.reason, kim.state) == ("paused", "declined", "ready")
    assert call.call.state == "waiting"


def test_a_line_that_breaks_while_waiting_for_the_other_ends_both(hotline: Any) -> None:
    call, wang, kim = both_ring(hotline)
    kim.answers()
    kim.drops_out()
    hotline.wait(1)
    assert (kim.state, wang.state, call.call.state) == ("paused", "ready", "waiting")


@FIRST
def test_a_caller_who_leaves_meanwhile_lets_both_go(hotline: Any, first: str) -> None:
    call, wang, kim = both_ring(hotline)
    sooner = wang if first == "wang" else kim
    sooner.answers()
    call.hangs_up()
    sooner.hears("来电人已挂机" if sooner is wang else "전화를 끊었습니다")
    hotline.wait(10)
    for seat in (wang, kim):
        assert (seat.state, seat.view.reason, seat.view.talk) == ("ready", "caller-gone", None)
        assert seat._lines[-1].status in ("completed", "canceled", "no-answer")
    assert call.ticket.ticket.state == "call-back"


def test_accepting_told_twice_changes_nothing(hotline: Any) -> None:
    call, wang, kim = both_ring(hotline)
    live = hotline.stage.hotline
    first = offer_of(hotline, "wang")
    for _ in range(3):
        document = picked_up(live, first.id, first.leg)
        assert f">{first.conference}</Conference>" in document
        assert "/voice/hold" in document
    assert "Conference" not in picked_up(live, first.id, "CA-another")  # a ring that was sent twice
    assert call.call.state == "offered"
    second = offer_of(hotline, "kim")
    for _ in range(3):
        assert f">{first.conference}</Conference>" in picked_up(live, second.id, second.leg)
    assert "/voice/hold" not in picked_up(live, first.id, first.leg)
    assert call.journal.count("pledged") == 1
    assert call.journal.count("accepted") == 2
    assert (wang.state, kim.state) == ("talking", "talking")


def test_of_two_who_accept_at_once_the_second_sees_the_first(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kim's acceptance comes while Wang's has been read and not yet written: Wang's is decided again."""
    call, _, _ = both_ring(hotline)
    live, other_of = hotline.stage.hotline, offers.other_of
    seen: list[str] = []

    def meanwhile(tx: Any, offer: Any) -> Any:
        found = other_of(tx, offer)
        seen.append(str(found.state))
        if len(seen) == 1:  # what the other process has not committed yet is not seen
            offers.settle(tx, found, Offered.PLEDGED, live.now())
            tx.exec_driver_sql(f"UPDATE calls SET version = version + 1 WHERE sid = '{call.sid}'")  # noqa: S608
        return found

    offer = offer_of(hotline, "wang")
    monkeypatch.setattr(offers, "other_of", meanwhile)
    assert "<Conference" in picked_up(live, offer.id, offer.leg)
    assert seen == ["offered", "offered"]  # overtaken, all of it rolled back, and decided again
    monkeypatch.undo()
    assert offer_of(hotline, "wang").state == Offered.PLEDGED
    assert offer_of(hotline, "kim").state == Offered.OFFERED


def test_the_caller_is_joined_where_the_agent_is_whosever_offer_is_named(hotline: Any) -> None:
    call, _, _ = three_talk(hotline)
    document = talking.join(hotline.stage.hotline, call.sid, offer_of(hotline, "kim").id)
    assert f">{offer_of(hotline, 'wang').conference}</Conference>" in document


def test_an_interpreter_whose_line_breaks_leaves_the_two_talking(hotline: Any) -> None:
    call, wang, kim = three_talk(hotline)
    kim.drops_out()
    hotline.wait(1)
    assert (call.call.state, wang.state, kim.state) == ("talking", "talking", "wrapping-up")
    assert wang.view.talk.other.state == "ended"
    assert kim.view.talk is None
    wang.says("请稍等")
    call.hears("请稍等")
    wang.hangs_up()
    call.hears("접수 번호")
    assert wang.state == "wrapping-up"


def test_an_interpreter_who_hangs_up_writes_it_up_alone(hotline: Any) -> None:
    call, wang, kim = three_talk(hotline)
    with pytest.raises(talking.NoTalk):
        kim.holds()
    kim.hangs_up()
    kim.wraps_up()
    assert (kim.state, wang.state, call.call.state) == ("ready", "talking", "talking")
    assert "interpreter-left" in call.journal


def test_the_agent_who_hangs_up_ends_it_for_all_three(hotline: Any) -> None:
    call, wang, kim = three_talk(hotline)
    wang.holds()
    wang.holds(False)
    wang.hangs_up()
    call.hears("접수 번호")
    assert (wang.state, kim.state) == ("wrapping-up", "wrapping-up")
    assert kim._lines[-1].status == "completed"
    call.is_over()


def test_an_agent_whose_line_breaks_lets_the_caller_wait_at_the_old_place(hotline: Any) -> None:
    call, wang, kim = three_talk(hotline)
    since = call.call.waiting_since
    wang.drops_out()
    call.hears("죄송합니다")
    hotline.wait(1)
    assert (call.call.state, call.call.waiting_since) == ("waiting", since)
    assert (wang.state, kim.state) == ("wrapping-up", "wrapping-up")
    assert kim._lines[-1].status == "completed"


def test_a_caller_who_hangs_up_ends_it_for_both(hotline: Any) -> None:
    call, wang, kim = three_talk(hotline)
    call.hangs_up()
    hotline.wait(1)
    assert (wang.state, kim.state) == ("wrapping-up", "wrapping-up")
    assert call.ticket.ticket.outcome == "answered"


@FIRST
def test_who_leaves_before_the_caller_is_there_ends_it_for_all(hotline: Any, first: str) -> None:
    """Both have accepted, and one of the lines breaks while the caller is being fetched."""
    call, wang, kim = both_ring(hotline)
    carrier = hotline.stage.hotline.carrier
    fetched, redirected = carrier.take_from_queue, carrier.redirect
    carrier.take_from_queue = carrier.redirect = lambda *args: None
    wang.answers()
    kim.answers()
    assert call.call.state == "talking"
    (wang if first == "wang" else kim).drops_out()
    carrier.take_from_queue, carrier.redirect = fetched, redirected
    hotline.wait(1)
    assert (call.call.state, wang.state, kim.state) == ("waiting", "wrapping-up", "wrapping-up")


def test_a_process_killed_before_it_told_the_carrier_leaves_nobody_in_between(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the second accepted: nothing is sent, then the clock gives the caller the place back."""
    call, wang, kim = both_ring(hotline)
    with monkeypatch.context() as killed:
        killed.setitem(commands.SENDERS, "connect", lambda *_arguments: None)
        wang.answers()
        kim.answers()
        hotline.wait(5)
        assert call.call.state == "talking"
        hotline.wait(20)
    assert call.call.state == "waiting"
    assert {wang.state, kim.state} <= {"wrapping-up", "ready", "offered"}


def test_a_waiting_leg_that_vanished_without_a_word_is_found_by_the_clock(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, wang, kim = both_ring(hotline)
    wang.answers()
    with monkeypatch.context() as lost:
        for word in ("leg_over", "conference"):
            lost.setattr(talking, word, lambda *_arguments: None)
        lost.setattr("switchboard.offering.leg_status", lambda *_arguments: None)
        wang.drops_out()
        assert wang.state == "offered"
    hotline.wait(15)
    sweep.reconcile(hotline.stage.hotline)
    assert (wang.state, kim.state, call.call.state) == ("paused", "ready", "waiting")


def test_at_a_telephone_each_is_asked_in_the_own_words(hotline: Any) -> None:
    call, wang, _ = both_ring(hotline, address="+8643188881111")
    wang.answers()
    wang.hears("译员")
    wang.presses("1")
    wang.hears("等待译员")
    assert call.call.state == "offered"
