"""Several processes at once: callers come, agents come and go, all of them dispatch, and one is killed."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store.engine import Store
from store.tables import agents, calls, offers, tickets
from tests.routing.one_of_many import SPEAK

ROOT = Path(__file__).parents[2]
PROCESSES, CALLERS = 3, 12


def start(url: str, name: str, callers: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.routing.one_of_many", url, name, str(callers)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.processes
@pytest.mark.timeout(400)
def test_dispatching_at_once_with_one_killed_in_the_middle(store: Store, database_url: str) -> None:
    """Every caller is served, in order; what the killed one held is let go."""
    victim = start(database_url, "victim", "lingers")
    others = [start(database_url, f"part-{number}", CALLERS) for number in range(PROCESSES)]
    try:
        assert victim.stdout is not None
        said = victim.stdout.readline()
        victim.kill()
        assert said == "in the middle\n", victim.communicate()[1]
        for other in others:
            wrong = other.communicate()[1]
            assert other.returncode == 0, wrong
    finally:
        for process in (victim, *others):
            process.kill()
            process.communicate()
    rows = {}
    with store.reading() as tx:
        for table in (calls, offers, agents, tickets):
            rows[table.name] = list(tx.execute(select(table)).mappings())
    nobody_is_lost(rows)
    nobody_has_two(rows["offers"])
    assert max(row["place"] for row in rows["offers"]) > 0  # several were rung at once
    who_came_first_was_offered_first(rows)


def nobody_is_lost(rows: dict[str, Any]) -> None:
    assert len(rows["calls"]) == len(rows["tickets"]) >= PROCESSES * CALLERS
    assert {row["state"] for row in rows["calls"]} == {"ended"}
    assert {row["outcome"] for row in rows["calls"]} <= {"answered", "abandoned"}
    assert sum(row["outcome"] == "answered" for row in rows["calls"]) > len(rows["calls"]) / 2
    assert not [row for row in rows["offers"] if row["state"] in ("offered", "accepted")]
    assert not [row["name"] for row in rows["agents"] if row["state"] in ("offered", "talking")]
    numbers = sorted(int(row["number"]) for row in rows["tickets"])
    assert len(set(numbers)) == len(numbers)


def nobody_has_two(made: Any) -> None:
    """No agent two offers, no call two rounds of offers at once, and of a round one at most is accepted."""
    last: dict[str, datetime] = {}
    rounds: dict[tuple[str, datetime], list[Any]] = {}
    for offer in sorted(made, key=lambda row: row["created_at"]):
        assert last.get(offer["agent"], offer["created_at"]) <= offer["created_at"], offer["agent"]
        last[offer["agent"]] = offer["ended_at"]
        rounds.setdefault((offer["call_sid"], offer["created_at"]), []).append(offer)
    for (call, at), together in rounds.items():
        assert last.get(call, at) <= at, call
        last[call] = max(offer["ended_at"] for offer in together)
        assert sum(offer["accepted_at"] is not None for offer in together) <= 1, call


def who_came_first_was_offered_first(rows: dict[str, Any]) -> None:
    """At each offer nobody waited for a first one whom the same agent could serve and who came before."""
    first: dict[str, datetime] = {}
    for offer in sorted(rows["offers"], key=lambda row: row["created_at"]):
        first.setdefault(offer["call_sid"], offer["created_at"])
    by_sid = {row["sid"]: row for row in rows["calls"]}
    for offer in rows["offers"]:
        served, at = by_sid[offer["call_sid"]], offer["created_at"]
        passed_over = [
            row["sid"]
            for row in rows["calls"]
            if row["language"] in SPEAK[offer["agent"]]
            and row["waiting_since"] is not None
            and row["waiting_since"] < served["waiting_since"]
            and first.get(row["sid"], row["ended_at"]) > at
        ]
        assert not passed_over, f"{served['sid']} was offered to {offer['agent']} before {passed_over}"
