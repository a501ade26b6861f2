"""The language in which whole calls are written: callers, agents, and the hotline between them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import offers
from agents.presence import Presence
from calls import book, journal
from calls.book import Call
from carrier.phone import DidNotHear, Line, NobodyRang
from rehearsal.stage import Stage
from routing import closures, receipts
from routing.closures import Closure
from routing.receipts import Receipt
from settings.agents import Agent
from settings.calendar import Reception, Special
from settings.call_backs import CallBack
from settings.hours import Hours
from settings.queues import Queue
from settings.recording import Recording
from store.engine import Store
from switchboard import seats, talking
from switchboard.roster import seat_all
from switchboard.setup import Setup, load
from tickets.find import Ticket, latest
from tickets.show import View, view

KEYS = {"en": ("For English", "2"), "ja": ("日本語は", "3"), "ko": ("한국어는", "4"), "ru": ("Русский", "5")}
KINDS = {"hours": Hours, "special": Special, "receptions": Reception}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sample() -> Setup:
    """The configuration that comes with the hotline."""
    return load(ROOT / "config")


@pytest.fixture
def hotline(sample: Setup, store: Store, tmp_path: Path) -> Iterator["Rehearsed"]:
    """The sample hotline with nobody at its seats, no talk recorded and nobody called back, on SQLite and on
    PostgreSQL."""
    settings = sample.config.hotline.model_copy(update={"recording": None, "call_back": None})
    empty = replace(sample, config=replace(sample.config, hotline=settings, agents={}))
    with Stage(empty, store, tmp_path) as stage:
        yield Rehearsed(stage)


@pytest.fixture
def calls_back(hotline: "Rehearsed") -> "Rehearsed":
    """The hotline, which offers call-backs after ten seconds."""
    hotline.calls_back()
    return hotline


class Rehearsed:
    """A hotline, spoken of as its people do."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seats: dict[str, Seat] = {}

    def agent(
        self,
        name: str,
        speaks: str = "zh",
        queues: str = "",
        address: str = "",
        ready: bool = True,
        **more: Any,
    ) -> "Seat":
        """Seat an agent; `speaks` and `queues` are lists with spaces, by default every queue, for an
        interpreter none. `more` as in agents.yml: levels, topics, shares, interpreter."""
        slug = name.lower()
        served = queues.split() or ([] if more.get("interpreter") else [*self.stage.setup.config.queues])
        listed = Agent(
            name=slug,
            label=name,
            address=address or f"client:{slug}",
            languages=tuple(speaks.split()),
            **({"queues": tuple(served)} if served else {}),
            **more,
        )
        setup = self.stage.setup
        agents = {**setup.config.agents, slug: listed}
        self.stage.setup = replace(setup, config=replace(setup.config, agents=agents))
        seat_all(self.stage.hotline)
        seat = self.seats[slug] = Seat(self, slug, listed.address)
        if ready:
            seat.is_ready()
        return seat

    def queue(self, name: str, **how: Any) -> None:
        """From now on there is a queue like this, or it is like this; `how` as in queues.yml."""
        setup = self.stage.setup
        label = setup.config.queues["people"].label
        queues = {**setup.config.queues, name: Queue.model_validate({"name": name, "label": label, **how})}
        self.stage.setup = replace(setup, config=replace(setup.config, queues=queues))
        seat_all(self.stage.hotline)

    def calendar(self, **entries: dict[str, Any]) -> None:
        """From now on these entries are in the calendar, as in calendar.yml: hours, special, receptions."""
        setup = self.stage.setup
        calendar = setup.config.calendar
        told = {
            key: {name: KINDS[key].model_validate(one) for name, one in each.items()}
            for key, each in entries.items()
        }
        changed = {key: {**getattr(calendar, key), **each} for key, each in told.items()}
        calendar = calendar.model_copy(update=changed)
        self.stage.setup = replace(setup, config=replace(setup.config, calendar=calendar))

    def here(self, **later: float) -> datetime:
        """What the clock on the hotline's wall shows now, or so much later."""
        return self.stage.setup.config.calendar.local(self.stage.hotline.now()) + timedelta(**later)

    def closes(self, queue: str, until: datetime | None = None) -> None:
        """A supervisor closes the queue."""
        now = self.stage.hotline.now()
        with self.stage.hotline.store.transaction() as tx:
            closures.close(tx, Closure(queue, now, until, "fire alarm", "sun"))

    def opens(self, queue: str) -> None:
        """A supervisor opens it again."""
        with self.stage.hotline.store.transaction() as tx:
            closures.reopen(tx, [queue], "sun", self.stage.hotline.now())

    def settings(self, **changed: Any) -> None:
        """From now on these settings of hotline.yml hold, as values of their models."""
        setup = self.stage.setup
        settings = setup.config.hotline.model_copy(update=changed)
        self.stage.setup = replace(setup, config=replace(setup.config, hotline=settings))

    def records(self, recording: Recording | None) -> None:
        """From now on talks are recorded like this, or not at all."""
        self.settings(recording=recording)

    def calls_back(self, **how: Any) -> None:
        """From now on callers are called back like this, as in hotline.yml, and offered it after 10 s."""
        self.settings(call_back=CallBack.model_validate({"retry_minutes": (5, 30), **how}))
        self.queue("people", timeline=[{"after": 10, "offer": "call-back"}])

    def telephone(self, number: str) -> "Telephone":
        """Somebody's telephone at this number, which rings when the hotline calls back."""
        return Telephone(self, number.replace(" ", ""))

    def call_from(self, number: str | None = "+86 431 8888 0001") -> "Caller":
        """A caller dials the hotline; None withholds the number."""
        phone = self.stage.phone()
        dialled = self.stage.setup.config.hotline.number
        line = self.stage.run(phone.dial(dialled, number.replace(" ", "") if number else None))
        self.stage.settle()
        return Caller(self, line)

    def talk(self, name: str = "Wang", **how: Any) -> tuple["Caller", "Seat"]:
        """A caller who talks with an agent."""
        agent = self.agent(name, **how)
        call = self.call_from()
        call.rings(name)
        agent.answers()
        self.wait(2)
        assert (call.call.state, agent.state) == ("talking", "talking")
        return call, agent

    def tickets(self) -> list[Ticket]:
        """All tickets, the newest first."""
        return self.read(latest, 100)

    def wait(self, seconds: float = 0, minutes: float = 0) -> None:
        """Let time pass."""
        self.stage.wait(seconds + 60 * minutes)

    def read(self, work: Callable[..., Any], *args: Any) -> Any:
        """What `work(tx, *args)` reads."""
        with self.stage.hotline.store.reading() as tx:
            return work(tx, *args)


class Caller:
    """Somebody at a telephone, and what the hotline knows of the call."""

    def __init__(self, hotline: Rehearsed, line: Line) -> None:
        self.hotline, self.line, self._run = hotline, line, hotline.stage.run
        self.sid = line.sid

    def hears(self, text: str, within: float = 60) -> None:
        self._run(self.line.hears(text, within))

    def does_not_hear(self, text: str, within: float = 60) -> None:
        with pytest.raises(DidNotHear):
            self._run(self.line.hears(text, within))

    def presses(self, keys: str) -> None:
        self._run(self.line.press(keys))
        self.hotline.stage.settle()

    def chooses(self, language: str) -> None:
        """Press the key of a language once it is asked for; Chinese needs none."""
        if language != "zh":
            invitation, key = KEYS[language]
            self.hears(invitation)
            self.presses(key)

    def says(self, text: str) -> None:
        self._run(self.line.speak(text))
        self.hotline.stage.settle()

    def answers(self) -> None:
        """Answer the hotline, which calls back."""
        self._run(self.line.answer())
        self.hotline.stage.settle()

    def declines(self) -> None:
        self._run(self.line.decline())
        self.hotline.stage.settle()

    def hangs_up(self) -> None:
        self._run(self.line.hang_up())
        self.hotline.stage.settle()

    def is_over(self, within: float = 60) -> None:
        self._run(self.line.ends(within))
        self.hotline.stage.settle()

    def waits(self) -> None:
        """The call comes to the queue, whatever the menu says before."""
        self._comes_to("waiting")

    def is_offered(self) -> None:
        """The call comes through the queue to an agent, who may hear of it later."""
        self._comes_to("offered")

    def _comes_to(self, state: str) -> None:
        for _ in range(60):
            if self.call.state == state:
                return
            self.hotline.wait(1)
        raise AssertionError(f"the call is not {state} but {self.call.state} at '{self.call.at}'")

    def rings(self, name: str) -> "Line":
        """The agent's telephone rings for this call, and for nobody else's."""
        seat = self.hotline.seats[name.lower()]
        for _ in range(60):
            ringing = [each.name for each in self.hotline.seats.values() if each.rung_for(self.sid)]
            if ringing:
                assert ringing == [seat.name], f"{', '.join(ringing)} is ringing, not {name}"
                return seat.line()
            self.hotline.wait(1)
        raise AssertionError(f"nobody is ringing, not {name}; the call is {self.call.state}")

    @property
    def call(self) -> Call:
        found = self.hotline.read(book.find, self.sid)
        assert found is not None, "the call was never registered"
        return found

    @property
    def receipts(self) -> list[Receipt]:
        return self.hotline.read(receipts.of_call, self.sid)

    @property
    def ticket(self) -> View:
        return self.hotline.read(view, self.call.ticket)

    @property
    def journal(self) -> list[str]:
        return [entry.kind for entry in self.hotline.read(journal.of_call, self.sid)]


class Telephone:
    """A citizen's telephone, which the hotline calls."""

    def __init__(self, hotline: Rehearsed, number: str) -> None:
        self.hotline, self.number = hotline, number
        self.phone = hotline.stage.phone(number)

    def rings(self, within: float = 30) -> "Caller":
        """The call that comes in; not yet answered."""
        return Caller(self.hotline, self.hotline.stage.run(self.phone.rings(within=within)))

    def does_not_ring(self, within: float = 30) -> None:
        with pytest.raises(NobodyRang):
            self.hotline.stage.run(self.phone.rings(within=within))


class Seat:
    """An agent at a desk with a telephone."""

    def __init__(self, hotline: Rehearsed, name: str, address: str) -> None:
        self.hotline, self.name = hotline, name
        self.phone = hotline.stage.phone(address)
        self._lines: list[Line] = []

    @property
    def view(self) -> seats.View:
        return seats.view(self.hotline.stage.hotline, self.name)

    @property
    def state(self) -> str:
        return str(self.view.state)

    def is_ready(self) -> None:
        self._ask(Presence.READY)

    def pauses(self, reason: str = "lunch") -> None:
        self._ask(Presence.PAUSED, reason)

    def leaves(self) -> None:
        self._ask(Presence.OFFLINE)

    def rung_for(self, call_sid: str) -> bool:
        """Whether this agent's telephone rings for that call."""
        live = self.hotline.read(_live_offer, self.name)
        return (
            live is not None
            and live.call_sid == call_sid
            and live.state == "offered"
            and live.leg is not None
        )

    def line(self) -> Line:
        """The telephone's next incoming call."""
        line = self.hotline.stage.run(self.phone.rings(within=5))
        self._lines.append(line)
        return line

    def does_not_ring(self, within: float = 30) -> None:
        with pytest.raises(NobodyRang):
            self.hotline.stage.run(self.phone.rings(within=within))

    def answers(self) -> None:
        """Answer what rings: at a desk that accepts the call."""
        line = self._lines[-1] if self._lines and self._lines[-1].status == "ringing" else self.line()
        self.hotline.stage.run(line.answer())
        self.hotline.stage.settle()

    def declines(self) -> None:
        line = self._lines[-1] if self._lines and self._lines[-1].status == "ringing" else self.line()
        self.hotline.stage.run(line.decline())
        self.hotline.stage.settle()

    def hears(self, text: str, within: float = 30) -> None:
        self.hotline.stage.run(self._lines[-1].hears(text, within))

    def presses(self, keys: str) -> None:
        self.hotline.stage.run(self._lines[-1].press(keys))
        self.hotline.stage.settle()

    def says(self, text: str) -> None:
        self.hotline.stage.run(self._lines[-1].speak(text))
        self.hotline.stage.settle()

    def hangs_up(self) -> None:
        """Press "hang up" at the desk."""
        talking.hang_up(self.hotline.stage.hotline, self.name)
        self.hotline.stage.settle()

    def drops_out(self) -> None:
        """The telephone's line breaks, without a word to the desk."""
        self.hotline.stage.run(self._lines[-1].hang_up())
        self.hotline.stage.settle()

    def holds(self, on: bool = True) -> None:
        talking.hold(self.hotline.stage.hotline, self.name, on)
        self.hotline.stage.settle()

    def wraps_up(self) -> None:
        seats.wrapped_up(self.hotline.stage.hotline, self.name)
        self.hotline.stage.settle()

    def _ask(self, state: Presence, reason: str | None = None) -> None:
        seats.wish(self.hotline.stage.hotline, self.name, state, reason)
        self.hotline.stage.settle()


def _live_offer(tx: Any, name: str) -> Any:

    return offers.of_agent(tx, name)
