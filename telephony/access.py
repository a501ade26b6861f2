"""Access tokens: the app's word to the carrier that this browser is somebody's telephone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

LIFE = 3600  # seconds; a page asks for another before that
LOCAL_KEY, LOCAL_APP = "SK" + "0" * 32, "AP" + "0" * 32
NEEDED = ("TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET", "TWILIO_TWIML_APP_SID")


class NoTelephones(Exception):
    """Telephones in the browser are not set up on Twilio; the message names what is missing."""


@dataclass(frozen=True)
class Access:
    """Signs for telephones in the browser; `app_sid` is the TwiML App that their calls out go to."""

    account_sid: str
    key_sid: str
    key_secret: str
    app_sid: str

    @classmethod
    def of(
        cls, carrier: str, account_sid: str, auth_token: str, environ: Mapping[str, str] = os.environ
    ) -> "Access":
        """On the local carrier the account's own token signs; Twilio wants an API key.

        Raises NoTelephones.
        """
        if carrier == "local":
            return cls(account_sid, LOCAL_KEY, auth_token, LOCAL_APP)
        missing = [name for name in NEEDED if not environ.get(name)]
        if missing:
            raise NoTelephones(f"{' and '.join(missing)} must be set for telephones in the browser")
        key, secret, app = (environ[name] for name in NEEDED)
        return cls(account_sid, key, secret, app)

    def token(self, identity: str, *, rings: bool = False, calls: bool = False) -> str:
        """A token for the telephone client:`identity`, which may ring, or call out."""
        made = AccessToken(self.account_sid, self.key_sid, self.key_secret, identity=identity, ttl=LIFE)
        made.add_grant(
            VoiceGrant(incoming_allow=rings, outgoing_application_sid=self.app_sid if calls else None)
        )
        return str(made.to_jwt())
