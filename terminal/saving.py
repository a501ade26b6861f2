"""Writes down a live call, so that it can be played again."""

import json
import re

CHANGES = re.compile(r"\d[\d\s,.:-]*\d")  # numbers of several digits: tickets, times, minutes


class Notes:
    """What the caller did and heard, in order."""

    def __init__(self, caller: str | None) -> None:
        self._caller = caller or "withheld"
        self._steps: list[tuple[str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._steps)

    def heard(self, text: str) -> None:
        words = CHANGES.sub("...", text)
        if words.strip(" .") and self._steps[-1:] != [("hears", words)]:
            self._steps.append(("hears", words))

    def pressed(self, key: str) -> None:
        if self._steps and self._steps[-1][0] == "presses":
            key = self._steps.pop()[1] + key
        self._steps.append(("presses", key))

    def spoke(self, text: str) -> None:
        self._steps.append(("says", text))

    def ended(self, status: str, by_caller: bool) -> None:
        self._steps.append(("hangs up", "") if by_caller else ("ends", status))

    def written(self) -> str:
        """The call as YAML; every number that may be another one next time is left open with ..."""
        lines = [f"from: {_quoted(self._caller)}", "call:"]
        for kind, value in self._steps:
            lines.append(f"  - {kind}: {_quoted(value)}" if value else f"  - {kind}")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
