"""Only the carrier may speak to a webhook: each request is signed with the account's token."""

import structlog
from flask import Blueprint, Flask, abort, current_app, request

from telephony.signature import Signature
from web.here import hotline

log = structlog.get_logger()
KEY = "signature"


def check(app: Flask, signature: Signature) -> None:
    """Have `app` check signatures with this token."""
    app.extensions[KEY] = signature


def guard(webhooks: Blueprint) -> Blueprint:
    """Refuse every request to these webhooks that is not signed over the public URL."""
    webhooks.before_request(_refuse_forged)
    return webhooks


def _refuse_forged() -> None:
    signature: Signature = current_app.extensions[KEY]
    url = hotline().links.asked(request.path, request.query_string.decode("latin-1"))
    sent = request.headers.get("X-Twilio-Signature", "")
    if not signature.matches(url, request.form.to_dict(flat=False), sent):
        log.warning("webhook refused: its signature is wrong", url=url, call=request.form.get("CallSid"))
        abort(403)
