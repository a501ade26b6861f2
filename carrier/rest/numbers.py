"""The carrier's own numbers (IncomingPhoneNumbers) and the webhooks behind them."""

from fnmatch import fnmatchcase

from aiohttp import web

from carrier.core import tidy
from carrier.dialling import own_number
from carrier.model import CarrierError, Number
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.form import Form, form
from carrier.rest.paging import listing
from carrier.rest.phone_numbers import E164, formatted

routes = web.RouteTableDef()
URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
}
METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
}


def show(number: Number) -> dict[str, object]:
    return {
        "account_sid": number.account_sid,
        "address_sid": None,
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": rfc2822(number.date_created),
        "date_updated": rfc2822(number.date_updated),
        "friendly_name": number.friendly_name,
        "identity_sid": None,
        "phone_number": number.phone_number,
        "origin": "twilio",
        "sid": number.sid,
        "sms_application_sid": None,
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": "",
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "trunk_sid": None,
        "uri": f"/2010-04-01/Accounts/{number.account_sid}/IncomingPhoneNumbers/{number.sid}.json",
        "voice_receive_mode": "voice",
        "voice_application_sid": None,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_method": number.voice_method,
        "voice_url": number.voice_url,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "bundle_sid": None,
        "status": "in-use",
        "type": "local",
    }


def settings(asked: Form) -> dict[str, str | bool]:
    """What the request sets, by the fields of `Number` and `Application`; an empty URL clears."""
    given: dict[str, str | bool] = {}
    if "FriendlyName" in asked:
        given["friendly_name"] = asked["FriendlyName"]
    if "VoiceCallerIdLookup" in asked:
        given["voice_caller_id_lookup"] = asked.flag("VoiceCallerIdLookup") or False
    given |= {field: asked.url(name, 21402) or "" for name, field in URLS.items() if name in asked}
    return given | {field: asked.method(name) for name, field in METHODS.items() if name in asked}


@routes.get(f"{API}/IncomingPhoneNumbers.json")
async def index(request: web.Request) -> web.Response:
    """`PhoneNumber` may be a part of the number, with `*` for any digit."""
    asked = await form(request)
    part, name = asked.get("PhoneNumber", "").replace("*", "?"), asked.get("FriendlyName")
    numbers = [
        one
        for one in reversed(request.app[EXCHANGE].numbers.values())
        if fnmatchcase(one.phone_number, f"*{part}*") and name in (None, "", one.friendly_name)
    ]
    return listing(request, asked, "incoming_phone_numbers", numbers, lambda one: one.sid, show)


@routes.post(f"{API}/IncomingPhoneNumbers.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    phone_number = tidy(asked.required("PhoneNumber", 21421, "PhoneNumber is required"))
    if not E164.fullmatch(phone_number):
        raise CarrierError(
            400, 21421, f"PhoneNumber is invalid: {phone_number}, not E.164 such as +8643112345"
        )
    if own_number(exchange, phone_number):
        raise CarrierError(400, 21422, f"PhoneNumber is not available: {phone_number} is already in use")
    wanted = {"friendly_name": formatted(phone_number)} | settings(asked)
    return answer(show(exchange.add_number(phone_number, **wanted)), 201)


@routes.get(f"{API}/IncomingPhoneNumbers/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(show(found(request.app[EXCHANGE].numbers, request.match_info["sid"], request)))


@routes.post(f"{API}/IncomingPhoneNumbers/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    number = found(exchange.numbers, request.match_info["sid"], request)
    return answer(show(exchange.update_number(number.sid, **settings(asked))))


@routes.delete(f"{API}/IncomingPhoneNumbers/{{sid}}.json")
async def delete(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    exchange.remove_number(found(exchange.numbers, request.match_info["sid"], request).sid)
    return nothing()
