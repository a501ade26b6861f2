"""config/calendar.yml: when what is open, and which days are workdays."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from settings.hours import DayKind, Hours
from settings.misfits import as_yaml
from settings.problems import Problem
from settings.shape import Shape, wrong
from settings.words import Slug
from settings.yaml import Document

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
LIKE = "write year, month and day, like 2026-10-01"
SATURDAY = 5


class YearUnknown(LookupError):
    """The calendar doesn't hold that year, so its holidays are not known: add it to calendar.yml."""


def _date(text: Any) -> date:
    if text is None:
        raise wrong("is empty", LIKE)
    if not isinstance(text, str) or not re.fullmatch(DATE, text):
        yearless = re.fullmatch("[0-9]{1,2}[-/.][0-9]{1,2}", str(text))
        said = f"'{text}'" if isinstance(text, str) else as_yaml(text)
        raise wrong(f"is {said}, {'a day without its year' if yearless else 'which is no date'}", LIKE)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(f"is '{text}', a day no calendar has", "compare it with a calendar") from None


def _dates(text: Any) -> tuple[date, ...]:
    """`2026-10-01`, or `2026-10-01 to 2026-10-07`."""
    if span := re.fullmatch(rf"({DATE})\s*(?:-|–|—|~|～|至|until|till)\s*({DATE})", str(text).strip()):
        raise wrong(f"is '{text}', which is no date", f'write "to" between them: {span[1]} to {span[2]}')
    if not isinstance(text, str):
        return (_date(text),)
    first, to, last = (part.strip() for part in str(text).partition(" to "))
    start, end = _date(first), _date(last if to else first)
    if end < start:
        raise wrong(f"is '{text}', which ends before it begins", "write the earlier day first")
    if (length := (end - start).days + 1) > 60:
        raise wrong(f"is '{text}', which is {length} days", "compare both with a calendar")
    return tuple(start + timedelta(days) for days in range(length))


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text):
        raise wrong(f"is '{text}', which is no year", "write its four digits, like 2026")
    return int(text)


Holiday = Annotated[
    tuple[date, ...],
    BeforeValidator(_dates),
    WithJsonSchema({"type": "string", "pattern": f"^{DATE}( to {DATE})?$"}),
]
Workday = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "pattern": f"^{DATE}$"})]


class Year(Shape):
    """What is special about the days of one year."""

    holidays: dict[str, Holiday] = Field(
        description="Each holiday with its day, or with its first and last",
        examples=[{"National Day": "2026-10-01 to 2026-10-07"}],
    )
    workdays: tuple[Workday, ...] = Field(
        default=(),
        description="Make-up workdays: Saturdays and Sundays on which people work",
        examples=[["2026-02-14"]],
    )

    def kind(self, day: date) -> DayKind:
        """What kind of day of this year it is."""
        if day in self.workdays:
            return "workdays"
        if any(day in days for days in self.holidays.values()):
            return "holidays"
        return "weekends" if day.weekday() >= SATURDAY else "workdays"


class Calendar(Shape):
    """The calendar. It refuses a year it doesn't hold: holidays are decided anew each autumn."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    zone: ZoneInfo
    hours: dict[Slug, Hours] = Field(
        description="Opening hours by name",
        examples=[{"office": {"workdays": ["08:30-12:00", "13:00-17:00"]}}],
    )
    years: dict[Annotated[str, AfterValidator(lambda text: str(_year(text)))], Year] = Field(
        description="The holidays and make-up workdays of each year", examples=[{"2026": {"holidays": {}}}]
    )

    def kind(self, day: date) -> DayKind:
        """What kind of day it is; raises YearUnknown."""
        if (year := self.years.get(f"{day.year:04}")) is None:
            raise YearUnknown(f"calendar.yml has no year {day.year}: add its holidays and make-up workdays")
        return year.kind(day)

    def open_at(self, hours_name: str, moment: datetime) -> bool:
        """Whether those hours are open at `moment`, which knows its zone.

        Raises KeyError for hours there are not, and YearUnknown unless the hours are alike on every day.
        """
        if moment.tzinfo is None:
            raise ValueError("the moment must know its time zone")
        hours, here = self.hours[hours_name], moment.astimezone(self.zone)
        return hours.open_at("workdays" if hours.every_day_alike else self.kind(here.date()), here.time())


def misplaced_days(calendar: Calendar, document: Document) -> Iterator[Problem]:
    """Days under another year than theirs, make-up workdays that are workdays anyway, days named twice."""
    for name, year in calendar.years.items():
        seen: dict[date, str] = {}
        for holiday, days in year.holidays.items():
            at = ("years", name, "holidays", holiday)
            yield from _elsewhere(holiday, days, name, document)
            for day in days:
                if day in seen:
                    yield document.problem(
                        f"{day} is in '{holiday}' and in '{seen[day]}'", "take it out of one of them", *at
                    )
                seen[day] = holiday
        for number, day in enumerate(year.workdays):
            at_day = ("years", name, "workdays", number)
            if f"{day.year}" != name:
                yield document.problem(
                    f"the make-up workday {day} is not in {name}", f"write it under {day.year}", *at_day
                )
            elif day in seen:
                what = f"{day} is a make-up workday and in '{seen[day]}'"
                yield document.problem(what, "take it out of one of them", *at_day)
            elif day.weekday() < SATURDAY:
                what = f"the make-up workday {day} is a {day:%A}, a workday anyway"
                yield document.problem(what, "compare it with a calendar", *at_day)


def _elsewhere(holiday: str, days: tuple[date, ...], year: str, document: Document) -> Iterator[Problem]:
    """One problem for all days of a holiday that stand under another year than theirs."""
    strangers = [day for day in days if f"{day.year}" != year]
    if strangers:
        first, last = strangers[0], strangers[-1]
        which = f"{first}, which is" if first == last else f"{first} to {last}, which are"
        what = f"'{holiday}' has {which} not in {year}"
        mend = f"write {'that day' if first == last else 'those days'} under {first.year}"
        yield document.problem(what, mend, "years", year, "holidays", holiday)


def ending_years(calendar: Calendar, document: Document, today: date) -> Iterator[Problem]:
    """A warning where the calendar holds no year for today, or, from November on, none for the next."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 11 else [])
    for year in wanted:
        if f"{year:04}" not in calendar.years:
            what = f"the calendar has no year {year}, so nobody knows what is open on its days"
            mend = f"add {year} with its holidays and make-up workdays as soon as they are announced"
            yield document.problem(what, mend, "years", level="warning")
