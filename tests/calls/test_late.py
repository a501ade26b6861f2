"""What comes late, twice, from the wrong leg or not at all, seen from the switchboard."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from agents import offers
from clock.lease import LIFE, hold
from ivr import events
from routing import receipts
from store.tables import deliveries, outbox, tickets
from switchboard import commands, ending, menu, offering, sweep, talking
from switchboard.menu import Arrival
from switchboard.rescue import rescue
from switchboard.roster import seat_all
from telephony.carrier import NotSent, Refused, Unreachable


def arrival(call: Any) -> Arrival:
    return Arrival(call.sid, "+8643188880001", "+8643112345")


STEP = "http://hotline/voice/step?n=1"  # a webhook that broke


def offer_of(hotline: Any, name: str) -> Any:
    return hotline.read(offers.of_agent, name)


def test_a_step_that_is_done_after_its_fallback_leaves_the_caller_in_the_queue(hotline: Any) -> None:
    call = hotline.call_from()
    started = call.call.step
    rescue(hotline.stage.hotline, arrival(call), STEP)
    answer = menu.step(hotline.stage.hotline, arrival(call), started, events.Keys("4"))
    assert "<Enqueue" in answer
    assert call.call.state == "waiting"


def test_a_caller_whose_talk_is_over_hears_good_bye_from_the_fallback_too(hotline: Any) -> None:
    """The web side dies between the talk and the good-bye: nobody is asked to serve the caller again."""
    call, wang = hotline.talk("Wang")
    carrier = hotline.stage.hotline.carrier
    redirected, carrier.redirect = carrier.redirect, lambda *args: None
    wang.hangs_up()
    carrier.redirect = redirected
    answer = rescue(hotline.stage.hotline, arrival(call), STEP)
    assert "工单号" in answer
    assert "<Enqueue" not in answer
    assert (call.call.state, call.call.outcome) == ("menu", "answered")
    call.hangs_up()
    assert (call.ticket.ticket.state, call.ticket.ticket.outcome) == ("accepted", "answered")


def test_a_caller_who_leaves_between_accept_and_connection_was_not_answered(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    hotline.stage.hotline.carrier.take_from_queue = lambda *args: None
    hotline.stage.hotline.carrier.redirect = lambda *args: None
    kim.answers()
    call.hangs_up()
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "abandoned")
    assert kim.state == "wrapping-up"


def test_an_agent_who_hangs_up_before_the_caller_is_there_has_answered_nobody(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    carrier = hotline.stage.hotline.carrier
    fetched, redirected = carrier.take_from_queue, carrier.redirect
    carrier.take_from_queue = carrier.redirect = lambda *args: None
    kim.answers()
    kim.hangs_up()
    carrier.take_from_queue, carrier.redirect = fetched, redirected
    assert call.call.state == "waiting"
    assert call.ticket.ticket.state == "open"


def test_the_end_of_another_leg_of_the_same_offer_ends_no_talk(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    talking.leg_over(hotline.stage.hotline, offer_of(hotline, "kim").id, "CA-another")
    assert call.call.state == "talking"
    kim.says("您好")
    call.hears("您好")


def test_of_two_legs_rung_for_one_offer_one_is_hung_up_and_says_nothing_of_the_agent(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    offer, live = offer_of(hotline, "kim"), hotline.stage.hotline
    offering.rung(live, offer.id, "CA-another")
    assert "hang-up:CA-another" in hotline.read(lambda tx: tx.scalars(select(outbox.c.key)).all())
    offering.leg_status(live, offer.id, "CA-another", "busy")
    assert kim.state == "offered"
    kim.answers()
    hotline.wait(2)
    document = offering.picked_up(live, offer.id, "CA-another")
    assert "Conference" not in document
    assert "Hangup" in document
    assert (call.call.state, kim.state) == ("talking", "talking")


@pytest.mark.parametrize("offer_seconds", [20, 120])
@pytest.mark.parametrize(
    "trouble",
    [
        NotSent("no connection"),
        Refused("wrong credentials", 401, 20003),
        Refused("not one of your numbers", 400, 21210),
    ],
)
def test_a_carrier_that_cannot_be_asked_takes_no_agent_out_of_service(
    hotline: Any, trouble: Exception, offer_seconds: int
) -> None:
    hotline.settings(offer_seconds=offer_seconds)
    kim = hotline.agent("Kim")
    carrier = hotline.stage.hotline.carrier
    ring = carrier.ring

    def broken(*args: Any) -> str:
        raise trouble

    carrier.ring = broken
    call = hotline.call_from()
    call.is_offered()
    hotline.wait(60)
    assert kim.state in ("ready", "offered")
    carrier.ring = ring
    call.rings("Kim")


def kim_is_not_rung(hotline: Any, error: Exception) -> None:
    """From now on the carrier says this when it is to ring Kim, and rings all others."""
    carrier = hotline.stage.hotline.carrier
    ring = carrier.ring

    def rings_others(to: str, *args: Any) -> str:
        if to == "client:kim":
            raise error
        return str(ring(to, *args))

    carrier.ring = rings_others


@pytest.mark.parametrize("offer_seconds", [20, 120])
def test_an_agent_whom_no_ring_reaches_keeps_no_caller_from_the_others(
    hotline: Any, offer_seconds: int
) -> None:
    """The carrier fails at this one address: ready the longest, Kim would be rung in vain for ever."""
    hotline.settings(offer_seconds=offer_seconds)
    kim = hotline.agent("Kim")
    hotline.wait(5)
    hotline.agent("Pak")
    kim_is_not_rung(hotline, NotSent("no connection"))
    call = hotline.call_from()
    call.is_offered()
    call.rings("Pak")
    assert (kim.state, kim.view.reason) == ("ready", "lost")


def test_an_agent_who_waits_as_long_as_join_seconds_gets_the_caller_after_an_outage(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline.settings(join_seconds=120)
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")

    def broken(*_arguments: Any) -> None:
        raise NotSent("no connection")

    with monkeypatch.context() as outage:
        for request in ("take_from_queue", "redirect"):
            outage.setattr(hotline.stage.hotline.carrier, request, broken)
        kim.answers()
        hotline.wait(60)
        assert kim.view.talk.connected is False
    hotline.wait(15)
    assert kim.view.talk.connected is True


def test_an_agent_whose_ring_is_refused_once_more_keeps_no_caller_waiting(hotline: Any) -> None:
    """With a code that nobody has heard of: ready the longest, Kim would be rung in vain for ever."""
    kim = hotline.agent("Kim")
    hotline.wait(5)
    hotline.agent("Pak")
    kim_is_not_rung(hotline, Refused("not verified", 400, 573005))
    call = hotline.call_from()
    call.rings("Pak")
    assert (kim.state, kim.view.reason) == ("offline", "unreachable")


def test_a_number_that_cannot_be_called_is_offline(hotline: Any) -> None:
    kim = hotline.agent("Kim")

    def refused(*args: Any) -> str:
        raise Refused("invalid", 400, 21211)

    hotline.stage.hotline.carrier.ring = refused
    hotline.call_from()
    hotline.wait(20)  # through the menu and into the queue
    assert kim.state == "offline"


def test_a_ring_whose_answer_was_lost_is_found_and_not_made_twice(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    carrier = hotline.stage.hotline.carrier
    ring = carrier.ring

    def lost(*args: Any) -> str:
        ring(*args)
        raise Unreachable("the answer was lost")

    carrier.ring = lost
    call = hotline.call_from()
    hotline.wait(20)  # through the menu and into the queue
    hotline.wait(3)
    carrier.ring = ring
    legs = [each for each in hotline.stage.exchange.calls.values() if each.to == "client:kim"]
    assert len(legs) == 1
    call.rings("Kim")
    kim.answers()
    hotline.wait(2)
    assert call.call.state == "talking"


def test_who_returns_after_a_long_talk_waits_with_new_patience(hotline: Any) -> None:
    hotline.queue("people", wait_limit_seconds=120)
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    kim.answers()
    hotline.wait(minutes=3)
    kim.drops_out()
    call.hears("对不起")
    hotline.wait(60)
    assert call.call.state == "waiting"


def test_an_agent_taken_off_the_list_finishes_the_call_and_gets_no_other(hotline: Any) -> None:
    _call, kim = hotline.talk("Kim")
    setup = hotline.stage.setup
    hotline.stage.setup = replace(setup, config=replace(setup.config, agents={}))
    seat_all(hotline.stage.hotline)
    kim.is_ready()
    kim.hangs_up()
    kim.wraps_up()
    other = hotline.call_from("+86 431 8888 0002")
    other.waits()
    hotline.wait(5)
    assert other.call.state == "waiting"


def test_an_unhold_is_not_overtaken_by_a_hold_that_is_sent_again(hotline: Any) -> None:
    call, kim = hotline.talk("Kim")
    carrier = hotline.stage.hotline.carrier
    good, sent = carrier.hold, []

    def hold_later(conference: str, participant: str, on: bool, url: str) -> None:
        sent.append(on)
        if len(sent) == 1:
            raise NotSent("not now")
        good(conference, participant, on, url)

    carrier.hold = hold_later
    kim.holds()
    kim.holds(False)
    hotline.wait(5)
    assert sent[-1] is False
    assert not call.call.held


def test_a_message_whose_step_comes_after_the_hang_up_is_kept(hotline: Any) -> None:
    call = hotline.call_from()
    call.hangs_up()
    assert call.ticket.ticket.outcome == "abandoned"
    menu.step(hotline.stage.hotline, arrival(call), call.call.step, events.Recorded("http://carrier/RE1", 7))
    shown = call.ticket
    assert (shown.ticket.state, shown.ticket.outcome) == ("call-back", "message")
    assert [recording.seconds for recording in shown.recordings] == [7]


def test_a_call_whose_first_word_is_its_end_leaves_a_ticket_and_a_call_back(hotline: Any) -> None:
    lost = Arrival("CA" + "9" * 32, "+8643188880001", "+8643112345")
    ending.status(hotline.stage.hotline, lost, "completed")
    ending.status(hotline.stage.hotline, lost, "completed")
    found = hotline.read(lambda tx: tx.execute(select(tickets.c.caller, tickets.c.state)).all())
    assert found == [("+8643188880001", "call-back")]


def test_a_call_first_heard_of_at_a_later_step_goes_through_the_menu_to_a_person(hotline: Any) -> None:
    late, number = Arrival("CA" + "7" * 32, "+8643188880001", "+8643112345"), 2
    for _ in range(12):
        document = menu.step(hotline.stage.hotline, late, number, events.Silence())
        if "<Enqueue" in document:
            return
        (number,) = {int(each) for each in re.findall(r"/voice/step\?n=(\d+)", document)}
    pytest.fail("the caller goes round in circles")


def test_a_telephone_first_heard_of_when_nobody_wants_it_any_more_stops_ringing(
    hotline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process was killed between the ring and writing it down; then the caller left."""
    hotline.agent("Kim")
    monkeypatch.setitem(commands.SENDERS, "ring", lambda *_arguments: None)
    call = hotline.call_from()
    call.is_offered()
    offer = offer_of(hotline, "kim")
    call.hangs_up()
    offering.leg_status(hotline.stage.hotline, offer.id, "CA-leg", "ringing")
    kept = hotline.read(lambda tx: tx.scalars(select(outbox.c.key)).all())
    assert "hang-up:CA-leg" in kept


def test_the_time_talked_is_told_when_the_last_talk_is_over(hotline: Any) -> None:
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    kim.answers()
    hotline.wait(60)
    answered_at = call.call.answered_at
    kim.drops_out()
    pak = hotline.agent("Pak")
    call.rings("Pak")
    pak.answers()
    hotline.wait(10)
    assert call.ticket.ticket.seconds_talked is None
    pak.hangs_up()
    assert call.ticket.ticket.seconds_talked >= 70
    assert call.call.answered_at == answered_at


def test_a_clock_takes_over_when_the_other_has_died_or_its_lease_lies_in_the_future(hotline: Any) -> None:
    store, now = hotline.stage.hotline.store, hotline.stage.clock.now()
    assert hold(store, "clock", "one", now)
    assert hold(store, "clock", "one", now)
    assert not hold(store, "clock", "two", now + LIFE / 2)
    assert hold(store, "clock", "two", now + LIFE)
    assert hold(store, "clock", "three", now - LIFE * 100)


def test_what_nobody_will_ask_for_again_is_forgotten_after_two_days(hotline: Any) -> None:
    hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    call.hangs_up()
    count = select(func.count()).select_from
    assert hotline.read(lambda tx: tx.scalar(count(deliveries)))
    sweep.tidy(hotline.stage.hotline)
    assert hotline.read(lambda tx: tx.scalar(count(deliveries)))
    later = hotline.stage.clock.now() + sweep.KEPT * 2
    hotline.stage.hotline.now = lambda: later
    sweep.tidy(hotline.stage.hotline)
    assert not hotline.read(lambda tx: tx.scalar(count(deliveries)))
    assert not hotline.read(lambda tx: tx.scalar(count(outbox)))
    assert call.receipts
    much_later = hotline.stage.clock.now() + receipts.KEPT + timedelta(seconds=1)
    hotline.stage.hotline.now = lambda: much_later
    sweep.tidy(hotline.stage.hotline)
    assert not call.receipts
