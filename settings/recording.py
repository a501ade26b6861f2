"""`recording` in config/hotline.yml: whether talks are recorded, and for how long that is kept."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from settings.shape import Shape, wrong
from settings.words import Texts


class Recording(Shape):
    """What becomes of talks and messages."""

    talks: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether talks with an agent are recorded", examples=[True]
    )
    notice: Texts = Field(
        default={},
        validate_default=True,
        description="What a caller hears before a talk that is recorded, in each language of the hotline",
        examples=[{"zh": "本次通话将被录音。", "en": "This call is recorded."}],
    )
    keep_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = Field(
        default=90, description="After how many days talks and messages are deleted", examples=[90]
    )

    @field_validator("notice")
    @classmethod
    def _nobody_is_recorded_unawares(cls, notice: Texts, others: ValidationInfo) -> Texts:
        if others.data.get("talks") and not notice:
            raise wrong(
                "has no text, and callers must be told that talks are recorded",
                "write it in each language, like {zh: 本次通话将被录音。}, or talks: false",
            )
        return notice
