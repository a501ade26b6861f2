"""The figures of simulated days, and their picture."""

from xml.etree import ElementTree

import pytest

from routing.policy.skills import Lane, Profile
from routing.simulator.charts import charts
from routing.simulator.day import Arrival, Record, Worker
from routing.simulator.measure import FIGURES, Tally, more_than_chance
from routing.simulator.traffic import DAY, HOUR

EVERYBODY = Profile.of({"people": 1}, {"zh": 5})
ALL_DAY = Worker("kim", EVERYBODY)
MORNING = Worker("kim", EVERYBODY, shifts=((8 * HOUR, 12 * HOUR),))


def answered(at, after, talked=60.0, language="zh", wrote=0.0, rung=0.0):
    taken = at + after
    return Record(
        Arrival(at, str(at), Lane("people", language), talked),
        rung_at=at + rung,
        answered_at=taken,
        agent="kim",
        ended_at=taken + talked,
        written_at=taken + talked + wrote,
    )


def left(at, after, language="zh"):
    return Record(Arrival(at, str(at), Lane("people", language), 60.0), left="gave-up", left_at=at + after)


def tally(*days, worker=ALL_DAY):
    told = Tally([worker])
    for day in days:
        told.add(day)
    return told


def means(told, part=None):
    return {name: found.mean for name in FIGURES if (found := told.figure(name, part))}


def test_the_figures_of_a_day():
    told = tally([answered(0, 4), answered(100, 15), answered(200, 41, rung=37), left(300, 120)])
    assert means(told) == {
        "calls": 4,
        "answered": 0.75,
        "in_time": 0.5,
        "speed_of_answer": 20,
        "abandoned": 0.25,
        "turned_away": 0,
        "closed": 0,
        "too_long": 0,
        "asked": 0,
        "called_back": 0,
        "not_reached": 0,
        "left_for_tomorrow": 0,
        "had_to_wait": 0.5,
        "longest_wait": 120,
        "occupancy": pytest.approx(180 / DAY),
    }


def test_who_was_never_answered_has_no_speed_of_answer():
    told = tally([answered(0, 4), left(300, 20, "ko")])
    assert "speed_of_answer" not in means(told, ("language", "ko"))
    assert means(told, ("language", "ko"))["abandoned"] == 1
    assert means(told, ("queue", "people"))["abandoned"] == 0.5


def test_writing_up_is_work_and_overtime_is_time_at_work():
    told = tally([answered(8 * HOUR, 0, 3 * HOUR, wrote=HOUR), answered(12 * HOUR, 0, HOUR)], worker=MORNING)
    assert means(told)["occupancy"] == 1
    assert [hour.staffed for hour in told.hours[7:14]] == [0, *[HOUR] * 5, 0]


def test_a_call_is_of_the_hour_in_which_it_came_and_work_of_the_hours_in_which_it_was_done():
    told = tally([answered(8.5 * HOUR, 0, HOUR)])
    assert (told.hours[8].calls, told.hours[9].calls) == (1, 0)
    assert (told.hours[8].busy, told.hours[9].busy) == (HOUR / 2, HOUR / 2)


def test_work_after_midnight_is_of_no_hour_of_the_day():
    told = tally([answered(DAY - 10, 0, 100)])
    assert sum(hour.busy for hour in told.hours) == 10


def test_differences_are_those_of_the_same_days():
    """Days differ by 100 seconds, scenarios by 2: nothing to see of the means, and certain in the pairs."""
    today = tally(*([answered(0, wait)] for wait in (0, 100, 200)))
    other = tally(*([answered(0, wait)] for wait in (2, 102, 202.1)))
    difference = other.difference("speed_of_answer", today)
    assert difference.mean == pytest.approx(2, abs=0.1)
    assert more_than_chance(difference)
    assert other.figure("speed_of_answer").half > 100


def test_differences_of_a_language_are_those_of_the_days_on_which_it_was_spoken():
    korean = [[answered(0, wait, language="ko")] for wait in (4, 104)]
    today = tally(korean[0], [answered(0, 9)], korean[1])
    other = tally([answered(0, 5, language="ko")], korean[1], [answered(0, 105, language="ko")])
    difference = other.difference("speed_of_answer", today, ("language", "ko"))
    assert (difference.mean, difference.half) == (1, 0)
    assert other.difference("speed_of_answer", today, ("language", "ru")) is None


def test_no_difference_and_one_day_are_not_more_than_chance():
    one, two = [answered(0, 4)], [answered(0, 9)]
    assert not more_than_chance(tally(one, one).difference("in_time", tally(one, one)))
    assert not more_than_chance(tally(two).difference("speed_of_answer", tally(one)))


def test_a_day_without_a_call_has_no_shares():
    assert means(tally([])) == {"calls": 0, "occupancy": 0}


def test_the_picture_is_svg_with_a_line_for_each_scenario_in_every_chart():
    told = tally([answered(8.5 * HOUR, 4), left(9 * HOUR, 100)])
    drawn = charts({"40 seats": told, "<36> & seats": told})
    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<36> & seats" in words
    assert {"calls an hour", "average wait, seconds", "occupancy, %", "abandoned, %"} <= set(words)
    lines = [path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("fill") == "none"]
    assert len(lines) == 5 * 2


def test_hours_without_calls_are_gaps_in_the_picture():
    told = tally([answered(8.5 * HOUR, 4), answered(10.5 * HOUR, 4)])
    root = ElementTree.fromstring(charts({"one": told}))  # noqa: S314  # our own
    lines = [path.get("d") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("fill")]
    assert lines[0].count("M") == 1  # calls: 0 in the other hours
    assert lines[1].count("M") == 2  # waits: none
