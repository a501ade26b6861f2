"""An offer is a contract: one call, one agent, a deadline.

offered ─▶ accepted ─▶ ended, or declined, missed, withdrawn. At most one live offer (offered, pledged,
accepted) for an agent and for each place of a call, at most one of a call and role accepted: the partial
unique indexes in `store.tables` are the law.

An agent and an interpreter who serve a caller together have an offer each, with one conference. Who says yes
first has pledged it; both become accepted in one step, or none:  offered ─▶ pledged ─▶ accepted
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    TextClause,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from agents.presence import SET_BACK
from calls.states import Overtaken
from store.tables import ACCEPTED, LIVE_OFFER, offers


class Offered(StrEnum):
    """How an offer stands."""

    OFFERED = "offered"
    PLEDGED = "pledged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Role(StrEnum):
    """As what somebody is to take the call."""

    AGENT = "agent"
    INTERPRETER = "interpreter"


UNDECIDED = (Offered.OFFERED, Offered.PLEDGED)
LIVE = (*UNDECIDED, Offered.ACCEPTED)
UNTAKEN = (Offered.DECLINED, Offered.MISSED, Offered.WITHDRAWN)

MOVES: dict[Offered, tuple[Offered, ...]] = {
    Offered.OFFERED: (Offered.PLEDGED, Offered.ACCEPTED, *UNTAKEN),
    Offered.PLEDGED: (Offered.ACCEPTED, *UNTAKEN),
    Offered.ACCEPTED: (Offered.ENDED,),
}

# Asked each second, so it is made once.
OVERDUE = (
    select(offers)
    .where(
        LIVE_OFFER,
        or_(
            and_(
                offers.c.state == Offered.OFFERED,
                or_(offers.c.deadline <= bindparam("now"), offers.c.created_at > bindparam("set_back")),
            ),
            and_(
                offers.c.state == Offered.ACCEPTED,
                offers.c.joined_at.is_(None),
                or_(
                    offers.c.accepted_at <= bindparam("accepted_before"),
                    offers.c.accepted_at > bindparam("set_back"),
                ),
            ),
        ),
    )
    .order_by(offers.c.created_at, offers.c.place)
)


@dataclass(frozen=True)
class Offer:
    """A call offered to an agent. `place` tells several offers of one call apart, `conference` names the talk
    and is the id of the agent's offer; `accepted_at` is when the agent accepted or pledged. `leg` is the
    CallSid of the agent's telephone leg, `recording` the RecordingSid of the talk, once known."""

    id: str
    call_sid: str
    agent: str
    state: Offered
    version: int
    created_at: datetime
    deadline: datetime
    conference: str
    place: int = 0
    role: Role = Role.AGENT
    leg: str | None = None
    accepted_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    recording: str | None = None


def make(
    tx: Connection,
    call_sid: str,
    agent: str,
    now: datetime,
    deadline: datetime,
    place: int = 0,
    interprets: str | None = None,
) -> Offer:
    """Write a new offer, to interpret in the conference `interprets` where one is given; IntegrityError where
    the agent, or this place of the call, has a live one."""
    id, role = uuid4().hex, Role.INTERPRETER if interprets else Role.AGENT
    offer = Offer(id, call_sid, agent, Offered.OFFERED, 0, now, deadline, interprets or id, place, role)
    values = {name: getattr(offer, name) for name in offer.__dataclass_fields__}
    tx.execute(insert(offers).values(**values | {"state": str(offer.state), "role": str(role)}))
    return offer


def find(tx: Connection, offer_id: str) -> Offer | None:
    """The offer with this id."""
    return _one(tx, offers.c.id == offer_id)


def of_call(tx: Connection, call_sid: str) -> list[Offer]:
    """The live offers of this call, in the order of their agents' names."""
    return sorted(_all(tx, LIVE_OFFER, offers.c.call_sid == call_sid), key=lambda offer: offer.agent)


def talk_of(tx: Connection, call_sid: str) -> Offer | None:
    """The agent's accepted offer of this call."""
    return _one(tx, ACCEPTED, offers.c.call_sid == call_sid, offers.c.role == Role.AGENT)


def other_of(tx: Connection, offer: Offer) -> Offer | None:
    """The interpreter's offer for an agent's, live or over, and the agent's for an interpreter's; None for an
    agent who is rung alone."""
    return _one(tx, offers.c.conference == offer.conference, offers.c.id != offer.id)


def of_agent(tx: Connection, name: str) -> Offer | None:
    """The live offer of this agent."""
    return _one(tx, LIVE_OFFER, offers.c.agent == name)


def of_leg(tx: Connection, leg: str) -> Offer | None:
    """The offer, live or over, that this leg was rung for."""
    return _one(tx, offers.c.leg == leg)


def recorded_between(tx: Connection, start: datetime, end: datetime, known: Select[str]) -> list[Offer]:
    """The recorded talks that ended between these, but for those whose recording is among the `known`."""
    return _all(tx, offers.c.ended_at.between(start, end), offers.c.recording.not_in(known))


def of_recording(tx: Connection, sid: str) -> Offer | None:
    """The offer whose talk this recording is of."""
    return _one(tx, offers.c.recording == sid)


def settle(tx: Connection, offer: Offer, state: Offered, now: datetime) -> None:
    """Move an offer on; Overtaken where it has moved since it was read."""
    if state not in MOVES.get(offer.state, ()):
        raise Overtaken(offer.id)
    when = "accepted_at" if state in (Offered.PLEDGED, Offered.ACCEPTED) else "ended_at"
    _change(tx, offer, state=state, **{when: now})


def joined(tx: Connection, offer: Offer, now: datetime) -> None:
    """The caller has come into the conference."""
    if offer.state == Offered.ACCEPTED and offer.joined_at is None:
        _change(tx, offer, joined_at=now)


def recorded(tx: Connection, offer: Offer, sid: str) -> None:
    """The talk is recorded under this SID; Overtaken where the offer has moved since it was read."""
    _change(tx, offer, recording=sid)


def leg_is(tx: Connection, offer_id: str, sid: str) -> None:
    """Remember the agent's leg; the first one named stays."""
    tx.execute(
        update(offers)
        .where(offers.c.id == offer_id, offers.c.leg.is_(None))
        .values(leg=sid, version=offers.c.version + 1)  # whoever withdraws it meanwhile must hang this leg up
    )


def overdue(tx: Connection, now: datetime, accepted_before: datetime) -> list[Offer]:
    """Offers that nobody has answered by their deadline, and accepted ones whose caller has not come into the
    conference since then."""
    moments = {"now": now, "set_back": now + SET_BACK, "accepted_before": accepted_before}
    return [_offer(row) for row in tx.execute(OVERDUE, moments).mappings()]


def live(tx: Connection) -> list[Offer]:
    """Every live offer."""
    return _all(tx, LIVE_OFFER)


def _change(tx: Connection, offer: Offer, **values: Any) -> None:
    result = tx.execute(
        update(offers)
        .where(offers.c.id == offer.id, offers.c.version == offer.version)
        .values(version=offer.version + 1, **values)
    )
    if result.rowcount != 1:
        raise Overtaken(offer.id)


def _one(tx: Connection, *where: ColumnElement[bool] | TextClause) -> Offer | None:
    row = tx.execute(select(offers).where(*where)).mappings().one_or_none()
    return _offer(row) if row else None


def _all(tx: Connection, *where: ColumnElement[bool] | TextClause) -> list[Offer]:
    rows = tx.execute(select(offers).where(*where).order_by(offers.c.created_at, offers.c.place)).mappings()
    return [_offer(row) for row in rows]


def _offer(row: RowMapping) -> Offer:
    return Offer(**{**row, "state": Offered(row["state"]), "role": Role(row["role"])})
