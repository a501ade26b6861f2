"""Where a caller is in the menu, and what the menu may know of the world."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Standing = Literal["open", "closed", "full"]


@dataclass(frozen=True)
class Place:
    """Where a caller is: all that is kept of a call between two steps.

    `turns` is how many steps the call has had; after too many of them the caller gets a person.
    """

    at: str
    language: str
    tries: int = 0
    entered: Mapping[str, str] = field(default_factory=dict)  # by name; `language` once it was chosen
    turns: int = 0


@dataclass(frozen=True)
class Facts:
    """The world at this step: `open` answers by the name of the opening hours, `words` fill placeholders.

    `queue` says by the name of a queue, and the caller's language, whether the caller may wait in it.
    """

    now: datetime
    open: Callable[[str], bool]
    words: Mapping[str, str] = field(default_factory=dict)
    queue: Callable[[str, str], Standing] = lambda name, language: "open"
