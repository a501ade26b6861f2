"""Longest waits, hours, closures, call-backs and receptions in the simulator; by hand, in seconds."""

from dataclasses import replace

import pytest

from routing.policy.day import Kept
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules, Seat, Step
from routing.simulator.day import ASKING, Arrival, Day, Habits, Worker
from routing.simulator.figures import estimate, left_for_tomorrow, until_called_back
from routing.simulator.house import EVER, CallBacks, House, Stretch
from settings.call_backs import CallBack

EVERYBODY = Profile.of({"people": 1, "backup": 1}, {"zh": 5})
QUEUES = {"people": Rules("people"), "backup": Rules("backup")}
MINUTE = 60.0


def played(arrivals, house, agents="kim", rules=QUEUES, habits=None, shifts=((0.0, EVER),)):
    workers = [Worker(name, EVERYBODY, shifts=shifts) for name in agents.split()]
    day = Day(rules, workers, habits=habits or Habits(offer_seconds=20, away_seconds=60), house=house)
    return {record.arrival.call: record for record in day.play(arrivals)}


def call(name, at, work=60.0, queue="people", **more):
    return Arrival(at, name, Lane(queue, "zh"), work, **more)


def calling_back(opens=lambda queue, politely, now: None, after=45.0, until=86400.0, **said):
    rules = CallBack(**{"retry_minutes": [5, 30], **said})
    return House(call_backs=CallBacks(rules, {"people": after}, opens, until))


def test_who_has_waited_longest_of_all_allowed_leaves_and_nobody_else():
    house = House({"people": 100.0})
    records = played([call("a", 0, work=500), call("b", 10), call("c", 20, patience=50)], house)
    assert (records["b"].left, records["b"].left_at, records["b"].waited) == ("too-long", 110, 100)
    assert (records["c"].left, records["c"].left_at) == ("gave-up", 70)
    assert records["a"].ended_at == 500


def test_whom_it_rings_for_stays_beyond_the_longest_wait_unless_it_rang_in_vain():
    house = House({"people": 100.0})
    taken = played([call("a", 0, work=105), call("b", 10, rings=10)], house)["b"]
    assert (taken.answered_at, taken.left) == (115, None)
    missed = played([call("a", 0, work=105), call("b", 10, missed=(EVER,))], house)["b"]
    assert (missed.left, missed.left_at) == ("too-long", 125)


def test_the_longest_wait_is_that_of_the_queue_where_the_caller_waits_by_now():
    rules = {**QUEUES, "people": Rules("people", steps=(Step(60, move="backup"),))}
    arrivals = [call("a", 0, work=500), call("b", 10)]
    assert played(arrivals, House({"people": 300.0, "backup": 100.0}), rules=rules)["b"].left_at == 110
    assert played(arrivals, House({"people": 300.0, "backup": 30.0}), rules=rules)["b"].left_at == 70


def test_who_comes_out_of_hours_is_turned_away_and_who_waits_already_is_served():
    house = House(stretches=(Stretch(0), Stretch(100, frozenset({"people"})), Stretch(1000)))
    records = played([call("a", 0, work=200), call("b", 99), call("c", 100), call("d", 1000)], house)
    assert records["b"].answered_at == 200
    assert (records["c"].left, records["c"].rung_at, records["c"].waited) == ("closed", None, None)
    assert records["d"].answered_at == 1000


def test_nobody_is_moved_to_a_queue_that_is_out_of_hours():
    rules = {**QUEUES, "people": Rules("people", steps=(Step(60, move="backup"),))}
    only_backup = [Worker("kim", Profile.of({"backup": 1}, {"zh": 5}))]
    shut = House(stretches=(Stretch(0, frozenset({"backup"})), Stretch(200)))
    (record,) = Day(rules, only_backup, house=shut).play([call("a", 0)])
    assert record.answered_at == 200


def test_a_closure_by_hand_sends_away_who_waits_and_ends_no_talk():
    house = House(stretches=(Stretch(0), Stretch(100, closed=frozenset({"people"})), Stretch(500)))
    records = played(
        [call("a", 0, work=200), call("b", 50), call("c", 120), call("d", 130, queue="backup")], house
    )
    assert records["a"].ended_at == 200
    assert (records["b"].left, records["b"].left_at, records["b"].waited) == ("closed", 100, 50)
    assert (records["c"].left, records["c"].waited) == ("closed", None)
    assert records["d"].answered_at == 200


def test_whom_it_rang_for_in_vain_when_the_queue_was_closed_is_sent_away_too():
    house = House(stretches=(Stretch(0), Stretch(10, closed=frozenset({"people"}))))
    record = played([call("a", 0, missed=(EVER,))], house)["a"]
    assert (record.left, record.left_at) == ("closed", 20)


def test_who_asks_for_a_call_back_keeps_the_place_and_talks_when_reached():
    records = played(
        [call("a", 0, work=200), call("b", 10, asks=0.0, picks_up=15), call("c", 20)], calling_back()
    )
    b = records["b"]
    assert (b.left, b.left_at, b.waited, b.call_back) == ("asked", 55, 45, True)
    assert (b.rung_at, b.reached_at, b.ended_at, b.agent, b.answered_at) == (200, 215, 275, "kim", None)
    assert records["c"].answered_at == 275
    assert until_called_back(records.values()) == 215 - 55


def test_a_call_back_is_offered_by_the_timeline_alone_and_taken_when_the_caller_likes():
    arrivals = [call("a", 0, work=200), call("b", 10), call("c", 10, asks=90.0)]
    records = played(arrivals, calling_back())
    assert (records["b"].left, records["c"].left_at) == (None, 100)
    for nowhere in (House(), calling_back(after=EVER)):
        assert {record.left for record in played(arrivals, nowhere).values()} == {None}


def test_nobody_is_called_before_the_good_bye_has_been_heard():
    b = played([call("a", 0, work=56), call("b", 10, asks=0.0)], calling_back())["b"]
    assert (b.left_at, b.rung_at) == (55, 55 + ASKING)


def test_in_vain_the_agent_is_free_at_once_at_the_old_place_and_the_next_try_is_behind_who_waits():
    house = calling_back(ring_seconds=30, abandoned_seconds=10)
    arrivals = [
        call("a", 0, work=100),
        call("b", 5, patience=20, unreached=1, picks_up=5),
        call("c", 131, work=400),
        call("d", 140),
    ]
    records = played(arrivals, house)
    b = records["b"]
    assert (b.left, b.left_at, b.rung_at, b.dials) == ("gave-up", 25, 100, 1)
    assert records["c"].answered_at == 131  # 30 seconds of ringing, nothing to write up
    assert records["d"].answered_at == 531  # who came before the next try, at 130 + 300
    assert b.reached_at == 531 + 60 + 5


def test_the_agent_who_rang_in_vain_is_first_among_the_idle_again():
    house = calling_back(ring_seconds=30, abandoned_seconds=1)
    arrivals = [
        call("a", 0, work=100),
        call("x", 1, work=109),
        call("b", 5, patience=20, unreached=9),
        call("c", 200),
    ]
    records = played(arrivals, house, "kim pak")
    assert (records["b"].rung_at, records["c"].agent) == (100, "kim")


def test_after_the_last_try_of_the_timetable_a_person_has_to_call():
    b = played([call("a", 0, work=100), call("b", 10, asks=0.0, unreached=9)], calling_back())["b"]
    assert (b.dials, b.not_reached, b.reached_at, b.ended_at) == (3, True, None, None)
    assert b.offers == 3
    once = played(
        [call("a", 0, work=100), call("b", 10, asks=0.0, unreached=9)], calling_back(retry_minutes=[])
    )
    assert (once["b"].dials, once["b"].not_reached) == (1, True)


def test_who_gives_up_is_called_back_after_the_seconds_that_are_said_and_not_without_them():
    arrivals = [call("a", 0, work=100), call("b", 10, patience=9), call("c", 10, patience=10)]
    records = played(arrivals, calling_back(abandoned_seconds=10))
    assert (records["b"].call_back, records["c"].call_back, records["c"].reached_at) == (False, True, 100)
    assert not played(arrivals, calling_back())["c"].call_back


def test_who_has_not_asked_is_called_in_decent_hours_at_the_old_place():
    def opens(queue, politely, now):
        return 900.0 if politely and 50 <= now < 900 else None

    arrivals = [
        call("a", 0, work=100),
        call("b", 10, patience=20),
        call("c", 11, asks=0.0),
        call("d", 800, work=200),
        call("e", 850),
    ]
    house = replace(calling_back(opens, abandoned_seconds=10), stretches=(Stretch(0), Stretch(50)))
    records = played(arrivals, house)
    assert records["c"].reached_at == 100  # has asked
    assert (records["b"].rung_at, records["e"].answered_at) == (1000, 1060)


def test_who_may_be_called_only_the_next_day_is_left_for_it():
    arrivals = [call("a", 0, work=100), call("b", 10, patience=20)]
    b = played(arrivals, calling_back(lambda *_: 90_000.0, abandoned_seconds=10))["b"]
    assert (b.call_back, b.reached_at, b.not_reached, b.rung_at) == (True, None, False, None)
    assert left_for_tomorrow([b]) == 1


def test_callers_of_a_director_wait_for_nobody_else_while_the_director_is_there():
    director = Worker("liu", Profile.of({}, {"zh": 5}), shifts=((100.0, 1000.0),))
    kim = Worker("kim", EVERYBODY)
    kept = Kept("people", Seat("liu", ("zh",)), 60.0)
    house = House(stretches=(Stretch(0), Stretch(50, receptions=(kept,)), Stretch(900)))
    arrivals = [
        call("early", 60, work=10),  # the director is not there yet
        call("a", 200, work=100),
        call("b", 210, work=10),
        call("missed", 400, missed=(EVER,), work=10),
        call("late", 950, work=10),
    ]
    records = {
        one.arrival.call: one
        for one in Day(
            QUEUES, [director, kim], habits=Habits(offer_seconds=20, away_seconds=60), house=house
        ).play(arrivals)
    }
    assert [(records[name].agent, records[name].answered_at) for name in ("early", "a")] == [
        ("kim", 60),
        ("liu", 200),
    ]
    assert (records["b"].agent, records["b"].answered_at) == ("kim", 270)  # after 60 seconds anybody
    assert (records["missed"].agent, records["missed"].answered_at) == ("kim", 420)  # paused is not there
    assert (records["late"].agent, records["late"].answered_at) == ("kim", 950)


@pytest.mark.parametrize("seconds", [10, 100])
def test_with_a_longest_wait_nobody_waits_longer(seconds):
    arrivals = [call(str(number), number * 7.0) for number in range(200)]
    records = played(arrivals, House({"people": float(seconds)}))
    waits = [record.waited for record in records.values()]
    assert max(waits) == pytest.approx(seconds)
    assert estimate(waits).mean < seconds
