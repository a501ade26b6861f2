"""A process of its own for the tests: a web side, its callers and whoever sits at the seats, all in a hurry.
It rings at all who are ready at once.

`python one_of_many.py URL NAME CALLS` ends when its callers have come and every call is over. With CALLS
`lingers` it serves until it makes an offer, says so in the middle of that transaction and stays there.
"""

import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, select

from agents import offers
from agents.presence import Presence
from ivr import events
from settings.agents import Agent
from store.engine import Store
from store.tables import agents, calls
from store.tables import offers as offer_rows
from switchboard import ending, menu, offering, seats, sweep, talking
from switchboard.hotline import Hotline
from switchboard.menu import Arrival
from switchboard.roster import seat_all
from switchboard.setup import load
from telephony.links import Links
from tests.hurry import hurry

SPEAK = {
    "wang": ("zh",),
    "li": ("zh",),
    "chen": ("zh",),
    "kim": ("zh", "ko"),
    "pak": ("zh", "ko"),
    "jin": ("ko",),
}
PATIENCE = 300  # seconds: far more than any machine needs


class Bell:
    def kick(self) -> None:
        """Nothing is awaited: the dispatcher is called all the time."""


def hotline(url: str) -> Hotline:
    sample = load(Path(__file__).parents[2] / "config")
    quick = sample.config.hotline.model_copy(
        update={"recording": None, "call_back": None, "offer_seconds": 1}
    )
    listed = {
        name: Agent(name=name, label=name, address=f"client:{name}", languages=spoken, queues=("people",))
        for name, spoken in SPEAK.items()
    }
    rings = {"strategy": "ring-all"}
    queues = {name: queue.model_copy(update=rings) for name, queue in sample.config.queues.items()}
    config = replace(sample.config, hotline=quick, agents=listed, queues=queues)
    setup = replace(sample, config=config)
    carrier: Any = SimpleNamespace(fetch_call=lambda _leg: "ringing")  # no command is sent to it here
    store = Store(url)
    hurry(store)
    return Hotline(store, lambda: setup, carrier, Links("http://hotline"), lambda: datetime.now(UTC), Bell())


class Part:
    """Does one thing after the other, at random."""

    def __init__(self, url: str, name: str, callers: int) -> None:
        self.hotline, self.name, self.callers = hotline(url), name, callers
        self.chance = Random(name)  # noqa: S311  # nothing secret
        self.came = 0

    def one(self, column: Any, *where: ColumnElement[bool]) -> Any:
        """Any one of those; None where there is none."""
        with self.hotline.store.reading() as tx:
            found = list(tx.scalars(select(column).where(*where).order_by(column)))
        return self.chance.choice(found) if found else None

    def runs(self) -> None:
        seat_all(self.hotline)
        things: list[Callable[[], None]] = [
            self.a_caller_comes,
            self.an_offer_is_accepted,
            self.an_offer_is_accepted,
            self.an_offer_is_declined,
            self.a_talk_ends,
            self.a_talk_ends,
            self.somebody_takes_a_break,
            self.somebody_is_ready,
            self.somebody_is_ready,
            self.a_caller_gives_up,
            lambda: sweep.each_second(self.hotline),
        ]
        end = time.monotonic() + PATIENCE
        while self.came < self.callers or self.one(calls.c.sid, calls.c.state != "ended"):
            if time.monotonic() > end:
                sys.exit(f"{self.name} has waited {PATIENCE} s for the calls to end")
            self.chance.choice(things)()
            offering.dispatch(self.hotline)

    def a_caller_comes(self) -> None:
        if self.came == self.callers:
            return
        self.came += 1
        arrival = Arrival(f"CA-{self.name}-{self.came:03}", "+8643188880001", "+8643112345")
        keys = iter(("4", *"0000") if self.chance.random() < 0.4 else "0000")
        document = menu.arrive(self.hotline, arrival)
        while "<Enqueue" not in document:
            (number,) = set(re.findall(r"/voice/step\?n=(\d+)", document))
            document = menu.step(self.hotline, arrival, int(number), events.Keys(next(keys)))

    def a_caller_gives_up(self) -> None:
        if self.chance.random() < 0.1:
            sid = self.one(calls.c.sid, calls.c.state.in_(("waiting", "offered")))
            ending.status(self.hotline, Arrival(sid or "", "", ""), "completed")

    def an_offer_is_accepted(self) -> None:
        id = self.one(offer_rows.c.id, offer_rows.c.state == "offered")
        if id is not None:
            offering.picked_up(self.hotline, id, f"leg of {id}")
            with self.hotline.store.reading() as tx:
                offer = offers.find(tx, id)
            assert offer is not None
            talking.join(self.hotline, offer.call_sid, id)

    def an_offer_is_declined(self) -> None:
        id = self.one(offer_rows.c.id, offer_rows.c.state == "offered")
        if id is not None and self.chance.random() < 0.3:
            offering.leg_status(self.hotline, id, f"leg of {id}", "busy")

    def a_talk_ends(self) -> None:
        name = self.one(agents.c.name, agents.c.state == "talking")
        with suppress(talking.NoTalk):  # another process was first
            talking.hang_up(self.hotline, name or "")
        sid = self.one(calls.c.sid, calls.c.state == "menu", calls.c.outcome == "answered")
        ending.status(self.hotline, Arrival(sid or "", "", ""), "completed")

    def somebody_takes_a_break(self) -> None:
        if self.chance.random() < 0.2:
            name = self.one(agents.c.name, agents.c.state != "paused")
            if name is not None:
                seats.wish(self.hotline, name, Presence.PAUSED, "break")

    def somebody_is_ready(self) -> None:
        name = self.one(agents.c.name, agents.c.state.in_(("offline", "paused", "wrapping-up")))
        if name is not None:
            seats.wish(self.hotline, name, Presence.READY)


def linger(*arguments: Any) -> Any:
    made = make(*arguments)
    print("in the middle", flush=True)
    time.sleep(1000)
    return made


if __name__ == "__main__":
    url, name, callers = sys.argv[1:]
    if callers == "lingers":
        make, offers.make = offers.make, linger  # type: ignore[assignment]
    Part(url, name, 1000 if callers == "lingers" else int(callers)).runs()
