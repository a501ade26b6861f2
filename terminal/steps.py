"""What a step of a written call may be, and what is wrong with one that is not."""

import re
from collections.abc import Callable
from typing import Any

from settings.problems import did_you_mean

ENDINGS = ("completed", "busy", "failed", "no-answer", "canceled")
KEYS = re.compile(r"[0-9*#w]+")
HANGS_UP = "hangs up"
LIKE = {"hears": "한국어는 4번", "presses": "4", "waits": "5", "says": "여보세요", "ends": "completed"}


def seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 3600


def words(value: Any) -> bool:
    return isinstance(value, str | int) and bool(str(value).strip(" ."))


KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {  # how a value is checked; what it may be
    "hears": (words, "part of what is said"),
    "presses": (
        lambda value: bool(KEYS.fullmatch(str(value))),
        'keys, as in 4 or "*1#"; w waits half a second',
    ),
    "waits": (seconds, "seconds, as in 5"),
    "says": (words, "the caller's words"),
    "ends": (lambda value: value in ENDINGS, f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"),
}


def wrong(item: Any) -> tuple[str, str] | None:
    """What is wrong with the step `item`, and its mend; None when nothing is."""
    if item == HANGS_UP:
        return None
    if isinstance(item, str) and item in KINDS:
        return _alone(item)
    if not isinstance(item, dict):
        return f"'{item}' is not a step", did_you_mean(str(item), [HANGS_UP, *KINDS])
    kinds = [name for name in item if name != "within"]
    if len(kinds) != 1:
        return "a step is one thing that is done or expected", "begin each with a dash of its own"
    return _wrong(kinds[0], item[kinds[0]]) or _wrong_within(kinds[0], item)


def _wrong(kind: str, value: Any) -> tuple[str, str] | None:
    if kind == HANGS_UP:
        return f"nothing belongs to '{HANGS_UP}'", f"write it without a colon: - {HANGS_UP}"
    if kind not in KINDS:
        return f"'{kind}' is not a step", did_you_mean(kind, [HANGS_UP, *KINDS])
    if value is None:
        return _alone(kind)
    fits, example = KINDS[kind]
    return None if fits(value) else (f"{kind}: {value} cannot be played", f"give {example}")


def _wrong_within(kind: str, item: dict[str, Any]) -> tuple[str, str] | None:
    if "within" not in item or (kind in ("hears", "ends") and seconds(item["within"])):
        return None
    return "within: is the seconds that hears or ends may take", "write within: 60, or leave it out"


def _alone(kind: str) -> tuple[str, str]:
    return f"'{kind}' stands alone", f"write what belongs to it, as in - {kind}: {LIKE[kind]}"
