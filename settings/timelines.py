"""Timelines of queues.yml as they are written, right or wrong."""

from collections.abc import Iterator
from typing import Any


def steps(queue: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number and the entries of each step of a queue that is written as one."""
    timeline = queue.get("timeline") if isinstance(queue, dict) else None
    for number, step in enumerate(timeline if isinstance(timeline, list) else []):
        if isinstance(step, dict):
            yield number, step
