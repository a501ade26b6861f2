"""What the nouns of <Dial> have in common."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from carrier.detection import LIMITS, MODES, Detection
from carrier.model import CALL_EVENTS, Callback, Request
from carrier.registry import Target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

CALLBACK = "statusCallback statusCallbackEvent statusCallbackMethod"
LISTENING = {name[0].lower() + name[1:]: limits for name, limits in LIMITS.items()}
DETECTION = " ".join(("machineDetection amdStatusCallback amdStatusCallbackMethod", *LISTENING))


def read_target(script: "Script", tag: "Tag", address: str) -> Target:
    """What every noun that rings has in common."""
    url = tag.url("url", script.url)
    whisper = Request(url, tag.method()) if url else None
    return Target(
        address,
        whisper,
        read_callback(script, tag),
        tag.word("sendDigits"),
        detection=_read_detection(script, tag),
    )


def _read_detection(script: "Script", tag: "Tag") -> Detection | None:
    """Of a call that is dialled the talk doesn't wait for the result."""
    for name, (least, most) in LISTENING.items():
        tag.whole(name, least, least, most)
    mode, url = tag.choice("machineDetection", MODES, ""), tag.url("amdStatusCallback", script.url)
    if not mode:
        return None
    callback = Callback(url, tag.method("amdStatusCallbackMethod")) if url else None
    return Detection(mode == "DetectMessageEnd", background=True, callback=callback)


def read_callback(
    script: "Script",
    tag: "Tag",
    name: str = "statusCallback",
    known: Collection[str] = CALL_EVENTS,
    default: tuple[str, ...] = ("completed",),
) -> Callback | None:
    """Where a noun reports to, and which events; of a word that names none, whoever wrote it is warned."""
    url = tag.url(name, script.url)
    if url is None:
        return None
    words = tag.word(f"{name}Event").split()
    for word in words:
        if word not in known:
            tag.complaints.append(
                f"{word[:40]!r} in {name}Event of <{tag.name}> is none of {', '.join(known)}"
            )
    events = tuple(word for word in words if word in known)
    return Callback(url, tag.method(f"{name}Method"), events or default)
