"""config/queues.yml: where callers wait for a person."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from settings.shape import Shape, wrong
from settings.words import Level, Slug, Texts


def _no_word(name: str) -> str:
    if name == "all":
        raise wrong("can't be called 'all'", "give it another name: 'hotline close all' closes every queue")
    return name


def _offer(what: str) -> str:
    if what != "call-back":
        raise wrong(f"is '{what}', which can't be offered", "write offer: call-back, or leave it out")
    return what


OFFERS = WithJsonSchema({"type": "string", "enum": ["call-back"]})


class Step(Shape):
    """What changes after so many seconds of waiting: more agents may take the call, never fewer."""

    after: Annotated[int, Field(strict=True, ge=0, le=14400)] = Field(
        description="Seconds of waiting, 1 to 14400; 0 for an interpreter alone", examples=[30]
    )
    level: Level | None = Field(
        default=None, description="From now on this level of the caller's language is enough", examples=[2]
    )
    topics: dict[Slug, Level] = Field(
        default={},
        description="From now on these levels of the topics are enough",
        examples=[{"passport": 1}],
    )
    also: tuple[str, ...] = Field(
        default=(), description="From now on the agents of these queues too", examples=[["people"]]
    )
    interpreter: bool = Field(
        default=False,
        description="From now on an agent with an interpreter, where nobody ready speaks the language",
        examples=[True],
    )
    move: Slug | None = Field(
        default=None,
        description="Who has waited so long waits in this queue, the time already waited counted",
        examples=["people"],
    )
    offer: Annotated[str, AfterValidator(_offer), OFFERS] | None = Field(
        default=None,
        description="From now on the caller may press 2 to be called back, without losing the place",
        examples=["call-back"],
    )


class Queue(Shape):
    """A queue: who is rung for its callers, and how its callers rank among those of other queues."""

    name: Annotated[Slug, AfterValidator(_no_word)]
    label: Texts = Field(
        description="What the queue is called on pages", examples=[{"zh": "人工服务", "en": "People"}]
    )
    priority: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        default=0, description="0 to 100; each 10 make a second of waiting count once more", examples=[10]
    )
    strategy: Literal[
        "longest-idle",
        "fewest-calls",
        "least-occupied",
        "round-robin",
        "most-skilled",
        "specialists-last",
        "fastest-first",
        "sticky",
        "ring-all",
    ] = Field(
        default="longest-idle", description="Which of several agents is rung", examples=["fewest-calls"]
    )
    level: Level = Field(
        default=1, description="The level of the caller's language that an agent needs", examples=[3]
    )
    topics: dict[Slug, Level] = Field(
        default={}, description="The topics that an agent must know, and how well", examples=[{"passport": 3}]
    )
    preferred: tuple[str, ...] = Field(
        default=(), description="Languages and topics: who has more of them is rung first", examples=[["law"]]
    )
    keep_seconds: Annotated[int, Field(strict=True, ge=1, le=600)] = Field(
        default=20,
        description="With sticky: how long a caller waits for the agent of the last call alone",
        examples=[30],
    )
    hours: Slug | None = Field(
        default=None,
        description="Its opening hours, as named in calendar.yml; always where nothing is said",
        examples=["office"],
    )
    limit: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = Field(
        default=None,
        description="How many callers wait at most; who comes then, and would wait, goes where 'full' leads",
        examples=[50],
    )
    wait_limit_seconds: Annotated[int, Field(strict=True, ge=60, le=14400)] | None = Field(
        default=None,
        description="How long a caller waits here at most; as hotline.yml says where nothing is said",
        examples=[900],
    )
    timeline: tuple[Step, ...] = Field(
        default=(),
        description="What changes while a caller waits",
        examples=[[{"after": 15, "level": 2}, {"after": 30, "also": ["people"]}]],
    )

    @property
    def call_back_after(self) -> int | None:
        """After how many seconds of waiting a call-back is offered; None: never."""
        return min((step.after for step in self.timeline if step.offer == "call-back"), default=None)
