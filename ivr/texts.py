"""The wording that belongs to no node: texts.yml, one text a language under each name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from ivr.prompt import Prompt, Verbs
from ivr.spoken import COUNTED, digits

TICKET = frozenset({"ticket", "ticket_spoken"})
NAMES: Mapping[str, frozenset[str]] = {  # each name, and the placeholders it may use
    # to the caller, in the menu
    "wrong-key": TICKET,
    "no-key": TICKET,
    "wrong-digits": TICKET,
    "no-message": TICKET,
    "message-thanks": TICKET,
    "transferring": TICKET,
    "queue-full": TICKET,
    "queue-closed": TICKET,
    "error": TICKET,
    "goodbye": TICKET,
    # to the caller, in the queue and in the talk
    "waiting": frozenset({"position", "minutes"}),
    "waiting-range": frozenset({"position", "minutes", "most"}),
    "waiting-nobody": frozenset({"position"}),
    "leave-queue": TICKET,
    "connecting": TICKET,
    # to the caller who may be called back, or is
    "call-back-offer": TICKET,
    "call-back-yours": TICKET,
    "call-back-confirm": TICKET | {"number", "number_spoken"},
    "call-back-number": TICKET,
    "call-back-wrong-number": TICKET,
    "call-back-refused": TICKET,
    "call-back-agreed": TICKET,
    "call-back-not-agreed": TICKET,
    "call-back-greeting": TICKET | {"hotline"},
    "call-back-declined": TICKET,
    "call-back-later": TICKET,
    "ticket": TICKET,
    "agent-gone": TICKET,
    # to the agent
    "offer": frozenset({"language", "ticket", "ticket_spoken"}),
    "offer-interpreted": frozenset({"language", "ticket", "ticket_spoken"}),
    "offer-interpreting": frozenset({"language", "ticket", "ticket_spoken"}),
    "waiting-interpreter": frozenset(),
    "waiting-agent": frozenset(),
    "offer-call-back": frozenset({"language", "ticket", "ticket_spoken"}),
    "taken": frozenset(),
    "caller-gone": frozenset(),
    "other-gone": frozenset(),
}
SILENT = Prompt.model_construct({})


def names(languages: Iterable[str]) -> dict[str, frozenset[str]]:
    """Every name that texts.yml must hold; `language-ko` is what Korean is called."""
    return {**NAMES, **{f"language-{language}": frozenset[str]() for language in languages}}


@dataclass(frozen=True)
class Texts:
    """The wording of texts.yml."""

    entries: Mapping[str, Prompt] = field(default_factory=dict)

    def prompt(self, name: str) -> Prompt:
        """The wording `name` in all its languages; nothing where there is none."""
        return self.entries.get(name, SILENT)

    def say(self, name: str, language: str, **words: object) -> Verbs:
        """The verbs that say `name` in `language`.

        `ticket="26082700001"` fills {ticket} and {ticket_spoken}. `about="ko"` fills {language} with what
        Korean is called in `language`. `position`, `minutes` and `most` are said as people count them.
        """
        known = {key: str(value) for key, value in words.items()}
        if "about" in known:
            known["language"] = self.plain(f"language-{known['about']}", language)
        return self.prompt(name).speak(language, partial(_word, known))

    def plain(self, name: str, language: str) -> str:
        """The wording `name` as one line of text."""
        text = self.prompt(name).texts.get(language)
        return text.plain() if text else ""


def _word(known: Mapping[str, str], name: str, language: str) -> str:
    """What stands for the placeholder `name`; nothing where that is not known."""
    if name in COUNTED and name in known:
        return COUNTED[name](known[name], language)
    if name.endswith("_spoken"):
        return digits(known.get(name.removesuffix("_spoken"), ""), language)
    return known.get(name, "")
