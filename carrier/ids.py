"""SIDs: two letters that say what a thing is, and 32 hexadecimal digits."""

import re
from uuid import uuid4

SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


def new_sid(kind: str) -> str:
    """A fresh SID: CA call, QU queue, CF conference, RE recording, SM message, PN number, AP application,
    NO alert, MZ media stream, TR transcription."""
    return kind + uuid4().hex


def is_sid(text: str, kind: str) -> bool:
    """Whether `text` is a SID of that kind, rather than a name."""
    return text.startswith(kind) and SID.fullmatch(text) is not None
