"""Two hundred callers, forty agents, the real processes; and the same with kill -9 in the middle."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from carrier.phone import DidNotEnd, DidNotHear, Line, Phone
from carrier.wire import NoCarrier
from store.tables import agents, calls, journal, offers, tickets
from tests.processes.city import MENU, NUMBER, Agent, City, session

CALLERS, SEATS = 200, 40
PATIENCE = (
    240  # seconds a caller stays: more than any machine needs, so that nobody gives up for its slowness
)
LANGUAGES = ("zh", "en", "ja", "ko", "ru")
KEYS = {"en": "2", "ja": "3", "ko": "4", "ru": "5"}


@dataclass
class Rows:
    """What the database says when it is over."""

    calls: list[RowMapping]
    offers: list[RowMapping]
    tickets: list[RowMapping]
    agents: list[RowMapping]
    journal: list[RowMapping]


def rows(city: City) -> Rows:
    store = city.store()
    with store.reading() as tx:
        found = Rows(
            *([*tx.execute(select(table)).mappings()] for table in (calls, offers, tickets, agents, journal))
        )
    store.dispose()
    return found


def stories(found: Rows) -> dict[str, list[str]]:
    """What the journal tells of each call."""
    told: dict[str, list[str]] = {}
    for row in sorted(found.journal, key=lambda row: row["id"]):
        told.setdefault(row["call_sid"], []).append(f"{row['at']:%H:%M:%S.%f} {row['kind']} {row['detail']}")
    return told


async def call(phone: Phone, language: str, number: str, within: float = PATIENCE) -> str:
    """Dial, choose the language, and stay until the call is over; the status it ends with."""
    try:
        line = await phone.dial(NUMBER, number)
    except NoCarrier:
        return "no carrier"
    try:
        await choose(line, language)
        return await line.ends(within)
    except (DidNotHear, DidNotEnd):
        if line.live:
            await line.hang_up()
        return "given up" if line.live else line.status


async def choose(line: Line, language: str) -> None:
    await line.hears(MENU, within=PATIENCE)
    if language in KEYS:
        await line.press(KEYS[language])
        await line.hears("1", within=PATIENCE)  # that language's own menu, by day or by night
    await line.press("0")


def nobody_has_two(found: Rows) -> None:
    """No agent had two calls, and no call two agents, at the same time."""
    for whom in ("agent", "call_sid"):
        last: dict[str, datetime] = {}
        for offer in sorted(found.offers, key=lambda row: row["created_at"]):
            ended = last.get(offer[whom])
            assert ended is None or ended <= offer["created_at"], f"{whom} {offer[whom]} had two at once"
            assert offer["ended_at"] is not None, f"the offer {offer['id']} is still {offer['state']}"
            last[offer[whom]] = offer["ended_at"]


def in_order(found: Rows) -> None:
    """Who waited longer was offered first: every agent here can serve everybody. What counts is the first
    wait; a caller whom a fault of ours takes back later comes before everybody."""
    first: dict[str, datetime] = {}
    for offer in sorted(found.offers, key=lambda row: row["created_at"]):
        first.setdefault(offer["call_sid"], offer["created_at"])
    rank: dict[str, tuple[int, datetime]] = {}
    since = {row["sid"]: row["waiting_since"] for row in found.calls}
    for row in sorted(found.journal, key=lambda row: row["id"]):
        if row["kind"] == "waiting":
            rank.setdefault(row["call_sid"], (-row["detail"]["priority"], since[row["call_sid"]]))
    for sid, at in first.items():
        for other, other_at in first.items():
            if since[other] < since[sid] and rank[other] < rank[sid] and other_at > at:
                told = stories(found)
                raise AssertionError(f"{other} was passed over by {sid}:\n{told[other]}\n{told[sid]}")


def numbered_without_a_gap(found: Rows) -> None:
    numbers = sorted(int(row["number"]) for row in found.tickets)
    assert len(set(numbers)) == len(numbers)
    by_day = Counter(number // 100000 for number in numbers)
    for day, count in by_day.items():
        assert [n for n in numbers if n // 100000 == day] == list(
            range(day * 100000 + 1, day * 100000 + 1 + count)
        )


async def everybody(city: City, work: Callable[[list[Agent], list[asyncio.Task[str]]], Any]) -> list[str]:
    """Seat forty agents, let two hundred call, and do `work` meanwhile; how the calls ended."""
    enough = asyncio.Event()
    async with session() as http, asyncio.TaskGroup() as group:
        team = [Agent(city, f"agent-{i:02}", http) for i in range(1, SEATS + 1)]
        desks = [group.create_task(agent.work(enough)) for agent in team]
        callers = []
        for i in range(CALLERS):
            phone = await city.phone()
            number = f"+86431888{i:05}"
            callers.append(group.create_task(one_call(phone, LANGUAGES[i % 5], number)))
        await work(team, callers)
        ends = list(await asyncio.gather(*callers))
        enough.set()
        await asyncio.gather(*desks)
    return ends


async def one_call(phone: Phone, language: str, number: str) -> str:
    try:
        return await call(phone, language, number)
    finally:
        await phone.close()


async def nothing(team: Iterable[Agent], callers: Iterable[asyncio.Task[str]]) -> None:
    """Nothing goes wrong."""


@pytest.mark.timeout(500)
@pytest.mark.parametrize("backend", ["postgresql"])  # the one below needs all of this on SQLite, too
def test_two_hundred_callers_and_forty_agents(city: City) -> None:
    city.start()
    ends = asyncio.run(everybody(city, nothing))
    assert Counter(ends) == {"completed": CALLERS}
    settle(city)
    found = rows(city)
    assert len(found.tickets) == len(found.calls) == CALLERS
    assert Counter(row["outcome"] for row in found.calls) == {"answered": CALLERS}
    assert Counter(row["language"] for row in found.tickets) == dict.fromkeys(LANGUAGES, CALLERS // 5)
    numbered_without_a_gap(found)
    nobody_has_two(found)
    in_order(found)


@pytest.mark.timeout(500)
def test_kill_9_of_web_then_carrier_then_clock_in_the_middle(city: City) -> None:
    """Who waits or talks lives through the death of the web side; a carrier's death ends its calls,
    which leave tickets with a call-back."""
    city.start()
    waiting_then: dict[str, set[str]] = {}
    live_then: dict[str, set[str]] = {}

    async def disaster(team: list[Agent], callers: list[asyncio.Task[str]]) -> None:
        for name, served in (("web-1", 10), ("web", 40), ("carrier", 70), ("clock", 70)):
            await served_so_far(team, callers, served)
            found = rows(city).calls
            waiting_then[name] = {row["sid"] for row in found if row["state"] == "waiting"}
            live_then[name] = {row["sid"] for row in found if row["state"] != "ended"}
            city.kill(name)
            await asyncio.to_thread(city.is_well)

    asyncio.run(everybody(city, disaster))
    settle(city)
    found = rows(city)
    numbered_without_a_gap(found)
    nobody_has_two(found)
    in_order(found)
    assert len(found.tickets) == len(found.calls) >= CALLERS // 2
    outcomes = {row["sid"]: row["outcome"] for row in found.calls}
    assert all(row["state"] == "ended" and row["outcome"] for row in found.calls)
    assert Counter(outcomes.values())["answered"] >= 70
    for name in ("web-1", "web"):
        lived = waiting_then[name] - live_then["carrier"]
        taken = {sid: stories(found)[sid] for sid in lived if outcomes[sid] != "answered"}
        assert not taken, f"{name} took waiting callers with it"
    lost = {row["state"] for row in found.tickets if row["outcome"] in ("failed", "abandoned")}
    assert lost <= {"call-back"}
    assert not [row["name"] for row in found.agents if row["state"] in ("offered", "talking")]
    assert asyncio.run(city.serves("+8643188899999")) == ("completed", 1), city.log[-3000:]


async def served_so_far(team: list[Agent], callers: list[asyncio.Task[str]], count: int) -> None:
    while sum(len(agent.served) for agent in team) < count and not all(task.done() for task in callers):
        await asyncio.sleep(0.05)


def settle(city: City) -> None:
    """Give the clock the time it takes to find what is over."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = rows(city)
        busy = [row for row in found.agents if row["state"] in ("offered", "talking")]
        if not busy and all(row["state"] == "ended" for row in found.calls):
            return
        time.sleep(0.5)
    raise AssertionError(f"calls or agents hang:\n{city.log[-3000:]}")
