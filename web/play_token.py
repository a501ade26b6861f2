"""Who may hear the recordings of a ticket, and for how long: signed with the hotline's secret."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFE = 600  # seconds that a link may lie about


@dataclass(frozen=True)
class Pass:
    """The ticket whose recordings may be heard, and who asked for the link."""

    ticket: str
    who: str


def issue(secret: str, ticket: str, who: str) -> str:
    """A link's last part, good for ten minutes."""
    return _links(secret).dumps([ticket, who])


def opened(secret: str, link: str) -> Pass | None:
    """What the link opens; None when it is forged or too old."""
    try:
        told = _links(secret).loads(link, max_age=LIFE)
    except BadSignature:
        return None
    return Pass(*told)


def issue_sound(secret: str, sid: str, seconds: int) -> str:
    """For the page that was opened: good for as long as it takes to hear it, and ten minutes."""
    return _sounds(secret).dumps([sid, seconds])


def sound_of(secret: str, token: str) -> str | None:
    """The recording that may be heard; None when the token is forged or too old."""
    try:
        (sid, seconds), made = _sounds(secret).loads(token, return_timestamp=True)
    except BadSignature:
        return None
    return sid if datetime.now(UTC) - made <= timedelta(seconds=LIFE + seconds) else None


def _links(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="recordings of a ticket")


def _sounds(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="sound of a recording")
