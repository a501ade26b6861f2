"""Timelines that offer a call-back: where there are call-backs, once, and before the wait is over."""

from collections.abc import Iterator

from settings.hotline import Hotline
from settings.problems import Problem
from settings.timelines import steps
from settings.yaml import Document


def errors_of_call_backs(hotline: Hotline, at_queues: Document) -> Iterator[Problem]:
    """Every offer of a call-back that no caller could take, or that is made twice."""
    queues = at_queues.data if isinstance(at_queues.data, dict) else {}
    for name, queue in queues.items():
        if not isinstance(queue, dict):
            continue
        longest = queue.get("wait_limit_seconds", hotline.wait_limit_seconds)
        offers = [each for each in steps(queue) if each[1].get("offer") == "call-back"]
        for place, (number, step) in enumerate(offers):
            at = (name, "timeline", number)
            here = f"step {number + 1} of '{name}' offers a call-back"
            after = step.get("after")
            if hotline.call_back is None:
                mend = "write call_back: {retry_minutes: [5, 30, 120]} into hotline.yml"
                yield at_queues.problem(f"{here}, and hotline.yml has no call_back", mend, *at, "offer")
            elif place > 0:
                what = f"{here}, which a step before it does already"
                yield at_queues.problem(what, "offer it once: from then on it stays offered", *at, "offer")
            elif isinstance(after, int) and isinstance(longest, int) and after >= longest:
                what = f"{here} after {after} s, and nobody waits longer than {longest} s"
                yield at_queues.problem(what, f"write less than {longest}", *at, "after")
