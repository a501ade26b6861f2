"""Opening hours: on which kind of day, from when to when."""

import re
from datetime import time
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from settings.shape import Shape, wrong

SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")
LIKE = 'write it like "08:30-12:00"'
MINUTES = 24 * 60  # of a day

DayKind = Literal["workdays", "weekends", "holidays"]
Span = tuple[int, int]  # from this minute of the day up to, and without, that one


def _span(text: Any) -> Any:
    if not isinstance(text, str):
        raise wrong("is no time from and to", LIKE)
    found = SPAN.fullmatch(text.strip())
    if not found:
        raise wrong(f"is '{text}', which is no time from and to", LIKE)
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if max(start_minute, end_minute) > 59 or max(start, end) > MINUTES:
        raise wrong(f"is '{text}', a time no clock shows", f"{LIKE}; a day ends at 24:00")
    if end <= start:
        first, last = (part.strip() for part in text.split("-"))
        mend = f'if it goes on past midnight, write two: ["{first}-24:00", "00:00-{last}"]'
        raise wrong(f"is '{text}', which ends before it begins", mend)
    return start, end


def _listed(spans: Any) -> Any:
    """One span may stand without a list around it."""
    return [spans] if isinstance(spans, str) else spans


def _apart(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    spans = tuple(sorted(spans))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise wrong("has hours that overlap", "begin each after the one before it has ended")
    return spans


Spans = Annotated[
    tuple[Annotated[Span, BeforeValidator(_span)], ...],
    BeforeValidator(_listed),
    AfterValidator(_apart),
    WithJsonSchema(
        {"type": ["string", "array"], "items": {"type": "string", "pattern": f"^{SPAN.pattern}$"}}
    ),
]


def within(spans: tuple[Span, ...], at: time) -> bool:
    """Whether one of these holds this time of the day."""
    minute = at.hour * 60 + at.minute
    return any(start <= minute < end for start, end in spans)


class Hours(Shape):
    """Opening hours. A kind of day that is left out, or has an empty list, is closed."""

    workdays: Spans = Field(
        default=(),
        description="Monday to Friday but for holidays, and make-up workdays",
        examples=[["08:30-12:00", "13:00-17:00"]],
    )
    weekends: Spans = Field(
        default=(),
        description="Saturday and Sunday but for holidays and make-up workdays",
        examples=[["09:00-12:00"]],
    )
    holidays: Spans = Field(
        default=(), description="The holidays listed in this file", examples=[["09:00-12:00"]]
    )

    @property
    def every_day_alike(self) -> bool:
        """Whether nobody has to know what kind of day it is."""
        return self.workdays == self.weekends == self.holidays

    def spans(self, kind: DayKind) -> tuple[Span, ...]:
        """The hours on a day of this kind."""
        return {"workdays": self.workdays, "weekends": self.weekends, "holidays": self.holidays}[kind]
