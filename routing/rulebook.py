"""The rules by which it is decided who is rung, as queues.yml gives them; receipts name their version."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, insert, select

from routing.policy.day import Kept, in_force
from routing.policy.skills import Profile, rarities
from routing.policy.timeline import Rules, Seat, Step
from settings.agents import Agent
from settings.config import Config
from settings.queues import Queue
from store.tables import rulebooks


@dataclass(frozen=True)
class Rulebook:
    """The rules of each queue. `version` is made of what they say."""

    version: str
    rules: Mapping[str, Rules]

    @classmethod
    def of(cls, rules: Mapping[str, Rules]) -> "Rulebook":
        """These rules, under the version that they make."""
        return cls(hashlib.sha256(_written(rules).encode()).hexdigest()[:32], rules)

    def on(
        self, closed: frozenset[str], kept: frozenset[Kept], out_of_hours: frozenset[str] = frozenset()
    ) -> "Rulebook":
        """The rules with these queues closed, the callers of those kept for a seat, and nobody moved to the
        ones out of hours."""
        if not closed and not kept and not out_of_hours:
            return self
        day = closed, kept, out_of_hours
        if day not in self._variations:
            self._variations[day] = Rulebook.of(in_force(self.rules, *day))
        return self._variations[day]

    @cached_property
    def _variations(self) -> "dict[tuple[frozenset[str], frozenset[Kept], frozenset[str]], Rulebook]":
        return {}


def rulebook(queues: Mapping[str, Queue]) -> Rulebook:
    """The rules of these queues."""
    return Rulebook.of({name: _rules(queue) for name, queue in queues.items()})


def profiles_of(agents: Mapping[str, Agent]) -> dict[str, Profile]:
    """What each of these agents can."""
    rarity = rarities({name: agent.skills for name, agent in agents.items()})
    return {
        name: Profile.of(one.parts, one.skills, rarity[name], one.interpreter) for name, one in agents.items()
    }


def receptions(config: Config, now: datetime) -> Iterator[Kept]:
    """The Director Reception Days that are on now: whose callers are kept for which seat."""
    for reception in config.calendar.receptions_at(now):
        if (director := config.agents.get(reception.agent)) is not None:
            yield Kept(reception.queue, Seat(reception.agent, director.languages), reception.seconds)


def keep(tx: Connection, book: Rulebook, now: datetime) -> None:
    """Write the rules down, once, before a receipt names them."""
    known = select(rulebooks.c.version).where(rulebooks.c.version == book.version)
    if tx.scalar(known) is None:
        rules = json.loads(_written(book.rules))
        tx.execute(insert(rulebooks).values(version=book.version, rules=rules, loaded_at=now))


def kept(tx: Connection, version: str) -> Rulebook:
    """The rules of this version; KeyError where no receipt names it any more."""
    rules = tx.scalar(select(rulebooks.c.rules).where(rulebooks.c.version == version))
    if rules is None:
        raise KeyError(version)
    return Rulebook(version, {name: _read(each) for name, each in rules.items()})


def _rules(queue: Queue) -> Rules:
    steps = (
        Step(step.after, step.level, step.topics, step.also, step.move, step.interpreter)
        for step in queue.timeline
    )
    return Rules(
        queue.name,
        queue.strategy,
        queue.level,
        queue.topics,
        queue.preferred,
        tuple(steps),
        keep_seconds=queue.keep_seconds if queue.strategy == "sticky" else 0.0,
        limit=queue.limit,
        priority=queue.priority,
    )


def _written(rules: Mapping[str, Rules]) -> str:
    return json.dumps({name: asdict(each) for name, each in rules.items()}, sort_keys=True)


def _read(written: dict[str, Any]) -> Rules:
    steps = tuple(Step(**{**step, "also": tuple(step["also"])}) for step in written["steps"])
    seat = written.get("seat")
    parts = {
        "preferred": tuple(written["preferred"]),
        "steps": steps,
        "seat": Seat(seat["agent"], tuple(seat["languages"])) if seat else None,
    }
    return Rules(**{**written, **parts})
