"""A stretch of virtual time: the live policy over callers, agents and the hours they work.

Nothing here decides who is served; `routing.policy.match.choose` does, as on the telephone.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal

from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import choose, due, overflowing
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules

EVER = float("inf")
LATEST = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """A caller: when, for which lane, for how many seconds the caller would wait at most, and how many
    seconds of work the call is for an agent of pace 1.

    Whoever takes it does so after it has rung for `rings` seconds. Before that it is offered in vain as often
    as `missed` has entries: the seconds that each of those offers rings, EVER for as long as offers do. Where
    several are rung at once, the first of them are those in vain, and the next one takes it. Of an agent and
    an interpreter, it is the agent who misses an offer.
    """

    at: float
    call: str
    lane: Lane
    work: float
    patience: float = EVER
    rings: float = 0.0
    missed: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What an agent's telephone and desk add to the talks, in seconds: the longest that an offer rings, how
    long somebody who missed one is away, and the writing up after each call."""

    offer_seconds: float = 20.0
    away_seconds: float = 0.0
    wrap_up_seconds: float = 0.0


NONE = Habits()


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent: what they can, their pace (2 takes half the time), and from when to when they work."""

    name: str
    profile: Profile
    pace: float = 1.0
    talk_seconds: float = 180.0
    shifts: tuple[tuple[float, float], ...] = ((0.0, EVER),)


@dataclass(slots=True)
class Record:
    """What became of one caller. Moments are seconds of the simulation; None: it did not happen."""

    arrival: Arrival
    rung_at: float | None = None  # the first offer
    answered_at: float | None = None
    agent: str | None = None
    abandoned_at: float | None = None
    ended_at: float | None = None  # of the talk
    written_at: float | None = None  # when the agent was done with it
    offers: int = 0
    turned_away: bool = False  # the queue was full
    busy_then: int = 0  # agents on calls when it arrived
    waiting_then: int = 0  # callers before it when it arrived

    @property
    def waited(self) -> float | None:
        """Seconds until answered or given up; None while still waiting."""
        end = self.answered_at if self.answered_at is not None else self.abandoned_at
        return None if end is None else end - self.arrival.at


@dataclass(eq=False)
class _Desk:
    worker: Worker
    at_work: bool = False
    since: float = 0.0
    until: float = 0.0
    busy: float = 0.0
    calls: int = 0
    rung_at: float = 0.0
    ready_since: float = 0.0
    away_until: float = 0.0
    on_call: bool = False


What = Literal["abandon", "taken", "missed", "back", "done", "begin", "end", "due"]


class Day:
    """Play callers and agents through, from the first arrival to the last end."""

    def __init__(
        self,
        rules: Mapping[str, Rules],
        workers: Iterable[Worker],
        on_arrival: "Callable[[Day, Record], None] | None" = None,
        habits: Habits = NONE,
    ) -> None:
        self.rules = rules
        self.habits = habits
        self.floor = Memory(STRATEGIES[queue.strategy].by for queue in rules.values())
        self.desks = {worker.name: _Desk(worker) for worker in workers}
        self.records: dict[str, Record] = {}
        self.now = 0.0
        self.talking = 0
        self.latest: deque[Record] = deque(maxlen=LATEST)  # who was answered last
        self._on_arrival = on_arrival
        self._waiting: Counter[str] = Counter()
        self._ringing: dict[str, list[_Desk]] = {}  # by call
        self._interpreters: dict[str, _Desk] = {}  # by call, from the offer to the end of the talk
        self._lanes: dict[str, Lane] = {}  # of those who wait elsewhere than they came
        self._events: list[tuple[float, int, What, str, str]] = []
        self._number = count()
        self._due = EVER
        self._relaxes = any(queue.steps for queue in rules.values())

    def play(self, arrivals: Sequence[Arrival], until: float = EVER) -> list[Record]:
        """The records of these arrivals, in their order; each `at` no earlier than the one before."""
        for desk in self.desks.values():
            for start, end in desk.worker.shifts:
                self._at(start, "begin", desk.worker.name)
                if end < EVER:
                    self._at(end, "end", desk.worker.name)
        upcoming = iter(arrivals)
        following = next(upcoming, None)
        while True:
            first = self._events[0][0] if self._events else EVER
            if following is not None and following.at < first:
                if following.at > until:
                    break
                self.now = following.at
                self._arrive(following)
                following = next(upcoming, None)
            elif self._events and first <= until:
                self.now, _, what, who, agent = heappop(self._events)
                self._happens(what, who, agent)
            else:
                break
        return [self.records[arrival.call] for arrival in arrivals if arrival.call in self.records]

    def _happens(self, what: What, who: str, agent: str) -> None:
        if what == "done":
            self._done(self.records[who])
        elif what == "taken":
            self._taken(self.records[who], self.desks[agent])
        elif what == "missed":
            self._missed(self.records[who], self.desks[agent])
        elif what == "back":
            self._ready(self.desks[who])
        elif what == "abandon":
            self._abandon(self.records[who])
        elif what == "begin":
            desk = self.desks[who]
            desk.at_work, desk.since, desk.busy, desk.calls = True, self.now, 0.0, 0
            self._ready(desk)
        elif what == "end":
            self.desks[who].at_work = False
            self.floor.busy(who)
        else:
            self._due = EVER
        self._dispatch()

    def _at(self, when: float, what: What, who: str = "", agent: str = "") -> None:
        heappush(self._events, (when, next(self._number), what, who, agent))

    def _arrive(self, arrival: Arrival) -> None:
        record = Record(arrival, busy_then=self.talking, waiting_then=self.floor.waiting())
        self.records[arrival.call] = record
        self.floor.wait(arrival.call, arrival.lane, self.now)
        self._waiting[arrival.lane.queue] += 1
        self._dispatch()
        if self._on_arrival:
            self._on_arrival(self, record)
        if record.answered_at is not None:
            return
        limit = self.rules[arrival.lane.queue].limit
        if (
            limit is not None
            and arrival.call not in self._ringing
            and self._waiting[arrival.lane.queue] > limit
        ):
            self._leaves(record)
            record.turned_away, record.ended_at = True, self.now
        elif arrival.patience < EVER:
            self._at(self.now + arrival.patience, "abandon", arrival.call)

    def _leaves(self, record: Record) -> None:
        self.floor.leave(record.arrival.call)
        self._waiting[self._lane(record).queue] -= 1

    def _lane(self, record: Record) -> Lane:
        """The lane in which the caller waits by now."""
        return self._lanes.get(record.arrival.call, record.arrival.lane)

    def _abandon(self, record: Record) -> None:
        if record.answered_at is not None:
            return
        record.abandoned_at = record.ended_at = self.now
        if record.arrival.call in self._ringing:
            self._withdraw(record)
            self._without_interpreter(record)
        else:
            self._leaves(record)

    def _withdraw(self, record: Record) -> None:
        """Whoever it still rings at is ready as before."""
        for desk in self._ringing.pop(record.arrival.call):
            self._let_go(desk)
            self._ready(desk, desk.ready_since)

    def _without_interpreter(self, record: Record) -> None:
        """Nothing came of the offer: an interpreter, too, is ready as before."""
        desk = self._interpreters.pop(record.arrival.call, None)
        if desk is not None:
            self._let_go(desk)
            self._ready(desk, desk.ready_since)

    def _offer(self, record: Record, desks: Sequence[_Desk], interpreter: _Desk | None) -> None:
        call = record.arrival
        self._leaves(record)
        record.rung_at = self.now if record.rung_at is None else record.rung_at
        self._ringing[call.call] = list(desks)
        if interpreter is not None:
            self._interpreters[call.call] = interpreter
        for desk in (*desks, *([interpreter] if interpreter else ())):
            self.floor.busy(desk.worker.name)
            desk.on_call, desk.rung_at = True, self.now
            self.talking += 1
        in_vain = call.missed[record.offers : record.offers + len(desks)]
        record.offers += len(desks)
        for seconds, desk in zip(in_vain, desks, strict=False):
            rings = min(seconds, self.habits.offer_seconds)
            self._at(self.now + rings, "missed", call.call, desk.worker.name)
        for desk in desks[len(in_vain) :][:1]:
            if call.rings > 0:
                self._at(self.now + call.rings, "taken", call.call, desk.worker.name)
            else:
                self._taken(record, desk)

    def _rings(self, record: Record, desk: _Desk) -> bool:
        """Whether it still rings there: the caller may have given up, or somebody else taken the call."""
        return desk in self._ringing.get(record.arrival.call, ())

    def _missed(self, record: Record, desk: _Desk) -> None:
        if not self._rings(record, desk):
            return
        self._ringing[record.arrival.call].remove(desk)
        self._let_go(desk)
        if not self._ringing[record.arrival.call]:
            del self._ringing[record.arrival.call]
            self._without_interpreter(record)
            lane = self._lane(record)
            self.floor.wait(record.arrival.call, lane, record.arrival.at)
            self._waiting[lane.queue] += 1
        desk.away_until = self.now + self.habits.away_seconds
        if self.habits.away_seconds > 0:
            self._at(desk.away_until, "back", desk.worker.name)
        self._ready(desk)

    def _taken(self, record: Record, desk: _Desk) -> None:
        if not self._rings(record, desk):
            return
        self._ringing[record.arrival.call].remove(desk)
        self._withdraw(record)
        talks = record.arrival.work / desk.worker.pace
        takes = talks + self.habits.wrap_up_seconds
        record.answered_at, record.agent = self.now, desk.worker.name
        record.ended_at, record.written_at = self.now + talks, self.now + takes
        self.latest.append(record)
        for one in self._serving(record):
            one.calls += 1
            one.busy += takes
        self._at(self.now + takes, "done", record.arrival.call)

    def _done(self, record: Record) -> None:
        serving = self._serving(record)
        self._interpreters.pop(record.arrival.call, None)
        for desk in serving:
            self._let_go(desk)
            self._ready(desk)

    def _serving(self, record: Record) -> list[_Desk]:
        """Who talks with this caller: the agent, and the interpreter if there is one."""
        interpreter = self._interpreters.get(record.arrival.call)
        return [self.desks[str(record.agent)], *([interpreter] if interpreter else [])]

    def _let_go(self, desk: _Desk) -> None:
        self.talking -= 1
        desk.on_call = False

    def _ready(self, desk: _Desk, since: float | None = None) -> None:
        """The agent is ready, if at work and not on a call or away; `since` now where nothing is said."""
        if desk.on_call or not desk.at_work or self.now < desk.away_until:
            return
        worker, here = desk.worker, self.now - desk.since
        desk.ready_since = self.now if since is None else since
        self.floor.ready(
            Candidate(
                worker.name,
                worker.profile,
                desk.ready_since,
                desk.calls,
                desk.busy / here if here > 0 else 0.0,
                desk.rung_at,
                worker.talk_seconds,
            )
        )

    def _dispatch(self) -> None:
        while (move := overflowing(self.floor, self.rules, self.now)) is not None:
            self.floor.leave(move.head.call)
            self.floor.wait(move.head.call, move.lane, move.head.since)
            self._waiting[move.head.lane.queue] -= 1
            self._waiting[move.lane.queue] += 1
            self._lanes[move.head.call] = move.lane
        while (choice := choose(self.floor, self.rules, self.now)) is not None:
            interpreter = self.desks[choice.interpreter.name] if choice.interpreter else None
            agents = [self.desks[one.name] for one in choice.agents]
            self._offer(self.records[choice.head.call], agents, interpreter)
        if self._relaxes:
            moment = due(self.floor, self.rules, self.now)
            if moment is not None and moment < self._due:
                self._due = moment
                self._at(moment, "due")
