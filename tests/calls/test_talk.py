"""Caller and agent: found, talking, on hold, and over, from either side."""

from typing import Any

from ivr.spoken import digits


def test_a_korean_caller_rings_the_korean_speaker_who_has_been_free_longest(hotline: Any) -> None:
    hotline.agent("Kim", speaks="zh ko")
    hotline.wait(minutes=1)
    hotline.agent("Pak", speaks="zh ko")

    call = hotline.call_from("+86 431 8888 0001")
    call.hears("한국어는 4번")
    call.presses("4")
    call.hears("연결해 드리겠습니다")
    call.rings("Kim")


def test_they_hear_each_other_and_not_themselves(hotline: Any) -> None:
    call, agent = hotline.talk()
    agent.says("您好，我是王丽华")
    call.hears("您好，我是王丽华")
    call.says("我家门前的路灯坏了")
    agent.hears("路灯坏了")
    assert not [heard for heard in call.line.heard if "路灯" in heard.text]


def test_the_agent_hangs_up_and_the_caller_is_told_the_ticket(hotline: Any) -> None:
    call, agent = hotline.talk()
    hotline.wait(minutes=2)
    agent.hangs_up()
    call.hears(f"您的工单号是{digits(call.call.ticket, 'zh')}。")
    call.is_over()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome, shown.ticket.agent) == ("accepted", "answered", "wang")
    assert call.journal == [
        "call-arrived",
        "step",
        "step",
        "waiting",
        "offered",
        "accepted",
        "joined",
        "talk-over",
        "ended",
    ]
    assert agent.state == "wrapping-up"
    hotline.wait(31)
    assert agent.state == "ready"


def test_the_caller_hangs_up_and_the_agent_wraps_up(hotline: Any) -> None:
    call, agent = hotline.talk()
    call.hangs_up()
    hotline.wait(1)
    assert agent.state == "wrapping-up"
    assert agent._lines[-1].status == "completed"
    assert call.ticket.ticket.outcome == "answered"
    agent.wraps_up()
    assert agent.state == "ready"


def test_a_caller_on_hold_hears_music_and_not_the_agent(hotline: Any) -> None:
    call, agent = hotline.talk()
    agent.holds()
    hotline.wait(2)
    agent.says("我问一下同事")
    call.does_not_hear("我问一下同事", within=5)
    assert call.line.heard[-1].kind == "play"
    agent.holds(False)
    hotline.wait(1)
    agent.says("让您久等了")
    call.hears("让您久等了")
    assert [kind for kind in call.journal if kind in ("held", "resumed")] == ["held", "resumed"]


def test_an_agent_who_drops_out_costs_the_caller_an_apology_and_not_the_place(hotline: Any) -> None:
    call, agent = hotline.talk()
    waiting_since = call.call.waiting_since
    other = hotline.call_from("+86 431 8888 0002")
    other.waits()
    agent.drops_out()
    call.hears("对不起")
    call.waits()
    assert call.call.waiting_since == waiting_since
    hotline.agent("Li", speaks="zh")
    call.rings("Li")
    hotline.seats["li"].answers()
    hotline.seats["li"].says("您好，我接着为您服务")
    call.hears("接着为您服务")


def test_a_pause_asked_for_during_the_talk_comes_after_the_wrap_up(hotline: Any) -> None:
    call, agent = hotline.talk()
    agent.pauses("lunch")
    assert agent.state == "talking"
    agent.hangs_up()
    assert agent.state == "wrapping-up"
    hotline.wait(31)
    assert (agent.state, agent.view.reason) == ("paused", "lunch")
    call.is_over()


def test_an_agent_at_a_telephone_accepts_with_1_and_hanging_up_ends_the_talk(hotline: Any) -> None:
    agent = hotline.agent("Zhao", speaks="zh", address="+8613800138000")
    call = hotline.call_from()
    call.rings("Zhao")
    agent.answers()
    agent.hears("1")
    agent.presses("1")
    hotline.wait(1)
    agent.says("您好")
    call.hears("您好")
    agent.drops_out()
    call.hears("工单号")
    call.is_over()
    assert call.ticket.ticket.outcome == "answered"


def test_a_voicemail_that_answers_the_agents_telephone_gets_no_caller(hotline: Any) -> None:
    mailbox = hotline.agent("Zhao", speaks="zh", address="+8613800138000")
    hotline.wait(5)
    hotline.agent("Wang", speaks="zh")
    call = hotline.call_from()
    call.rings("Zhao")
    mailbox.answers()
    mailbox.says("请在提示音后留言")
    call.does_not_hear("请在提示音后留言", within=15)
    call.rings("Wang")
    assert mailbox.state == "paused"
