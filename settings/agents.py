"""config/agents.yml: the people who answer."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from settings.shape import Shape, wrong
from settings.words import Languages, Slug, Text, valid_number

LIKE = (
    'write client:kim for a seat, sip:kim@example.org for an office phone, or "+8643188880001" for any phone'
)


def _address(address: str) -> str:
    if address.startswith("+"):
        return valid_number(address)
    if re.fullmatch(r"client:[A-Za-z0-9_.-]+|sips?:[^\s@:;<>\"]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?", address):
        return address
    raise wrong(f"is '{address}', which can't be called", LIKE)


class Agent(Shape):
    """A person at a seat. Calls of a queue in a language go only to who has both."""

    name: Slug
    label: Text = Field(description="The person's name as colleagues read it", examples=["金敏俊"])
    address: Annotated[str, AfterValidator(_address)] = Field(
        description="What rings: client:NAME (a seat), sip:NAME@HOST (an office phone) or a number in quotes",
        examples=["client:kim"],
    )
    languages: Languages = Field(description="The languages the person speaks", examples=[["zh", "ko"]])
    queues: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="The queues the person serves, as named in queues.yml", examples=[["people"]]
    )
