"""Commands to the carrier: stored with the decision, sent after the commit, and never sent blindly twice.

Each kind is one function of the hotline and the command; what the carrier answers is told to the story.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import Connection

from agents import offers
from agents.offers import Offer, Offered
from calls import book, journal, outbox
from calls.outbox import Command
from calls.states import State
from switchboard import calling_back, ending, offering, taping
from switchboard.hotline import Hotline
from switchboard.onward import talk_of
from switchboard.resting import rules
from telephony.carrier import Gone, Refused, Unreachable

log = structlog.get_logger()

LEASE = 30.0  # seconds: longer than the carrier's answers may take
BATCH = 16
GIVE_UP = 8  # tries of a command whose outcome stays unknown or that cannot be sent
HOLD_TRIES = 5  # times that an agent may change their mind while one hold is being sent
RING_GRACE = 2  # seconds the carrier rings longer than the offer stands, so that the deadline is ours

# The carrier cannot call this very address: invalid, not a number, blocked, out of reach.
NOBODY_THERE = frozenset({13223, 13224, 13225, 21211, 21214, 21215, 21216, 21217, 21401})
# It is the hotline's own number that may not call.
NOT_FROM_HERE = frozenset({21210, 21212, 21213})

Send = Callable[[Hotline, Command], None]


def claim(hotline: Hotline, most: int = BATCH) -> list[list[Command]]:
    """Take what is due, in groups: one group's commands concern one call and are sent in order. Several
    agents who are rung for one call are rung side by side."""
    due = hotline.decide(lambda tx: outbox.claim(tx, hotline.now(), LEASE, most))
    in_order = sorted(due, key=lambda command: (_group(command), command.id))
    return [list(group) for _, group in groupby(in_order, key=_group)]


def _group(command: Command) -> str:
    return command.key if command.kind == "ring" else command.call_sid or command.key


def send_all(hotline: Hotline, commands: Sequence[Command]) -> None:
    """Send one group, in its order."""
    for command in commands:
        send(hotline, command)


def send(hotline: Hotline, command: Command) -> None:
    """Send one command and write down what came of it."""
    if command.attempts >= GIVE_UP and not _for_somebody_alone(command):
        return _fail(hotline, command, f"tried {command.attempts} times without an end")
    try:
        SENDERS[command.kind](hotline, command)
    except Gone:
        hotline.decide(lambda tx: outbox.done(tx, command.id))
    except Unreachable as error:
        _again(hotline, command, error)
    except Refused as error:
        if command.kind in ("ring", "dial") and not _nobody_there(command, error):
            return _again(hotline, command, error)  # no fault of theirs
        _fail(hotline, command, str(error), refused=True)
    else:
        hotline.decide(lambda tx: outbox.done(tx, command.id))
    return None


def _nobody_there(command: Command, error: Refused) -> bool:
    """Whether it is this very address: the carrier says so, or finds the same ring wrong once more (its codes
    grow in number). What it refuses to everybody, for credentials or too many requests, is none of that."""
    wrong = error.status == 400 and error.code not in NOT_FROM_HERE
    return error.code in NOBODY_THERE or (command.kind == "ring" and wrong and command.attempts > 0)


def _ring(hotline: Hotline, command: Command) -> None:
    """Ring the agent, unless the offer is over; a ring that may have been sent before is looked for first."""
    with hotline.store.reading() as tx:
        offer = offers.find(tx, command.offer or "")
    if offer is None or offer.state != Offered.OFFERED or offer.leg:
        return
    to = command.body["to"]
    leg = _placed_before(hotline, to, offer.created_at) if command.outcome_unknown else None
    offering.rung(hotline, offer.id, leg or _create(hotline, offer, to))


def _placed_before(hotline: Hotline, to: str, since: datetime) -> str | None:
    """A live leg to this address that is younger than its reason, and nobody's, is the one looked for."""
    legs = hotline.carrier.find_ring(to, since)
    with hotline.store.reading() as tx:
        return next((leg.sid for leg in legs if not _known(tx, leg.sid)), None)


def _known(tx: Connection, leg: str) -> bool:
    """Whether this leg is an agent's or a caller's already. One telephone may be both: an agent's seat, and
    the number at which somebody wants to be called back."""
    return offers.of_leg(tx, leg) is not None or book.find(tx, leg) is not None


def _create(hotline: Hotline, offer: Offer, to: str) -> str:
    settings = hotline.config.hotline
    return hotline.carrier.ring(
        to,
        settings.number,
        hotline.links.agent_offer(offer.id),
        hotline.links.agent_status(offer.id),
        settings.offer_seconds + RING_GRACE,
    )


def _connect(hotline: Hotline, command: Command) -> None:
    """Bring the caller to the agent; who is nowhere to be brought from has left."""
    with hotline.store.reading() as tx:
        offer = offers.find(tx, command.offer or "")
        call = book.find(tx, command.call_sid or "")
    if offer is None or call is None or offer.state != Offered.ACCEPTED or offer.joined_at:
        return
    url, line = command.body["url"], call.line
    if line is None:
        return
    try:
        _fetch(hotline, call.queue_sid, line, url)
    except Gone:
        hotline.tell(lambda tx: ending.end(hotline, tx, line, "completed"))


def _fetch(hotline: Hotline, queue_sid: str | None, call_sid: str, url: str) -> None:
    if queue_sid:
        try:
            return hotline.carrier.take_from_queue(queue_sid, call_sid, url)
        except Gone:
            pass  # on the way into the queue, or out of it: the call itself can still be redirected
    return hotline.carrier.redirect(call_sid, url)


def _dial(hotline: Hotline, command: Command) -> None:
    """Call the caller back, if the agent still waits for that; a call that may have been placed before is
    looked for first."""
    with hotline.store.reading() as tx:
        found = calling_back.wanted(tx, command.offer or "")
    if found is None or found[1].leg:
        return
    offer, call = found
    to = call.call_back or ""
    since = offer.accepted_at or offer.created_at
    leg = _placed_before(hotline, to, since) if command.outcome_unknown else None
    calling_back.dialled(hotline, offer.id, leg or _call_back(hotline, offer, to))


def _call_back(hotline: Hotline, offer: Offer, to: str) -> str:
    links = hotline.links
    return hotline.carrier.ring(
        to,
        hotline.config.hotline.number,
        links.call_back_answered(offer.id),
        links.call_back_status(offer.id),
        rules(hotline).ring_seconds,
        links.fallback(),
    )


def _redirect(hotline: Hotline, command: Command) -> None:
    """Fetch the caller out of a talk that is over, unless the next one has begun meanwhile."""
    with hotline.store.reading() as tx:
        call = book.find(tx, command.call_sid or "")
        if call is None or call.line is None or _talks_again(tx, command):
            return
    hotline.carrier.redirect(call.line, command.body["url"])


def _let_go(hotline: Hotline, command: Command) -> None:
    """Tell somebody who waits for the other of a pair, or is called back, that nothing comes of it. A
    telephone that still rings only stops."""
    try:
        hotline.carrier.redirect(command.body["sid"], command.body["url"])
    except Gone:
        hotline.carrier.hang_up(command.body["sid"])


def _hang_up(hotline: Hotline, command: Command) -> None:
    hotline.carrier.hang_up(command.body["sid"])


def _record(hotline: Hotline, command: Command) -> None:
    """Record the talk, if it goes on; a recording that may have been begun before is looked for first."""
    with hotline.store.reading() as tx:
        offer = offers.find(tx, command.offer or "")
        wanted = offer is not None and taping.may_begin(tx, offer)
        call = book.find(tx, offer.call_sid) if offer else None
    if offer is None or offer.recording or call is None or call.line is None:
        return
    sid = _recorded_before(hotline, offer, call.line) if command.outcome_unknown else None
    if sid is None and wanted:
        sid = hotline.carrier.record(call.line, hotline.links.recording())
    if sid is not None:
        taping.begun(hotline, offer.id, sid)


def _recorded_before(hotline: Hotline, offer: Offer, line: str) -> str | None:
    """A recording on this line that goes on, is younger than the talk, and no other talk's, is this one's."""
    going_on = hotline.carrier.find_recordings(line, offer.joined_at or offer.created_at)
    with hotline.store.reading() as tx:
        return next((sid for sid in going_on if offers.of_recording(tx, sid) is None), None)


def _stop_recording(hotline: Hotline, command: Command) -> None:
    line = command.body.get("line") or command.call_sid or ""
    hotline.carrier.stop_recording(line, command.body["sid"])


def _talks_again(tx: Connection, command: Command) -> bool:
    call = book.find(tx, command.call_sid or "")
    talk = talk_of(tx, call) if call else None
    return talk is not None and talk.id != command.offer


def _hold(hotline: Hotline, command: Command) -> None:
    """What counts is what the agent wants by now, however late this is, and again when it has been sent:
    two of these may be under way at once."""
    asked: bool | None = None
    for _ in range(HOLD_TRIES):
        with hotline.store.reading() as tx:
            call = book.find(tx, command.call_sid or "")
            talk = talk_of(tx, call) if call else None
        if call is None or talk is None or talk.id != command.offer or call.held == asked or not call.line:
            return
        # Its name finds the conference too, should all word of it have been lost.
        conference = call.conference_sid or hotline.carrier.find_conference(talk.id)
        hotline.carrier.hold(conference, call.line, call.held, hotline.links.hold())
        asked = call.held


SENDERS: dict[str, Send] = {
    "ring": _ring,
    "connect": _connect,
    "dial": _dial,
    "redirect": _redirect,
    "let-go": _let_go,
    "hang-up": _hang_up,
    "hold": _hold,
    "record": _record,
    "stop-recording": _stop_recording,
}


def _again(hotline: Hotline, command: Command, error: Unreachable | Refused) -> None:
    """Try later, a little later each time."""
    if command.attempts + 1 >= GIVE_UP and not _for_somebody_alone(command):
        refused = isinstance(error, Refused) and command.kind == "dial"
        return _fail(hotline, command, str(error), refused=refused)
    log.warning("carrier not reached", command=command.key, call=command.call_sid, error=str(error))
    due = hotline.now() + timedelta(seconds=min(0.5 * 2 ** min(command.attempts, 5), 10))
    return hotline.decide(lambda tx: outbox.retry(tx, command.id, due, str(error), attempts=command.attempts))


def _for_somebody_alone(command: Command) -> bool:
    """Who is alone in a conference is fetched out of it, however long the carrier cannot be reached; and whom
    an agent waits for is brought there, until the agent does no more."""
    return command.kind in ("redirect", "connect")


def _fail(hotline: Hotline, command: Command, error: str, *, refused: bool = False) -> None:
    log.error("carrier refused", command=command.key, call=command.call_sid, error=error)
    hotline.tell(lambda tx: _failed(hotline, tx, command, error, refused=refused))


def _failed(hotline: Hotline, tx: Connection, command: Command, error: str, *, refused: bool) -> None:
    offer = offers.find(tx, command.offer or "")
    call = book.find(tx, command.call_sid or "")
    if command.kind == "ring" and offer is not None and offer.state == Offered.OFFERED:
        (offering.unreachable if refused else offering.take_back)(hotline, tx, offer)
    elif command.kind == "let-go":
        offering.hang_up_leg(tx, command.body["sid"], hotline.now())
    elif command.kind == "dial":
        calling_back.not_dialled(hotline, tx, command.offer or "", refused=refused)
    elif command.kind == "hold" and call is not None and call.state == State.TALKING:
        book.change(tx, call, held=not call.held)  # the desk must not show what is not so
    elif command.kind == "redirect" and call is not None and not _talks_again(tx, command):
        # Rather than leave the caller in silence.
        offering.hang_up_leg(tx, call.line or call.sid, hotline.now())
    outbox.failed(tx, command.id, error, attempts=command.attempts)
    detail = {"command": command.kind, "error": error}
    journal.note(tx, "command-failed", now=hotline.now(), call_sid=command.call_sid, **detail)
