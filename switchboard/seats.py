"""What an agent's desk shows, and what it may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from agents import offers, presence
from agents.offers import Offer, Offered, Role
from agents.presence import Presence, Seat
from calls import book
from calls.book import Call
from settings.hotline import Hotline as Settings
from switchboard import notice
from switchboard.hotline import Hotline
from tickets.phone import masked

TOLD = timedelta(seconds=15)  # for how long a ready agent is told what became of the call that rang


class NoSeat(Exception):
    """No agent has this name; agents are listed in config/agents.yml."""


@dataclass(frozen=True)
class Other:
    """The interpreter as the agent's desk shows one, and the other way round; `state` is the offer's."""

    agent: str
    label: str
    state: Offered


@dataclass(frozen=True)
class Talk:
    """The call in hand, or offered: `caller` is masked, times are UTC. Of a `call_back` the caller is the
    number that is called. `accepted` says that this agent has; beside an `other` both must. `notice`
    says that the caller still hears what is recorded, and nobody else."""

    offer: str
    ticket: str
    caller: str
    language: str
    queue: str | None
    waiting_since: datetime | None
    role: Role
    other: Other | None
    accepted: bool
    connected: bool
    notice: bool
    held: bool
    call_back: bool


@dataclass(frozen=True)
class View:
    """A seat as its desk shows it. `reason` is why the agent is away; of a ready one, for some seconds, why
    nothing came of the last call. `reasons` are those for which the agent may pause, with their texts."""

    agent: str
    state: Presence
    reason: str | None
    then: str | None
    since: datetime
    wrap_up_until: datetime | None
    talk: Talk | None
    reasons: Mapping[str, Mapping[str, str]]


def view(hotline: Hotline, name: str) -> View:
    """The seat of this agent now; NoSeat."""
    with hotline.store.reading() as tx:
        seat = _seat(tx, name)
        return View(
            agent=seat.name,
            state=seat.state,
            reason=_reason(seat, hotline.now()),
            then=seat.then,
            since=seat.since,
            wrap_up_until=seat.wrap_up_until,
            talk=_talk(hotline, tx, name),
            reasons=hotline.config.hotline.presence.reasons,
        )


def _reason(seat: Seat, now: datetime) -> str | None:
    return None if seat.state == Presence.READY and now - seat.since >= TOLD else seat.reason


class NoReason(Exception):
    """Agents may pause for the reasons that config/hotline.yml lists, and for no other."""


def pause_reason(settings: Settings, reason: str | None) -> str:
    """The reason, or the first one of the list where none is said; NoReason names the list."""
    known = settings.presence.reasons
    if reason is None:
        return next(iter(known), "break")
    if known and reason not in known:
        raise NoReason(f"'{reason}' is no reason to pause; there are {', '.join(known)}")
    return reason


def wish(hotline: Hotline, name: str, state: Presence, reason: str | None = None) -> None:
    """The agent wants to be ready, paused or offline: now, or after the call in hand.

    NoReason where `reason` is none for a pause.
    """
    if state == Presence.PAUSED:
        reason = pause_reason(hotline.config.hotline, reason)
    hotline.tell(lambda tx: presence.wish(tx, _seat(tx, name), state, hotline.now(), reason))


def sit_down(hotline: Hotline, name: str) -> None:
    """The agent comes to the desk: ready, unless on a break, on a call or at its notes."""
    hotline.tell(lambda tx: presence.sit_down(tx, _seat(tx, name), hotline.now()))


def wrapped_up(hotline: Hotline, name: str) -> None:
    """The agent has written the call up, before the time for it ran out."""

    def work(tx: Connection) -> None:
        seat = _seat(tx, name)
        if seat.state == Presence.WRAPPING_UP:
            presence.wrapped_up(tx, seat, hotline.now())

    hotline.tell(work)


def _seat(tx: Connection, name: str) -> Seat:
    seat = presence.find(tx, name)
    if seat is None:
        raise NoSeat(f"there is no agent '{name}' in config/agents.yml")
    return seat


def _talk(hotline: Hotline, tx: Connection, name: str) -> Talk | None:
    offer = offers.of_agent(tx, name)
    call: Call | None = book.find(tx, offer.call_sid) if offer else None
    if offer is None or call is None:
        return None
    return Talk(
        offer=offer.id,
        ticket=call.ticket,
        caller=masked(call.call_back or call.caller),
        language=call.language,
        queue=call.queue,
        waiting_since=call.waiting_since,
        role=offer.role,
        other=_other(hotline, tx, offer),
        accepted=offer.state != Offered.OFFERED,
        connected=offer.joined_at is not None,
        notice=notice.being_said(call),
        held=call.held,
        call_back=call.call_back is not None,
    )


def _other(hotline: Hotline, tx: Connection, offer: Offer) -> Other | None:
    other = offers.other_of(tx, offer)
    if other is None:
        return None
    listed = hotline.config.agents.get(other.agent)
    return Other(other.agent, listed.label if listed else other.agent, other.state)
