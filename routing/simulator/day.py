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
from routing.policy.day import in_force
from routing.policy.match import choose, due, free, overflowing
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules
from routing.simulator.house import ALWAYS_OPEN, EVER, House, Standing, Stretch, Why

LATEST = 50
ASKING = 20.0  # seconds in which a caller asks for a call-back, confirms the number and hears the good-bye


@dataclass(frozen=True, slots=True)
class Arrival:
    """A caller: when, for which lane, for how many seconds the caller would wait at most, and how many
    seconds of work the call is for an agent of pace 1.

    Whoever takes it does so after it has rung for `rings` seconds. Before that it is offered in vain as often
    as `missed` has entries: the seconds that each of those offers rings, EVER for as long as offers do. Where
    several are rung at once, the first of them are those in vain, and the next one takes it. Of an agent and
    an interpreter, it is the agent who misses an offer.

    After waiting `asks` seconds the caller takes a call-back that is offered, EVER for never. Called back,
    the caller is not reached `unreached` times; then it takes `picks_up` seconds from dialling to the talk.
    """

    at: float
    call: str
    lane: Lane
    work: float
    patience: float = EVER
    rings: float = 0.0
    missed: tuple[float, ...] = ()
    asks: float = EVER
    unreached: int = 0
    picks_up: float = 0.0


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


# Why a caller left the line without having been answered on it.
Left = Why | Literal["gave-up", "asked"]


@dataclass(slots=True)
class Record:
    """What became of one caller. Moments are seconds of the simulation; None: it did not happen."""

    arrival: Arrival
    rung_at: float | None = None  # the first offer
    answered_at: float | None = None  # on the line on which the caller came
    agent: str | None = None
    left: Left | None = None
    left_at: float | None = None
    call_back: bool = False  # the caller is, or was, to be called back
    dials: int = 0  # in vain
    reached_at: float | None = None  # at a call-back
    not_reached: bool = False  # nor is the hotline to call any more
    ended_at: float | None = None  # of the talk
    written_at: float | None = None  # when the agent was done with it
    offers: int = 0
    busy_then: int = 0  # agents on calls when it arrived
    waiting_then: int = 0  # callers before it when it arrived

    @property
    def waited(self) -> float | None:
        """Seconds on the line until answered or gone; None while waiting, and for who was not let in."""
        end = self.left_at if self.answered_at is None else self.answered_at
        return None if end is None or self.turned_away else end - self.arrival.at

    @property
    def turned_away(self) -> bool:
        """Whether the queue was full or closed in the moment of the call."""
        return self.left in ("full", "closed") and self.left_at == self.arrival.at

    @property
    def talks_at(self) -> float | None:
        """When the talk began, on whichever line."""
        return self.reached_at if self.answered_at is None else self.answered_at


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


What = Literal[
    "abandon",
    "taken",
    "missed",
    "back",
    "done",
    "begin",
    "end",
    "due",
    "turn",
    "leaving",
    "agreed",
    "wake",
    "reached",
    "in-vain",
]


class Day:
    """Play callers and agents through, from the first arrival to the last end."""

    def __init__(
        self,
        rules: Mapping[str, Rules],
        workers: Iterable[Worker],
        on_arrival: "Callable[[Day, Record], None] | None" = None,
        habits: Habits = NONE,
        house: House = ALWAYS_OPEN,
    ) -> None:
        self.rules = rules  # those in force
        self.habits = habits
        self.house = house
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
        self._since: dict[str, float] = {}  # of those who wait anew: not since they came
        self._came_in: dict[str, float] = {}  # into another queue, to which the menu led them
        self._times_led: Counter[str] = Counter()
        self._events: list[tuple[float, int, What, str, str]] = []
        self._number = count()
        self._due = EVER
        self._every_rule = rules
        self._stretch = Stretch(0.0)
        self._directors = {one.seat.agent for stretch in house.stretches for one in stretch.receptions}
        relaxing = any(queue.steps or queue.keep_seconds for queue in rules.values())
        self._relaxes = relaxing or bool(self._directors)

    def play(self, arrivals: Sequence[Arrival], until: float = EVER) -> list[Record]:
        """The records of these arrivals, in their order; each `at` no earlier than the one before."""
        for number, stretch in enumerate(self.house.stretches):
            self._at(stretch.at, "turn", str(number))
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
        elif what == "due":
            self._due = EVER
        elif what == "turn":
            self._turn(self.house.stretches[int(who)])
        elif what == "leaving":
            self._leaving(self.records[who])
        else:
            self._calls_back(what, self.records[who], agent)
        if self._directors and (who in self._directors or agent in self._directors):
            self._in_force()
        self._dispatch()

    def _at(self, when: float, what: What, who: str = "", agent: str = "") -> None:
        heappush(self._events, (when, next(self._number), what, who, agent))

    def _arrive(self, arrival: Arrival) -> None:
        record = Record(arrival, busy_then=self.talking, waiting_then=self.floor.waiting())
        self.records[arrival.call] = record
        if self._shut(arrival.lane.queue):
            self._led(record, "closed")
        else:
            self._waits(record)
        self._dispatch()
        if self._on_arrival:
            self._on_arrival(self, record)
        queue = self._lane(record).queue
        if record.answered_at is None and record.left is None and self._too_many(record, queue):
            self._goes(record, "full")
            self._dispatch()
        if record.answered_at is not None or record.left is not None:
            return
        if arrival.patience < EVER:
            self._at(self.now + arrival.patience, "abandon", arrival.call)
        self._foresee(record)

    def _too_many(self, record: Record, queue: str) -> bool:
        """Whether who has just come, and is not being rung for, is one more than may wait."""
        limit = self.rules[queue].limit
        if limit is None or record.arrival.call in self._ringing:
            return False
        return self._waiting[queue] > limit

    def _standing(self, queue: str, language: str) -> Standing:
        """Whether a caller of this language whom the menu leads here may wait in this queue."""
        if self._shut(queue):
            return "closed"
        limit, lane = self.rules[queue].limit, Lane(queue, language)
        if limit is None or self._waiting[queue] < limit or free(self.floor, self.rules, lane, self.now):
            return "open"
        return "full"

    def _shut(self, queue: str) -> bool:
        return queue in self._stretch.closed or queue in self._stretch.out_of_hours

    def _waits(self, record: Record) -> None:
        """In the line, at the place since when the call waits."""
        call, lane = record.arrival.call, self._lane(record)
        self.floor.wait(call, lane, self._since.get(call, record.arrival.at))
        self._waiting[lane.queue] += 1

    def _leaves(self, record: Record) -> None:
        """Out of the line."""
        self.floor.leave(record.arrival.call)
        self._waiting[self._lane(record).queue] -= 1

    def _goes(self, record: Record, why: Why) -> None:
        """The caller who waits in the line goes on from there."""
        self._leaves(record)
        self._led(record, why)
        if record.left is None:
            self._foresee(record)

    def _led(self, record: Record, why: Why) -> None:
        """Into the queue to which the menu leads who may not wait (any longer) in this one, with the time
        waited so far; gone where it leads to none."""
        call = record.arrival.call
        leads, before = self.house.leads, self._lane(record)
        self._times_led[call] += 1
        lane = leads(before, why, self.now, self._times_led[call], self._standing) if leads else None
        if lane is None:
            record.left, record.left_at, record.ended_at = why, self.now, self.now
        else:
            self._lanes[call], self._came_in[call] = lane, self.now
            self._waits(record)

    def _foresee(self, record: Record) -> None:
        """Look again when the caller may leave the line for another reason than having no more patience."""
        call, queue = record.arrival, self._lane(record).queue
        for moment in (self._longest(record, queue), self._offered(record, queue)):
            if moment < call.at + call.patience:
                self._at(max(self.now, moment), "leaving", call.call)

    def _longest(self, record: Record, queue: str) -> float:
        """Until when this caller may wait in this queue."""
        since = self._came_in.get(record.arrival.call, record.arrival.at)
        return since + self.house.wait_limits.get(queue, EVER)

    def _offered(self, record: Record, queue: str) -> float:
        """When this caller takes the call-back that this queue offers."""
        call_backs = self.house.call_backs
        after = call_backs.offered.get(queue, EVER) if call_backs else EVER
        return record.arrival.at + max(after, record.arrival.asks)

    def _leaving(self, record: Record) -> None:
        """A caller who waits on the line leaves it where there is a reason."""
        if record.answered_at is not None or record.left is not None or record.arrival.call in self._ringing:
            return
        queue = self._lane(record).queue
        if queue in self._stretch.closed:
            self._goes(record, "closed")
        elif self._longest(record, queue) <= self.now:
            self._goes(record, "too-long")
        elif self._offered(record, queue) <= self.now:
            self._leaves(record)
            record.left, record.left_at, record.call_back = "asked", self.now, True
            self._at(self.now + ASKING, "agreed", record.arrival.call)

    def _turn(self, stretch: Stretch) -> None:
        """Hours, closures and receptions as they are from now on."""
        self._stretch = stretch
        self._in_force()
        for call in self.floor.calls():
            record = self.records[call]
            if record.left is None:
                self._leaving(record)
            elif (later := self._opens(record)) is not None:
                self._leaves(record)
                self._rests(record, later)

    def _in_force(self) -> None:
        """The rules, with the receptions whose director is on duty."""
        there = [one for one in self._stretch.receptions if self._on_duty(one.seat.agent)]
        now = self._stretch
        self.rules = in_force(self._every_rule, now.closed, there, now.out_of_hours)

    def _on_duty(self, name: str) -> bool:
        desk = self.desks.get(name)
        return desk is not None and desk.at_work and self.now >= desk.away_until

    def _calls_back(self, what: What, record: Record, agent: str) -> None:
        if what == "agreed":
            self._rests(record, self._opens(record))
        elif what == "wake":
            later = self._opens(record)
            if later is None and record.dials:
                self._since[record.arrival.call] = self.now  # it has had its turn
            self._rests(record, later)
        elif what == "reached":
            record.reached_at = self.now
            self._talks(record, self.desks[agent])
        else:
            self._in_vain(record, self.desks[agent])

    def _opens(self, record: Record) -> float | None:
        """When this caller may be called, if not now."""
        politely = record.left == "gave-up" or record.dials > 0
        call_backs = self.house.call_backs
        return call_backs.opens(self._lane(record).queue, politely, self.now) if call_backs else None

    def _rests(self, record: Record, later: float | None) -> None:
        """A call-back is in the line, or rests till `later`."""
        if later is None:
            self._waits(record)
        elif self.house.call_backs and later < self.house.call_backs.until:
            self._at(later, "wake", record.arrival.call)

    def _dials(self, record: Record, desk: _Desk) -> None:
        """An agent has accepted; the caller is called."""
        call, call_backs = record.arrival, self.house.call_backs
        if record.dials >= call.unreached:
            self._at(self.now + call.picks_up, "reached", call.call, desk.worker.name)
        elif call_backs:
            self._at(self.now + call_backs.rules.ring_seconds, "in-vain", call.call, desk.worker.name)

    def _in_vain(self, record: Record, desk: _Desk) -> None:
        """The agent is ready as before, with nothing to write up; the call-back rests until the next try."""
        self._let_go(desk)
        self._ready(desk, desk.ready_since)
        self._without_interpreter(record)
        record.dials += 1
        rests = self.house.call_backs.rules.rests(record.dials) if self.house.call_backs else None
        if rests is None:
            record.not_reached = True
        else:
            self._rests(record, self.now + rests.total_seconds())

    def _lane(self, record: Record) -> Lane:
        """The lane in which the caller waits by now."""
        return self._lanes.get(record.arrival.call, record.arrival.lane)

    def _abandon(self, record: Record) -> None:
        if record.answered_at is not None or record.left is not None:
            return
        record.left, record.left_at, record.ended_at = "gave-up", self.now, self.now
        if record.arrival.call in self._ringing:
            self._withdraw(record)
            self._without_interpreter(record)
        else:
            self._leaves(record)
        call_backs = self.house.call_backs
        if call_backs and call_backs.rules.calls_who_gave_up(self.now - record.arrival.at):
            record.call_back = True
            self._rests(record, self._opens(record))

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
            if record.left is None:
                self._waits(record)
                self._leaving(record)
            else:
                self._rests(record, self._opens(record))
        desk.away_until = self.now + self.habits.away_seconds
        if self.habits.away_seconds > 0:
            self._at(desk.away_until, "back", desk.worker.name)
        self._ready(desk)

    def _taken(self, record: Record, desk: _Desk) -> None:
        if not self._rings(record, desk):
            return
        self._ringing[record.arrival.call].remove(desk)
        self._withdraw(record)
        if record.left is not None:
            self._dials(record, desk)
            return
        record.answered_at = self.now
        self.latest.append(record)
        self._talks(record, desk)

    def _talks(self, record: Record, desk: _Desk) -> None:
        talks = record.arrival.work / desk.worker.pace
        takes = talks + self.habits.wrap_up_seconds
        record.agent = desk.worker.name
        record.ended_at, record.written_at = self.now + talks, self.now + takes
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
            if self.records[move.head.call].left is None:
                self._foresee(self.records[move.head.call])
        while (choice := choose(self.floor, self.rules, self.now)) is not None:
            interpreter = self.desks[choice.interpreter.name] if choice.interpreter else None
            agents = [self.desks[one.name] for one in choice.agents]
            self._offer(self.records[choice.head.call], agents, interpreter)
        if self._relaxes:
            moment = due(self.floor, self.rules, self.now)
            if moment is not None and moment < self._due:
                self._due = moment
                self._at(moment, "due")
