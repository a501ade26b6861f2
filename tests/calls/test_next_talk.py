"""A caller who is given back and talks with somebody else: word of the first talk does not end the second."""

from typing import Any

import pytest
from sqlalchemy import update

from agents import offers
from calls import outbox as commands_kept
from ivr import events
from store.tables import outbox
from switchboard import commands, menu, talking, waiting
from switchboard.menu import Arrival
from switchboard.rescue import rescue
from telephony.carrier import NotSent

REST = ("ring", "redirect", "take_from_queue", "hang_up", "hold", "live_calls", "find_ring", "fetch_call")


def offer_of(hotline: Any, agent: str) -> str:
    """The offer that the agent's talk came from."""
    return str(hotline.read(offers.of_agent, agent).id)


def talk_again(hotline: Any, call: Any, name: str) -> Any:
    agent = hotline.agent(name)
    call.rings(name)
    agent.answers()
    hotline.wait(2)
    they_hear(agent, call)
    return agent


def they_hear(agent: Any, call: Any) -> None:
    assert call.call.state == "talking"
    agent.says(f"我是{agent.name}")
    call.hears(f"我是{agent.name}", within=5)


def sent_again(hotline: Any, key: str) -> None:
    """The process that was sending the command was killed before it could write down that it had."""
    with hotline.stage.hotline.store.transaction() as tx:
        now = hotline.stage.clock.now()
        again = update(outbox).where(outbox.c.key == key).values(state="sending", due_at=now)
        assert tx.execute(again).rowcount == 1


def test_a_command_sent_twice_leaves_the_next_talk_alone(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    first = offer_of(hotline, "kim")
    kim.drops_out()
    hotline.wait(2)
    li = talk_again(hotline, call, "Li")
    sent_again(hotline, f"send-on:{first}")
    hotline.wait(30)
    they_hear(li, call)


def test_a_command_that_is_sent_late_leaves_the_next_talk_alone(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, kim = hotline.talk("Kim")
    with monkeypatch.context() as killed:
        killed.setitem(commands.SENDERS, "redirect", _killed)
        with pytest.raises(Killed):
            talking.leg_over(hotline.stage.hotline, offer_of(hotline, "kim"), _leg(hotline))
    hotline.stage.settle()
    li = talk_again(hotline, call, "Li")
    hotline.wait(40)  # the killed sender's lease has run out
    they_hear(li, call)
    li.hangs_up()
    call.hears("工单号")
    assert kim.state == "wrapping-up" or kim.state == "ready"


class Killed(BaseException):
    """Stands for a process that is no more."""


def _killed(*_arguments: object) -> None:
    raise Killed


def _leg(hotline: Any) -> str:
    leg = hotline.read(offers.of_agent, "kim").leg
    assert leg is not None
    return str(leg)


def test_word_of_the_first_talk_in_the_middle_of_the_second_leads_back_into_it(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    first = offer_of(hotline, "kim")
    kim.drops_out()
    hotline.wait(2)
    talk_again(hotline, call, "Li")
    second = offer_of(hotline, "li")
    assert f">{second}</Conference>" in talking.talked(hotline.stage.hotline, call.sid, first)
    assert f">{second}</Conference>" in talking.join(hotline.stage.hotline, call.sid, first)


def test_who_is_torn_out_of_a_talk_into_the_queue_leaves_it_for_the_talk(hotline: Any) -> None:
    call, _ = hotline.talk("Kim")
    offer = offer_of(hotline, "kim")
    asked = waiting.Asked(call.sid, None, call.call.step)
    assert "<Leave/>" in waiting.wait(hotline.stage.hotline, asked)
    arrival = Arrival(call.sid, "", "")
    back = menu.step(hotline.stage.hotline, arrival, call.call.step, events.Returned("leave"))
    assert f">{offer}</Conference>" in back


@pytest.mark.parametrize("seconds", [24, 27, 38, 90])
def test_a_carrier_that_cannot_be_asked_when_a_desk_drops_out_costs_no_call(
    hotline: Any, seconds: int
) -> None:
    call, kim = hotline.talk("Kim")
    carrier = hotline.stage.hotline.carrier
    good = {name: getattr(carrier, name) for name in REST}

    def down(*_arguments: object, **_more: object) -> None:
        raise NotSent("no connection")

    for name in REST:
        setattr(carrier, name, down)
    kim.drops_out()
    kim.pauses()
    hotline.wait(seconds)
    for name in REST:
        setattr(carrier, name, good[name])
    li = talk_again(hotline, call, "Li")
    hotline.wait(30)
    they_hear(li, call)


@pytest.mark.parametrize("failed", ["/voice/incoming", "/voice/step?n=1", "/voice/left?n=2"])
def test_a_rescue_that_comes_again_in_the_middle_of_the_talk_changes_nothing(
    hotline: Any, failed: str
) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
    url = hotline.stage.hotline.links.public_url + failed
    assert "<Enqueue" in rescue(hotline.stage.hotline, arrival, url)
    call.rings("Kim")
    kim.answers()
    hotline.wait(2)
    again = rescue(hotline.stage.hotline, arrival, url)
    assert f">{offer_of(hotline, 'kim')}</Conference>" in again
    hotline.wait(5)
    they_hear(kim, call)
    assert call.journal.count("webhook-failed") == 1


def test_a_talk_whose_end_breaks_is_followed_by_an_apology_and_a_person(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    offer = offer_of(hotline, "kim")
    arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
    answer = rescue(hotline.stage.hotline, arrival, hotline.stage.hotline.links.talked(offer))
    assert "<Enqueue" in answer
    assert call.call.state == "waiting"
    assert kim.state == "wrapping-up"


def test_a_hold_that_the_agent_has_thought_better_of_while_it_was_sent_is_undone(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    carrier = hotline.stage.hotline.carrier
    good, sent = carrier.hold, []

    def slow(conference: str, participant: str, on: bool, url: str) -> None:
        sent.append(on)
        if len(sent) == 1:
            with hotline.stage.hotline.store.transaction() as tx:  # "take back", in another process
                tx.execute(_taken_back(call.sid))
        good(conference, participant, on, url)

    carrier.hold = slow
    kim.holds()
    assert sent == [True, False]
    they_hear(kim, call)


def _taken_back(sid: str) -> Any:
    from store.tables import calls

    return update(calls).where(calls.c.sid == sid).values(held=False, version=calls.c.version + 1)


def test_hold_works_when_all_word_of_the_conference_was_lost(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "conference", lambda *_arguments: None)
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    kim.answers()
    hotline.wait(5)
    assert call.call.conference_sid is None
    kim.holds()
    hotline.wait(2)
    kim.says("我问一下同事")
    call.does_not_hear("我问一下同事", within=5)
    assert call.line.heard[-1].kind == "play"


def test_a_command_put_off_by_a_clock_that_was_set_back_is_sent_all_the_same(hotline: Any) -> None:
    store, now = hotline.stage.hotline.store, hotline.stage.clock.now()
    with store.transaction() as tx:
        commands_kept.put(tx, "x", "hang-up", {"sid": "CA1"}, now=now, due_at=now + commands_kept.LONGEST * 2)
        assert [each.key for each in commands_kept.claim(tx, now, 30, 5)] == ["x"]


def test_no_caller_is_joined_to_the_talk_of_another(hotline: Any) -> None:
    _, wang = hotline.talk("Wang")
    other = hotline.call_from("+86 431 8888 0002")
    li = hotline.agent("Li")
    other.rings("Li")
    li.answers()
    hotline.wait(2)
    document = talking.join(hotline.stage.hotline, other.sid, wang.view.talk.offer)
    assert f">{li.view.talk.offer}</Conference>" in document
    assert wang.view.talk.offer not in document
