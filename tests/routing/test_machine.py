"""Any story of calls and agents, on both databases, beside a model of it: after each step they say the same.

Events come twice, late, out of order or not at all; the dispatcher is woken or its waking is lost. What the
tables assign, the simulator's floor assigns too: the same call to the same agent by the same step.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, get_args

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
from sqlalchemy import func, select

from calls import book
from routing import receipts
from routing.floor import word_of
from routing.policy.skills import Lane
from routing.rulebook import profiles_of
from settings.agents import Agent
from settings.queues import Queue
from store import tables
from store.engine import Store
from switchboard import ending, menu, offering, seats, sweep, talking
from switchboard.hotline import Hotline
from switchboard.menu import Arrival
from switchboard.roster import seat_all
from switchboard.setup import load
from telephony.links import Links
from tests.routing import law
from tests.routing.model import Agent as Seat
from tests.routing.model import Call, Model, Offer

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STRATEGIES = get_args(Queue.model_fields["strategy"].annotation)
SAMPLE = load(Path(__file__).parents[2] / "config")
LABEL = SAMPLE.config.queues["people"].label
NAMES = ("ada", "bo", "cy", "di")
AGREED = ("pledged", "accepted")
QUEUES = ("people", "passports")

levels = some.sampled_from([1, 2, 3, 5])
topics = some.dictionaries(some.just("passport"), levels, max_size=1)
steps = some.fixed_dictionaries(
    {},
    optional={
        "level": levels,
        "topics": topics,
        "also": some.sampled_from([["people"], ["passports"]]),
        "interpreter": some.just(True),
    },
)


@some.composite
def queue(draw: some.DrawFn, name: str) -> Queue:
    relaxing = draw(some.lists(steps, max_size=2))
    return Queue.model_validate(
        {
            "name": name,
            "label": LABEL,
            "strategy": draw(some.sampled_from(STRATEGIES)),
            "level": draw(levels),
            "topics": draw(some.just({}) | topics),
            "preferred": draw(some.sampled_from([[], ["ko"], ["passport"]])),
            "timeline": [{"after": 7 + 13 * number, **step} for number, step in enumerate(relaxing)],
        }
    )


@some.composite
def kinds(draw: some.DrawFn, divided: bool) -> dict[str, Any]:
    """What an agent can."""
    if draw(some.sampled_from([False, False, True])):
        return {"languages": ["zh", "ko"], "levels": {"ko": draw(levels)}, "interpreter": True}
    languages = draw(some.sampled_from([["zh"], ["zh", "ko"], ["ko"]]))
    queues = draw(some.sampled_from([["people"], ["people", "passports"], ["passports"]]))
    return {
        "interpreter": len(languages) > 1 and draw(some.booleans()),
        "languages": languages,
        "levels": {language: draw(levels) for language in languages},
        "topics": draw(topics),
        "queues": queues,
        "shares": {each: draw(some.integers(1, 3)) for each in queues} if divided else {},
    }


@some.composite
def interpreted(draw: some.DrawFn) -> tuple[dict[str, Queue], dict[str, Agent]]:
    """A queue where nobody but interpreters understands Koreans."""
    rescue = {"after": 0, "interpreter": True}
    strategy = draw(some.sampled_from(STRATEGIES))
    people = {"name": "people", "label": LABEL, "strategy": strategy, "timeline": [rescue]}
    serves = {"languages": ["zh"], "queues": ["people"]}
    interprets = {"languages": ["zh", "ko"], "interpreter": True}
    can = dict(
        zip(NAMES, (serves, serves, interprets, draw(some.sampled_from([serves, interprets]))), strict=True)
    )
    agents = {
        name: Agent.model_validate({"name": name, "label": name, "address": f"client:{name}", **each})
        for name, each in can.items()
    }
    return {"people": Queue.model_validate(people)}, agents


@some.composite
def configurations(draw: some.DrawFn) -> tuple[dict[str, Queue], dict[str, Agent]]:
    """Queues and agents, of whom some can the same; now and then without the second queue, or with few."""
    queues = {name: draw(queue(name)) for name in draw(some.sampled_from([QUEUES, QUEUES, QUEUES[:1]]))}
    names = draw(some.sampled_from([NAMES, NAMES, NAMES[:2]]))
    alike = some.sampled_from(draw(some.lists(kinds(draw(some.booleans())), min_size=1, max_size=4)))
    agents = {
        name: Agent.model_validate({"name": name, "label": name, "address": f"client:{name}", **draw(alike)})
        for name in names
    }
    return queues, agents


@dataclass
class Bell:
    """Notes that the dispatcher is wanted."""

    rung: bool = False

    def kick(self) -> None:
        self.rung = True


class Rings:
    """A carrier at which every telephone rings."""

    def fetch_call(self, _leg: str) -> str:
        return "ringing"


class Story(RuleBasedStateMachine):
    """The switchboard over a database, and the model."""

    store: Store
    configurations = configurations()
    languages: tuple[str, ...] = ("zh", "zh", "ko")

    def __init__(self) -> None:
        super().__init__()
        with self.store.transaction() as tx:
            for table in reversed(tables.metadata.sorted_tables):
                tx.execute(table.delete())
        self.bell, self.setup, self.clock = Bell(), SAMPLE, BEGIN
        carrier: Any = Rings()  # no command is sent to it here
        self.hotline = Hotline(
            self.store, lambda: self.setup, carrier, Links("http://hotline"), lambda: self.clock, self.bell
        )
        given = SAMPLE.config.hotline
        self.model = Model(
            given.offer_seconds, given.join_seconds, given.wrap_up_seconds, sweep.RING_GRACE, self.clock
        )
        self.told = 0  # the last line of the journal that was read

    @contextmanager
    def happens(self, lost: bool = False) -> Iterator[None]:
        """Something happens, and wakes the dispatcher unless that is lost."""
        yield
        if self.bell.rung and not lost:
            self.dispatch()

    def dispatch(self) -> None:
        self.bell.rung = False
        round_ = offering.dispatch(self.hotline)
        made = self.newly_offered()
        expected = self.model.dispatches()
        assert [(call, agent, step) for _, call, agent, step, _ in made] == expected
        for id, call, agent, _, beside in made:
            self.model.offered(id, call, agent, beside)
        moment = self.model.due()
        assert round_.due == (None if moment is None else datetime.fromtimestamp(moment, UTC))

    def newly_offered(self) -> list[tuple[str, str, str, int, str | None]]:
        """Offer, call, agent, step and, for who interprets, the agent's offer of each assignment since the
        last time; each receipt says the same."""
        lines = tables.journal.c
        with self.store.reading() as tx:
            kinds = lines.kind.in_(("offered", "interpreter-offered"))
            query = select(tables.journal).where(lines.id > self.told, kinds).order_by(lines.id)
            rows = tx.execute(query).all()
            self.told = tx.scalar(select(func.max(lines.id))) or 0
            kept = {one.offer: one for row in rows for one in receipts.of_call(tx, row.call_sid)}
        found: list[tuple[str, str, str, int, str | None]] = []
        told = iter(rows)
        for row in told:
            receipt = kept[row.detail["offer"]]
            again = receipts.replay(receipt)
            assert again is not None
            chosen = [again.head.call, [one.name for one in again.agents], again.step]
            interpreter = [again.interpreter.name] if again.interpreter else []
            assert chosen + interpreter == list(receipt.body["chosen"].values())
            together = [row, *islice(told, len(again.everybody) - 1)]
            assert {each.call_sid for each in together} == {again.head.call}
            assert [each.detail["agent"] for each in together] == chosen[1] + interpreter
            for each in together:
                beside = row.detail["offer"] if each.kind == "interpreter-offered" else None
                found.append((each.detail["offer"], row.call_sid, each.detail["agent"], again.step, beside))
        return found

    def a_call(self, data: some.DataObject, *states: str) -> Call:
        return data.draw(some.sampled_from([one for one in self.model.calls.values() if one.state in states]))

    def an_offer(self, data: some.DataObject) -> Offer:
        """Mostly one that is live."""
        made = list(self.model.offers.values())
        live = [one for one in made if one.state in ("offered", "pledged", "accepted")]
        return data.draw(some.sampled_from(live * 3 + made))

    @initialize(data=some.data())
    def opens(self, data: some.DataObject) -> None:
        self.is_configured(data, False)
        for name in self.model.agents:
            self.wishes(name, "ready")

    @rule(data=some.data(), lost=some.booleans())
    def is_configured(self, data: some.DataObject, lost: bool) -> None:
        queues, agents = data.draw(self.configurations)
        hotline = SAMPLE.config.hotline.model_copy(update={"recording": None, "call_back": None})
        config = replace(SAMPLE.config, hotline=hotline, queues=queues, agents=agents)
        with self.happens(lost):
            self.setup = replace(SAMPLE, config=config)
            self.model.configured(self.setup.rulebook.rules, profiles_of(agents))
            seat_all(self.hotline)

    @rule(seconds=some.sampled_from([0.25, 1, 7, 13, 31]))
    def time_passes(self, seconds: float) -> None:
        self.clock = self.model.now = self.clock + timedelta(seconds=seconds)

    @rule()
    def the_clock_looks(self) -> None:
        with self.happens():
            self.model.a_second_passes()
            sweep.each_second(self.hotline)

    @rule(
        data=some.data(),
        queue=some.sampled_from(QUEUES),
        priority=some.sampled_from([0, 0, 10]),
        lost=some.booleans(),
    )
    def calls(self, data: some.DataObject, queue: str, priority: int, lost: bool) -> None:
        language = data.draw(some.sampled_from(self.languages))
        call = Call(f"CA{len(self.model.calls):03}")
        self.model.calls[call.sid] = call
        with self.happens(lost):
            arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
            self.hotline.tell(lambda tx: menu.register(self.hotline, tx, arrival))
            self.enqueues(call, Lane(self.hotline.queue(queue), language, priority))

    @precondition(lambda self: any(one.state == "menu" for one in self.model.calls.values()))
    @rule(data=some.data(), language=some.sampled_from(["zh", "ko"]), lost=some.booleans())
    def waits_again(self, data: some.DataObject, language: str, lost: bool) -> None:
        """Who has left the queue, or a talk, comes back."""
        with self.happens(lost):
            self.enqueues(self.a_call(data, "menu"), Lane(self.hotline.queue(), language, 0))

    def enqueues(self, call: Call, lane: Lane) -> None:
        def work(tx: Any) -> None:
            found = book.find(tx, call.sid)
            assert found is not None
            now = self.clock
            values = {"queue": lane.queue, "language": lane.language, "priority": lane.priority}
            since = found.waiting_since or now
            book.change(tx, found, "enqueue", waiting_since=since, queued_at=now, **values)

        self.hotline.tell(work)
        self.model.enqueues(call, lane)

    @precondition(lambda self: self.model.waiting())
    @rule(data=some.data())
    def leaves_the_queue(self, data: some.DataObject) -> None:
        call = self.a_call(data, "waiting")
        with self.happens():
            self.hotline.tell(lambda tx: book.change(tx, book.find(tx, call.sid), "leave"))  # type: ignore[arg-type]
            self.model.leaves(call)

    @precondition(lambda self: self.model.calls)
    @rule(data=some.data(), lost=some.booleans())
    def caller_hangs_up(self, data: some.DataObject, lost: bool) -> None:
        """Told once, or again."""
        call = self.a_call(data, "menu", "waiting", "offered", "talking", "ended")
        with self.happens(lost):
            ending.status(self.hotline, Arrival(call.sid, "", ""), "completed")
            self.model.ends(call)

    @rule(
        name=some.sampled_from(NAMES),
        state=some.sampled_from(["ready", "ready", "paused", "offline"]),
        lost=some.booleans(),
    )
    def agent_wishes(self, name: str, state: str, lost: bool) -> None:
        if name in self.model.agents:
            with self.happens(lost):
                self.wishes(name, state)

    def wishes(self, name: str, state: str) -> None:
        reason = "lunch" if state == "paused" else None
        seats.wish(self.hotline, name, seats.Presence(state), reason)
        self.model.wishes(self.model.agents[name], state, reason)

    @rule(name=some.sampled_from(NAMES))
    def agent_has_written_up(self, name: str) -> None:
        if name in self.model.agents:
            with self.happens():
                seats.wrapped_up(self.hotline, name)
                self.model.wraps_up(self.model.agents[name])

    @precondition(lambda self: self.model.offers)
    @rule(data=some.data())
    def the_telephone_rings(self, data: some.DataObject) -> None:
        offer = self.an_offer(data)
        with self.happens():
            offering.rung(self.hotline, offer.id, f"leg of {offer.id}")
            offer.leg = True

    @precondition(lambda self: self.model.offers)
    @rule(data=some.data(), joins=some.booleans())
    def agent_accepts(self, data: some.DataObject, joins: bool) -> None:
        """In time, too late, or again; and the caller comes into the conference, or word of it is late."""
        offer = self.an_offer(data)
        with self.happens():
            offering.picked_up(self.hotline, offer.id, f"leg of {offer.id}")
            self.model.accepted(offer)
            if joins:
                self.joins(offer)

    @precondition(lambda self: self.model.offers)
    @rule(data=some.data())
    def caller_comes_into_the_talk(self, data: some.DataObject) -> None:
        with self.happens():
            self.joins(self.an_offer(data))

    def joins(self, offer: Offer) -> None:
        talking.join(self.hotline, offer.call.sid, offer.id)
        self.model.joins(offer)

    @precondition(lambda self: self.model.offers)
    @rule(
        data=some.data(),
        status=some.sampled_from(["busy", "no-answer", "completed", "failed", "canceled"]),
        lost=some.booleans(),
    )
    def the_leg_ends(self, data: some.DataObject, status: str, lost: bool) -> None:
        """Declined, missed, out of reach or broken off."""
        offer = self.an_offer(data)
        with self.happens(lost):
            offering.leg_status(self.hotline, offer.id, f"leg of {offer.id}", status)
            talking.leg_over(self.hotline, offer.id, f"leg of {offer.id}")
            self.model.leg_ends(offer, status)

    @precondition(lambda self: any(one.state in AGREED for one in self.model.offers.values()))
    @rule(data=some.data())
    def agent_hangs_up(self, data: some.DataObject) -> None:
        """In the talk, or while waiting for the other of agent and interpreter."""
        agreed = [one for one in self.model.offers.values() if one.state in AGREED]
        offer = data.draw(some.sampled_from(agreed))
        with self.happens():
            talking.hang_up(self.hotline, offer.agent.name)
            self.model.hangs_up(offer)

    @precondition(lambda self: self.model.offers)
    @rule(data=some.data(), lost=some.booleans())
    def caller_comes_out_of_the_talk(self, data: some.DataObject, lost: bool) -> None:
        offer = self.an_offer(data)
        with self.happens(lost):
            talking.talked(self.hotline, offer.call.sid, offer.id)
            self.model.comes_out(offer)

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        with self.store.reading() as tx:
            law.holds(tx)
            agents, calls, offers = law.rows(tx, "agents", "calls", "offers").values()
        assert {row["name"]: agent_row(row) for row in agents} == {
            one.name: agent_row(vars(one)) for one in self.model.agents.values()
        }
        assert {row["sid"]: (row["state"], row["lane"], row["waiting_since"]) for row in calls} == {
            one.sid: (one.state, word_of(one.lane) if one.lane else None, one.since)
            for one in self.model.calls.values()
        }
        assert {row["id"]: (row["state"], row["call_sid"], row["agent"]) for row in offers} == {
            one.id: (one.state, one.call.sid, one.agent.name) for one in self.model.offers.values()
        }

    def teardown(self) -> None:
        """However much was lost: a minute later nobody is stuck, and who can be served has been rung for."""
        if not self.model.agents:
            return
        for _ in range(3):
            self.time_passes(31)
            self.the_clock_looks()
            self.the_tables_say_what_the_model_says()
        stuck = [one for one in self.model.offers.values() if one.state in ("offered", "pledged")]
        assert all(one.made_at > self.clock - timedelta(seconds=31) for one in stuck)


AGENT = [each.name for each in fields(Seat) if each.name not in ("name", "profile")]


def agent_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in AGENT}


@pytest.mark.timeout(400)  # should it fail, to find the shortest story
def test_whatever_happens_the_tables_and_the_simulator_agree(store: Store) -> None:
    run(Story, store, 20)


@pytest.mark.timeout(400)
def test_whatever_happens_agent_and_interpreter_take_a_call_together_or_neither_does(store: Store) -> None:
    run(Interpreted, store, 10)


class Interpreted(Story):
    configurations = interpreted()
    languages = ("ko", "ko", "zh")


def run(story: type[Story], store: Store, examples: int) -> None:
    here = type("Here", (story,), {"store": store})
    run_state_machine_as_test(
        here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )
