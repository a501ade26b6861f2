"""TwiML Apps: webhooks under one name, for browsers, which dial no number, and for calls that are placed."""

from collections.abc import Mapping
from dataclasses import fields

from carrier.core import Core, tidy
from carrier.ids import new_sid
from carrier.leg import Leg
from carrier.model import Application, CarrierError, Request
from carrier.script import run_call
from carrier.sounds import Handset

FIXED = {"sid", "account_sid", "date_created", "date_updated"}
SETTINGS = {one.name for one in fields(Application)} - FIXED


class Applications(Core):
    """The part of the exchange that keeps TwiML Apps."""

    def find_application(self, sid: str) -> Application:
        found = self.applications.get(sid)
        if found is None:
            raise CarrierError(404, 20404, f"The requested resource /Applications/{sid} was not found")
        return found

    def add_application(self, sid: str | None = None, /, **settings: str | bool) -> Application:
        """Settings are the fields of `Application` (voice_url, voice_method, status_callback ...)."""
        now = self.clock.now()
        application = Application(sid or new_sid("AP"), self.account.sid, now, now)
        self.applications[application.sid] = _set(application, settings)
        return application

    def update_application(self, sid: str, **settings: str | bool) -> Application:
        application = _set(self.find_application(sid), settings)
        application.date_updated = self.clock.now()
        return application

    def remove_application(self, sid: str) -> None:
        """Calls that it has answered go on."""
        del self.applications[self.find_application(sid).sid]

    def dial_application(self, handset: Handset, sid: str, from_: str, params: Mapping[str, str]) -> Leg:
        """A browser calls its application, which is told the `params` that the page has given; `To` among
        them is whatever the page wants it to be."""
        application = self.find_application(sid)
        to = params.get("To", "")
        leg = self.new_leg(from_=from_, to=tidy(to), direction="inbound", callback=application.callback)
        leg.handset, leg.fallback = handset, application.fallback
        leg.call.status = "ringing"
        told = {name: value for name, value in params.items() if name not in leg.params()}
        request = Request(
            application.voice_url, application.voice_method, told | {"ApplicationSid": application.sid}
        )
        leg.begin(run_call(leg, request))
        return leg


def _set(application: Application, settings: Mapping[str, str | bool]) -> Application:
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise TypeError(f"an application has no {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        setattr(application, name, value)
    return application
