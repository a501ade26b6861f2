"""config/queues.yml: where callers wait for a person."""

from typing import Annotated

from pydantic import Field

from settings.shape import Shape
from settings.words import Slug, Texts


class Queue(Shape):
    """A queue. Who waits in one of higher `priority` goes first; among equals, who came first."""

    name: Slug
    label: Texts = Field(
        description="What the queue is called on pages", examples=[{"zh": "人工服务", "en": "People"}]
    )
    priority: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        default=0, description="0 to 100; the higher goes first", examples=[10]
    )
