"""Why this agent? Each assignment keeps what it was decided from, and can be decided again from that."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from routing.memory import Memory
from routing.policy.candidate import Candidate
from routing.policy.match import Choice, choose
from routing.policy.skills import Lane, Profile
from routing.policy.strategies import STRATEGIES
from routing.policy.timeline import Rules
from routing.rulebook import Rulebook, keep, kept
from store.tables import receipts

KEPT = timedelta(days=90)  # each is some kilobytes: at 8,000 calls a day two or three gigabytes in all


@dataclass(frozen=True)
class Receipt:
    """One assignment: `body` holds the moment, the first caller of each lane and the first agent of each
    profile, and who was chosen."""

    offer: str
    call_sid: str
    at: datetime
    rulebook: Rulebook
    body: dict[str, Any]


def write(tx: Connection, offer: str, choice: Choice, rulebook: Rulebook, at: float, now: datetime) -> None:
    """Keep the receipt of this offer."""
    keep(tx, rulebook, now)
    body = {
        "at": at,
        "heads": [
            {"call": head.call, "since": head.since, "urgency": cost, **asdict(head.lane)}
            for head, cost in choice.heads
        ],
        "ready": [_written(one) for one in choice.ready],
        "chosen": {
            "call": choice.head.call,
            "agents": [one.name for one in choice.agents],
            "step": choice.step,
        }
        | ({"interpreter": choice.interpreter.name} if choice.interpreter else {}),
    }
    values = {"offer": offer, "call_sid": choice.head.call, "at": now, "rulebook": rulebook.version}
    tx.execute(insert(receipts).values(**values, body=body))


def of_call(tx: Connection, call_sid: str) -> list[Receipt]:
    """The receipts of this call's offers, oldest first."""
    query = select(receipts).where(receipts.c.call_sid == call_sid).order_by(receipts.c.at, receipts.c.offer)
    return [
        Receipt(row.offer, row.call_sid, row.at, kept(tx, row.rulebook), row.body)
        for row in tx.execute(query)
    ]


def forget(tx: Connection, now: datetime) -> None:
    """Delete the receipts that have been kept long enough."""
    tx.execute(delete(receipts).where(receipts.c.at < now - KEPT))


def replay(receipt: Receipt) -> Choice | None:
    """Decide again, from the receipt alone."""
    floor = Memory(one.by for one in STRATEGIES.values())
    for head in receipt.body["heads"]:
        lane = Lane(head["queue"], head["language"], head["priority"], head["wants"])
        floor.wait(head["call"], lane, head["since"])
    for one in receipt.body["ready"]:
        floor.ready(_read(one))
    rules: dict[str, Rules] = dict(receipt.rulebook.rules)
    return choose(floor, rules, receipt.body["at"])


def _written(one: Candidate) -> dict[str, Any]:
    fields = asdict(one)
    del fields["profile"]
    profile = one.profile
    said = {"queues": profile.shares, "skills": profile.levels, "rarity": profile.rarity}
    return fields | said | ({"interprets": True} if profile.interprets else {})


def _read(written: dict[str, Any]) -> Candidate:
    fields = dict(written)
    interprets = fields.pop("interprets", False)
    profile = Profile.of(fields.pop("queues"), fields.pop("skills"), fields.pop("rarity"), interprets)
    return Candidate(profile=profile, **fields)
