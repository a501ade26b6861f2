"""Characters that can be neither seen nor spoken."""

import re

INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# Nothing in a text; in a name or a number they make another one of it.
HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069"
WORD_WITH_HIDDEN = re.compile(rf"[!-~]*[{HIDDEN}][!-~{HIDDEN}]*")


def joined(text: str) -> str:
    """`text` with the halves in which JSON writes a sign such as 😀 put together; a half alone stays one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def unseen(text: str) -> tuple[str, str] | None:
    """What is wrong with a character of `text` that nobody can see and that changes it, and the mend."""
    if found := INVISIBLE.search(text):
        return _unseen(text, found[0]), "leave out the \\ that writes it"
    if WORD_WITH_HIDDEN.fullmatch(text):
        return _unseen(text, re.sub("[!-~]", "", text)[0]), "write the word anew, letter by letter"
    return None


def _unseen(text: str, character: str) -> str:
    shown = seen(text) if len(text) <= 40 else f"{seen(text)[:39]}…"
    return f"'{shown}' has an invisible character (U+{ord(character):04X}) in it"


def seen(text: str) -> str:
    """`text` without such characters."""
    return re.sub(f"[{HIDDEN}]", "", INVISIBLE.sub("", text))
