"""What has happened on the telephone happens in the simulator, when it plays that day again."""

from datetime import datetime
from typing import Any

import pytest

from routing.rulebook import profiles_of
from routing.simulator.attendance import shifts
from routing.simulator.closed import closures
from routing.simulator.day import Habits, Record
from routing.simulator.house import house_on
from routing.simulator.past import midnight, past
from routing.simulator.replay import replay
from routing.simulator.scenario import Scenario
from routing.simulator.staff import staff_of
from routing.simulator.traffic import Traffic
from terminal.leads import Leads

HOME, OTHER = "+86 431 8888 0001", "+86 431 8888 0002"
CHANCE = Traffic((), 60, 180, accept_seconds=5)
NEAR = 6  # seconds: what is said is not played


def played_again(hotline: Any) -> dict[str, Record]:
    """The calls of this day, by their CallSids."""
    setup, day = hotline.stage.setup, hotline.here().date()
    config = setup.config
    zone, habits = config.hotline.zone, (config.hotline.offer_seconds, 0, config.hotline.wrap_up_seconds)
    worked = hotline.read(shifts, day, zone)
    closed = hotline.read(closures, day, zone)
    calls = hotline.read(lambda tx: list(past(tx, day, day, zone)))
    again = Scenario(
        "again",
        setup.rulebook.rules,
        tuple(staff_of(profiles_of(config.agents), worked)),
        Habits(*habits),
        house=house_on(day, config, closed, Leads(setup)),
    )
    return {record.arrival.call: record for record in again.play(replay(calls, CHANCE, {}, seed=1))}


def seconds(hotline: Any, moment: datetime) -> float:
    zone = hotline.stage.setup.config.hotline.zone
    return (moment - midnight(hotline.here().date(), zone)).total_seconds()


def test_a_call_back_in_vain_one_who_waits_and_the_second_try(calls_back: Any) -> None:
    phone = calls_back.telephone(HOME)
    first = calls_back.call_from(HOME)
    first.waits()
    first.hears("请按2")
    first.presses("2")
    first.hears("我们将拨打")
    first.presses("1")
    first.is_over()
    second = calls_back.call_from(OTHER)
    second.waits()
    wang = calls_back.agent("Wang")
    first.rings("Wang")
    wang.answers()
    phone.rings()
    calls_back.wait(40)  # nobody answers there
    second.rings("Wang")
    wang.answers()
    calls_back.wait(60)
    answered = second.call.answered_at
    second.hangs_up()
    wang.wraps_up()
    calls_back.wait(minutes=4)
    first.rings("Wang")
    wang.answers()
    back = phone.rings()
    back.answers()
    back.hears("接通请按1")
    back.presses("1")
    calls_back.wait(60)
    reached = first.call.answered_at
    back.hangs_up()
    calls_back.wait(5)

    again = played_again(calls_back)
    one, two = again[first.call.sid], again[second.call.sid]
    assert (one.left, one.dials, one.agent, two.left, two.agent) == ("asked", 1, "wang", None, "wang")
    assert two.answered_at == pytest.approx(seconds(calls_back, answered), abs=NEAR)
    assert one.reached_at == pytest.approx(seconds(calls_back, reached), abs=NEAR)


def test_a_queue_that_was_closed_and_opened_again(hotline: Any) -> None:
    hotline.queue("people")
    waits = hotline.call_from(HOME)
    waits.waits()
    hotline.closes("people")
    waits.hears("请在提示音后留言")
    away = hotline.call_from(OTHER)
    away.hears("请在提示音后留言")
    for call in (waits, away):
        call.hangs_up()
    hotline.wait(60)
    hotline.opens("people")
    hotline.agent("Wang")
    served = hotline.call_from(HOME)
    served.rings("Wang")
    hotline.seats["wang"].answers()
    hotline.wait(20)
    served.hangs_up()
    hotline.wait(5)
    again = played_again(hotline)
    assert [again[call.call.sid].left for call in (waits, away, served)] == ["closed", "closed", None]
    assert again[served.call.sid].agent == "wang"


def test_the_longest_wait_and_who_was_there_too_late(hotline: Any) -> None:
    hotline.queue("people", wait_limit_seconds=60)
    call = hotline.call_from(HOME)
    call.waits()
    call.hears("请在提示音后留言", within=100)
    call.hangs_up()
    hotline.agent("Wang")
    hotline.wait(5)
    (record,) = played_again(hotline).values()
    assert (record.left, record.waited) == ("too-long", 60)


def test_a_director_who_talks_and_the_next_caller_who_waits_for_others(hotline: Any) -> None:
    hotline.queue("other")
    hotline.agent("Wang", queues="people")
    hotline.wait(60)
    liu = hotline.agent("Liu", queues="other")
    today = f"{hotline.here():%Y-%m-%d}"
    entry = {"days": today, "times": "00:00-24:00", "queue": "people", "agent": "liu", "seconds": 30}
    hotline.calendar(receptions={"Water": entry})
    first = hotline.call_from(HOME)
    first.rings("Liu")
    liu.answers()
    second = hotline.call_from(OTHER)
    second.waits()
    hotline.wait(32)
    second.rings("Wang")
    hotline.seats["wang"].answers()
    hotline.wait(20)
    for call in (first, second):
        call.hangs_up()
    hotline.wait(5)
    again = played_again(hotline)
    assert [again[call.call.sid].agent for call in (first, second)] == ["liu", "wang"]
    assert again[second.call.sid].rung_at - again[second.call.sid].arrival.at == 30
