"""A Director Reception Day: the calls of a queue go to the director's seat."""

from datetime import timedelta
from typing import Any

from routing.receipts import replay


def receives(hotline: Any, seconds: int = 30, times: str = "00:00-24:00") -> None:
    """Today Liu takes the calls of the queue."""
    day = f"{hotline.here():%Y-%m-%d}"
    entry = {"days": day, "times": times, "queue": "people", "agent": "liu", "seconds": seconds}
    hotline.calendar(receptions={"Water": entry})


def staffed(hotline: Any) -> Any:
    """Wang has been free the longest; Liu does not serve the queue on other days. Returns Liu's seat."""
    hotline.queue("other")
    hotline.agent("Wang", queues="people")
    hotline.wait(60)
    return hotline.agent("Liu", queues="other")


def test_on_that_day_the_director_is_rung_and_not_who_is_free_longest(hotline: Any) -> None:
    staffed(hotline)
    receives(hotline)
    call = hotline.call_from()
    call.rings("Liu")
    again = replay(call.receipts[0])
    assert again is not None
    assert [one.name for one in again.agents] == ["liu"]


def test_on_other_days_the_usual_agents_are(hotline: Any) -> None:
    staffed(hotline)
    hotline.call_from().rings("Wang")


def test_while_the_director_talks_the_next_caller_waits_so_long_and_then_goes_to_the_others(
    hotline: Any,
) -> None:
    liu = staffed(hotline)
    receives(hotline, seconds=30)
    hotline.call_from("+86 431 8888 0001").rings("Liu")
    liu.answers()
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    waited = 0
    while not hotline.seats["wang"].rung_for(call.sid):
        assert waited < 60
        hotline.wait(1)
        waited += 1
    assert waited in (29, 30, 31)


def test_the_director_who_is_free_in_time_takes_the_next_caller(hotline: Any) -> None:
    liu = staffed(hotline)
    receives(hotline, seconds=120)
    first = hotline.call_from("+86 431 8888 0001")
    first.rings("Liu")
    liu.answers()
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    first.hangs_up()
    liu.wraps_up()
    call.rings("Liu")


def test_while_the_director_is_away_the_usual_agents_are_rung_at_once(hotline: Any) -> None:
    liu = staffed(hotline)
    receives(hotline, seconds=3600)
    liu.pauses()
    hotline.call_from().rings("Wang")


def test_a_director_who_leaves_keeps_nobody_waiting(hotline: Any) -> None:
    liu = staffed(hotline)
    receives(hotline, seconds=3600)
    hotline.call_from("+86 431 8888 0001").rings("Liu")
    liu.answers()
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    hotline.wait(10)
    assert call.call.state == "waiting"
    liu.leaves()  # after the call in hand
    call.rings("Wang")


def test_a_language_that_the_director_does_not_speak_goes_to_who_does(hotline: Any) -> None:
    staffed(hotline)
    hotline.agent("Kim", speaks="ko", queues="people")
    receives(hotline, seconds=3600)
    call = hotline.call_from()
    call.chooses("ko")
    call.presses("0")
    call.rings("Kim")


def test_when_the_reception_ends_those_who_waited_for_it_go_to_the_usual_agents(hotline: Any) -> None:
    liu = staffed(hotline)
    start, end = hotline.here(), hotline.here(minutes=3)
    receives(hotline, seconds=3600, times=f"{start:%H:%M}-{end:%H:%M}")
    hotline.call_from("+86 431 8888 0001").rings("Liu")
    liu.answers()
    call = hotline.call_from("+86 431 8888 0002")
    call.waits()
    while hotline.here() < end.replace(second=0, microsecond=0) - timedelta(seconds=1):
        assert call.call.state == "waiting"
        hotline.wait(1)
    call.rings("Wang")
