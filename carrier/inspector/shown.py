"""How the inspector shows each thing: plain values for JSON; whatever the app wrote stays text."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime

from carrier.exchange import Exchange
from carrier.model import Alert, Call, Conference, Number, Participant, Queue
from carrier.trail import LONGEST, Asked

Shown = dict[str, object]
MOST = 100
"""Members of a queue and participants of a conference that are listed."""
SECRET = re.compile(r"(?<=://)([^/?#@:]*):[^/?#@]*@")


def call(one: Call) -> Shown:
    return {
        "sid": one.sid,
        "from": one.from_,
        "to": one.to,
        "direction": one.direction,
        "status": one.status,
        "live": one.live,
        "parent": one.parent_sid,
        "at": _moment(one.date_created),
        "answered": _moment(one.answer_time),
        "ended": _moment(one.end_time),
    }


def conference(one: Conference, exchange: Exchange) -> Shown:
    inside = list(one.participants.values())[:MOST]
    return {
        "sid": one.sid,
        "name": one.friendly_name,
        "status": one.status,
        "at": _moment(one.date_created),
        "size": len(one.participants),
        "inside": [_participant(each, exchange) for each in inside],
    }


def _participant(one: Participant, exchange: Exchange) -> Shown:
    signs = {"muted": one.muted, "on hold": one.hold, "coach": one.coaching}
    return {
        "call": one.call_sid,
        "who": one.label or _who(one.call_sid, exchange),
        "status": ", ".join(name for name, is_so in signs.items() if is_so) or one.status,
    }


def queue(one: Queue, exchange: Exchange) -> Shown:
    return {
        "sid": one.sid,
        "name": one.friendly_name,
        "size": one.current_size,
        "inside": [
            {"call": each.call_sid, "who": _who(each.call_sid, exchange), "at": _moment(each.date_enqueued)}
            for each in one.members[:MOST]
        ],
    }


def _who(call_sid: str, exchange: Exchange) -> str:
    known = exchange.calls.get(call_sid)
    if known is None:
        return call_sid
    return known.from_ if known.direction == "inbound" else known.to


def number(one: Number) -> Shown:
    return {"sid": one.sid, "number": one.phone_number, "url": masked(one.voice_url)}


def request(one: Asked) -> Shown:
    return {
        "id": f"request-{one.number}",
        "at": _moment(one.at),
        "call": one.call_sid,
        "method": one.method,
        "url": masked(one.url),
        "params": one.params,
        "status": one.status,
        "ms": None if one.seconds is None else round(one.seconds * 1000),
        "kind": one.kind,
        "size": one.size,
        "cut": one.size > LONGEST and bool(one.body),
        "answer": indented(_text(one)),
        "trouble": one.trouble,
    }


def alert(one: Alert) -> Shown:
    return {
        "id": one.sid,
        "at": _moment(one.date),
        "call": one.call_sid or "",
        "level": one.level,
        "code": one.error_code,
        "text": one.text,
        "method": one.request_method or "",
        "url": masked(one.request_url or ""),
    }


def masked(url: str) -> str:
    """A URL without the password that may stand in it."""
    return SECRET.sub(r"\1:…@", url)


def indented(text: str) -> str:
    """TwiML with one element on a line. What is no XML stays as it came; a document type declaration could
    blow it up and is none of TwiML's, so such a document is left alone, too."""
    if not text.lstrip().startswith("<") or "<!DOCTYPE" in text:
        return text
    try:
        root = ET.fromstring(text, ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))  # noqa: S314
        ET.indent(root)
        return ET.tostring(root, encoding="unicode")
    except (ET.ParseError, ValueError, RecursionError):
        return text


def _text(one: Asked) -> str:
    try:
        return one.body.decode(one.charset or "utf-8", "replace")
    except LookupError:
        return one.body.decode("utf-8", "replace")


def _moment(moment: datetime | None) -> float | None:
    """Milliseconds since 1970, as the browser counts."""
    return None if moment is None else moment.timestamp() * 1000
