"""Offers that ring, are missed, or that nobody needs any more, and the writing up; by hand, in seconds."""

import pytest

from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.simulator.day import NONE, Arrival, Day, Habits, Worker
from routing.simulator.figures import student, waited_at_all
from routing.simulator.house import EVER

LANE = Lane("people", "zh")
EVERYBODY = Profile.of({"people": 1}, {"zh": 5})


def played(arrivals, agents="kim", habits=NONE, strategy="longest-idle", shifts=((0.0, EVER),)):
    workers = [Worker(name, EVERYBODY, shifts=shifts) for name in agents.split()]
    records = Day({"people": Rules("people", strategy)}, workers, habits=habits).play(arrivals)
    return {record.arrival.call: record for record in records}


def call(name, at, work=60.0, **more):
    return Arrival(at, name, LANE, work, **more)


def test_a_caller_waits_while_it_rings_and_the_agent_is_not_ready_meanwhile():
    records = played([call("a", 10, rings=4), call("b", 11, rings=4)])
    assert (records["a"].rung_at, records["a"].answered_at, records["a"].ended_at) == (10, 14, 74)
    assert (records["b"].rung_at, records["b"].answered_at) == (74, 78)
    assert waited_at_all(records.values()) == 0.5  # for b nobody could be rung at once


def test_a_missed_offer_goes_on_to_the_next_and_the_caller_keeps_the_place():
    habits = Habits(offer_seconds=20, away_seconds=300)
    records = played(
        [call("a", 10, missed=(EVER,), rings=4), call("b", 12), call("c", 13)], "kim pak", habits
    )
    assert records["b"].agent == "pak"  # who was ready when kim was ringing
    assert records["a"].offers == 2
    assert (records["a"].rung_at, records["a"].answered_at, records["a"].agent) == (10, 76, "pak")
    assert records["c"].answered_at == 136  # kim is back at 330 only


def test_who_declines_rings_for_no_longer_than_that_and_is_rung_again_after_the_pause():
    records = played([call("a", 10, missed=(3.0,))], habits=Habits(offer_seconds=20, away_seconds=60))
    assert (records["a"].answered_at, records["a"].agent, records["a"].offers) == (73, "kim", 2)


def test_a_caller_who_gives_up_while_it_rings_leaves_the_agent_ready_at_the_old_place():
    records = played(
        [call("a", 10, patience=2, rings=4), call("b", 20), call("c", 21)], "kim pak", Habits(away_seconds=60)
    )
    assert (records["a"].left_at, records["a"].agent) == (12, None)
    assert (records["b"].agent, records["c"].agent) == ("kim", "pak")


def test_a_caller_who_gives_up_while_it_rings_in_vain_pauses_nobody():
    records = played(
        [call("a", 10, patience=2, missed=(EVER,)), call("b", 13)], habits=Habits(20, away_seconds=60)
    )
    assert records["b"].answered_at == 13


def test_writing_up_keeps_the_agent_and_not_the_caller():
    records = played([call("a", 10), call("b", 11)], habits=Habits(wrap_up_seconds=30))
    assert (records["a"].ended_at, records["a"].written_at, records["b"].answered_at) == (70, 100, 100)


def test_who_is_rung_at_the_end_of_a_shift_takes_the_call_and_no_other():
    records = played([call("a", 10, rings=4), call("b", 11)], shifts=((0.0, 12.0),))
    assert records["a"].answered_at == 14
    assert records["b"].answered_at is None


def test_round_robin_counts_offers_that_were_missed():
    records = played(
        [call("a", 10, missed=(1.0,)), call("b", 200), call("c", 201)], "kim pak", strategy="round-robin"
    )
    assert [records[name].agent for name in "abc"] == ["pak", "kim", "pak"]


@pytest.mark.parametrize(
    ("confidence", "freedom", "expected"),
    [(0.95, 1, 12.706), (0.95, 2, 4.303), (0.99, 3, 5.841), (0.95, 9, 2.262), (0.99, 30, 2.750)],
)
def test_quantiles_of_student_are_those_of_the_tables(confidence, freedom, expected):
    assert student(confidence, freedom) == pytest.approx(expected, abs=5e-4)


def test_with_ring_all_one_takes_the_call_and_the_others_are_ready_as_before():
    records = played([call("a", 10, rings=4), call("b", 11), call("c", 12)], "kim pak", strategy="ring-all")
    assert (records["a"].answered_at, records["a"].agent, records["a"].offers) == (14, "kim", 2)
    assert (records["b"].answered_at, records["b"].agent) == (14, "pak")  # who was rung for a till then
    assert records["c"].answered_at == 74


def test_with_ring_all_offers_in_vain_are_among_those_at_once():
    habits = Habits(offer_seconds=20, away_seconds=300)
    records = played([call("a", 10, missed=(2.0, EVER), rings=4)], "kim pak sun", habits, "ring-all")
    assert (records["a"].answered_at, records["a"].agent, records["a"].offers) == (14, "sun", 3)
    records = played([call("a", 10, missed=(2.0, 5.0, 5.0), rings=4)], "kim pak", habits, "ring-all")
    a = records["a"]  # kim is back at 312 and misses it once more, pak is at 315
    assert (a.answered_at, a.agent, a.offers) == (312 + 5 + 4, "pak", 4)


def test_with_ring_all_a_caller_who_gives_up_leaves_everybody_ready():
    habits = Habits(away_seconds=60)
    arrivals = [call("a", 10, patience=2, rings=4), call("b", 20), call("c", 21)]
    records = played(arrivals, "kim pak", habits, "ring-all")
    assert (records["b"].agent, records["c"].agent) == ("kim", "pak")
