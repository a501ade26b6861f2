"""Recordings that go on: of a call from its answer, or from the moment that REST asks for it; of a talk, of a
conference; paused, resumed, stopped. The end of what is recorded ends its recordings too."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carrier.leg import Leg
from carrier.model import Callback, CarrierError, Recording, Taping
from carrier.recording import RecordingDesk

if TYPE_CHECKING:
    from carrier.voice.tape import Pause

CURRENT = "Twilio.CURRENT"
"""Stands for the recording of a call, or of a conference, that was begun last."""


PLAIN = Taping()


@dataclass
class Taking:
    """A recording that goes on: who is told of it, the seconds it has skipped, and since when it skips."""

    recording: Recording
    callback: Callback | None
    skipped: float = 0
    skips_since: datetime | None = None


class CallRecording(RecordingDesk):
    """The part of the exchange that records calls, talks and conferences."""

    def record_call(self, leg: Leg, source: str, taping: Taping) -> None:
        """Record a call from its answer to its end. Of one that nobody answers there is no recording."""

        def answered() -> None:
            self._take_call(leg, source, taping)

        leg.when_answered(answered)

    def start_recording(self, call_sid: str, taping: Taping = PLAIN) -> Recording:
        """Record a call from now on. Raises CarrierError for one that isn't in progress."""
        call, leg = self.whole.find_call(call_sid), self.legs.get(call_sid)
        if leg is None or call.status != "in-progress":
            why = f"Requested resource is not eligible for recording: call {call_sid} is {call.status}"
            raise CarrierError(400, 21220, why)
        return self._take_call(leg, "StartCallRecordingAPI", taping)

    def take(self, leg: Leg, source: str, taping: Taping, conference_sid: str | None = None) -> Recording:
        """Record from now on, until `end_taking`."""
        recording = self.begin_recording(leg, source, taping, conference_sid)
        self.takings[recording.sid] = Taking(recording, taping.callback)
        return recording

    def end_taking(self, recording: Recording) -> None:
        """Write a recording; one that has been stopped meanwhile is written already."""
        taking = self.takings.pop(recording.sid, None)
        if taking is None:
            return
        self._count_skipped(taking)
        seconds = (self.clock.now() - recording.start_time).total_seconds() - taking.skipped
        self.finish_recording(recording, seconds, taking.callback)

    def change_recording(
        self, owner_sid: str, recording_sid: str, status: str, pause: "Pause" = "silence"
    ) -> Recording:
        """Let a recording of a call, or of a conference, be paused, in-progress or stopped. Raises
        CarrierError for one that is over."""
        if owner_sid not in self.conferences:
            self.whole.find_call(owner_sid)
        taking = self._taking(owner_sid, recording_sid)
        recording = taking.recording
        if status == "stopped":
            self.end_taking(recording)
            return recording
        self._count_skipped(taking)
        paused = status == "paused"
        if paused and pause == "skip":
            taking.skips_since = self.clock.now()
        recording.status, recording.date_updated = status, self.clock.now()
        self.medium.pause(recording, pause if paused else None)
        return recording

    def _take_call(self, leg: Leg, source: str, taping: Taping) -> Recording:
        recording = self.take(leg, source, taping)
        leg.watch(lambda: self.end_taking(recording))
        return recording

    def _count_skipped(self, taking: Taking) -> None:
        if taking.skips_since is not None:
            taking.skipped += (self.clock.now() - taking.skips_since).total_seconds()
            taking.skips_since = None

    def _taking(self, owner_sid: str, recording_sid: str) -> Taking:
        its = [one for one in self.takings.values() if one.recording.owner_sid == owner_sid]
        if recording_sid == CURRENT and its:
            return its[-1]
        for one in its:
            if one.recording.sid == recording_sid:
                return one
        known = self.recordings.get(recording_sid)
        if known is None or known.owner_sid != owner_sid:
            why = f"The requested resource /Recordings/{recording_sid} was not found"
            raise CarrierError(404, 20404, why)
        raise CarrierError(
            400, 21220, f"Unable to update record. Recording {recording_sid} is {known.status}"
        )
