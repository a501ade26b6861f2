"""What `hotline simulate` tries: today's configuration and seats, and what could be instead."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ivr.nodes.hours import Hours as HoursNode
from routing.policy.match import served_by
from routing.policy.skills import Lane
from routing.rulebook import profiles_of
from routing.simulator.day import Habits, Worker
from routing.simulator.house import house_on, receives
from routing.simulator.scenario import Scenario
from routing.simulator.staff import HOURS, Shifts, staff, staff_of
from settings.calendar import YearUnknown
from settings.hours import Span
from settings.problems import did_you_mean
from switchboard.setup import Setup
from terminal.callers import Callers
from terminal.coverage import where_callers_wait
from terminal.leads import Leads
from terminal.refusal import Refusal

UNPLAYED = ("presence", "join_seconds", "recording")  # keys of hotline.yml that make no difference here
KEYED = ("keyed_per_number", "keyed_per_caller")  # and of its call_back: here everybody has an own number
SEATS = 40
MOST = 10_000
LIKE = "write a number (36), or numbers by the hour (0-8:12,8-20:40,20-24:20)"
Hourly = tuple[int, ...]  # seats in each of the 24 hours


def seats_by_hour(written: str) -> Hourly:
    """Seats from `36`, or from `0-8:12,8-20:40`; hours that are left out have nobody."""
    if re.fullmatch("[0-9]{1,9}", written):
        return _possible((int(written),) * HOURS, written)
    hourly = [0] * HOURS
    for part in written.replace(" ", "").split(","):
        span = re.fullmatch("([0-9]{1,2})-([0-9]{1,2}):([0-9]{1,9})", part)
        if span is None:
            raise Refusal(f"--seats {written}: '{part}' is no number of seats", LIKE)
        first, last, number = map(int, span.groups())
        if not first < last <= HOURS:
            raise Refusal(
                f"--seats {written}: {first}-{last} are no hours of a day",
                "write hours from 0 to 24, the earlier one first",
            )
        if any(hourly[first:last]):
            raise Refusal(
                f"--seats {written}: {first}-{last} has hours that were given before", "give each hour once"
            )
        hourly[first:last] = [number] * (last - first)
    return _possible(tuple(hourly), written)


def _possible(hourly: Hourly, written: str) -> Hourly:
    if not 1 <= max(hourly) <= MOST:
        raise Refusal(f"--seats {written}: there must be 1 to {MOST:,} seats at some hour", LIKE)
    return hourly


def scenario(
    name: str, setup: Setup, today: Setup, callers: Callers, hourly: Hourly | None, away: float
) -> Scenario:
    """The rules and people of a configuration at so many seats; None: who worked on the recorded day."""
    settings = setup.config.hotline
    return Scenario(
        name,
        setup.rulebook.rules,
        tuple(_seated(setup, today, callers, hourly)),
        Habits(settings.offer_seconds, away, settings.wrap_up_seconds),
        {queue: each.priority for queue, each in setup.config.queues.items()},
        _moved(setup, today, callers.lanes),
        house_on(callers.date, setup.config, callers.closures, Leads(setup)),
    )


def _with_directors(setup: Setup, callers: Callers, workers: list[Worker]) -> list[Worker]:
    """Who receives on that day is at the seat at those times, beside the others."""
    roster = profiles_of(setup.config.agents)
    times = receives(callers.date, setup.config)
    seated = {worker.name for worker in workers}
    there = {name: roster[name] for name in times if name in roster and name not in seated}
    return [
        *(
            replace(worker, shifts=_together(worker.shifts + times.get(worker.name, ())))
            for worker in workers
        ),
        *staff_of(
            there, {name: _together(times[name]) for name in there}, callers.talk_seconds, callers.paces
        ),
    ]


def _together(shifts: Shifts) -> Shifts:
    """Shifts that overlap as one, in order."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(shifts):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def unplayed(setup: Setup, today: Setup, day: date) -> list[str]:
    """What differs from today's configuration on that day, and makes no difference here."""
    here, there = setup.config.hotline, today.config.hotline
    differ = [f"{name} of hotline.yml" for name in UNPLAYED if getattr(here, name) != getattr(there, name)]
    if here.call_back and there.call_back:
        keyed = [name for name in KEYED if getattr(here.call_back, name) != getattr(there.call_back, name)]
        differ += [f"{name} of hotline.yml" for name in keyed]
    hours = [
        f"{name} of calendar.yml, where menus ask for it"
        for name in asked_by_menus(setup)
        if _spans(setup, name, day) != _spans(today, name, day)
    ]
    menus = ["menus, but for the queues they lead to"] if setup.menu != today.menu else []
    return [*differ, *hours, *menus]


def asked_by_menus(setup: Setup) -> list[str]:
    """The opening hours that a menu asks for, by name."""
    return sorted({node.hours for node in setup.menu.nodes.values() if isinstance(node, HoursNode)})


def _spans(setup: Setup, hours: str, day: date) -> tuple[Span, ...] | None:
    """When those hours are open on that day; None where that is not known, or there are no such hours."""
    try:
        return setup.config.calendar.spans(hours, day)
    except (YearUnknown, KeyError):
        return None


def _seated(setup: Setup, today: Setup, callers: Callers, hourly: Hourly | None) -> list[Worker]:
    roster = profiles_of(setup.config.agents)
    if not roster:
        path = (setup.config.folder / "agents.yml").as_posix()
        raise Refusal(f"{path}:1: nobody is listed, so nobody answers", "list the people who answer")
    if hourly is None and not callers.shifts.keys().isdisjoint(roster):
        there = staff_of(roster, callers.shifts, callers.talk_seconds, callers.paces)
        # On the recorded day itself a director was there as the journal says.
        return there if setup is today else _with_directors(setup, callers, there)
    there = staff(roster, hourly or (len(roster),) * HOURS, callers.talk_seconds, callers.paces)
    return _with_directors(setup, callers, there)


def _moved(setup: Setup, today: Setup, lanes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Where callers of today's queues wait when the menus or queues are these. A caller stays in a queue that
    the menus still lead the language to; else it is the first of those that they do lead to."""
    led, led_today = set(where_callers_wait(setup)), set(where_callers_wait(today))
    moved = {}
    for queue, language in lanes:
        there = [name for name in setup.config.queues if (name, language) in led]
        by_menu = (queue, language) in led_today
        if (queue, language) in led or (queue in setup.config.queues and not (by_menu and there)):
            continue
        if not there:
            file = (setup.config.folder / "queues.yml").as_posix()
            raise Refusal(
                f"{file}:1: callers in {language} wait in queue '{queue}' today, and there is none here",
                did_you_mean(queue, setup.config.queues),
            )
        moved[queue, language] = there[0]
    return moved


def unserved(tried: Scenario, lanes: Iterable[tuple[str, str]]) -> list[str]:
    """Queues and languages whose callers nobody at the seats could ever serve, there or where they are moved
    to, in words."""
    profiles = {worker.profile for worker in tried.workers}

    def served(queue: str, language: str) -> bool:
        rules = tried.rules[queue]
        here = served_by(rules, Lane(queue, language), profiles)
        return bool(here) or (rules.overflow is not None and served(rules.overflow[1], language))

    waits = sorted({(tried.moved.get(lane, lane[0]), lane[1]) for lane in lanes})
    return [
        f"{tried.name}: nobody at the seats serves queue '{queue}' in {language}, so those callers give up"
        for queue, language in waits
        if not served(queue, language)
    ]


def named(setups: Sequence[tuple[Path | None, str]]) -> list[str]:
    """A name for each scenario, of its folder (None: today's) and seats; Refusal where one is there twice."""
    names = []
    for folder, seats in setups:
        name = f"{folder.name or folder.as_posix()}, {seats}" if folder else seats
        if name in names:
            raise Refusal(f"{name} is asked for twice", "name each scenario once")
        names.append(name)
    return names
