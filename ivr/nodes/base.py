"""What every kind of node shares: how it is registered, what it is asked, what it may answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from calls.verbs import Verb
from ivr.events import Event
from ivr.place import Facts, Place
from ivr.prompt import Prompt, Verbs
from ivr.spoken import digits
from ivr.texts import Texts
from ivr.wants import Want

PERSON = "people"  # the node that 0 and every give-up lead to: the queue of people


@dataclass(frozen=True)
class Go:
    """On to the node `then`, having said `verbs`."""

    then: str
    verbs: Verbs = ()
    entered: Mapping[str, str] | None = None
    language: str | None = None


@dataclass(frozen=True)
class Stop:
    """Stay, having said `verbs`: wait for the caller, or hand off as `wants` says."""

    verbs: tuple[Verb, ...]
    wants: Want | None = None
    tries: int = 0
    entered: Mapping[str, str] | None = None


Move = Go | Stop


@dataclass(frozen=True)
class Lead:
    """One way out of a node, for the checks and the drawings.

    `key` is what has to be pressed; a `silent` way is one that a caller takes who does nothing at all.
    """

    to: str
    path: tuple[str, ...]
    key: str | None = None
    language: str | None = None
    silent: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """A node's turn to speak: where the caller is, what is known, and the wording."""

    place: Place
    facts: Facts
    texts: Texts
    found: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str, language: str) -> str:
        """What stands for the placeholder `name`; `NAME_spoken` is the number NAME digit by digit."""
        for words in (self.found, self.place.entered, self.facts.words):
            if name in words:
                return words[name]
        base = name.removesuffix("_spoken")
        return digits(self.word(base, language), language) if base != name else ""

    def with_entered(self, entered: Mapping[str, str]) -> "Turn":
        """The same turn, the caller having entered just this."""
        return replace(self, place=replace(self.place, entered=entered))

    def with_found(self, found: Mapping[str, str]) -> "Turn":
        """The same turn, knowing what was looked up."""
        return replace(self, found=found)

    def speak(self, prompt: Prompt | None) -> Verbs:
        """`prompt` in the caller's language; in every language while none is chosen."""
        if prompt is None:
            return ()
        if "language" in self.place.entered:
            return prompt.speak(self.place.language, self.word)
        return prompt.speak_all(self.word)

    def text(self, name: str) -> Verbs:
        """The wording `name` of texts.yml in the caller's language."""
        return self.texts.prompt(name).speak(self.place.language, self.word)


class Node(BaseModel):
    """A place in the menu. It enters when the caller comes to it and answers what happens there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def enter(self, turn: Turn) -> Move:
        """What the caller hears on coming here."""
        raise NotImplementedError

    def answer(self, turn: Turn, event: Event) -> Move | None:
        """What follows `event`, or None where it means nothing here."""
        return None

    def leads(self) -> Iterator[Lead]:
        """Every way out."""
        yield from ()

    def prompts(self) -> Iterator[tuple[tuple[str, ...], Prompt]]:
        """Everything it may say, with its place in YAML."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Prompt):
                yield (name,), value


To = Annotated[str, Field(examples=[PERSON])]  # the name of a node
Said = Annotated[Prompt, Field(examples=[{"zh": "您好。", "en": "Hello."}])]

N = TypeVar("N", bound=type[Node])
KINDS: dict[str, type[Node]] = {}  # by kind
KEYS: dict[str, str] = {}  # the kind by the key that names it in YAML


def node(kind: str, key: str | None = None) -> Callable[[N], N]:
    """Register a kind of node; `key` is the YAML key that tells it, where that is not the kind's own name."""

    def register(cls: N) -> N:
        KINDS[kind] = cls
        KEYS[key or kind] = kind
        return cls

    return register
