"""Conferences: found, joined, changed, ended."""

from carrier.core import Core, forget_oldest, tidy
from carrier.detection import Detection
from carrier.dialling import cancel, ring
from carrier.ids import new_sid
from carrier.leg import Leg
from carrier.model import Callback, CarrierError, Conference, Participant, Request, Taping
from carrier.room import Room
from carrier.seats import NotAdmitted, Seat, Terms


class Conferencing(Core):
    """The part of the exchange that keeps conferences."""

    def find_conference(self, key: str) -> Conference:
        """By SID, or by the name of a conference that is going on."""
        found = self.conferences.get(key)
        if found is None and key in self.rooms:
            found = self.rooms[key].conference
        if found is None:
            raise CarrierError(404, 20404, f"The requested resource /Conferences/{key} was not found")
        return found

    def update_conference(
        self, key: str, *, status: str | None = None, announce: Request | None = None
    ) -> Conference:
        """`status="completed"` ends it for everybody; `announce` is played to everybody."""
        conference = self.find_conference(key)
        room = self.rooms.get(conference.friendly_name)
        if room is None or room.conference is not conference:
            raise CarrierError(400, 20001, f"Conference {conference.sid} has ended")
        if announce is not None and room.seats:
            room.announce(list(room.seats.values()), announce)
        if status == "completed":
            room.end("conference-ended-via-api")
        return conference

    def find_participant(self, conference_key: str, participant_key: str) -> Participant:
        """`participant_key` is a call SID or a label."""
        for one in self.find_conference(conference_key).participants.values():
            if participant_key in (one.call_sid, one.label):
                return one
        why = f"The requested resource /Participants/{participant_key} was not found"
        raise CarrierError(404, 20404, why)

    def add_participant(
        self,
        conference_key: str,
        *,
        from_: str,
        to: str,
        label: str | None = None,
        timeout: int = 60,
        time_limit: int = 14400,
        callback: Callback | None = None,
        muted: bool = False,
        beep: str = "true",
        start_conference_on_enter: bool = True,
        end_conference_on_exit: bool = False,
        wait: Request | None = None,
        conference_callback: Callback | None = None,
        coaching: bool = False,
        call_sid_to_coach: str | None = None,
        max_participants: int = 250,
        taping: Taping | None = None,
        conference_taping: Taping | None = None,
        caller_name: str | None = None,
        detection: Detection | None = None,
    ) -> Participant:
        """Call `to` and let it join when it answers; the conference may be new (by name). `taping` records
        the call, `conference_taping` the conference."""
        room = self._room(conference_key)
        leg = self.new_leg(
            from_=from_, to=tidy(to), direction="outbound-api", callback=callback, caller_name=caller_name
        )
        terms = Terms(
            label=label,
            muted=muted,
            beep=beep,
            start=start_conference_on_enter,
            end=end_conference_on_exit,
            wait=wait,
            callback=conference_callback,
            most=max_participants,
            coaching=coaching or call_sid_to_coach is not None,
            coached=call_sid_to_coach,
            taping=conference_taping,
        )
        participant = self.participant(leg, room, terms)
        participant.status = "queued"
        leg.detection = detection
        leg.limit_time(time_limit)
        room.expect(participant)
        leg.watch(lambda: room.give_up(participant))
        if taping is not None:
            self.whole.record_call(leg, "OutboundAPI", taping)
        leg.begin(self._join_when_answered(leg, room, terms, participant, timeout))
        return participant

    def update_participant(
        self,
        conference_key: str,
        participant_key: str,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_request: Request | None = None,
        announce: Request | None = None,
        wait: Request | None = None,
        beep_on_exit: bool | None = None,
        end_conference_on_exit: bool | None = None,
        coaching: bool | None = None,
        call_sid_to_coach: str | None = None,
    ) -> Participant:
        """Change what is given; everything else stays as it is, and so does all if anything is refused."""
        room, seat = self._seat(conference_key, participant_key)
        coaches, coached = coaching is not False, call_sid_to_coach or seat.participant.call_sid_to_coach
        changes_coach = coaching is not None or call_sid_to_coach is not None
        if changes_coach and coaches and coached not in room.seats:
            raise CarrierError(400, 20001, "CallSidToCoach is not in this conference")
        room.modify(seat, end_conference_on_exit, beep_on_exit)
        if changes_coach:
            room.coach(seat, coached if coaches else None)
        if muted is not None:
            room.mute(seat, muted)
        if hold is not None:
            room.hold(seat, hold, hold_request)
        if wait is not None and room.conference.status == "init":
            room.music(seat, wait)
        if announce is not None:
            room.announce([seat], announce)
        return seat.participant

    def remove_participant(self, conference_key: str, participant_key: str) -> None:
        """Take a call out of the conference; its document goes on after the Dial. One that still rings to
        be called in stops ringing."""
        participant = self.find_participant(conference_key, participant_key)
        if participant.status == "queued":
            leg = self.legs[participant.call_sid]
            leg.end(cancel(leg.call))
            return
        room, seat = self._seat(conference_key, participant_key)
        room.kick(seat)

    # what the verbs use
    def open_room(self, name: str) -> Room:
        """The conference of that name, begun if there is none."""
        room = self.rooms.get(name)
        if room is None:
            now = self.clock.now()
            conference = Conference(new_sid("CF"), self.account.sid, name, now, now)
            self.conferences[conference.sid] = conference
            forget_oldest(self.conferences, lambda one: one.status == "completed")
            room = self.rooms[name] = Room(self.whole, conference)
        return room

    def close_room(self, room: Room) -> None:
        """The name is free for a new conference."""
        if self.rooms.get(room.conference.friendly_name) is room:
            del self.rooms[room.conference.friendly_name]

    def participant(self, leg: Leg, room: Room, terms: Terms) -> Participant:
        now = self.clock.now()
        return Participant(
            call_sid=leg.call.sid,
            conference_sid=room.conference.sid,
            account_sid=self.account.sid,
            date_created=now,
            date_updated=now,
            label=terms.label,
            muted=terms.muted,
            coaching=terms.coaching,
            call_sid_to_coach=terms.coached,
            start_conference_on_enter=terms.start,
            end_conference_on_exit=terms.end,
            beep_on_exit=terms.beep in ("true", "onExit"),
        )

    async def _join_when_answered(
        self, leg: Leg, room: Room, terms: Terms, participant: Participant, timeout: int
    ) -> None:
        if not await ring(leg, timeout):
            return
        if room.conference.status == "completed":
            room = self.open_room(room.conference.friendly_name)
            participant.conference_sid = room.conference.sid
        try:
            seat = room.join(leg, terms, participant)
        except NotAdmitted as refused:
            self.alert(refused.code, refused.why, call=leg.call)
        else:
            with leg.staying(lambda: room.leave(seat)):
                await seat.over.next()
        leg.end("completed")

    def _room(self, key: str) -> Room:
        """By SID it must be going on; by name it is begun if there is none."""
        if key not in self.conferences:
            return self.open_room(key)
        room = self.rooms.get(self.conferences[key].friendly_name)
        if room is None or room.conference.sid != key:
            raise CarrierError(400, 20001, f"Conference {key} has ended")
        return room

    def _seat(self, conference_key: str, participant_key: str) -> tuple[Room, Seat]:
        participant = self.find_participant(conference_key, participant_key)
        if participant.status == "queued":
            raise CarrierError(400, 20001, f"Participant {participant_key} has not answered yet")
        room = self.rooms[self.conferences[participant.conference_sid].friendly_name]
        return room, room.seats[participant.call_sid]
