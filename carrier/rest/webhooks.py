"""The webhooks named in a request: where to fetch a document, and where to report what happens."""

from carrier.model import Callback, CarrierError, Request
from carrier.rest.form import Form

TWIML_LIMIT = 4000
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
CONFERENCE_EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
RECORDING_EVENTS = ("in-progress", "completed", "absent")


def document(asked: Form, name: str, method: str = "POST") -> Request | None:
    """`Url` with `Method`, `HoldUrl` with `HoldMethod`, and so on."""
    url = asked.url(name)
    verb = asked.method(name.removesuffix("Url") + "Method", method)
    return Request(url, verb) if url else None


def callback(
    asked: Form, name: str, known: tuple[str, ...] = CALL_EVENTS, default: tuple[str, ...] = ("completed",)
) -> Callback | None:
    """`StatusCallback` with `StatusCallbackMethod` and `StatusCallbackEvent`."""
    url = asked.url(name, code=21609)
    verb = asked.method(name + "Method")
    events = asked.many(name + "Event")
    wrong = sorted(set(events) - set(known))
    if wrong:
        raise CarrierError(400, 21626, f"Invalid {name}Event: {', '.join(wrong)}")
    return Callback(url, verb, events or default) if url else None


def inline(asked: Form) -> str | None:
    """`Twiml`, the document itself instead of an address."""
    twiml = asked.get("Twiml", "")
    if len(twiml) > TWIML_LIMIT:
        raise CarrierError(400, 32018, f"Twiml may have {TWIML_LIMIT} characters, not {len(twiml)}")
    return twiml or None
