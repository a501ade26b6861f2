"""How soon a call is offered once an agent is ready for it: `python -m bench.offers`.

The real processes, real webhooks and the silent carrier: forty seats, callers who come at random, steady.
Every offer's receipt tells since when the caller waited and the agent was ready; the time that the offer came
after both is the dispatcher's own. Waits are held against an ideal line without any delay: the same callers
at the same moments, each keeping an agent for just as long. Ratios of one run on one machine.
"""

import asyncio
import time
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import Path
from random import Random
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory

import click
from rich.progress import Progress
from sqlalchemy import select

from carrier.phone import Line, NobodyRang
from store.tables import offers, receipts
from tests.processes.city import NUMBER, Agent, City, session, write_config

FEW = 20  # agents who got ready while a caller waited: with fewer, nothing is said


@dataclass(frozen=True)
class Offer:
    """Moments are seconds since 1970: since when caller and agent were there, the offer, the ring."""

    call: str
    leg: str
    agent: str
    waiting: float
    ready: float
    made: float


@dataclass
class Busy(Agent):
    """An agent who talks for a while, and whose telephone is watched."""

    rang: dict[str, float] = field(default_factory=dict)
    free: dict[str, float] = field(default_factory=dict)  # from when the agent was ready again after the leg

    async def work(self, enough: asyncio.Event) -> None:
        phone = await self.city.phone(f"client:{self.name}")
        await self.ask("ready")
        while not enough.is_set():
            try:
                line = await phone.rings(within=1)
            except NobodyRang:
                continue
            self.rang[line.sid] = time.time()
            await self.serve(line)
        await phone.close()

    async def serve(self, line: Line) -> None:
        await line.answer()
        while line.live and not ((await self.ask())["talk"] or {}).get("connected"):
            await asyncio.sleep(0.2)
        await asyncio.sleep(self.talks * Random(line.sid).expovariate(1))  # noqa: S311  # nothing secret
        await self.ask("hang-up")
        await self.ask("wrap-up-done")
        await self.ask("ready")
        self.free[line.sid] = time.time()


async def traffic(city: City, seats: list[str], rate: float, talk: float, seconds: float) -> list[Busy]:
    """Let callers come for so many seconds; the agents who served them."""
    enough, chance = asyncio.Event(), Random(1)  # noqa: S311  # nothing secret
    async with session() as http, asyncio.TaskGroup() as group:
        team = [Busy(city, name, http, talks=talk) for name in seats]
        desks = [group.create_task(agent.work(enough)) for agent in team]
        callers: list[asyncio.Task[None]] = []
        began = time.monotonic()
        with Progress(transient=True) as progress:
            task = progress.add_task("callers come", total=seconds)
            while time.monotonic() - began < seconds:
                callers.append(group.create_task(one(city, len(callers))))
                await asyncio.sleep(chance.expovariate(rate))
                progress.update(task, completed=time.monotonic() - began)
        await asyncio.gather(*callers)
        enough.set()
        await asyncio.gather(*desks)
    return team


async def one(city: City, number: int) -> None:
    phone = await city.phone()
    line = await phone.dial(NUMBER, f"+86431888{number:05}")
    await line.ends(600)
    await phone.close()


def made(city: City) -> list[Offer]:
    """Every offer in the order in which they were made."""
    store = city.store()
    columns = (offers.c.leg, offers.c.agent, offers.c.created_at, receipts.c.body)
    query = select(*columns).join(receipts, receipts.c.offer == offers.c.id).order_by(offers.c.created_at)
    with store.reading() as tx:
        rows = tx.execute(query).all()
    store.dispose()
    found = []
    for row in rows:
        chosen = row.body["chosen"]
        waiting = next(head["since"] for head in row.body["heads"] if head["call"] == chosen["call"])
        ready = next(one["ready_since"] for one in row.body["ready"] if one["name"] == row.agent)
        found.append(Offer(chosen["call"], row.leg, row.agent, waiting, ready, row.created_at.timestamp()))
    return found


def inversions(found: list[Offer]) -> int:
    """How many offers were made while somebody waited who had come before."""
    latest, passed = 0.0, 0
    for offer in found:
        passed += offer.waiting < latest
        latest = max(latest, offer.waiting)
    return passed


def ideal(found: list[Offer], free: dict[str, float]) -> float:
    """The mean wait in a line without delay: the same callers, each keeping an agent as long as they did."""
    ready: dict[str, float] = {}
    kept = {}
    for offer in reversed(found):
        kept[offer.leg] = ready.get(offer.agent, free[offer.leg]) - offer.made
        ready[offer.agent] = offer.ready
    seats = list(ready.values())
    heapify(seats)
    waits = []
    for offer in sorted(found, key=lambda one: one.waiting):
        start = max(heappop(seats), offer.waiting)
        waits.append(start - offer.waiting)
        heappush(seats, start + kept[offer.leg])
    return fmean(waits)


def report(found: list[Offer], team: list[Busy]) -> None:
    rang = {leg: at for agent in team for leg, at in agent.rang.items()}
    free = {leg: at for agent in team for leg, at in agent.free.items()}
    waited = [offer for offer in found if offer.ready > offer.waiting]
    late = [offer.made - max(offer.ready, offer.waiting) for offer in found]
    rings = [rang[offer.leg] - offer.ready for offer in waited if offer.leg in rang]
    again = len(found) - len({offer.call for offer in found})
    if again:
        raise click.ClickException(f"{again} offers were not accepted, so that the figures mean nothing")
    if len(rings) < FEW:
        raise click.ClickException(
            f"only {len(rings)} agents got ready while a caller waited: raise --rate or --talk"
        )
    click.echo(f"{len(found)} offers, {len(waited)} of them to an agent who got ready while a caller waited")
    for name, seconds in (("caller and agent there to offer", late), ("agent ready to the ring", rings)):
        cuts = quantiles(seconds, n=100)
        click.echo(f"  {name:<33} p50 {cuts[49] * 1000:6.1f} ms   p99 {cuts[98] * 1000:6.1f} ms")
    actual, best = fmean(offer.made - offer.waiting for offer in found), ideal(found, free)
    click.echo(f"  callers passed over by one who came later: {inversions(found)}")
    ratio = f": {actual / best:.3f} times that" if best else ""
    click.echo(f"  mean wait {actual:.3f} s, in an ideal line {best:.3f} s{ratio}")


@click.command()
@click.option("--seats", default=40, show_default=True)
@click.option("--rate", default=2.4, show_default=True, help="Callers a second.")
@click.option("--talk", default=15.0, show_default=True, help="Seconds a talk, on average.")
@click.option("--seconds", default=120.0, show_default=True, help="How long callers come.")
def main(seats: int, rate: float, talk: float, seconds: float) -> None:
    """Measure how soon a call is offered once an agent is ready for it."""
    with TemporaryDirectory() as folder:
        names = write_config(Path(folder), seats)
        city = City(Path(folder), f"sqlite:///{folder}/hotline.db")
        city.start()
        try:
            team = asyncio.run(traffic(city, names, rate, talk, seconds))
            report(made(city), team)
        finally:
            city.stop()


if __name__ == "__main__":
    main()
