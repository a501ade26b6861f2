"""`presence` in config/hotline.yml: what follows a missed call, and why agents may pause."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator

from settings.shape import Shape, wrong
from settings.words import Slug, Texts

OWN = ("missed", "declined", "unreachable", "caller-gone")  # reasons that the hotline itself gives


def _of_agents(name: str) -> str:
    if name in OWN:
        raise wrong(f"is '{name}', a reason that the hotline itself gives", "give it another name")
    return name


class PresenceRules(Shape):
    """How the hotline takes what agents do."""

    missed: Literal["pause", "ready", "offline"] = Field(
        default="pause",
        description="What an agent is who has not answered: paused, ready for the next call, or offline",
        examples=["pause"],
    )
    misses: Annotated[int, Field(strict=True, ge=1, le=20)] = Field(
        default=1, description="After how many missed calls in a row", examples=[2]
    )
    reasons: dict[Annotated[Slug, AfterValidator(_of_agents)], Texts] = Field(
        default={},
        description="Why agents may pause, each with its text on pages; any word where nothing is said",
        examples=[{"lunch": {"zh": "午餐", "en": "Lunch"}}],
    )

    @field_validator("reasons", mode="before")
    @classmethod
    def _some_or_left_out(cls, reasons: Any) -> Any:
        if reasons is None or reasons == {}:
            raise wrong("is empty", "write lunch: and its texts, or leave the key out")
        return reasons
