"""What must always be true, whatever has happened: asked of the tables alone, for every machine."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from routing.floor import lane_of, profile
from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.strategies import STRATEGIES
from store import tables

Row = Mapping[str, Any]
Rows = dict[str, list[Row]]


def rows(tx: Connection, *names: str) -> Rows:
    """All rows of these tables."""
    return {name: [*tx.execute(select(tables.metadata.tables[name])).mappings()] for name in names}


def holds(tx: Connection) -> None:
    """Agents, calls, offers and tickets agree."""
    there = rows(tx, "agents", "calls", "offers", "tickets", "tasks")
    offers_and_states_agree(there)
    tickets_and_calls_agree(there)
    for call in there["calls"]:
        who_is_called_back_is_somewhere(call)


def offers_and_states_agree(there: Rows) -> None:
    """Nobody has two offers; one is offered, or talks, who has one; a call is with one agent, or a pair."""
    agents, calls = there["agents"], there["calls"]
    rung = [one for one in there["offers"] if one["state"] in ("offered", "pledged")]
    accepted = [one for one in there["offers"] if one["state"] == "accepted"]
    for live, of_agent, of_call in ((rung, "offered", "offered"), (accepted, "talking", "talking")):
        assert sorted(one["agent"] for one in live) == having(agents, "name", of_agent)
        assert sorted({one["call_sid"] for one in live}) == having(calls, "sid", of_call)
    talks = [one["call_sid"] for one in accepted if one["role"] == "agent"]
    assert sorted(talks) == having(calls, "sid", "talking")
    assert all(one["deadline"] for one in rung)


def having(found: list[Row], name: str, state: str) -> list[str]:
    """The names of those in this state."""
    return sorted(row[name] for row in found if row["state"] == state)


def tickets_and_calls_agree(there: Rows) -> None:
    """Each call has a ticket, none twice, none left out; both end together, in one way; of what is owed to a
    caller there is one task."""
    of = {one["call_sid"]: one for one in there["tickets"]}
    assert sorted(of) == sorted(call["sid"] for call in there["calls"])
    numbers = sorted(int(one["number"]) % 100000 for one in there["tickets"])
    assert numbers == list(range(1, len(numbers) + 1))
    owed = [task["ticket"] for task in there["tasks"] if task["state"] == "open"]
    assert len(owed) == len(set(owed))
    for call in there["calls"]:
        ticket = of[call["sid"]]
        if call["state"] == "ended":
            assert (ticket["outcome"], bool(ticket["ended_at"])) == (call["outcome"], True), call
            assert call["outcome"] is not None
            assert (ticket["number"] in owed) == (ticket["state"] == "call-back"), (call, ticket)
        else:
            assert (ticket["outcome"], ticket["ended_at"], call["ended_at"]) == (None, None, None), call


def who_is_called_back_is_somewhere(call: Row) -> None:
    """In a lane or at rest, never neither nor both; and nobody else rests."""
    if call["state"] == "waiting":
        assert (call["lane"] is None) == (call["due_at"] is not None), call
        assert call["waiting_since"] is not None
    else:
        assert call["due_at"] is None, call
    if call["due_at"]:
        assert call["call_back"]
        assert call["leg"] is None, call


def memory(tx: Connection) -> Memory:
    """Everybody who waits and everybody who is ready, on the floor that the simulator decides over."""
    floor = Memory(one.by for one in STRATEGIES.values())
    there = rows(tx, "agents", "calls")
    for call in there["calls"]:
        if call["state"] == "waiting" and call["lane"]:
            floor.wait(call["sid"], lane_of(call["lane"]), call["waiting_since"].timestamp())
    for one in there["agents"]:
        if one["state"] == "ready" and one["profile"]:
            moments = one["ready_since"].timestamp(), one["rung_at"].timestamp()
            can = profile(tx, one["profile"])
            figures = one["calls"], one["occupancy"], moments[1], one["talk_seconds"]
            floor.ready(Candidate(one["name"], can, moments[0], *figures))
    return floor
