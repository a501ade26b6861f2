"""Each strategy that queues.yml can name assigns the same from the tables and from the simulator's floor."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import update

from routing.floor import Tables, keep, name_of
from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import choose, due, overflowing
from routing.policy.skills import Lane
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules, Step
from routing.rulebook import profiles_of, rulebook
from store.engine import Store
from store.tables import agents, calls
from tests.routing.test_machine import QUEUES, configurations
from tests.routing.test_machine import STRATEGIES as NAMES

lanes = some.builds(
    Lane, some.sampled_from(QUEUES), some.sampled_from(["zh", "ko"]), some.sampled_from([0, 10])
)
kept_for = some.none() | some.integers(0, 8)  # one of the eight agents, or one who is away
callers = some.lists(some.tuples(lanes, some.integers(0, 40), kept_for), max_size=8)
few = some.integers(0, 2)  # so that the first figures are often the same, and the next ones decide
people = some.lists(some.tuples(few, few, few, few, few, some.integers(0, 9)), min_size=8, max_size=8)


@pytest.mark.parametrize("strategy", NAMES)
@given(of=configurations(), waiting=callers, figures=people)
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_tables_and_memory_assign_the_same(
    store: Store, floor: Any, strategy: str, of: Any, waiting: Any, figures: Any
) -> None:
    queues = {name: one.model_copy(update={"strategy": strategy}) for name, one in of[0].items()}
    rules, profiles = rulebook(queues).rules, list(profiles_of(of[1]).values())
    memory = Memory(one.by for one in STRATEGIES.values())
    now = floor.now.timestamp()
    with store.database.turn(), store.database.writer.connect() as tx:
        floor.menu(tx)
        keep(tx, profiles)
        names = [*(f"{figure[-1]}-{number}" for number, figure in enumerate(figures)), "away"]
        for number, (lane, waited, kept) in enumerate(waiting):
            wants = None if kept is None else names[kept]
            floor.caller(tx, f"CA{number}", waited, lane.language, lane.queue, lane.priority, wants)
            memory.wait(f"CA{number}", replace(lane, wants=wants), now - waited)
        for number, (idle, taken, occupied, rung, talks, _) in enumerate(figures):
            one = Candidate(
                names[number],
                profiles[number % len(profiles)],
                now - idle,
                taken,
                occupied / 2,
                now - rung,
                talks,
            )
            seat(floor, tx, one, idle, rung)
            memory.ready(one)
        moving = {**rules, "people": Rules("people", steps=(Step(20, move=QUEUES[1]),))}
        assert overflowing(Tables(tx), moving, now) == overflowing(memory, moving, now)
        while (choice := choose(memory, rules, now)) is not None:
            again = choose(Tables(tx), rules, now)
            assert again is not None
            assert (again.head, again.everybody, again.step) == (choice.head, choice.everybody, choice.step)
            memory.leave(choice.head.call)
            tx.execute(update(calls).where(calls.c.sid == choice.head.call).values(state="offered"))
            for agent in choice.everybody:
                memory.busy(agent.name)
                tx.execute(update(agents).where(agents.c.name == agent.name).values(state="offered"))
        assert choose(Tables(tx), rules, now) is None
        assert due(Tables(tx), rules, now) == due(memory, rules, now)
        tx.rollback()


def seat(floor: Any, tx: Any, one: Candidate, idle: int, rung: int) -> None:
    """The agent as a row."""
    floor.agent(tx, one.name, idle)
    figures = {"calls": one.calls, "occupancy": one.occupancy, "talk_seconds": one.talk_seconds}
    profile, rung_at = name_of(one.profile), floor.now - timedelta(seconds=rung)
    tx.execute(
        update(agents).where(agents.c.name == one.name).values(profile=profile, rung_at=rung_at, **figures)
    )
