"""The journal in plain words, as a page or a terminal shows it."""

from collections.abc import Mapping
from typing import Any

from calls.journal import Entry

WORDS = {
    "call-arrived": "called {dialled}",
    "waiting": "waits in queue {queue} for a person who speaks {language}",
    "moved": "waits in queue {queue} now, no longer in {from_queue}",
    "turned-away": "found queue {queue} closed or full",
    "offered": "offered to {agent}",
    "interpreter-offered": "offered to {agent}, who is to interpret",
    "pledged": "{agent} accepted, and waits for the other",
    "accepted": "{agent} accepted",
    "declined": "{agent} declined",
    "missed": "{agent} did not answer in time",
    "withdrawn": "the offer to {agent} was withdrawn",
    "joined": "talks with {agent}",
    "held": "{agent} put the caller on hold",
    "resumed": "{agent} took the caller off hold",
    "agent-gone": "{agent} dropped out of the talk",
    "interpreter-left": "{agent}, who interpreted, left the talk",
    "returned": "back in queue {queue}, in the old place",
    "talk-over": "the talk with {agent} is over",
    "message-recorded": "left a message of {seconds} s",
    "talk-recorded": "the talk was recorded, {seconds} s",
    "recording-opened": "{who} opened the recordings",
    "recording-deleted": "the {what} was deleted after {days} days",
    "transferred": "was handed over to another number: {status}",
    "ended": "the call ended: {outcome}",
    "call-back-wanted": "wants to be called back",
    "call-back-agreed": "will be called back at {number}, and keeps the place",
    "gave-up": "hung up while waiting, and will be called back at {number}",
    "line-lost": "the line broke off while waiting; the caller will be called back at {number}",
    "dialled": "is being called back",
    "call-back-in-vain": "was called back in vain: {why}",
    "call-back-in-line": "in queue {queue} again, to be called back",
    "called-again": "called again before that: ticket {other}",
    "calls-again": "keeps the place of ticket {other}, whose call-back is off",
    "call-back-due": "the hotline owes a call back",
    "webhook-failed": "the hotline failed for a moment, and took the caller to a person",
    "command-failed": "the carrier did not do as told ({command}): {error}",
    "queue-closed": "{who} closed queue {queue}",
    "queue-opened": "{who} opened queue {queue}",
    "seat-ordered": "{who} ordered {agent}: {state}",
    "number-shown": "{who} had the full number shown",
}


class _Known(dict[str, Any]):
    """A word that an entry does not hold is left open instead of hiding the entry."""

    def __missing__(self, key: str) -> str:
        return "?"


def words(entry: Entry) -> str:
    """What happened, as a sentence without its end; a kind nobody taught us is shown as it is."""
    if entry.kind == "step":
        return _step(entry.detail)
    if entry.kind in WORDS:
        return WORDS[entry.kind].format_map(_Known(entry.detail))
    return " ".join([entry.kind, *(f"{name}={value}" for name, value in entry.detail.items())])


def _step(detail: Mapping[str, Any]) -> str:
    path, at, key = detail.get("path") or [], detail.get("at"), detail.get("key")
    way = " → ".join(path if not at or path[-1:] == [at] else [*path, at])
    return f"pressed {key}: {way}" if key else way
