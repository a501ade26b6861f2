"""What is wrong in a file an admin wrote: where, what, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

SHOWN = 8  # a mend that lists more names than this helps nobody


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. Sorted, problems follow their files from top to bottom."""

    file: str
    line: int
    what: str
    mend: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}\n    mend: {self.mend}"


class ConfigRefused(Exception):
    """The configuration has errors; each of `problems` says where and how to mend it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for a name that isn't there: the one that looks like it, else all that could be used."""
    names = sorted(known)
    by_lower = {name.lower(): name for name in reversed(names)}
    if close := get_close_matches(word.lower(), by_lower, n=1):
        return f"did you mean '{by_lower[close[0]]}'?"
    if not names:
        return "there is none to choose from yet: add it first"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return "use one of " + ", ".join(f"'{name}'" for name in names[:SHOWN]) + more
