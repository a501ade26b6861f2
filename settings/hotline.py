"""config/hotline.yml: who this hotline is and how it is reached."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from settings.call_backs import CallBack
from settings.presence import PresenceRules
from settings.problems import did_you_mean
from settings.recording import Recording
from settings.shape import Shape, wrong
from settings.words import HotlineNumber, Languages, Texts, WebAddress


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise wrong(f"is '{code}', which is no country", "write its two capital letters, such as CN")
    return code


def _zone(name: str) -> str:
    if re.fullmatch(r"(?i)(utc|gmt)?\s*[+-]\s*[0-9].*", name):
        raise wrong(f"is '{name}', which is no place", "name a place, such as Asia/Shanghai")
    if name not in available_timezones():
        raise wrong(f"is '{name}', a time zone there is not", did_you_mean(name, available_timezones()))
    return name


def _short_number(number: str) -> str:
    if not re.fullmatch("[0-9]{2,6}", number):
        raise wrong(
            f"is '{number}', which is no emergency number", 'write its digits in quotes, such as "110"'
        )
    return number


ITSELF = ("127.0.0.1", "localhost", "::1")
WEB_PORT = 8000

Seconds = Annotated[int, Field(strict=True)]


class Hotline(Shape):
    """The hotline as a whole."""

    name: Texts = Field(
        description="What the hotline calls itself",
        examples=[{"zh": "市长公开电话", "en": "Mayor's Hotline"}],
    )
    number: HotlineNumber = Field(
        description="The number callers dial, with + and country code, in quotes", examples=["+8643112345"]
    )
    country: Annotated[str, AfterValidator(_country)] = Field(
        description="Numbers without a country code are read as numbers of this country", examples=["CN"]
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        description="The time zone of the calendar, the tickets and everything that is said",
        examples=["Asia/Shanghai"],
    )
    languages: Languages = Field(
        description="The languages it speaks; a caller hears the first until another is chosen",
        examples=[["zh", "en"]],
    )
    carrier: Literal["local", "twilio"] = Field(
        default="local",
        description="local: the carrier that comes with the hotline; twilio: Twilio",
        examples=["local"],
    )
    public_url: WebAddress = Field(
        default="http://127.0.0.1:8000",
        validate_default=True,
        description="Where the carrier reaches the hotline; signatures are made over it, letter by letter",
        examples=["https://hotline.example.org"],
    )
    carrier_url: WebAddress = Field(
        default="http://127.0.0.1:8001",
        validate_default=True,
        description="Where the local carrier listens",
        examples=["http://127.0.0.1:8001"],
    )
    offer_seconds: Annotated[Seconds, Field(ge=5, le=120)] = Field(
        default=20,
        description="How long a call is offered to one agent before it goes to the next",
        examples=[20],
    )
    wrap_up_seconds: Annotated[Seconds, Field(ge=0, le=3600)] = Field(
        default=30, description="How long an agent has after a call before the next is offered", examples=[30]
    )
    join_seconds: Annotated[Seconds, Field(ge=5, le=120)] = Field(
        default=15, description="How long an agent who accepted waits for the caller's line", examples=[15]
    )
    wait_limit_seconds: Annotated[Seconds, Field(ge=60, le=14400)] = Field(
        default=1800,
        description="How long a caller waits at most before a message can be left",
        examples=[1800],
    )
    presence: PresenceRules = Field(
        default=PresenceRules(),
        description="What follows a missed call, and why agents may pause",
        examples=[{"missed": "pause", "misses": 1}],
    )
    recording: Recording | None = Field(
        default=None,
        description="Whether talks are recorded; without it they aren't, and messages are kept for ever",
        examples=[{"talks": False, "keep_days": 90}],
    )
    call_back: CallBack | None = Field(
        default=None,
        description="How callers are called back who have left the line; without it a person does it",
        examples=[{"retry_minutes": [5, 30, 120], "abandoned_seconds": 10}],
    )
    emergency: dict[str, Annotated[str, AfterValidator(_short_number)]] = Field(
        default={},
        description="Emergency numbers calls may be handed over to, by name",
        examples=[{"police": "110"}],
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @field_validator("recording")
    @classmethod
    def _left_out_or_said(cls, recording: Recording | None) -> Recording | None:
        if recording is None:
            raise wrong("is empty", "write recording: {talks: false, keep_days: 90}, or leave the key out")
        return recording

    @field_validator("call_back")
    @classmethod
    def _with_something_in_it(cls, call_back: CallBack | None) -> CallBack | None:
        if call_back is None:
            raise wrong("is empty", "write call_back: {retry_minutes: [5, 30, 120]}, or leave the key out")
        return call_back

    @field_validator("public_url")
    @classmethod
    def _twilio_needs_https(cls, url: str, others: ValidationInfo) -> str:
        if others.data.get("carrier") == "twilio" and not url.startswith("https://"):
            raise wrong(
                f"is '{url}', and carrier twilio needs https",
                "write public_url: https://... as Twilio reaches it",
            )
        return url

    @field_validator("public_url")
    @classmethod
    def _this_machine_needs_a_port(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname in ITSELF and not parts.port:
            at = f"http://{parts.netloc}:{WEB_PORT}{parts.path}"
            raise wrong(
                f"is '{url}', which has no port, and the hotline listens on {WEB_PORT}", f"write {at}"
            )
        return url

    @field_validator("carrier_url")
    @classmethod
    def _local_carrier_listens_there(cls, url: str, others: ValidationInfo) -> str:
        if others.data.get("carrier") != "local":
            return url
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.path:
            what = "which the local carrier can't be: it speaks http and has no path"
            raise wrong(f"is '{url}', {what}", f"write http://{parts.netloc}")
        port = parts.port or 80
        if "public_url" in others.data and port == web_port(others.data["public_url"]):
            other = f"{parts.scheme}://{_host(parts.netloc)}:{port + 1 if port < 65535 else port - 1}"
            raise wrong(f"is '{url}', and the hotline itself listens on port {port}", f"write {other}")
        return url


def web_port(public_url: str) -> int:
    """A public URL with a port is served there; behind a proxy it has none."""
    return urlsplit(public_url).port or WEB_PORT


def _host(netloc: str) -> str:
    """The host, with brackets where it has them."""
    return re.sub(":[0-9]*$", "", netloc)
