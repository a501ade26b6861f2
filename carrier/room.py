"""A conference while it goes on: who sits in it, who hears whom, what is reported.

init ── two are in and one of them may start it ──▶ in-progress ── an ending seat leaves, the last
leaves, or it is ended by REST ──▶ completed
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from carrier.box import Box
from carrier.callbacks import Reports
from carrier.leg import Leg
from carrier.model import Callback, CarrierError, Conference, Participant, Recording, Request
from carrier.registry import Ending
from carrier.script import MUSIC, Document, Script, hear
from carrier.seats import EVENTS, NotAdmitted, Seat, Terms, about

if TYPE_CHECKING:
    from carrier.exchange import Exchange


class Room:
    """One conference."""

    def __init__(self, exchange: "Exchange", conference: Conference) -> None:
        self.exchange = exchange
        self.conference = conference
        self.seats: dict[str, Seat] = {}
        self.expected: set[str] = set()
        """Calls that have been placed by REST and may yet join."""
        self._callback: Callback | None = None
        self._has_had_somebody = False
        self._recording: Recording | None = None
        self._reports = Reports(exchange)

    # coming and going
    def join(self, leg: Leg, terms: Terms, participant: Participant) -> Seat:
        """Sit down. Raises NotAdmitted; who asks first decides where events are reported to."""
        self._admit(terms)
        if not self._has_had_somebody:
            self._has_had_somebody, self._callback = True, terms.callback
        self.expected.discard(leg.call.sid)
        participant.status = "connected"
        seat = Seat(leg, participant, terms, Box(self.exchange.clock))
        self.seats[leg.call.sid] = seat
        self.conference.participants[leg.call.sid] = participant
        leg.audience = self
        self._tell("participant-join", participant)
        self._start_or_wait(seat)
        self._beep(seat, "onEnter", terms.beep)
        return seat

    def expect(self, participant: Participant) -> None:
        """A call that has been placed may join; it is a participant from now on."""
        self.expected.add(participant.call_sid)
        self.conference.participants[participant.call_sid] = participant

    def leave(self, seat: Seat, how: str = "left") -> None:
        """Stand up; whoever ends the conference by leaving does. `how`: left, or kicked."""
        if self.seats.pop(seat.leg.call.sid, None) is None:
            return
        taken_out = how == "kicked" or seat.leg.call.live
        self._unseat(seat, "participant_updated_via_api" if taken_out else "participant_hung_up")
        if seat.participant.end_conference_on_exit:
            self.end(f"participant-with-end-conference-on-exit-{how}", seat)
        elif not self.seats:
            self.end(f"last-participant-{how}", seat)
        else:
            self._beep(seat, "onExit", "true" if seat.participant.beep_on_exit else "false")

    def give_up(self, participant: Participant) -> None:
        """A call that was placed has ended; a conference that nobody came to is over."""
        self.expected.discard(participant.call_sid)
        if participant.status == "queued":
            participant.status = "failed"
            self.conference.participants.pop(participant.call_sid, None)
            call = self.exchange.find_call(participant.call_sid)
            failed = {"ReasonParticipantLeft": "participant_add_failed", "ParticipantCallStatus": call.status}
            self._tell("participant-leave", participant, failed)
        if not self.seats and not self.expected:
            self.end("last-participant-left")

    def kick(self, seat: Seat) -> None:
        self.leave(seat, "kicked")
        seat.over.put("kicked")

    def end(self, reason: str, by: Seat | None = None) -> None:
        """Send everybody on, and close."""
        if self.conference.status == "completed":
            return
        self.exchange.close_room(self)
        self.conference.status, self.conference.reason_ended = "completed", reason
        self.conference.date_updated = self.exchange.clock.now()
        self.conference.call_sid_ending_conference = by.leg.call.sid if by else None
        for sid in self.expected:
            self.conference.participants.pop(sid, None)
        why = "moderator_ended_conference" if by else "conference_ended_via_api"
        for seat in list(self.seats.values()):
            del self.seats[seat.leg.call.sid]
            self._unseat(seat, why)
            seat.over.put("ended")
        ending = {"ReasonConferenceEnded": reason, "Reason": reason.replace("-", " ")}
        if by is not None:
            ending["CallSidEndingConference"] = by.leg.call.sid
            if by.participant.label:
                ending["ParticipantLabelEndingConference"] = by.participant.label
        self._tell("conference-end", None, ending)
        if self._recording is not None:
            self.exchange.end_taking(self._recording)

    def _admit(self, terms: Terms) -> None:
        if len(self.seats) >= terms.most:
            raise NotAdmitted(16021, f"the conference has its {terms.most} participants")
        labels = {seat.participant.label for seat in self.seats.values()}
        if terms.coached and terms.coached not in self.seats:
            raise NotAdmitted(13240, f"coach={terms.coached[:40]!r} is not in the conference")
        if terms.label and terms.label in labels:
            raise NotAdmitted(16025, f"there is already a participant labelled {terms.label!r}")

    def _unseat(self, seat: Seat, reason: str) -> None:
        seat.hush()
        for news in seat.news:
            news.cancel()
        self.conference.participants.pop(seat.leg.call.sid, None)
        seat.participant.status = "complete"
        if seat.leg.audience is self:
            seat.leg.audience = None
        left = {"ReasonParticipantLeft": reason, "ParticipantCallStatus": seat.leg.call.status}
        self._tell("participant-leave", seat.participant, left)

    def _start_or_wait(self, seat: Seat) -> None:
        if self.conference.status == "in-progress":
            return
        starters = [one for one in self.seats.values() if one.participant.start_conference_on_enter]
        if len(self.seats) < 2 or not starters:
            if not seat.terms.silent_wait:
                self.music(seat, seat.terms.wait)
            return
        self.conference.status, self.conference.date_updated = "in-progress", self.exchange.clock.now()
        for one in self.seats.values():
            if not one.participant.hold:
                one.hush()
        self._tell("conference-start", None)
        for taping in (one.terms.taping for one in self.seats.values() if one.terms.taping):
            self._recording = self.exchange.take(seat.leg, "Conference", taping, self.conference.sid)
            return

    # who hears whom
    def others(self, leg: Leg) -> Iterable[Leg]:
        """Whoever hears `leg` speak."""
        seat = self.seats.get(leg.call.sid)
        if seat is None or not self._speaks(seat):
            return []
        speaker = seat.participant
        return [
            other.leg
            for other in self.seats.values()
            if other is not seat
            and not other.participant.hold
            and (not speaker.coaching or other.leg.call.sid == speaker.call_sid_to_coach)
        ]

    def hears(self, leg: Leg) -> bool:
        """A coach speaks to one alone."""
        seat = self.seats.get(leg.call.sid)
        return seat is not None and self._speaks(seat) and not seat.participant.coaching

    def _speaks(self, seat: Seat) -> bool:
        one = seat.participant
        return self.conference.status == "in-progress" and not one.muted and not one.hold

    def pressed(self, leg: Leg, key: str) -> None:
        seat = self.seats.get(leg.call.sid)
        if seat is not None and key == "*" and seat.terms.star_leaves:
            self.kick(seat)
            return
        for other in self.others(leg):
            self.exchange.medium.tone(other, key)

    def spoke(self, leg: Leg, seconds: float) -> None:
        """Report that somebody speaks, and when they stop."""
        seat = self.seats.get(leg.call.sid)
        if seat is None or seat.participant.muted or not self._wanted("participant-speech-start"):
            return
        self._tell("participant-speech-start", seat.participant)
        stop = "participant-speech-stop"
        self.exchange.clock.call_later(seconds, lambda: self._tell(stop, seat.participant))

    def _beep(self, mover: Seat, when: str, beep: str) -> None:
        if beep in ("true", when) and self.conference.status == "in-progress":
            for seat in self.seats.values():
                if seat is not mover and not seat.participant.hold:
                    self.exchange.medium.tone(seat.leg, "beep")

    # what REST changes
    def mute(self, seat: Seat, muted: bool) -> None:
        if seat.participant.muted != muted:
            seat.participant.muted = muted
            self._changed(seat, "participant-mute" if muted else "participant-unmute")

    def hold(self, seat: Seat, hold: bool, request: Request | None) -> None:
        """On hold a call hears music and nobody, and nobody hears it."""
        if hold:
            self.music(seat, request)
        elif seat.participant.hold:
            seat.hush()
            if self.conference.status == "init" and not seat.terms.silent_wait:
                self.music(seat, seat.terms.wait)
        if seat.participant.hold != hold:
            seat.participant.hold = hold
            self._changed(seat, "participant-hold" if hold else "participant-unhold")

    def modify(self, seat: Seat, end: bool | None, beep_on_exit: bool | None) -> None:
        """Raises CarrierError: while somebody is on hold, who ends the conference stays as it is."""
        one = seat.participant
        if end is not None and end != one.end_conference_on_exit:
            if any(other.participant.hold for other in self.seats.values()):
                why = "EndConferenceOnExit can't change while a participant is on hold"
                raise CarrierError(400, 20001, why)
            one.end_conference_on_exit = end
            self._changed(seat, "participant-modify")
        if beep_on_exit is not None and beep_on_exit != one.beep_on_exit:
            one.beep_on_exit = beep_on_exit
            self._changed(seat, "participant-modify")

    def coach(self, seat: Seat, whom: str | None) -> None:
        """From now on only `whom` hears this call; None: everybody does."""
        seat.participant.coaching = whom is not None
        seat.participant.call_sid_to_coach = whom
        self._changed(seat, "participant-modify")

    def music(self, seat: Seat, request: Request | None) -> None:
        """Let one call hear something of its own, instead of what it heard so far."""
        seat.hush()
        if request is None:
            seat.aside = self.exchange.spawn(self.exchange.medium.music(seat.leg))
        else:
            script = Script(seat.leg, MUSIC, lambda: about(self.conference, seat.participant))
            seat.aside = self.exchange.spawn(hear(seat.leg, lambda: self._play(script, request)))

    async def _play(self, script: Script, request: Request) -> None:
        """A document of the app's; the carrier's own music if it, or something in it, can't be had."""
        if await script.run(request) is Ending.FAILED or script.missed:
            await self.exchange.medium.music(script.leg)

    def announce(self, seats: list[Seat], request: Request) -> None:
        """Play something once to those in `seats`."""

        only = seats[0] if len(seats) == 1 else None
        told = about(self.conference, only.participant if only else None)

        def tell(event: str, **more: str) -> None:
            stays = only is not None and self.seats.get(only.leg.call.sid) is only
            self._tell(
                event, only.participant if only and stays else None, {"AnnounceUrl": request.url, **more}
            )

        async def play() -> None:
            first = Script(seats[0].leg, MUSIC, lambda: told)
            document = await first.fetch(request)
            if document is None:
                tell("announcement-fail", ReasonAnnouncementFailed="the announcement could not be had")
                return
            here = [seat for seat in seats if self.seats.get(seat.leg.call.sid) is seat]
            if here:  # else everybody has left meanwhile
                await asyncio.wait([self._read_to(seat, document) for seat in here])
            tell("announcement-end")

        self.exchange.spawn(play())

    def _read_to(self, seat: Seat, document: Document) -> asyncio.Task[None]:
        """Let one seat hear an announcement, and where that leads to, for as long as it is taken."""

        async def read() -> None:
            script = Script(seat.leg, MUSIC)
            step = await script.read(document)
            if isinstance(step, Request):
                await script.run(step)

        news = self.exchange.spawn(read())
        seat.news.add(news)
        news.add_done_callback(seat.news.discard)
        return news

    # what is reported
    def _changed(self, seat: Seat, event: str) -> None:
        seat.participant.date_updated = self.exchange.clock.now()
        self._tell(event, seat.participant)

    def _wanted(self, event: str) -> bool:
        callback = self._callback
        return callback is not None and any(event in EVENTS.get(one, ()) for one in callback.events)

    def _tell(self, event: str, one: Participant | None, more: Mapping[str, str] | None = None) -> None:
        if self._callback is not None and self._wanted(event):
            told = {**about(self.conference, one), "StatusCallbackEvent": event, **(more or {})}
            self._reports.send(self._callback, told)
