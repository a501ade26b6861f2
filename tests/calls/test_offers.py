"""Offers: one call, one agent, a deadline; whatever happens, nobody is lost and nobody is doubled."""

from typing import Any

from agents import offers
from switchboard import ending
from switchboard.menu import Arrival
from switchboard.offering import picked_up


def test_a_declined_call_rings_somebody_else_and_keeps_its_place(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    hotline.wait(5)
    hotline.agent("Pak")
    call = hotline.call_from()
    call.rings("Kim")
    since = call.call.waiting_since
    kim.declines()
    call.rings("Pak")
    assert call.call.waiting_since == since
    assert (kim.state, kim.view.reason) == ("paused", "declined")


def test_a_missed_call_rings_somebody_else_and_pauses_who_missed_it(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    hotline.wait(5)
    hotline.agent("Pak")
    call = hotline.call_from()
    call.rings("Kim")
    hotline.wait(25)
    call.rings("Pak")
    assert (kim.state, kim.view.reason) == ("paused", "missed")
    assert "missed" in call.journal


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready_and_a_call_back(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    hotline.wait(5)
    pak = hotline.agent("Pak")
    call = hotline.call_from()
    call.rings("Kim")
    call.hangs_up()
    hotline.wait(1)
    assert kim.state == "ready"
    assert kim._lines[-1].status in ("canceled", "completed", "no-answer")
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "abandoned")
    assert [task.kind for task in shown.tasks] == ["call-back"]

    again = hotline.call_from("+86 431 8888 0002")
    again.rings("Kim")  # the idle time was kept: Kim is still before Pak
    assert pak.state == "ready"


def test_an_agent_whose_telephone_cannot_be_rung_is_offline_and_the_call_goes_on(hotline: Any) -> None:
    ghost = hotline.agent("Ghost")
    hotline.stage.run(ghost.phone.close())
    hotline.wait(5)
    hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    assert (ghost.state, ghost.view.reason) == ("offline", "unreachable")


def test_two_callers_and_two_agents_in_the_order_they_came(hotline: Any) -> None:
    first = hotline.call_from("+86 431 8888 0001")
    first.waits()
    second = hotline.call_from("+86 431 8888 0002")
    second.waits()
    hotline.agent("Kim")
    first.rings("Kim")
    assert second.call.state == "waiting"
    hotline.agent("Pak")
    second.rings("Pak")


def test_an_answer_after_the_caller_has_gone_is_told_so(hotline: Any) -> None:
    """The agent picks up in the very moment in which the caller hangs up."""
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    offer = hotline.read(offers.of_agent, "kim")
    ending.status(hotline.stage.hotline, Arrival(call.sid, "", ""), "completed")
    document = picked_up(hotline.stage.hotline, offer.id, offer.leg)
    assert "Conference" not in document
    assert "Hangup" in document
    assert kim.state == "ready"


def test_a_caller_who_never_comes_into_the_conference_waits_on_at_the_old_place(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    since = call.call.waiting_since

    offer = hotline.read(offers.of_agent, "kim")
    # The agent's answer is heard of, but the telephone never comes into a conference.
    carrier = hotline.stage.hotline.carrier
    fetched, redirected = carrier.take_from_queue, carrier.redirect
    carrier.take_from_queue = carrier.redirect = lambda *args: None
    picked_up(hotline.stage.hotline, offer.id, offer.leg)
    hotline.wait(10)
    assert call.call.state == "talking"
    hotline.wait(8)
    carrier.take_from_queue, carrier.redirect = fetched, redirected
    assert call.call.state in ("waiting", "offered")
    assert call.call.waiting_since == since
    assert kim.state == "wrapping-up"
