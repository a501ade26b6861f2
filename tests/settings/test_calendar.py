"""Opening hours and workdays, against the calendar that the State Council gave for 2026."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from settings.calendar import YearUnknown
from settings.config import load_config
from settings.hours import Hours

CHANGCHUN = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def calendar(config):
    return load_config(config).calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # make-up workday, a Saturday
        ("2026-02-28", True),  # make-up workday, a Saturday
        ("2026-02-16", False),  # a Monday in the Spring Festival
        ("2026-02-13", True),
        ("2026-02-21", False),
        ("2026-10-10", True),  # make-up workday, a Saturday
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2027-02-08", False),
    ],
)
def test_make_up_workdays_are_workdays_and_holidays_are_not(calendar, day, works):
    assert (calendar.kind(date.fromisoformat(day)) == "workdays") is works


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-06-01 07:59", False),
        ("2026-06-01 08:00", True),
        ("2026-06-01 21:59:59", True),
        ("2026-06-01 22:00", False),
        ("2026-06-06 08:30", False),  # Saturday
        ("2026-06-06 09:00", True),
        ("2026-02-14 08:30", True),  # a Saturday on which people work
        ("2026-10-01 08:30", False),  # a Thursday that is a holiday
        ("2026-10-01 17:59", True),
    ],
)
def test_the_hours_of_the_foreign_languages(calendar, moment, is_open):
    here = datetime.fromisoformat(moment).replace(tzinfo=CHANGCHUN)
    assert calendar.open_at("foreign-languages", here) is is_open
    assert calendar.open_at("foreign-languages", here.astimezone(UTC)) is is_open


@pytest.fixture
def with_days(config):
    """The sample, with a special day and a reception."""
    path = config / "calendar.yml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + """
special:
  Power works:
    days: 2026-06-05 to 2026-06-06
    hours: {foreign-languages: ["08:00-10:00", "20:00-23:00"]}
  Year without holidays known:
    days: 2031-06-02
    hours: {foreign-languages: []}
receptions:
  Water:
    days: 2026-06-05
    times: ["09:00-11:30", "14:00-16:00"]
    queue: people
    agent: wang
""",
        encoding="utf-8",
    )
    return load_config(config).calendar


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-06-04 12:00", True),
        ("2026-06-05 09:59", True),
        ("2026-06-05 10:00", False),  # a workday on which it is open until ten and again from eight
        ("2026-06-05 22:30", True),
        ("2026-06-06 08:30", True),  # a Saturday on which it is open as on the day before
        ("2026-06-07 08:30", False),
        ("2031-06-02 09:00", False),  # what is said of the day itself needs no year
    ],
)
def test_a_special_day_has_hours_of_its_own(with_days, moment, is_open):
    here = datetime.fromisoformat(moment).replace(tzinfo=CHANGCHUN)
    assert with_days.open_at("foreign-languages", here) is is_open
    assert with_days.open_at("always", here)


@pytest.mark.parametrize(
    ("moment", "on", "turn"),
    [
        ("2026-06-04 09:30", False, None),
        ("2026-06-05 08:59", False, "09:00"),
        ("2026-06-05 09:00", True, "11:30"),
        ("2026-06-05 11:30", False, "14:00"),
        ("2026-06-05 15:00", True, "16:00"),
        ("2026-06-05 16:00", False, None),
    ],
)
def test_a_reception_is_on_at_its_times(with_days, moment, on, turn):
    here = datetime.fromisoformat(moment).replace(tzinfo=CHANGCHUN)
    assert [one.agent for one in with_days.receptions_at(here)] == (["wang"] if on else [])
    found = with_days.reception_turn(here.astimezone(UTC))
    assert (f"{found:%H:%M}" if found else None) == turn


def test_a_year_the_calendar_does_not_hold_is_refused_and_not_guessed(calendar):
    with pytest.raises(YearUnknown, match=r"no year 2031"):
        calendar.open_at("foreign-languages", datetime(2031, 6, 2, 10, tzinfo=CHANGCHUN))
    with pytest.raises(YearUnknown):
        calendar.kind(date(2025, 12, 31))


def test_hours_that_are_alike_on_every_day_need_no_calendar(calendar):
    assert calendar.open_at("always", datetime(2031, 6, 2, 3, tzinfo=CHANGCHUN))


def test_a_moment_without_its_zone_is_refused(calendar):
    with pytest.raises(ValueError, match="time zone"):
        calendar.open_at("always", datetime(2026, 6, 1, 10))  # noqa: DTZ001 - that is the point


def test_hours_there_are_not_are_a_key_error(calendar):
    with pytest.raises(KeyError):
        calendar.open_at("office", datetime(2026, 6, 1, 10, tzinfo=CHANGCHUN))


@pytest.mark.parametrize(
    ("here", "opens"),
    [
        ("2026-06-01 07:00", "2026-06-01 08:00"),
        ("2026-06-01 08:00", "2026-06-02 08:00"),  # after that moment
        ("2026-06-05 22:30", "2026-06-06 09:00"),  # a Saturday
        ("2026-02-13 22:30", "2026-02-14 08:00"),  # a make-up workday
    ],
)
def test_when_hours_open_next(calendar, here, opens):
    moment = datetime.fromisoformat(here).replace(tzinfo=CHANGCHUN)
    assert f"{calendar.opens('foreign-languages', moment):%Y-%m-%d %H:%M}" == opens


def test_hours_that_never_open(calendar):
    shut = calendar.model_copy(update={"hours": {"never": Hours()}})
    assert shut.opens("never", datetime(2026, 6, 1, tzinfo=CHANGCHUN)) is None
