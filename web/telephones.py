"""What a telephone in the browser needs: where it is connected, and a token."""

from urllib.parse import urlsplit, urlunsplit

from flask import Response, jsonify

from settings.hotline import Hotline
from telephony.access import LIFE


def signalling(settings: Hotline) -> str:
    """Where the local carrier's telephones are; nothing on Twilio, whose library knows."""
    if settings.carrier != "local":
        return ""
    url = urlsplit(settings.carrier_url)
    return urlunsplit(("wss" if url.scheme == "https" else "ws", url.netloc, url.path + "/signal", "", ""))


def hand_over(token: str, *, rings: bool) -> Response:
    """The token, for how many seconds it is good, and whether the telephone rings."""
    answer = jsonify(token=token, seconds=LIFE, rings=rings)
    answer.headers["Cache-Control"] = "no-store"
    return answer
