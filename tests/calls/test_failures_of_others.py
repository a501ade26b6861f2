"""What call distributors are known to get wrong, as whole calls. What other files test, ELSEWHERE names."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import offers, presence
from routing.outlook import outlook
from switchboard import commands, sweep, talking
from switchboard.offering import picked_up

TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "a call is stuck after its agent has vanished from the talk": (
        "calls/test_talk.py::test_an_agent_who_drops_out_costs_the_caller_an_apology_and_not_the_place"
    ),
    "an agent is rung for a caller who has left": (
        "calls/test_offers.py::test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready_and_a_call_back"
    ),
    "an agent who answers in that moment talks to nobody": (
        "calls/test_offers.py::test_an_answer_after_the_caller_has_gone_is_told_so"
    ),
    "one agent who cannot be rung stops all dispatching": (
        "calls/test_offers.py::test_an_agent_whose_telephone_cannot_be_rung_is_offline_and_the_call_goes_on"
    ),
    "a weighted queue starves another": (
        "routing/test_choose.py::test_shares_decide_between_queues_and_starve_none"
    ),
    "a priority starves those without": (
        "routing/test_choose.py::test_nobody_starves_behind_a_queue_of_higher_priority"
    ),
    "processes that dispatch at once give an agent two calls, or lose one": (
        "routing/test_processes.py::test_dispatching_at_once_with_one_killed_in_the_middle"
    ),
    "a late event ends a break": (
        "agents/test_presence.py::test_a_change_decided_from_an_old_view_is_refused"
    ),
}


@pytest.mark.parametrize("failure", ELSEWHERE)
def test_it_is_tested_where_this_says(failure: str) -> None:
    file, _, name = ELSEWHERE[failure].partition("::")
    assert f"\ndef {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_two_agents_accept_one_call_and_one_has_it(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    hotline.wait(5)
    pak = hotline.agent("Pak")
    call = hotline.call_from()
    call.rings("Kim")
    late = hotline.read(offers.of_agent, "kim")
    hotline.wait(25)
    call.rings("Pak")
    pak.answers()
    document = picked_up(hotline.stage.hotline, late.id, late.leg)
    assert "Conference" not in document
    assert "Hangup" in document
    assert (kim.state, pak.state, call.call.agent) == ("paused", "talking", "pak")
    pak.says("您好")
    call.hears("您好")


def test_calls_that_arrive_together_are_offered_to_one_agent_each(hotline: Any) -> None:
    for name in ("Kim", "Pak"):
        hotline.agent(name)
    arriving = [hotline.call_from(f"+86 431 8888 000{number}") for number in range(4)]
    hotline.wait(20)  # through the menu, all in the same second
    assert sorted(call.call.state for call in arriving) == ["offered", "offered", "waiting", "waiting"]
    rung = [name for call in arriving for name in ("kim", "pak") if hotline.seats[name].rung_for(call.sid)]
    assert sorted(rung) == ["kim", "pak"]


def test_an_agent_reserved_by_a_process_that_was_killed_is_not_stuck(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the offer was stored and before anything rang."""
    kim = hotline.agent("Kim")
    with monkeypatch.context() as killed:
        killed.setitem(commands.SENDERS, "ring", lambda *_arguments: None)
        call = hotline.call_from()
        call.is_offered()
        since = call.call.waiting_since
        assert kim.state == "offered"
    hotline.wait(20)
    call.rings("Kim")
    assert call.call.waiting_since == since


def test_a_call_whose_agent_vanished_without_a_word_is_not_stuck(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that the carrier tells of the broken line is lost: the clock asks what is live."""
    call, kim = hotline.talk("Kim")
    hotline.wait(15)
    with monkeypatch.context() as lost:
        for word in ("leg_over", "conference", "talked"):
            lost.setattr(talking, word, lambda *_arguments: "<Response/>")
        kim.drops_out()
        assert (call.call.state, kim.state) == ("talking", "talking")
    hotline.agent("Pak")
    call.rings("Pak")
    assert kim.state in ("wrapping-up", "ready")


def test_an_announcement_delays_no_connection(hotline: Any) -> None:
    hotline.talk("Wang")
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    call.hears("排在第1位")  # and it goes on
    li = hotline.agent("Li")
    before = hotline.stage.clock.now()
    call.rings("Li")
    li.answers()
    hotline.wait(1)
    li.says("您好")
    call.hears("您好", within=1)
    assert (hotline.stage.clock.now() - before).total_seconds() <= 2


def test_a_call_of_another_queue_ends_no_wrap_up(hotline: Any) -> None:
    hotline.queue("night", priority=50)
    hotline.queue("people", timeline=[{"after": 5, "move": "night"}])
    talked, wang = hotline.talk("Wang")
    talked.hangs_up()
    written_by = wang.view.wrap_up_until
    urgent = hotline.call_from("+86 431 8888 0002")
    urgent.waits()
    hotline.wait(6)
    assert urgent.call.queue == "night"
    assert (wang.state, wang.view.wrap_up_until) == ("wrapping-up", written_by)
    assert hotline.stage.clock.now() < written_by
    urgent.rings("Wang")
    assert hotline.stage.clock.now() >= written_by


def test_a_clock_that_comes_late_ends_no_later_wrap_up(hotline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It found the notes of the last call overdue, and acts when the agent is at those of the next one."""
    monkeypatch.setattr(presence, "overdue", lambda *_arguments: ["wang"])
    call, wang = hotline.talk("Wang")
    call.hangs_up()
    hotline.wait(5)
    assert wang.state == "wrapping-up"
    hotline.wait(60)
    assert wang.state == "ready"


def test_a_clock_that_comes_late_ends_no_talk_that_has_begun(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It found a caller who was not there in time, and acts when the two are talking."""
    call, wang = hotline.talk("Wang")
    offer = hotline.read(offers.of_agent, "wang")
    monkeypatch.setattr(offers, "overdue", lambda *_arguments: [offer])
    hotline.wait(3)
    assert (call.call.state, wang.state) == ("talking", "talking")


@pytest.mark.parametrize("while_", ["it rings", "the notes are written"])
def test_a_clock_that_is_set_back_holds_nobody_until_then(hotline: Any, while_: str) -> None:
    """An hour, and the carrier's word that nobody has answered is lost."""
    wang = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    if while_ == "the notes are written":
        wang.answers()
        hotline.wait(2)
        call.hangs_up()
    assert wang.state in ("offered", "wrapping-up")
    live, now = hotline.stage.hotline, hotline.stage.hotline.now
    live.now = lambda: now() - timedelta(hours=1)
    sweep.each_second(live)
    assert wang.state in ("paused", "ready")


def test_a_call_back_jumps_ahead_of_nobody_who_holds_the_line(hotline: Any) -> None:
    """Before its first try it goes by its own waiting time; after one in vain it stands behind who hold."""
    hotline.calls_back(retry_minutes=(5,))
    phone = hotline.telephone("+86 431 8888 0001")
    holding = hotline.call_from("+86 431 8888 0002")
    holding.waits()
    asked = hotline.call_from("+86 431 8888 0001")
    asked.hears("请按2")
    asked.presses("2")
    asked.presses("1")
    asked.is_over()
    wang = hotline.agent("Wang")
    holding.rings("Wang")
    wang.answers()
    hotline.wait(2)
    holding.hangs_up()
    wang.wraps_up()
    asked.rings("Wang")
    wang.answers()
    phone.rings().declines()
    wang.pauses()
    hotline.wait(minutes=4)
    late = hotline.call_from("+86 431 8888 0003")
    late.waits()
    hotline.wait(minutes=2)
    assert asked.call.due_at is None  # in the line again, and behind
    assert asked.call.waiting_since > late.call.waiting_since
    wang.is_ready()
    late.rings("Wang")


def test_a_break_is_not_overwritten_by_ready(hotline: Any) -> None:
    """Asked for while it rings; then the caller leaves, and word of the end comes again."""
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    kim.pauses("lunch")
    call.hangs_up()
    for _ in range(3):
        assert (kim.state, kim.view.reason) == ("paused", "lunch")
        hotline.wait(40)
    other = hotline.call_from("+86 431 8888 0002")
    other.waits()
    kim.does_not_ring()
    assert (kim.state, kim.view.reason) == ("paused", "lunch")


def test_the_estimate_does_not_grow_the_longer_one_waits(hotline: Any) -> None:
    _, _wang = hotline.talk("Wang")
    callers = []
    for number in (2, 3):
        callers.append(hotline.call_from(f"+86 431 8888 000{number}"))
        callers[-1].waits()

    def told() -> Any:
        live = hotline.stage.hotline
        return hotline.read(outlook, live.rulebook.rules, callers[1].call, live.now(), 30)

    first = told()
    for _ in range(5):
        hotline.wait(minutes=1)
        assert told() == first
    callers[0].hangs_up()
    after = told()
    assert (after.position, first.position) == (1, 2)
    assert after.wait.p90 < first.wait.p90
