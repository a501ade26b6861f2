"""What a missed call does to the agent, as configured; the caller never loses the place."""

from typing import Any

import pytest

from agents import presence
from agents.presence import Presence
from settings.presence import PresenceRules
from switchboard import offering
from telephony.carrier import Unreachable


def rules(hotline: Any, **how: Any) -> None:
    hotline.settings(presence=PresenceRules.model_validate(how))


@pytest.mark.parametrize(("missed", "state"), [("pause", "paused"), ("offline", "offline")])
def test_so_many_missed_calls_take_the_agent_out(hotline: Any, missed: str, state: str) -> None:
    rules(hotline, missed=missed, misses=2)
    wang = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    since = call.call.waiting_since
    hotline.wait(30)
    assert wang.state == "offered"  # rung again: one miss is not two
    hotline.wait(30)
    assert (wang.state, wang.view.reason) == (state, "missed")
    assert (call.call.state, call.call.waiting_since) == ("waiting", since)
    assert call.journal.count("missed") == 2


def test_who_stays_ready_after_a_miss_stands_behind_the_others(hotline: Any) -> None:
    rules(hotline, missed="ready")
    wang = hotline.agent("Wang")
    hotline.wait(60)
    hotline.agent("Li")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.wait(25)
    assert wang.state == "ready"
    call.rings("Li")


def away(*_arguments: Any) -> None:
    raise Unreachable("the carrier is away")


def test_nobody_misses_a_call_while_the_carrier_does_not_answer(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    since = call.call.waiting_since
    with monkeypatch.context() as hung:
        hung.setattr(offering, "leg_status", lambda *_arguments: None)
        for ask in ("fetch_call", "live_calls", "ring", "hang_up"):
            hung.setattr(hotline.stage.hotline.carrier, ask, away)
        hotline.wait(25)
        assert (wang.state, "missed" in call.journal) == ("offered", False)  # to be rung again
        assert call.journal.count("withdrawn") == 1
    call.rings("Wang")
    assert call.call.waiting_since == since


def test_who_is_ordered_offline_in_a_talk_finishes_it_and_gets_no_other(hotline: Any) -> None:
    call, wang = hotline.talk("Wang")
    stage = hotline.stage.hotline
    with stage.store.transaction() as tx:
        presence.order(tx, presence.find(tx, "wang"), Presence.OFFLINE, stage.now(), "sun")
    wang.is_ready()
    assert (wang.state, wang.view.then) == ("talking", "offline")
    call.hangs_up()
    second = hotline.call_from("+86 431 8888 0002")
    second.waits()
    hotline.wait(90)
    assert (wang.state, second.call.state) == ("offline", "waiting")
