"""The verbs, one file each; importing this package registers them all."""

from carrier.verbs import (
    client,
    conference,
    dial,
    enqueue,
    gather,
    hangup,
    leave,
    number,
    pause,
    play,
    queue,
    record,
    redirect,
    reject,
    say,
    sip,
)

__all__ = [
    "client",
    "conference",
    "dial",
    "enqueue",
    "gather",
    "hangup",
    "leave",
    "number",
    "pause",
    "play",
    "queue",
    "record",
    "redirect",
    "reject",
    "say",
    "sip",
]
