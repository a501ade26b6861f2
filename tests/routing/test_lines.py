"""Any story of callers, agents and a carrier that loses, doubles and delays what it tells, on both databases.

The web side and the switchboard are the real ones; the carrier is one of plain values (`lines`). Here are
the stories that go beyond one call in the queue: call-backs, asked for or owed to who gave up, callers who
call in meanwhile, timelines that move callers, full queues, the longest wait, closed queues and sticky ones.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, func, select

from agents import offers, presence
from calls import book
from routing import closures
from routing.closures import Closure
from routing.floor import lane_of
from routing.memory import Memory
from routing.policy.match import choose, due, overflowing, served_by
from settings.agents import Agent
from settings.call_backs import CallBack
from settings.queues import Queue
from store import tables
from store.engine import Store
from switchboard import commands, offering, resting, seats, sweep, talking
from switchboard.hotline import Hotline
from switchboard.roster import seat_all
from switchboard.today import today
from telephony.links import Links
from tests.routing import law
from tests.routing.lines import Line, Lines
from tests.routing.test_machine import BEGIN, LABEL, NAMES, QUEUES, SAMPLE, Bell, kinds, queue
from web.app import Secrets, application

COMPANY = "+8643188880003"  # behind which several citizens are
CITIZENS = ["+8613800000001", "+8613800000002", COMPANY]
TELEPHONE = "+8643188880009"  # at which an agent sits who has no desk

# What becomes of a request of the carrier's, and of what follows from one: what the carrier tells comes at
# once, or twice, or late; nobody wakes the dispatcher; the process dies before it has sent its commands; or
# the carrier is away, its answer lost, or refuses.
deliveries = some.sampled_from(["once"] * 8 + ["twice", "answer lost", "lost"])
fates = some.sampled_from(
    ["well"] * 10
    + ["twice", "late", "late", "unwoken", "killed", "away", "mute", "refuses", "no such number"]
)


@some.composite
def towns(draw: some.DrawFn) -> tuple[dict[str, Queue], dict[str, Agent], CallBack]:
    """Two queues, in both of which a call-back is offered; agents, one of whom can all and one at a
    telephone; and how callers are called back."""
    queues = {name: draw(queue(name)) for name in QUEUES}
    for name, one in queues.items():
        timeline = [step.model_dump(exclude_none=True) for step in one.timeline]
        timeline.append({"after": 0, "offer": "call-back"})
        if name == "people" and draw(some.booleans()):
            timeline.append({"after": 40, "move": "passports"})
        told = {
            "timeline": timeline,
            "level": 1,
            "topics": {},
            "limit": draw(some.sampled_from([None, None, None, 2])),
            "wait_limit_seconds": draw(some.sampled_from([None, None, 60])),
            "priority": draw(some.sampled_from([0, 0, 10])),
        }
        queues[name] = Queue.model_validate(one.model_dump(exclude_none=True) | {"label": LABEL} | told)
    able = {"languages": ["zh", "ko"], "queues": QUEUES}
    can = [able, *draw(some.lists(kinds(divided=False), min_size=1, max_size=3))]
    at = ["client:ada", TELEPHONE, "client:cy", "client:di"]
    agents = {
        name: Agent.model_validate({"name": name, "label": name, "address": address, **each})
        for name, address, each in zip(NAMES, at, can, strict=False)
    }
    how = {
        "abandoned_seconds": draw(some.sampled_from([None, 1, 10])),
        "retry_minutes": draw(some.sampled_from([(), (1,), (1, 5)])),
        "hours": draw(some.sampled_from([None, None, "call-backs"])),
    }
    return (
        queues,
        agents,
        CallBack.model_validate({name: one for name, one in how.items() if one is not None}),
    )


Which = Callable[[Line], bool]


def rings(line: Line) -> bool:
    return line.status == "ringing"


def is_callers(line: Line) -> bool:
    return line.status == "in-progress" and (not line.rung or line.called_back)


def is_agents(line: Line) -> bool:
    return line.status == "in-progress" and line.rung and not line.called_back


def is_asked(line: Line) -> bool:
    return is_callers(line) and not line.rung and line.at == "asked"


def was_rung_and_is_asked(line: Line) -> bool:
    return line.status == "in-progress" and line.rung and line.at == "asked"


def is_sent(line: Line) -> bool:
    return line.at == "sent"


def is_in_the_queue(line: Line) -> bool:
    return line.at == "queue"


def is_elsewhere(line: Line) -> bool:
    return line.at in ("record", "transfer")


def has_something_to_do(line: Line) -> bool:
    return rings(line) or line.at in ("asked", "sent", "record", "transfer")


def there_is(which: Which) -> Callable[[Any], Any]:
    """The rule needs a line like this."""
    return precondition(lambda town: town.those(which))


class Town(RuleBasedStateMachine):
    """A hotline, and everybody who has to do with it."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        with self.store.transaction() as tx:
            for table in reversed(tables.metadata.sorted_tables):
                tx.execute(table.delete())
        self.bell, self.setup, self.clock, self.told = Bell(), SAMPLE, BEGIN, 0
        self.lines = Lines(lambda: self.clock, self.a_telephone_rings)
        carrier: Any = self.lines
        links = Links("http://hotline")
        self.hotline = Hotline(self.store, lambda: self.setup, carrier, links, lambda: self.clock, self.bell)
        self.lines.web = application(self.hotline, Secrets("none", "none"), Path("nowhere"))
        self.calls_before: dict[str, law.Row] = {}

    # What follows from what happens

    @contextmanager
    def happens(self, fate: str = "well") -> Iterator[None]:
        """Something happens, and what follows is done, or left to the clock."""
        self.clock += timedelta(milliseconds=1)
        before = [*self.lines.untold, *self.those(is_sent)]
        yield
        if fate == "unwoken":
            return
        self.work_off(fate)
        while fate in ("well", "twice") and (news := self.news(before)):
            for one in news:
                before.append(one)
                for _ in range(2 if fate == "twice" else 1):
                    self.goes_on(one)
            self.work_off("well")

    def news(self, before: list[Any]) -> list[Any]:
        """What the carrier has to tell, and who was sent on, since then."""
        return [
            one for one in (*self.lines.untold, *self.those(is_sent)) if all(one is not old for old in before)
        ]

    def goes_on(self, one: Any) -> None:
        if isinstance(one, Line):
            if is_sent(one):
                self.lines.fetches(one, one.answers)
            return
        line, url, form = one
        self.lines.untold = [told for told in self.lines.untold if told is not one]
        self.lines.tells(line, url, **form)

    def work_off(self, fate: str) -> None:
        """Make offers and send commands, in which the carrier fails once."""
        if not self.bell.rung:
            return
        self.bell.rung = False
        self.dispatch()
        if fate == "killed":
            commands.claim(self.hotline)
            return
        self.lines.trouble = fate
        while groups := commands.claim(self.hotline):
            for group in groups:
                commands.send_all(self.hotline, group)
            self.lines.trouble = None
            self.dispatch()
        self.lines.trouble = None

    def dispatch(self) -> None:
        """The tables and the simulator's floor move and give out the same calls, to the same, in the same
        order, and know alike when they have to look again."""
        resting.wake(self.hotline)
        with self.store.reading() as tx:
            force, floor, rested = today(self.hotline, tx), law.memory(tx), book.next_due(tx)
            self.told = tx.scalar(select(func.max(tables.journal.c.id))) or 0
        now, rules = self.clock.timestamp(), force.rulebook.rules
        expected = [*given_out(floor, rules, now)]
        round_ = offering.dispatch(self.hotline)
        assert self.given_out() == expected
        moment = due(floor, rules, now)
        turns = [
            force.until,
            rested,
            None if moment is None else datetime.fromtimestamp(moment, BEGIN.tzinfo),
        ]
        later = [turn for turn in turns if turn is not None and turn > self.clock]
        assert round_.due == min(later, default=None)

    def given_out(self) -> list[tuple[str, ...]]:
        """What the journal tells of since the last time."""
        lines = tables.journal.c
        kinds = {"moved": "queue", "offered": "agent", "interpreter-offered": "agent"}
        query = select(tables.journal).where(lines.id > self.told, lines.kind.in_(kinds)).order_by(lines.id)
        with self.store.reading() as tx:
            found = tx.execute(query).all()
        return [(row.kind, row.call_sid, row.detail[kinds[row.kind]]) for row in found]

    def a_telephone_rings(self, line: Line) -> None:
        """Nobody is called back on two lines, nor while on the line, for whoever has come since then; but of
        the company that may be somebody else."""
        if not line.called_back:
            return
        with self.store.reading() as tx:
            offer = offers.find(tx, line.offer)
            assert offer is not None
            assert offer.state == offers.Offered.ACCEPTED
            wanted = book.find(tx, offer.call_sid)
            unsent = set(tx.scalars(select(tables.outbox.c.key).where(tables.UNSENT)))
            others = {
                one: book.find(tx, one.sid) for one in self.those(lambda one: one.number == line.number)
            }
        for other, call in others.items():
            if other.called_back:
                assert {f"hang-up:{other.sid}", f"let-go:{other.sid}"} & unsent, "two lines to one caller"
            elif call is not None and call.state != "menu" and line.number != COMPANY:
                assert call.queued_at < wanted.left_at, "the caller is on the line"
            assert other.sid != wanted.sid, "the caller has not hung up yet"

    # Time

    @rule(seconds=some.sampled_from([1, 7, 31, 65, 400]), fate=fates)
    def time_passes(self, seconds: float, fate: str) -> None:
        self.clock += timedelta(seconds=seconds)
        self.lines.time_passes()
        with self.happens(fate):
            sweep.each_second(self.hotline)

    @rule()
    def the_carrier_is_asked_who_is_there(self) -> None:
        with self.happens():
            sweep.reconcile(self.hotline)

    @precondition(lambda self: self.lines.untold)
    @rule(data=some.data(), times=some.sampled_from([0, 1, 1, 1, 1, 2]), fate=fates)
    def the_carrier_tells(self, data: some.DataObject, times: int, fate: str) -> None:
        """Of anything that has happened: in any order, twice, or it is lost."""
        told = data.draw(some.integers(0, len(self.lines.untold) - 1))
        line, url, form = self.lines.untold.pop(told)
        for _ in range(times):
            with self.happens(fate):
                self.lines.tells(line, url, **form)

    # Configuration

    @initialize(town=towns(), there=some.integers(0, 2), busy=some.integers(0, 2))
    def opens(self, town: Any, there: int, busy: int) -> None:
        """Somebody is to be called back already when the first agents come; in the end so many telephones are
        busy before one is answered."""
        self.busy = busy
        self.is_configured(town, "well")
        self.calls(CITIZENS[0], ("",), "once", "well")
        self.asks_to_be_called_back(self.lines.live()[0], "once", "well")
        for name in NAMES[:there]:
            with self.happens():
                seats.wish(self.hotline, name, presence.Presence.READY)

    @rule(town=towns(), fate=fates)
    def is_configured(self, town: Any, fate: str) -> None:
        queues, agents, call_back = town
        hotline = SAMPLE.config.hotline.model_copy(update={"recording": None, "call_back": call_back})
        config = replace(SAMPLE.config, hotline=hotline, queues=queues, agents=agents)
        with self.happens(fate):
            self.setup = replace(SAMPLE, config=config)
            seat_all(self.hotline)

    @rule(
        queue=some.sampled_from(QUEUES),
        closes=some.sampled_from([False, False, True]),
        seconds=some.sampled_from([None, 30]),
    )
    def a_supervisor_comes(self, queue: str, closes: bool, seconds: int | None) -> None:
        """A queue is closed, for some time or until it is opened, or opened."""
        until = None if seconds is None else self.clock + timedelta(seconds=seconds)
        with self.store.transaction() as tx:
            if closes:
                closures.close(tx, Closure(queue, self.clock, until, "fire alarm", "sun"))
            else:
                closures.reopen(tx, QUEUES, "sun", self.clock)

    # Somebody at a telephone

    def those(self, which: Which) -> list[Line]:
        return [one for one in self.lines.live() if which(one)]

    def one(self, data: some.DataObject, which: Which) -> Line:
        return data.draw(some.sampled_from(self.those(which)))

    @there_is(has_something_to_do)
    @rule(data=some.data(), delivery=deliveries, fate=fates)
    def somebody_goes_on(self, data: some.DataObject, delivery: str, fate: str) -> None:
        line = self.one(data, has_something_to_do)
        with self.happens(fate):
            self.does_what_it_should(line, delivery)

    def does_what_it_should(self, line: Line, delivery: str = "once") -> None:
        """Answers; says yes, or nothing; comes along."""
        if rings(line):
            self.lines.answers(line, delivery)
        elif line.at == "asked":
            self.lines.presses(line, "1" if line.rung else "", delivery)
        elif is_sent(line):
            self.lines.fetches(line, line.answers, delivery)
        elif is_elsewhere(line):
            self.lines.comes_back(line, delivery)

    # Callers

    @rule(
        number=some.sampled_from([*CITIZENS[1:] * 2, CITIZENS[0]]),
        keys=some.sampled_from([("",), ("",), ("4", "0"), ("1", "0")]),
        delivery=deliveries,
        fate=fates,
    )
    def calls(self, number: str, keys: tuple[str, ...], delivery: str, fate: str) -> None:
        """Into the queue: as a Chinese, as a Korean, or in an emergency."""
        with self.happens(fate):
            line = self.lines.calls(number)
            self.lines.fetches(line, "http://hotline/voice/incoming", delivery)
            for key in keys:
                if line.at == "asked":
                    self.lines.presses(line, key)

    @there_is(is_asked)
    @rule(data=some.data(), key=some.sampled_from(["", "0", "1", "2"]), delivery=deliveries, fate=fates)
    def caller_presses(self, data: some.DataObject, key: str, delivery: str, fate: str) -> None:
        line = self.one(data, is_asked)
        with self.happens(fate):
            self.lines.presses(line, key, delivery)

    @there_is(is_in_the_queue)
    @rule(data=some.data(), key=some.sampled_from(["", "1", "2", "3"]), delivery=deliveries, fate=fates)
    def caller_waits(self, data: some.DataObject, key: str, delivery: str, fate: str) -> None:
        line = self.one(data, is_in_the_queue)
        with self.happens(fate):
            self.lines.waits(line, key, delivery)

    @there_is(is_in_the_queue)
    @rule(data=some.data(), delivery=deliveries, fate=fates)
    def caller_asks_to_be_called_back(self, data: some.DataObject, delivery: str, fate: str) -> None:
        self.asks_to_be_called_back(self.one(data, is_in_the_queue), delivery, fate)

    def asks_to_be_called_back(self, line: Line, delivery: str, fate: str) -> None:
        with self.happens(fate):
            self.lines.waits(line, "2")
            if line.at == "asked":
                self.lines.presses(line, "1", delivery)

    @there_is(is_elsewhere)
    @rule(data=some.data(), hears=some.booleans(), delivery=deliveries, fate=fates)
    def caller_comes_back(self, data: some.DataObject, hears: bool, delivery: str, fate: str) -> None:
        """Has left a message, or not; has been put through elsewhere, or not."""
        line = self.one(data, is_elsewhere)
        with self.happens(fate):
            self.lines.comes_back(line, delivery, hears=hears)

    @there_is(is_callers)
    @rule(
        data=some.data(),
        status=some.sampled_from(["completed", "completed", "failed"]),
        fate=fates,
    )
    def caller_hangs_up(self, data: some.DataObject, status: str, fate: str) -> None:
        line = self.one(data, is_callers)
        with self.happens(fate):
            self.lines.ends(line, status)

    # Who is rung

    @there_is(rings)
    @rule(
        data=some.data(),
        status=some.sampled_from(["busy", "no-answer", "failed", "canceled"]),
        fate=fates,
    )
    def a_telephone_is_not_answered(self, data: some.DataObject, status: str, fate: str) -> None:
        line = self.one(data, rings)
        with self.happens(fate):
            self.lines.ends(line, status)

    @there_is(was_rung_and_is_asked)
    @rule(data=some.data(), key=some.sampled_from(["1", "1", "1", "2", ""]), delivery=deliveries, fate=fates)
    def who_was_rung_presses(self, data: some.DataObject, key: str, delivery: str, fate: str) -> None:
        line = self.one(data, was_rung_and_is_asked)
        with self.happens(fate):
            self.lines.presses(line, key, delivery)

    # Agents

    @there_is(is_agents)
    @rule(data=some.data(), fate=fates)
    def agents_line_breaks(self, data: some.DataObject, fate: str) -> None:
        line = self.one(data, is_agents)
        with self.happens(fate):
            self.lines.ends(line, "completed")

    @there_is(is_agents)
    @rule(data=some.data(), fate=fates)
    def agent_hangs_up(self, data: some.DataObject, fate: str) -> None:
        """At the desk: in the talk, while the caller is dialled, or while the other of a pair rings."""
        line = self.one(data, is_agents)
        with self.store.reading() as tx:
            offer = offers.find(tx, line.offer)
        assert offer is not None
        with self.happens(fate), suppress(talking.NoTalk):
            talking.hang_up(self.hotline, offer.agent)

    @rule(
        data=some.data(),
        state=some.sampled_from(["ready", "ready", "ready", "paused", "offline"]),
        ordered=some.booleans(),
        fate=fates,
    )
    def agent_is_to_be(self, data: some.DataObject, state: str, ordered: bool, fate: str) -> None:
        """By the own wish or a supervisor's order."""
        name = self.an_agent(data)
        to, why = presence.Presence(state), "lunch" if state == "paused" else None
        with self.happens(fate):
            if ordered:
                self.hotline.tell(lambda tx: self.is_ordered(tx, name, to, why))
            else:
                seats.wish(self.hotline, name, to, why)

    def is_ordered(self, tx: Connection, name: str, to: presence.Presence, why: str | None) -> None:
        seat = presence.find(tx, name)
        assert seat is not None
        presence.order(tx, seat, to, self.clock, "sun", why)

    @rule(data=some.data())
    def agent_has_written_up(self, data: some.DataObject) -> None:
        with self.happens():
            seats.wrapped_up(self.hotline, self.an_agent(data))

    def an_agent(self, data: some.DataObject) -> str:
        return data.draw(some.sampled_from(sorted(self.setup.config.agents)))

    # What is always true

    @invariant()
    def the_law_holds(self) -> None:
        with self.store.reading() as tx:
            law.holds(tx)
            now = {call["sid"]: call for call in law.rows(tx, "calls")["calls"]}
        for sid, before in self.calls_before.items():
            self.goes_on_lawfully(before, now[sid])
        self.calls_before = now

    def goes_on_lawfully(self, before: law.Row, now: law.Row) -> None:
        """A call ends once, and the time since when it waits never becomes later, but for a call-back that
        was in vain."""
        if before["state"] == "ended":
            late = before["outcome"] in ("abandoned", "failed") and now["outcome"] in (
                "message",
                "transferred",
            )
            assert now["state"] == "ended"
            assert late or now["outcome"] == before["outcome"], "a call has ended twice"
        if before["waiting_since"] and not now["dials"]:
            assert now["waiting_since"] <= before["waiting_since"], "the place in the line is lost"

    def teardown(self) -> None:
        """Everybody comes and does what they should, and nothing is lost any more: in the end each call is
        over, or waits for somebody who is not there, and nobody is on the line with nobody."""
        if self.setup is SAMPLE:
            return
        self.a_supervisor_comes(QUEUES[0], False, None)
        for _ in range(60):
            if self.is_quiet():
                break
            self.goes_well()
            self.the_law_holds()
        self.nobody_is_stuck()

    def is_quiet(self) -> bool:
        with self.store.reading() as tx:
            there = law.rows(tx, "agents", "calls")
        waiting = [one for one in there["calls"] if one["state"] != "ended"]
        free = all(is_free(one) for one in there["agents"])
        return free and not self.lines.untold and all(self.waits_for_nobody(one) for one in waiting)

    def waits_for_nobody(self, call: law.Row) -> bool:
        """Whether this caller waits for somebody whom the hotline does not have."""
        if call["state"] != "waiting" or call["lane"] is None:
            return False
        with self.store.reading() as tx:
            rules = today(self.hotline, tx).rulebook.rules
            profiles = law.memory(tx).profiles()
        lane = lane_of(call["lane"])
        return lane.queue not in rules or not served_by(rules[lane.queue], lane, [*profiles])

    def goes_well(self) -> None:
        """A round in which all do what they should."""
        for name in self.setup.config.agents:
            with self.happens():
                seats.wish(self.hotline, name, presence.Presence.READY)
        for line in self.those(is_in_the_queue):
            with self.happens():
                self.lines.waits(line)
        for _ in range(4):  # one may wait for what another does
            for line in self.lines.live():
                with self.happens():
                    if rings(line) and line.called_back and self.busy:
                        self.busy -= 1
                        self.lines.ends(line, "busy")
                    else:
                        self.does_what_it_should(line)
            while self.lines.untold:
                line, url, form = self.lines.untold.pop(0)
                with self.happens():
                    self.lines.tells(line, url, **form)
        with self.store.reading() as tx:
            talks = [one.agent for one in offers.live(tx) if one.joined_at and one.role == offers.Role.AGENT]
        for name in talks:
            with self.happens():
                talking.hang_up(self.hotline, name)
        self.clock += timedelta(seconds=self.pause())
        self.lines.time_passes()
        for job in (sweep.each_second, sweep.reconcile):
            with self.happens():
                job(self.hotline)

    def pause(self) -> float:
        """Seconds until there is something to do: some, or where nobody is on the line, until the next
        call-back."""
        with self.store.reading() as tx:
            rested = book.next_due(tx)
        if self.lines.live() or rested is None:
            return 31
        return max(31, (rested - self.clock).total_seconds())

    def nobody_is_stuck(self) -> None:
        with self.store.reading() as tx:
            there = law.rows(tx, "agents", "calls")
        assert not [one for one in there["agents"] if not is_free(one)], "an agent is never free again"
        stuck = [one for one in there["calls"] if one["state"] != "ended" and not self.waits_for_nobody(one)]
        assert not stuck, "a caller waits for ever"
        assert all(one.at == "queue" for one in self.lines.live()), "somebody is on the line with nobody"


def is_free(agent: law.Row) -> bool:
    """Ready, or listed no more and gone."""
    return agent["state"] == ("ready" if agent["profile"] else "offline")


def given_out(floor: Memory, rules: Any, now: float) -> Iterator[tuple[str, ...]]:
    """What is to be moved and given out, in order, as the journal tells it."""
    while True:
        move, choice = overflowing(floor, rules, now), None
        if move is not None:
            floor.leave(move.head.call)
            floor.wait(move.head.call, move.lane, move.head.since)
            yield "moved", move.head.call, move.lane.queue
        elif (choice := choose(floor, rules, now)) is not None:
            floor.leave(choice.head.call)
            for one in choice.everybody:
                floor.busy(one.name)
                kind = "interpreter-offered" if one is choice.interpreter else "offered"
                yield kind, choice.head.call, one.name
        else:
            return


STEPS = settings(
    max_examples=6,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


class Loud:
    """Instead of the log of a sweep that goes on after a mistake: here nothing does."""

    def exception(self, event: str, **_about: object) -> None:
        raise AssertionError(event)

    def warning(self, _event: str, **_about: object) -> None:
        """The carrier is away: no mistake."""


@pytest.mark.timeout(400)  # should it fail, to find the shortest story
def test_whatever_happens_on_the_line_nobody_is_lost_or_stuck(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for swept in (sweep, resting):
        monkeypatch.setattr(swept, "log", Loud())
    here = type("Here", (Town,), {"store": store})
    run_state_machine_as_test(here, settings=STEPS)
