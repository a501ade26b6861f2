"""Recordings: WAV files of what was said, with what is known of them beside."""

import json
import math
import os
import wave
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from carrier import mp3
from carrier.callbacks import Reports
from carrier.core import CARRIER_FAULT, Core, forget_oldest
from carrier.ids import new_sid
from carrier.leg import Leg
from carrier.model import Callback, CarrierError, Recording, Taping
from carrier.times import rfc2822

MOMENTS = ("date_created", "date_updated", "start_time")
RATE = 8000
"""Samples a second, a byte each: telephone quality."""


class RecordingDesk(Core):
    """The part of the exchange that keeps recordings."""

    def find_recording(self, recording_sid: str) -> Recording:
        found = self.recordings.get(recording_sid)
        if found is None:
            why = f"The requested resource /Recordings/{recording_sid} was not found"
            raise CarrierError(404, 20404, why)
        return found

    def delete_recording(self, recording_sid: str) -> None:
        """Remove a recording's files and forget it. Raises CarrierError while it is in progress, and if the
        disk doesn't let the files go; then it is still there."""
        recording = self.find_recording(recording_sid)
        if recording.goes_on:
            stands = recording.status.replace("-", " ")
            why = f"Recording {recording_sid} is {stands} and can't be deleted yet"
            raise CarrierError(400, 20001, why)
        try:
            for path in (recording.path, _beside(recording.path), mp3.beside(recording.path)):
                path.unlink(missing_ok=True)
        except OSError as trouble:
            why = f"Recording {recording_sid} could not be removed: {trouble.strerror}"
            raise CarrierError(500, CARRIER_FAULT, why) from trouble
        del self.recordings[recording_sid]

    def begin_recording(
        self,
        leg: Leg,
        source: str,
        taping: Taping,
        conference_sid: str | None = None,
    ) -> Recording:
        """A recording that is in progress, without a file so far."""
        now = self.clock.now()
        sid = new_sid("RE")
        recording = Recording(
            sid=sid,
            account_sid=self.account.sid,
            call_sid=leg.call.sid,
            date_created=now,
            date_updated=now,
            start_time=now,
            path=self._folder / f"{sid}.wav",
            source=source,
            conference_sid=conference_sid,
            channels=taping.channels,
            track=taping.track,
            trim=taping.trim,
        )
        self.recordings[sid] = recording
        self.medium.tape(recording, leg)
        forget_oldest(self.recordings, lambda one: one.status == "absent")
        self._report(recording, taping.callback)
        return recording

    def finish_recording(self, recording: Recording, seconds: float, callback: Callback | None) -> None:
        """Write the file and report it. A recording of nothing is absent, and so is one that the disk
        doesn't take: the call goes on without it."""
        call = self.calls.get(recording.call_sid)
        recording.date_updated = self.clock.now()
        try:
            taped = self.medium.cut(recording)
            recording.duration = math.ceil(seconds if taped is None else taped)
            recording.status = "completed" if recording.duration else "absent"
            if recording.duration and taped is None:
                _write_silence(recording)
            if recording.duration:
                _write_note(recording)
        except OSError as trouble:
            _clear_away(recording)
            recording.duration, recording.status = 0, "absent"
            self.alert(CARRIER_FAULT, f"the recording could not be kept: {trouble}", call=call)
        self._report(recording, callback)

    def recording_url(self, recording: Recording) -> str:
        """Where the sound can be fetched: WAV, with or without .wav after it; MP3 with .mp3."""
        return f"{self.public_url}/2010-04-01/Accounts/{self.account.sid}/Recordings/{recording.sid}"

    def load_recordings(self) -> None:
        """Know again what was recorded before the carrier was started. A damaged note is passed over; what a
        killed carrier left without one is nobody's to find or to delete, and goes."""
        for note in sorted(self._folder.glob("RE*.json")):
            try:
                recording = _read(note)
            except (OSError, ValueError, LookupError, TypeError) as trouble:
                self.alert(CARRIER_FAULT, f"{note} can't be read, its recording is not listed: {trouble!r}")
            else:
                self.recordings[recording.sid] = recording
        if lost := sorted({path.name.partition(".")[0] for path in self._folder.glob("RE*") if _left(path)}):
            self.alert(
                CARRIER_FAULT,
                f"removed what was not finished of recordings: {', '.join(lost)}",
                level="warning",
            )

    @property
    def _folder(self) -> Path:
        return self.folder / "recordings"

    def _report(self, recording: Recording, callback: Callback | None) -> None:
        if callback is not None and recording.status in callback.events:
            call = self.calls.get(recording.call_sid)
            Reports(self.whole, numbered=False).send(callback, self._about(recording), call)

    def _about(self, recording: Recording) -> dict[str, str]:
        about = {
            "AccountSid": recording.account_sid,
            "CallSid": recording.call_sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.recording_url(recording),
            "RecordingStatus": recording.status,
            "RecordingChannels": str(recording.channels),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
            "RecordingStartTime": rfc2822(recording.start_time),
        }
        if not recording.goes_on:
            about["RecordingDuration"] = str(recording.duration)
        return about | ({"ConferenceSid": recording.conference_sid} if recording.conference_sid else {})


def _write_silence(recording: Recording) -> None:
    """A recording of a telephone that makes no sound."""
    recording.path.parent.mkdir(parents=True, exist_ok=True)
    with recording.path.open("wb") as file, wave.open(file, "wb") as sound:
        sound.setnchannels(recording.channels)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.setnframes(RATE * recording.duration)
        for _ in range(recording.duration):
            sound.writeframesraw(b"\x80" * RATE * recording.channels)


def _write_note(recording: Recording) -> None:
    """What the recording is; written after its sound, so that a note never lacks it."""
    note = json.dumps(asdict(recording), default=_plain)
    scratch = _scratch(recording.path)
    with scratch.open("w") as beside:
        beside.write(note)
        beside.flush()
        os.fsync(beside.fileno())
    scratch.replace(_beside(recording.path))


def _clear_away(recording: Recording) -> None:
    """What has been written of a recording that the disk doesn't take whole."""
    for path in (recording.path, _scratch(recording.path)):
        with suppress(OSError):
            path.unlink()


def _left(path: Path) -> bool:
    """Whether this is a piece of a recording, or of its MP3, that nobody goes on with; it is removed."""
    sid = path.name.partition(".")[0]
    if path.with_name(f"{sid}.json").exists() and path.suffix not in (".part", ".tmp"):
        return False
    with suppress(OSError):
        path.unlink()
    return True


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _scratch(path: Path) -> Path:
    return path.with_suffix(".tmp")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(note: Path) -> Recording:
    told = json.loads(note.read_text())
    moments = {name: datetime.fromisoformat(told[name]) for name in MOMENTS}
    return Recording(**{**told, **moments, "path": note.with_suffix(".wav")})
