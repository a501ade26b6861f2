"""Recording a live call through the API, as the official client asks and as Twilio's file says."""

import io
import time
from pathlib import Path

import av
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from carrier import mp3

PATH = "/Calls/{CallSid}/Recordings.json"
ONE = "/Calls/{CallSid}/Recordings/{Sid}.json"


def wait_for(true):
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_recording_is_begun_paused_resumed_stopped_heard_and_deleted(line, client, ask, judge, app):
    data = {
        "RecordingChannels": "dual",
        "RecordingTrack": "both",
        "RecordingStatusCallback": app.url + "/recorded",
        "RecordingStatusCallbackEvent": "in-progress completed failed",
    }
    begun = judge("POST", PATH, ask("POST", f"/Calls/{line.sid}/Recordings.json", data=data))
    assert (begun["channels"], begun["track"], begun["status"]) == (2, "both", "in-progress")
    where = f"/Calls/{line.sid}/Recordings/Twilio.CURRENT.json"
    paused = ask("POST", where, data={"Status": "paused", "PauseBehavior": "skip"})
    assert judge("POST", ONE, paused)["status"] == "paused"
    resumed = client.calls(line.sid).recordings("Twilio.CURRENT").update(status="in-progress")
    assert (resumed.sid, resumed.status) == (begun["sid"], "in-progress")
    time.sleep(0.1)
    stopped = judge("POST", ONE, ask("POST", where, data={"Status": "stopped"}))
    assert (stopped["status"], stopped["duration"]) == ("stopped", None)
    (listed,) = client.calls(line.sid).recordings.list()
    assert (listed.sid, listed.status, listed.source) == (begun["sid"], "completed", "StartCallRecordingAPI")
    wait_for(lambda: len([path for path, *_ in app.came if path == "/recorded"]) == 2)
    told = [params for path, params, _ in app.came if path == "/recorded"]
    assert [one["RecordingStatus"] for one in told] == ["in-progress", "completed"]
    assert ask("DELETE", f"/Calls/{line.sid}/Recordings/{listed.sid}.json").status_code == 204
    assert client.recordings.list() == []


def test_of_a_recording_that_is_deleted_while_it_becomes_mp3_nothing_is_left(tmp_path, monkeypatch):
    wav = tmp_path / "RE1.wav"

    def encode(of, to):
        Path(to).write_bytes(b"a voice")
        of.unlink(missing_ok=True)

    monkeypatch.setattr(mp3, "_encode", encode)
    with pytest.raises(FileNotFoundError):
        mp3.made(wav)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_is_heard_as_mp3_from_any_place_in_it_on(line, client, ask):
    recording = client.calls(line.sid).recordings.create(recording_channels="dual")
    time.sleep(0.1)
    recording = client.calls(line.sid).recordings(recording.sid).update(status="stopped")
    whole = ask("GET", f"/Recordings/{recording.sid}.mp3")
    assert whole.headers["Content-Type"] == "audio/mpeg"
    with av.open(io.BytesIO(whole.content)) as sound:
        assert (sound.format.name, sound.streams.audio[0].channels) == ("mp3", 2)
        assert 1 <= sound.duration / 1_000_000 < 1.3
    part = ask("GET", f"/Recordings/{recording.sid}.mp3", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert ask("GET", f"/Recordings/{recording.sid}").content[:4] == b"RIFF"


def test_there_is_no_sound_before_the_end_of_a_recording(line, client, ask):
    recording = client.calls(line.sid).recordings.create()
    assert (recording.channels, recording.track) == (1, "both")
    for ending in ("", ".wav", ".mp3"):
        assert ask("GET", f"/Recordings/{recording.sid}{ending}").status_code == 404
    assert ask("DELETE", f"/Recordings/{recording.sid}.json").status_code == 400


REFUSED = [
    ("/Recordings.json", {"RecordingChannels": "three"}, 400, 20001),
    ("/Recordings.json", {"RecordingTrack": "left"}, 400, 20001),
    ("/Recordings.json", {"RecordingStatusCallback": "nowhere"}, 400, 21609),
    (
        "/Recordings.json",
        {"RecordingStatusCallback": "http://x/r", "RecordingStatusCallbackEvent": "sneezed"},
        400,
        21626,
    ),
    ("/Recordings/Twilio.CURRENT.json", {"Status": "stopped"}, 404, 20404),
    ("/Recordings/Twilio.CURRENT.json", {"Status": "completed"}, 400, 20001),
    ("/Recordings/Twilio.CURRENT.json", {}, 400, 20001),
    ("/Recordings/Twilio.CURRENT.json", {"Status": "paused", "PauseBehavior": "hum"}, 400, 20001),
]


@pytest.mark.parametrize(("path", "data", "status", "code"), REFUSED)
def test_what_is_refused_begins_no_recording(line, ask, client, path, data, status, code):
    answer: requests.Response = ask("POST", f"/Calls/{line.sid}{path}", data=data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.recordings.list() == []


def test_a_call_that_is_over_is_not_recorded(client, past_call):
    with pytest.raises(TwilioRestException) as refused:
        client.calls(past_call().sid).recordings.create()
    assert (refused.value.status, refused.value.code) == (400, 21220)
