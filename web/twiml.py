"""TwiML as an HTTP answer."""

from flask import Response

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def twiml(document: str) -> Response:
    """Answer with this document."""
    return Response(document, content_type="text/xml; charset=utf-8")
