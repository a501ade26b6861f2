"""Call-backs that ring at several: at an agent and an interpreter together, and at everybody at once."""

from typing import Any

import pytest

from tests.calls.test_call_backs import GREETING, HOME, asks

KOREAN_GREETING = "에서 전화를 드립니다"


@pytest.fixture
def pair(calls_back: Any) -> tuple[Any, Any, Any, Any]:
    """A Korean who is called back, Wang and Kim who have accepted that, and the telephone that rings."""
    steps = [{"after": 1, "offer": "call-back"}, {"after": 1, "interpreter": True}]
    calls_back.queue("people", timeline=steps)
    phone = calls_back.telephone(HOME)
    call = calls_back.call_from(HOME)
    call.chooses("ko")
    call.presses("0")
    call.waits()
    call.hears("2번을 눌러")
    call.presses("2")
    call.presses("1")
    call.is_over()
    wang = calls_back.agent("Wang", speaks="zh")
    kim = calls_back.agent("Kim", speaks="ko zh", interpreter=True)
    calls_back.wait(1)
    kim.answers()
    phone.does_not_ring(within=2)  # half a pair calls nobody
    wang.answers()
    return call, wang, kim, phone.rings()


def test_an_agent_and_an_interpreter_talk_with_who_is_called_back(calls_back: Any, pair: Any) -> None:
    call, wang, kim, back = pair
    assert wang.view.talk.call_back
    assert kim.view.talk.call_back
    back.answers()
    back.hears(KOREAN_GREETING)
    back.presses("1")
    calls_back.wait(2)
    kim.says("여보세요")
    back.hears("여보세요")
    back.says("감사합니다")
    wang.hears("감사합니다")
    wang.hangs_up()
    back.is_over()
    assert (call.call.state, call.call.outcome, call.call.agent) == ("ended", "answered", "wang")
    assert (wang.state, kim.state) == ("wrapping-up", "wrapping-up")


@pytest.mark.parametrize(("how", "why"), [("declines", "busy"), ("silence", "no-key"), ("2", "declined")])
def test_in_vain_both_are_free_at_once(calls_back: Any, pair: Any, how: str, why: str) -> None:
    call, wang, kim, back = pair
    if how == "declines":
        back.declines()
    else:
        back.answers()
        back.hears(KOREAN_GREETING)
        if how == "2":
            back.presses("2")
        back.is_over(within=60)
    for seat in (wang, kim):
        assert (seat.state, seat.view.reason, seat.view.talk) == ("ready", f"call-back-{why}", None)
    assert call.call.dials == (0 if how == "2" else 1)


@pytest.mark.parametrize("who", ["wang", "kim"])
def test_who_of_the_two_goes_while_it_rings_ends_it_for_both(calls_back: Any, pair: Any, who: str) -> None:
    call, wang, kim, back = pair
    since = call.call.waiting_since
    (wang if who == "wang" else kim).hangs_up()
    back.is_over()
    assert (call.call.state, call.call.line, call.call.dials) == ("waiting", None, 0)
    assert call.call.waiting_since == since
    assert (wang.view.talk, kim.view.talk) == (None, None)


def test_a_call_back_rings_at_everybody_and_the_caller_is_called_once(calls_back: Any) -> None:
    calls_back.queue("people", strategy="ring-all", timeline=[{"after": 10, "offer": "call-back"}])
    phone = calls_back.telephone(HOME)
    call = asks(calls_back)
    calls_back.closes("people")
    wang, li = calls_back.agent("Wang"), calls_back.agent("Li")
    calls_back.opens("people")
    calls_back.wait(1)
    assert wang.rung_for(call.sid)
    assert li.rung_for(call.sid)
    li.answers()
    back = phone.rings()
    assert (wang.state, wang.view.talk, li.state) == ("ready", None, "talking")
    phone.does_not_ring(within=5)
    back.answers()
    back.hears(GREETING)
    back.presses("1")
    calls_back.wait(2)
    li.says("您好")
    back.hears("您好")
    assert call.call.agent == "li"
