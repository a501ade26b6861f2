"""Which items of a list are wanted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from carrier.rest.dates import period
from carrier.rest.form import Form

Item = TypeVar("Item")


def select(
    items: Iterable[Item],
    asked: Form,
    same: Mapping[str, Callable[[Item], str | None]],
    times: Mapping[str, Callable[[Item], datetime | None]],
) -> list[Item]:
    """The items whose `same` fields are what was asked for and whose `times` fall in the periods asked for.

    Everything is read from `asked` first, so that a wrong filter is refused on an empty list too.
    """
    wanted = [(field, asked[name]) for name, field in same.items() if asked.get(name)]
    periods = [
        (field, period(name, *(asked.get(name + sign, "") for sign in ("", "<", ">"))))
        for name, field in times.items()
    ]
    return [
        item
        for item in items
        if all(field(item) == value for field, value in wanted)
        and all(field(item) in when for field, when in periods)
    ]
