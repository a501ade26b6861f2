"""Recording a call: from its answer, or from the moment that REST asks for it; paused, resumed, stopped. The
end of the call ends its recordings too."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carrier.leg import Leg
from carrier.model import Callback, CarrierError, Recording
from carrier.recording import RecordingDesk

if TYPE_CHECKING:
    from carrier.voice.tape import Pause

CURRENT = "Twilio.CURRENT"
"""Stands for the recording of a call that was begun last."""


@dataclass
class Taking:
    """A recording that goes on: who is told of it, the seconds it has skipped, and since when it skips."""

    recording: Recording
    callback: Callback | None
    skipped: float = 0
    skips_since: datetime | None = None


class CallRecording(RecordingDesk):
    """The part of the exchange that records calls."""

    def record_call(self, leg: Leg, source: str, callback: Callback | None) -> None:
        """Record a call from its answer to its end. Of one that nobody answers there is no recording."""

        def answered() -> None:
            self._take(leg, source, callback)

        leg.when_answered(answered)

    def start_recording(
        self, call_sid: str, *, channels: int = 1, track: str = "both", callback: Callback | None = None
    ) -> Recording:
        """Record a call from now on. Raises CarrierError for one that isn't in progress."""
        call, leg = self.whole.find_call(call_sid), self.legs.get(call_sid)
        if leg is None or call.status != "in-progress":
            why = f"Requested resource is not eligible for recording: call {call_sid} is {call.status}"
            raise CarrierError(400, 21220, why)
        return self._take(leg, "StartCallRecordingAPI", callback, channels, track)

    def change_recording(
        self, call_sid: str, recording_sid: str, status: str, pause: "Pause" = "silence"
    ) -> Recording:
        """Let a recording be paused, in-progress or stopped. Raises CarrierError for one that is over."""
        self.whole.find_call(call_sid)
        taking = self._taking(call_sid, recording_sid)
        recording = taking.recording
        if status == "stopped":
            self._end(recording.sid)
            return recording
        self._count_skipped(taking)
        paused = status == "paused"
        if paused and pause == "skip":
            taking.skips_since = self.clock.now()
        recording.status, recording.date_updated = status, self.clock.now()
        self.medium.pause(recording, pause if paused else None)
        return recording

    def _take(
        self, leg: Leg, source: str, callback: Callback | None, channels: int = 1, track: str = "both"
    ) -> Recording:
        recording = self.begin_recording(leg, source, callback, channels=channels, track=track)
        self.takings[recording.sid] = Taking(recording, callback)
        leg.watch(lambda: self._end(recording.sid))
        return recording

    def _end(self, recording_sid: str) -> None:
        taking = self.takings.pop(recording_sid, None)
        if taking is None:
            return
        self._count_skipped(taking)
        seconds = (self.clock.now() - taking.recording.start_time).total_seconds() - taking.skipped
        self.finish_recording(taking.recording, seconds, taking.callback)

    def _count_skipped(self, taking: Taking) -> None:
        if taking.skips_since is not None:
            taking.skipped += (self.clock.now() - taking.skips_since).total_seconds()
            taking.skips_since = None

    def _taking(self, call_sid: str, recording_sid: str) -> Taking:
        its = [one for one in self.takings.values() if one.recording.call_sid == call_sid]
        if recording_sid == CURRENT and its:
            return its[-1]
        for one in its:
            if one.recording.sid == recording_sid:
                return one
        known = self.recordings.get(recording_sid)
        if known is None or known.call_sid != call_sid:
            why = f"The requested resource /Recordings/{recording_sid} was not found"
            raise CarrierError(404, 20404, why)
        raise CarrierError(
            400, 21220, f"Unable to update record. Recording {recording_sid} is {known.status}"
        )
