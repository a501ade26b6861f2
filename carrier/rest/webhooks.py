"""The webhooks named in a request: where to fetch a document, and where to report what happens."""

from collections.abc import Collection

from carrier.calling import LONGEST_TWIML
from carrier.detection import LIMITS, MODES, Detection
from carrier.model import CALL_EVENTS, RECORDING_EVENTS, TRACKS, TRIM, Callback, CarrierError, Request, Taping
from carrier.rest.form import Form


def document(asked: Form, name: str, method: str = "POST") -> Request | None:
    """`Url` with `Method`, `HoldUrl` with `HoldMethod`, and so on."""
    url = asked.url(name)
    verb = asked.method(name.removesuffix("Url") + "Method", method)
    return Request(url, verb) if url else None


def callback(
    asked: Form, name: str, known: Collection[str] = CALL_EVENTS, default: tuple[str, ...] = ("completed",)
) -> Callback | None:
    """`StatusCallback` with `StatusCallbackMethod` and `StatusCallbackEvent`."""
    url = asked.url(name, code=21609)
    verb = asked.method(name + "Method")
    events = asked.many(name + "Event")
    wrong = sorted(set(events).difference(known))
    if wrong:
        raise CarrierError(400, 21626, f"Invalid {name}Event: {', '.join(wrong)}")
    return Callback(url, verb, events or default) if url else None


def taping(asked: Form, default: str = "trim-silence") -> Taping:
    """`RecordingChannels`, `RecordingTrack`, `Trim`, `RecordingStatusCallback`: how a call is recorded."""
    return Taping(
        channels=2 if asked.one_of("RecordingChannels", ("mono", "dual")) == "dual" else 1,
        track=asked.one_of("RecordingTrack", TRACKS) or "both",
        trim=trims(asked, "Trim", default),
        callback=callback(asked, "RecordingStatusCallback", RECORDING_EVENTS),
    )


def trims(asked: Form, name: str, default: str = "trim-silence") -> bool:
    return (asked.one_of(name, TRIM) or default) == "trim-silence"


def detection(asked: Form, name: str, background: bool) -> Detection | None:
    """`MachineDetection` and how to listen; `name` is the parameter that says who is told of the result."""
    for limited, limits in LIMITS.items():
        asked.whole(limited, *limits)
    mode = asked.one_of("MachineDetection", MODES)
    url, verb = asked.url(name, code=21609), asked.method(name + "Method")
    if mode is None:
        return None
    return Detection(
        mode == "DetectMessageEnd", background, Callback(url, verb) if url and background else None
    )


def inline(asked: Form) -> str | None:
    """`Twiml`, the document itself instead of an address."""
    twiml = asked.get("Twiml", "")
    if len(twiml) > LONGEST_TWIML:
        raise CarrierError(400, 32018, f"Twiml may have {LONGEST_TWIML} characters, not {len(twiml)}")
    return twiml or None
