"""Whom `hotline simulate` lets call: so many as are said, as were learnt, or those of a recorded day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from routing.simulator.attendance import hourly, shifts
from routing.simulator.closed import closures
from routing.simulator.day import Arrival
from routing.simulator.figures import Estimate
from routing.simulator.fit import Fitted, TooFew, fit, paces
from routing.simulator.house import EVER, Spans
from routing.simulator.past import Past, past
from routing.simulator.replay import replay
from routing.simulator.staff import Shifts
from routing.simulator.traffic import Stream, Traffic, profiled
from settings.calendar import AHEAD, YearUnknown
from settings.hours import DayKind
from switchboard.setup import Setup
from terminal.coverage import where_callers_wait
from terminal.database import opened
from terminal.refusal import Refusal

CALLS, TALK, PATIENCE, ACCEPT, MISSED = 8000.0, 240.0, 180.0, 4.0, 0.01
ASKS, REACHED, PICKS_UP = 0.3, 0.75, 15.0
MAJORITY = 0.96  # of callers speak the hotline's first language; the others share the rest
DEFAULT, ASKED = "default", "as asked"
CALL_BACKS = "call-backs"  # what is said of them
ALL_DAY: Shifts = ((0.0, EVER),)  # of who was rung on a day for which the journal has no shifts


@dataclass(frozen=True)
class Asked:
    """What the options say about callers and calls; None: nothing. Times are seconds; `missed`, `asks` (of
    callers who are offered a call-back) and `reached` (of the times that one is called) are shares. `day` is
    the date whose hours are kept."""

    calls: float | None = None
    talk: float | None = None
    patience: float | None = None
    accept: float | None = None
    missed: float | None = None
    asks: float | None = None
    reached: float | None = None
    day: date | None = None


@dataclass(frozen=True)
class Callers:
    """`day(n)` has the callers of the n-th day; `said` tells by what they are like they are, and where that
    is from. `lanes` are their queues and languages. `paces` are those of agents faster or slower than the
    average, `shifts` the hours that agents worked on a recorded day, `seats` how many did in each hour of the
    days that were learnt from. `date` is the day whose hours are kept, `closures` when somebody closed which
    queue on it."""

    day: Callable[[int], list[Arrival]]
    said: Mapping[str, str]
    lanes: frozenset[tuple[str, str]]
    talk_seconds: float
    date: date
    closures: Mapping[str, Spans] = field(default_factory=dict)
    paces: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, Shifts] = field(default_factory=dict)
    seats: tuple[int, ...] | None = None


def supposed(setup: Setup, asked: Asked, seed: int) -> Callers:
    """A day of a city hotline."""
    calls = asked.calls or CALLS
    traffic, said = _supposed(profiled(calls, _mix(setup)), asked)
    said = {
        "calls": f"{_calls(traffic)}, by the hours of a city hotline ({_from(asked.calls)})",
        "languages": f"{_languages(traffic)} ({DEFAULT})",
        **said,
    }
    return _drawn(setup, asked, traffic, said, seed)


def _supposed(streams: tuple[Stream, ...], asked: Asked) -> tuple[Traffic, dict[str, str]]:
    """Callers and agents as they are asked for or by default, and the words for it."""
    traffic = Traffic(
        streams,
        asked.talk or TALK,
        asked.patience or PATIENCE,
        accept_seconds=ACCEPT if asked.accept is None else asked.accept,
        missed=MISSED if asked.missed is None else asked.missed,
        asks=ASKS if asked.asks is None else asked.asks,
        reached=REACHED if asked.reached is None else asked.reached,
        picks_up=PICKS_UP,
    )
    return traffic, {
        "a talk": f"{traffic.talk_seconds:.0f} s on average, lognormal ({_from(asked.talk)})",
        "patience": f"{traffic.patience:.0f} s on average, exponential ({_from(asked.patience)})",
        "an offer": _offer(traffic, _from(asked.accept), _from(asked.missed)),
        CALL_BACKS: _call_backs(traffic, _from(asked.asks), _from(asked.reached)),
    }


def learnt(setup: Setup, asked: Asked, days: int, seed: int) -> Callers:
    """Days like the latest in the database, with what is asked instead where it is."""
    zone = setup.config.hotline.zone
    yesterday = datetime.now(zone).date() - timedelta(1)
    first = yesterday - timedelta(days - 1)
    calls, worked, _ = _read(setup, first, yesterday)
    if not calls:
        raise Refusal(
            f"no call waited for a person in the {days} days up to {yesterday}",
            "take more days (--fit 90), or leave --fit out for a supposed day",
        )
    days = (yesterday - calls[0].since.date()).days + 1
    try:
        fitted = fit(calls, days, _offered(setup))
    except TooFew as few:
        raise Refusal(f"{few}: too few to learn from", "leave --fit out for a supposed day") from None
    origin = f"from {len(calls):,} calls of {days} day{'' if days == 1 else 's'}"
    traffic, said = _instead(fitted, asked, origin)
    how_many = "as asked, by the hours" if asked.calls else f"± {fitted.a_day.half:,.0f},"
    said = {
        "calls": f"{_calls(traffic)} ({how_many} {origin})",
        "languages": f"{_languages(traffic)} ({origin})",
        **said,
    }
    there = hourly([worked[yesterday - timedelta(back)] for back in range(days)])
    pace = paces(calls)
    found = _drawn(setup, asked, traffic, said | _paces(pace), seed)
    return replace(found, paces=pace, seats=there if any(there) else None)


def recorded(setup: Setup, asked: Asked, day: date, seed: int) -> Callers:
    """The callers of that day, as the database has them."""
    calls, worked, closed = _read(setup, day, day)
    if not calls:
        raise Refusal(
            f"no call waited for a person on {day}", "`hotline tickets` lists the days on which there were"
        )
    try:
        traffic, said = _instead(fit(calls, 1, _offered(setup)), asked, "for what that day does not tell")
    except TooFew:
        traffic, said = _supposed((), asked)
    priorities = {name: queue.priority for name, queue in setup.config.queues.items()}
    pace = paces(calls)
    arrivals = replay(calls, traffic, priorities, seed, pace)
    came = {
        "calls": f"the {len(calls):,} of {day}, with the talks and the patience that they had",
        "the day": _day(setup, day, "recorded"),
    }
    return Callers(
        lambda _number: arrivals,
        came | {name: said[name] for name in ("a talk", "patience", CALL_BACKS)} | _paces(pace),
        frozenset((call.queue, call.language) for call in calls),
        traffic.talk_seconds,
        day,
        closed,
        pace,
        {agent: ALL_DAY for call in calls for agent in call.agents} | worked[day],
    )


def _instead(fitted: Fitted, asked: Asked, origin: str) -> tuple[Traffic, dict[str, str]]:
    """What was learnt, with what is asked instead, and the words for it."""
    traffic = fitted.traffic
    if asked.calls:
        traffic = replace(traffic, streams=_scaled(traffic, asked.calls))
    if traffic.patience == EVER:
        traffic = replace(traffic, patience=PATIENCE)
    traffic = Traffic(
        traffic.streams,
        asked.talk or traffic.talk_seconds,
        asked.patience or traffic.patience,
        traffic.talk_spread,
        traffic.accept_seconds if asked.accept is None else asked.accept,
        traffic.missed if asked.missed is None else asked.missed,
        _share_of(asked.asks, fitted.asks, ASKS),
        _share_of(asked.reached, fitted.reached, REACHED),
        traffic.picks_up or PICKS_UP,
    )
    return traffic, {
        "a talk": f"{_figure(asked.talk, fitted.talk, origin)}, lognormal",
        "patience": _patience(asked, fitted, origin),
        "an offer": _offer(
            traffic, *(origin if each is None else ASKED for each in (asked.accept, asked.missed))
        ),
        CALL_BACKS: _call_backs(
            traffic,
            _origin(asked.asks, fitted.asks, origin),
            _origin(asked.reached, fitted.reached, origin),
        ),
    }


def _share_of(asked: float | None, found: Estimate | None, default: float) -> float:
    if asked is not None:
        return asked
    return default if found is None else found.mean


def _origin(asked: float | None, found: Estimate | None, origin: str) -> str:
    if asked is not None:
        return ASKED
    return DEFAULT if found is None else origin


def _patience(asked: Asked, fitted: Fitted, origin: str) -> str:
    if asked.patience is None and fitted.patience is None:
        return f"{PATIENCE:.0f} s on average, exponential ({DEFAULT}: hardly anybody left)"
    return f"{_figure(asked.patience, fitted.patience, origin)}, exponential"


def _figure(asked: float | None, found: Estimate | None, origin: str) -> str:
    if asked is not None or found is None:
        return f"{asked:.0f} s on average ({ASKED})"
    return f"{found.mean:.0f} ± {found.half:.0f} s on average ({origin})"


def _paces(found: Mapping[str, float]) -> dict[str, str]:
    if not found:
        return {"agents": "all equally fast (no more than chance tells them apart)"}
    slow, fast = min(found.values()), max(found.values())
    return {"agents": f"{slow:.2f} to {fast:.2f} times as fast as the average, by their own talks"}


def _offered(setup: Setup) -> dict[str, float]:
    """After how many seconds each queue offers a call-back."""
    afters = {name: queue.call_back_after for name, queue in setup.config.queues.items()}
    return {name: float(after) for name, after in afters.items() if after is not None}


def _read(
    setup: Setup, first: date, last: date
) -> tuple[list[Past], dict[date, dict[str, Shifts]], dict[str, Spans]]:
    """The calls of these days, who worked when on each of them, and which queues were closed on the last."""
    zone = setup.config.hotline.zone
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    with opened() as store, store.reading() as tx:
        worked = {day: shifts(tx, day, zone) for day in days}
        return list(past(tx, first, last, zone)), worked, closures(tx, last, zone)


def _drawn(setup: Setup, asked: Asked, traffic: Traffic, said: Mapping[str, str], seed: int) -> Callers:
    lanes = frozenset((stream.queue, stream.language) for stream in traffic.streams)
    day = asked.day or _next_workday(setup)
    said = {"the day": _day(setup, day, ASKED if asked.day else "the next workday"), **said}
    return Callers(lambda number: traffic.day(seed, number), said, lanes, traffic.talk_seconds, day)


def _next_workday(setup: Setup) -> date:
    """Tomorrow where the calendar does not hold its year."""
    tomorrow = datetime.now(setup.config.hotline.zone).date() + timedelta(1)
    following = (tomorrow + timedelta(later) for later in range(AHEAD))
    return next((day for day in following if _kind(setup, day) == "workdays"), tomorrow)


def _kind(setup: Setup, day: date) -> DayKind | None:
    try:
        return setup.config.calendar.kind(day)
    except YearUnknown:
        return None


def _day(setup: Setup, day: date, origin: str) -> str:
    kinds: dict[DayKind | None, str] = {
        "workdays": "a workday",
        "weekends": "a weekend",
        "holidays": "a holiday",
        None: "a year that calendar.yml does not hold",
    }
    return f"{day:%A} {day}, {kinds[_kind(setup, day)]} ({origin}), with its hours and receptions"


def _mix(setup: Setup) -> dict[tuple[str, str], float]:
    """The share of each queue and language: of the queues that a language is led to, each gets the same."""
    waits = where_callers_wait(setup)
    if not waits:
        raise Refusal(
            "no menu leads to a queue, so nobody would wait", "let a menu lead to one (queue: people)"
        )
    first, *others = setup.config.hotline.languages
    shares = {first: MAJORITY if others else 1.0} | {other: (1 - MAJORITY) / len(others) for other in others}
    spoken = [language for _, language in waits]
    there = sum(shares[language] for language in set(spoken))
    return {wait: shares[wait[1]] / there / spoken.count(wait[1]) for wait in waits}


def _scaled(traffic: Traffic, calls: float) -> tuple[Stream, ...]:
    factor = calls / traffic.calls
    return tuple(
        Stream(stream.queue, stream.language, tuple(each * factor for each in stream.hourly))
        for stream in traffic.streams
    )


def _calls(traffic: Traffic) -> str:
    hourly = traffic.hourly
    busiest = max(range(len(hourly)), key=lambda hour: hourly[hour])
    return f"{traffic.calls:,.0f} a day, {hourly[busiest]:,.0f} of them from {busiest}:00 to {busiest + 1}:00"


def _languages(traffic: Traffic) -> str:
    shares: dict[str, float] = {}
    for stream in traffic.streams:
        shares[stream.language] = shares.get(stream.language, 0.0) + sum(stream.hourly) / traffic.calls
    ordered = sorted(shares.items(), key=lambda each: -each[1])
    return ", ".join(f"{language} {100 * share:.3g} %" for language, share in ordered)


def _offer(traffic: Traffic, accepted: str, missed: str) -> str:
    return (
        f"rings {traffic.accept_seconds:.3g} s until it is taken ({accepted}),"
        f" {100 * traffic.missed:.2g} % are missed ({missed})"
    )


def _call_backs(traffic: Traffic, asks: str, reached: str) -> str:
    return (
        f"{100 * traffic.asks:.3g} of 100 take one that is offered ({asks}),"
        f" {100 * traffic.reached:.3g} of 100 reach the caller ({reached}),"
        f" {traffic.picks_up:.0f} s after dialling"
    )


def _from(asked: float | None) -> str:
    return DEFAULT if asked is None else ASKED
