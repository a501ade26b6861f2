"""The kinds of nodes, one file each. To add one: write its file and its cases, and name it here."""

from ivr.nodes import choice, collect, hang_up, hours, lookup, queue, record, say, transfer
from ivr.nodes.base import KEYS, KINDS, PERSON, Go, Lead, Move, Node, Stop, Turn

__all__ = [
    "KEYS",
    "KINDS",
    "PERSON",
    "Go",
    "Lead",
    "Move",
    "Node",
    "Stop",
    "Turn",
    "choice",
    "collect",
    "hang_up",
    "hours",
    "lookup",
    "queue",
    "record",
    "say",
    "transfer",
]
