"""What a hotline does with callers besides ringing agents: lets them in, lets them wait, calls them back.

All moments are seconds since the midnight with which the day begins.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

from routing.policy.day import Kept
from routing.policy.skills import Lane
from routing.rulebook import receptions
from settings.call_backs import CallBack
from settings.config import Config
from settings.opening import longest_wait, may_be_called, out_of_hours, turns

Spans = tuple[tuple[float, float], ...]  # each from one moment up to, and without, another
EVER = float("inf")
NO_CLOSURES: Mapping[str, Spans] = MappingProxyType({})


@dataclass(frozen=True)
class Stretch:
    """From `at` on: the queues that are `out_of_hours`, those that somebody has `closed`, and the receptions
    that are on, if their seats are on duty."""

    at: float
    out_of_hours: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    receptions: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class CallBacks:
    """How callers are called back. `offered` has, for each queue that offers it, after how many seconds of
    waiting; `opens(queue, politely, now)` says when who waits there may be called, if not now. Who may be
    called only from `until` on is left for the next day."""

    rules: CallBack
    offered: Mapping[str, float]
    opens: Callable[[str, bool, float], float | None]
    until: float


Why = Literal["full", "closed", "too-long"]  # a caller may not wait in a queue, or not any longer
Standing = Literal["open", "closed", "full"]
# The lane to which the menu leads who may not wait in this one: why, when, the how-manieth time, and how the
# queues stand; None: to none.
Leads = Callable[[Lane, Why, datetime, int, Callable[[str, str], Standing]], Lane | None]
LeadsAt = Callable[[Lane, Why, float, int, Callable[[str, str], Standing]], Lane | None]


@dataclass(frozen=True)
class House:
    """`wait_limits` has for how many seconds a caller waits in each queue at most, `stretches` what changes
    in the course of the day, in order. Without `call_backs` nobody is called back, without `leads` whoever
    may not wait is gone."""

    wait_limits: Mapping[str, float] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    call_backs: CallBacks | None = None
    leads: LeadsAt | None = None


ALWAYS_OPEN = House()


def house_on(
    day: date, config: Config, closures: Mapping[str, Spans] = NO_CLOSURES, leads: Leads | None = None
) -> House:
    """What this configuration does on that day. `closures` has when somebody has closed which queue."""
    clock = _Clock(day, config)

    def leads_at(
        lane: Lane, why: Why, now: float, times: int, standing: Callable[[str, str], Standing]
    ) -> Lane | None:
        return leads(lane, why, clock.moment(now), times, standing) if leads else None

    return House(
        {queue: longest_wait(config, queue) for queue in config.queues},
        tuple(_stretches(clock, config, closures)),
        _call_backs(clock, config),
        leads_at,
    )


def receives(day: date, config: Config) -> dict[str, Spans]:
    """From when to when each director receives on that day."""
    clock = _Clock(day, config)
    found: dict[str, Spans] = {}
    for one in config.calendar.receptions.values():
        if day in one.days:
            spans = tuple((clock.seconds_of(start), clock.seconds_of(end)) for start, end in one.times)
            found[one.agent] = (*found.get(one.agent, ()), *spans)
    return found


class _Clock:
    """Moments as seconds since the midnight of a day, and back."""

    def __init__(self, day: date, config: Config) -> None:
        self.day = day
        self.midnight = datetime.combine(day, time(), config.hotline.zone)

    def seconds(self, moment: datetime) -> float:
        return moment.timestamp() - self.midnight.timestamp()

    def seconds_of(self, minute: int) -> float:
        """Of a minute of the day, by the clock on the wall."""
        return self.seconds(self.midnight + timedelta(minutes=minute))

    def moment(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(self.midnight.timestamp() + seconds, UTC)


def _stretches(clock: _Clock, config: Config, closures: Mapping[str, Spans]) -> Iterator[Stretch]:
    """Those of the day and, for who still waits then, of the next one."""
    changes = turns(config, clock.day) | turns(config, clock.day + timedelta(1))
    moments = {0.0, *map(clock.seconds, changes)}
    moments |= {moment for spans in closures.values() for span in spans for moment in span}
    for at in sorted(moment for moment in moments if 0 <= moment < EVER):
        now = clock.moment(at)
        closed = (name for name, spans in closures.items() if any(start <= at < end for start, end in spans))
        yield Stretch(at, out_of_hours(config, now), frozenset(closed), tuple(receptions(config, now)))


def _call_backs(clock: _Clock, config: Config) -> CallBacks | None:
    rules = config.hotline.call_back
    if rules is None:
        return None
    offered = {
        name: float(queue.call_back_after)
        for name, queue in config.queues.items()
        if queue.call_back_after is not None
    }

    def opens(queue: str, politely: bool, now: float) -> float | None:
        later = may_be_called(config, queue, clock.moment(now), politely=politely)
        return None if later is None else clock.seconds(later)

    return CallBacks(rules, offered, opens, clock.seconds_of(24 * 60))
