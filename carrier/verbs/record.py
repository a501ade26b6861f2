"""<Record action="/recorded" maxLength="180" timeout="5" finishOnKey="#" playBeep="true"/>"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from carrier.ids import new_sid
from carrier.model import RECORDING_EVENTS, TRIM, Recording, Request, Taping
from carrier.nouns import read_callback
from carrier.registry import Step, verb
from carrier.sounds import Ears, Key, Spoken

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

ANY_KEY = "1234567890*#"


@dataclass
class Message:
    """What is being said: for how long so far, and the key that ended it."""

    recording: Recording
    seconds: float = 0
    key: str = ""
    done: bool = False


@verb(
    "Record",
    attributes="action method timeout finishOnKey maxLength playBeep recordingStatusCallback"
    " recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback trim",
    inert="channels",
)
async def record(script: "Script", tag: "Tag") -> Step:
    """Record what the caller says until a key, silence, or the time is over. Then the action is asked;
    if nothing was said, it isn't, and the document goes on. Nothing is transcribed: whoever asks for that is
    told that it has failed."""
    exchange, leg = script.exchange, script.leg
    callback = read_callback(script, tag, "recordingStatusCallback", RECORDING_EVENTS)
    trim = tag.choice("trim", TRIM, "trim-silence") == "trim-silence"
    message = Message(exchange.begin_recording(leg, "RecordVerb", Taping(trim=trim, callback=callback)))

    def finished() -> None:
        unread = sum(one.seconds for one in ears.rest() if isinstance(one, Spoken))
        message.seconds = min(message.seconds + unread, tag.whole("maxLength", 3600, 1))
        lasted = (exchange.clock.now() - message.recording.start_time).total_seconds()
        message.recording.trim |= not message.seconds  # of a message of nothing but silence nothing is kept
        kept = message.seconds if message.recording.trim else lasted
        exchange.finish_recording(message.recording, kept, callback)
        _fail_to_transcribe(script, tag, message.recording)
        if not message.done and message.seconds and not leg.call.live:
            message.key = "hangup"
            leg.notify(_action(script, tag, message), {})

    with leg.listening() as ears, leg.staying(finished):
        if tag.truth("playBeep", True):
            exchange.medium.tone(leg, "beep")
        await _listen(script, tag, ears, message)
        message.done = True
    return _action(script, tag, message) if message.seconds else None


async def _listen(script: "Script", tag: "Tag", ears: Ears, message: Message) -> None:
    """Words lengthen the message; silence counts from the end of the last ones, and with timeout 0 not at
    all."""
    clock, longest = script.exchange.clock, tag.whole("maxLength", 3600, 1)
    finish_on, silence = tag.word("finishOnKey", ANY_KEY), tag.whole("timeout", 5)
    begun = said = clock.now()
    full = begun + timedelta(seconds=longest)
    while message.seconds < longest:
        quiet = min(said + timedelta(seconds=silence), full) if silence else full
        sound = await ears.get(within=(quiet - clock.now()).total_seconds())
        match sound:
            case Spoken(_, seconds):
                said = max(said, clock.now()) + timedelta(seconds=seconds)
                message.seconds = min(message.seconds + seconds, longest)
            case Key(key) if key in finish_on:
                message.key = key
                return
            case None:
                return


def _action(script: "Script", tag: "Tag", message: Message) -> Request:
    recording = message.recording
    params = {
        "RecordingUrl": script.exchange.recording_url(recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.duration),
        "Digits": message.key,
    }
    return Request(tag.url("action", script.url) or script.url, tag.method(), params)


def _fail_to_transcribe(script: "Script", tag: "Tag", recording: Recording) -> None:
    url = tag.url("transcribeCallback", script.url)
    if not recording.duration or (url is None and not tag.truth("transcribe", False)):
        return
    tag.complaints.append("this carrier transcribes nothing: 'transcribe' of <Record> has failed")
    if url is not None:
        sid = new_sid("TR")
        account = f"{script.exchange.public_url}/2010-04-01/Accounts/{recording.account_sid}"
        params = {
            "TranscriptionSid": sid,
            "TranscriptionStatus": "failed",
            "TranscriptionText": "",
            "TranscriptionUrl": f"{account}/Transcriptions/{sid}",
            "RecordingSid": recording.sid,
            "RecordingUrl": script.exchange.recording_url(recording),
        }
        script.leg.notify(Request(url, "POST", params), {})
