"""How Twilio writes a moment."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc2822(moment: datetime) -> str:
    """`Tue, 03 Mar 2026 01:00:00 +0000`, whatever the machine's own language."""
    return format_datetime(moment.astimezone(UTC))
