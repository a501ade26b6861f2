"""Queues whose callers are moved to other queues: to ones there are, last of all, and in no circle."""

from collections.abc import Iterator
from typing import Any

from settings.problems import Problem, did_you_mean
from settings.timelines import steps
from settings.yaml import Document

At = tuple[str | int, ...]


def errors_of_overflow(at_queues: Document) -> Iterator[Problem]:
    """Every move that can't be made, and every circle once, at the line where it begins."""
    moves: dict[str, tuple[str, At]] = {}
    for name, at, step, last in _steps(at_queues):
        to = step.get("move")
        if not isinstance(to, str):
            continue
        here = f"step {int(at[2]) + 1} of '{name}' moves callers"
        if to not in at_queues.data:
            yield at_queues.problem(
                f"{here} to '{to}', which is not in queues.yml", did_you_mean(to, at_queues.data), *at, "move"
            )
        elif not last:
            yield at_queues.problem(
                f"{here} away, so the steps after it change nothing",
                "move callers in the last step",
                *at,
                "move",
            )
        else:
            moves.setdefault(name, (to, (*at, "move")))
    for circle in _circles({name: to for name, (to, _) in moves.items()}):
        lines = [at_queues.node(*moves[name][1]).line for name in circle]
        way = ", ".join(
            f"from '{name}' to '{moves[name][0]}' (line {line})"
            for name, line in zip(circle, lines, strict=True)
        )
        what = f"callers would be moved round for ever: {way}"
        yield at_queues.problem(what, "take one of these moves out", *moves[circle[0]][1])


def _steps(at_queues: Document) -> Iterator[tuple[str, At, dict[str, Any], bool]]:
    """Each step of each timeline with its place, and whether it is the last."""
    queues = at_queues.data if isinstance(at_queues.data, dict) else {}
    for name, queue in queues.items():
        for number, step in steps(queue):
            yield name, (name, "timeline", number), step, number + 1 == len(queue["timeline"])


def _circles(moves: dict[str, str]) -> Iterator[list[str]]:
    """Each circle once, from the queue that stands first in the file."""
    done: set[str] = set()
    for start in moves:
        trail: list[str] = []
        name = start
        while name in moves and name not in done:
            done.add(name)
            trail.append(name)
            name = moves[name]
        if name in trail:
            yield trail[trail.index(name) :]
