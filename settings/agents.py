"""config/agents.yml: the people who answer."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from settings.shape import Shape, wrong
from settings.words import BEST, Language, Languages, Level, Slug, Text, valid_number

LIKE = (
    'write client:kim for a seat, sip:kim@example.org for an office phone, or "+8643188880001" for any phone'
)


def _address(address: str) -> str:
    if address.startswith("+"):
        return valid_number(address)
    if re.fullmatch(r"client:[A-Za-z0-9_.-]+|sips?:[^\s@:;<>\"]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?", address):
        return address
    raise wrong(f"is '{address}', which can't be called", LIKE)


Share = Annotated[int, Field(strict=True, ge=1, le=100)]


class Agent(Shape):
    """A person at a seat. Calls of a queue in a language go only to who has both, or to an agent of the queue
    together with an interpreter."""

    name: Slug
    label: Text = Field(description="The person's name as colleagues read it", examples=["金敏俊"])
    address: Annotated[str, AfterValidator(_address)] = Field(
        description="What rings: client:NAME (a seat), sip:NAME@HOST (an office phone) or a number in quotes",
        examples=["client:kim"],
    )
    languages: Languages = Field(description="The languages the person speaks", examples=[["zh", "ko"]])
    levels: dict[Language, Level] = Field(
        default={},
        description="How well the person speaks a language, 1 to 5; 5 where nothing is said",
        examples=[{"ko": 3}],
    )
    topics: dict[Slug, Level] = Field(
        default={},
        description="What the person knows about, and how well, 1 to 5",
        examples=[{"passport": 4}],
    )
    interpreter: bool = Field(
        default=False,
        description="Whether the person interprets for callers and colleagues; queues may then be left out",
        examples=[True],
    )
    queues: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        default=(), description="The queues the person serves, as named in queues.yml", examples=[["people"]]
    )
    shares: dict[Slug, Share] = Field(
        default={},
        description="How the person's time is divided between the queues; 1 where nothing is said",
        examples=[{"people": 3, "passports": 1}],
    )

    @property
    def skills(self) -> dict[str, int]:
        """The level of each language and of each topic."""
        return {language: self.levels.get(language, BEST) for language in self.languages} | self.topics

    @property
    def parts(self) -> dict[str, float]:
        """The share of each queue, of 1 for the greatest."""
        shares = {queue: self.shares.get(queue, 1) for queue in self.queues}
        return {queue: share / max(shares.values()) for queue, share in shares.items()}
