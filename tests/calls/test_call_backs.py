"""Callers who leave the line and keep the place in it."""

from typing import Any

import pytest

OFFER = "如需我们为您保留位置并给您回电，请按2"
CONFIRM = "我们将拨打"
AGREED = "您的位置已保留"
GREETING = "给您回电。接通请按1"
HOME = "+86 431 8888 0001"


@pytest.fixture
def calls_back(hotline: Any) -> Any:
    """The hotline, which offers call-backs after ten seconds."""
    hotline.calls_back()
    return hotline


def asks(hotline: Any, number: str | None = HOME) -> Any:
    """A caller who asks to be called back, and has hung up."""
    call = hotline.call_from(number)
    call.waits()
    call.hears(OFFER)
    call.presses("2")
    call.hears(CONFIRM)
    call.presses("1")
    call.hears(AGREED)
    call.is_over()
    return call


def test_who_asks_keeps_the_place_and_is_called_back_when_it_is_their_turn(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    first = calls_back.call_from(HOME)
    first.waits()
    since = first.call.waiting_since
    second = calls_back.call_from("+86 431 8888 0002")
    second.waits()
    first.hears(OFFER)
    first.presses("2")
    first.hears(CONFIRM)
    first.presses("1")
    first.hears(AGREED)
    first.hears("您的工单号")
    first.is_over()
    assert (first.call.state, first.call.waiting_since, first.call.line) == ("waiting", since, None)
    assert first.ticket.ticket.state == "call-back"
    assert [task.state for task in first.ticket.tasks] == ["open"]
    wang = calls_back.agent("Wang")
    first.rings("Wang")
    assert wang.view.talk.call_back
    phone.does_not_ring(within=3)  # not before somebody is there
    wang.answers()
    back = phone.rings()
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    calls_back.wait(1)
    wang.says("您好")
    back.hears("您好")
    back.says("谢谢")
    wang.hears("谢谢")
    assert (first.call.state, first.call.agent) == ("talking", "wang")
    wang.hangs_up()
    back.hears("您的工单号")
    back.is_over()
    assert (first.call.state, first.call.outcome) == ("ended", "answered")
    assert (first.ticket.ticket.state, [task.state for task in first.ticket.tasks]) == ("accepted", ["done"])
    second.rings("Wang")
