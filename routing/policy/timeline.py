"""Who may serve whom, and from which second of the wait on.

A queue begins strict and relaxes: its steps only ever let more agents in. So whoever has waited longest in a
lane has the widest choice, and who stands behind can never be served by somebody who the first cannot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from routing.policy.skills import Lane, Levels, Profile


@dataclass(frozen=True)
class Step:
    """From `after` seconds on: lower levels of the caller's `language` and of `topics`, and `also` the agents
    of other queues. What a step leaves out stays as it was. With `interpreter` a caller whose language no
    ready agent speaks may be served by an agent and an interpreter together; with `move` the caller waits in
    that queue."""

    after: float
    language: int | None = None
    topics: Levels = field(default_factory=dict)
    also: tuple[str, ...] = ()
    move: str | None = None
    interpreter: bool = False


@dataclass(frozen=True)
class Seat:
    """A seat that a queue's callers are kept for: an agent's name, and the languages spoken there."""

    agent: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """How a queue is served.

    `language` is the level that the caller's language needs, `topics` the level of each topic; of agents who
    have those, who has more of the `preferred` skills goes first. A caller who is kept for an agent waits
    `keep_seconds` for nobody else; with a `seat`, every caller who speaks a language of it is kept for that
    one. Who is moved here from another queue has this `priority` at least. Where `limit` callers wait, the
    queue is full for whom nobody ready may serve at once.
    """

    queue: str
    strategy: str = "longest-idle"
    language: int = 1
    topics: Levels = field(default_factory=dict)
    preferred: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    keep_seconds: float = 0.0
    limit: int | None = None
    seat: Seat | None = None
    priority: int = 0

    @cached_property
    def stages(self) -> tuple["Stage", ...]:
        """The queue from its first second on, and after each step, in order."""
        stages = [Stage(0.0, self.language, dict(self.topics), frozenset({self.queue}), False)]
        for step in sorted(self.steps, key=lambda step: step.after):
            last = stages[-1]
            stages.append(
                Stage(
                    step.after,
                    last.language if step.language is None else min(step.language, last.language),
                    {name: min(level, step.topics.get(name, level)) for name, level in last.topics.items()},
                    last.queues | set(step.also),
                    last.interpreter or step.interpreter,
                )
            )
        return tuple(stages)

    def reach(self, lane: Lane, profile: Profile) -> "Reach | None":
        """When this profile may serve this lane; None: never, for a skill or a queue is missing."""
        key = (lane.language, self.kept_for(lane) is None, profile)
        if key not in self._reached:
            self._reached[key] = self._reach(
                lane, profile, lambda stage: stage.admits(lane.language, profile)
            )
        return self._reached[key]

    @cached_property
    def _reached(self) -> dict[tuple[str, bool, Profile], "Reach | None"]:
        return {}

    def reach_of_pair(self, lane: Lane, agent: Profile, interpreter: Profile) -> "Reach | None":
        """When an agent and an interpreter of these profiles may serve this lane together; None: never."""
        key = (lane.language, self.kept_for(lane) is None, agent, interpreter)
        if key not in self._reached_by_pairs:
            self._reached_by_pairs[key] = self._reach(
                lane, agent, lambda stage: stage.admits_pair(lane.language, agent, interpreter)
            )
        return self._reached_by_pairs[key]

    @cached_property
    def _reached_by_pairs(self) -> dict[tuple[str, bool, Profile, Profile], "Reach | None"]:
        return {}

    def _reach(self, lane: Lane, agent: Profile, admits: "Callable[[Stage], bool]") -> "Reach | None":
        for number, stage in enumerate(self.stages):
            if admits(stage):
                missing = sum(skill not in agent.levels for skill in self.preferred)
                kept = self.keep_seconds if self.kept_for(lane) else 0.0
                return Reach(max(stage.after, kept), number, missing)
        return None

    @cached_property
    def interpreted(self) -> bool:
        """Whether callers of this queue may be served through an interpreter, sooner or later."""
        return self.stages[-1].interpreter

    def kept_for(self, lane: Lane) -> str | None:
        """The agent whom callers of this lane are kept for; who has come from a queue that keeps callers into
        one that does not, for nobody."""
        if self._seated(lane) and self.seat:
            return self.seat.agent
        return lane.wants if self.keep_seconds else None

    def receives(self, lane: Lane, profile: Profile) -> bool:
        """Whether the agent whom these callers are kept for may serve them, sooner or later. A seat takes
        the calls of its queue whether or not it serves the queue on other days."""
        return self._seated(lane) or any(stage.admits(lane.language, profile) for stage in self.stages)

    def _seated(self, lane: Lane) -> bool:
        return self.seat is not None and lane.language in self.seat.languages

    @cached_property
    def overflow(self) -> "tuple[float, str] | None":
        """After how many seconds callers wait in which other queue instead."""
        moves = ((step.after, step.move) for step in self.steps if step.move is not None)
        return min(moves, default=None)

    def share(self, profile: Profile) -> float:
        """How much of the agents' time this queue should get; 1 for a queue they only help out in."""
        return profile.shares.get(self.queue, 1.0)


@dataclass(frozen=True)
class Stage:
    """Who may serve a queue from `after` seconds on."""

    after: float
    language: int
    topics: Mapping[str, int]
    queues: frozenset[str]
    interpreter: bool

    def admits(self, language: str, profile: Profile) -> bool:
        return self._serves(profile) and profile.has({language: self.language})

    def admits_pair(self, language: str, agent: Profile, interpreter: Profile) -> bool:
        """The interpreter speaks the caller's language and another one that the agent speaks too."""
        understood = (
            self.interpreter and interpreter.interprets and interpreter.has({language: self.language})
        )
        between = agent.languages & interpreter.languages - {language}
        return understood and bool(between) and self._serves(agent)

    def _serves(self, profile: Profile) -> bool:
        return not self.queues.isdisjoint(profile.shares) and profile.has(self.topics)


@dataclass(frozen=True)
class Reach:
    """From `after` seconds of waiting on, by the `step` of the timeline; `missing` preferred skills."""

    after: float
    step: int
    missing: int
