"""`call_back` in config/hotline.yml: how callers are called back who have left the line."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, field_validator

from settings.shape import Shape, wrong
from settings.words import Slug

Minutes = Annotated[int, Field(strict=True, ge=1, le=10080)]
UNDIALLED = timedelta(minutes=5)  # until a caller is called whom the carrier could not dial


class CallBack(Shape):
    """Callers who asked for a call-back, or gave up waiting, keep their place and are called."""

    ring_seconds: Annotated[int, Field(strict=True, ge=10, le=60)] = Field(
        default=30, description="How long the caller's telephone rings", examples=[30]
    )
    retry_minutes: tuple[Minutes, ...] = Field(
        default=(5, 30, 120),
        description="How many minutes after each call in vain the next one follows; then a person does it",
        examples=[[5, 30, 120]],
    )
    hours: Slug | None = Field(
        default=None,
        description="When callers are called who gave up, or called again, as named in calendar.yml;"
        " whenever their queue is open where nothing is said",
        examples=["call-backs"],
    )
    abandoned_seconds: Annotated[int, Field(strict=True, ge=1, le=3600)] | None = Field(
        default=None,
        description="Who gives up after waiting so many seconds is called back; only who asks where it is"
        " left out",
        examples=[10],
    )
    keyed_per_number: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        default=2,
        description="How often within 24 hours a number may be keyed in for a call-back that is not the"
        " caller's own; 0: only the own number is called back",
        examples=[2],
    )
    keyed_per_caller: Annotated[int, Field(strict=True, ge=1, le=100)] = Field(
        default=3,
        description="For how many call-backs within 24 hours one caller may key in other numbers",
        examples=[3],
    )

    def calls_who_gave_up(self, waited: float) -> bool:
        """Whether a caller is called back who gave up after so many seconds."""
        return self.abandoned_seconds is not None and waited >= self.abandoned_seconds

    def rests(self, dials: int) -> timedelta | None:
        """How long a call-back rests that has been tried in vain so often; None: now a person has to call."""
        if dials > len(self.retry_minutes):
            return None
        return timedelta(minutes=self.retry_minutes[dials - 1]) if dials else UNDIALLED

    @field_validator("retry_minutes", mode="before")
    @classmethod
    def _listed(cls, minutes: Any) -> Any:
        if minutes is None:
            raise wrong("is empty", "write [5, 30, 120], or [] to call once and not again")
        return minutes
