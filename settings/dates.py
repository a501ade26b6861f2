"""Days as people write them in config/: 2026-10-01, or 2026-10-01 to 2026-10-07."""

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from settings.misfits import as_yaml
from settings.shape import wrong

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
LIKE = "write year, month and day, like 2026-10-01"


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


Days = Annotated[
    tuple[date, ...],
    BeforeValidator(_dates),
    WithJsonSchema({"type": "string", "pattern": f"^{DATE}( to {DATE})?$"}),
]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "pattern": f"^{DATE}$"})]
