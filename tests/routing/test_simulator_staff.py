"""A roster at any number of seats, with its mix of languages."""

from collections import Counter

import pytest

from routing.policy.skills import Profile
from routing.simulator.house import EVER
from routing.simulator.staff import seats, staff
from routing.simulator.traffic import HOUR

SPOKEN = {"wang": "zh", "li": "zh", "zhang": "zh en", "sato": "ja zh", "kim": "zh ko", "pak": "zh ko"}
ROSTER = {name: Profile.of({"people": 1}, dict.fromkeys(each.split(), 5)) for name, each in SPOKEN.items()}


def speakers(number):
    return Counter(skill for _, person in seats(ROSTER, number) for skill in ROSTER[person].levels)


def test_as_many_seats_as_people_are_those_people():
    assert dict(seats(ROSTER, 6)) == {name: name for name in ROSTER}


@pytest.mark.parametrize("number", range(1, 80))
def test_every_language_keeps_its_share_to_within_one_seat(number):
    for language, people in speakers(6).items():
        assert abs(speakers(number)[language] - number * people / 6) <= 1


def test_fewer_seats_are_the_first_of_more_and_no_name_is_there_twice():
    assert seats(ROSTER, 13)[:9] == seats(ROSTER, 9)
    assert len(dict(seats(ROSTER, 40))) == 40
    assert len(dict(seats(ROSTER | {"kim-2": ROSTER["kim"]}, 40))) == 40


def test_seats_by_the_hour_are_shifts():
    hourly = [1] * 8 + [2] * 12 + [1] * 4
    first, second = staff(ROSTER, hourly)
    assert first.shifts == ((0.0, EVER),)
    assert second.shifts == ((8 * HOUR, 20 * HOUR),)


def test_a_seat_that_is_staffed_twice_a_day_has_two_shifts():
    (only,) = staff(ROSTER, [0] * 6 + [1] * 4 + [0] * 4 + [1] * 10)
    assert only.shifts == ((6 * HOUR, 10 * HOUR), (14 * HOUR, EVER))


def test_a_specialist_of_many_is_not_as_rare_as_one_of_few():
    few, many = staff(ROSTER, [6] * 24), staff(ROSTER, [60] * 24)
    kim = {worker.name: worker.profile.rarity for worker in few}["kim"]
    assert kim == pytest.approx(1 / 6 + 1 / 2)
    assert {worker.name: worker.profile.rarity for worker in many}["kim#3"] == pytest.approx(kim / 10)
