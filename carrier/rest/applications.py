"""TwiML Apps: list, create, fetch, change, remove."""

from aiohttp import web

from carrier.model import Application
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.filters import select
from carrier.rest.form import form
from carrier.rest.numbers import settings
from carrier.rest.paging import listing

routes = web.RouteTableDef()
ONE = f"{API}/Applications/{{sid}}.json"


def show(application: Application) -> dict[str, object]:
    return {
        "account_sid": application.account_sid,
        "api_version": "2010-04-01",
        "date_created": rfc2822(application.date_created),
        "date_updated": rfc2822(application.date_updated),
        "friendly_name": application.friendly_name,
        "message_status_callback": None,
        "sid": application.sid,
        "sms_fallback_method": "POST",
        "sms_fallback_url": None,
        "sms_method": "POST",
        "sms_status_callback": None,
        "sms_url": None,
        "status_callback": application.status_callback or None,
        "status_callback_method": application.status_callback_method,
        "uri": f"/2010-04-01/Accounts/{application.account_sid}/Applications/{application.sid}.json",
        "voice_caller_id_lookup": application.voice_caller_id_lookup,
        "voice_fallback_method": application.voice_fallback_method,
        "voice_fallback_url": application.voice_fallback_url or None,
        "voice_method": application.voice_method,
        "voice_url": application.voice_url or None,
        "public_application_connect_enabled": False,
    }


@routes.get(f"{API}/Applications.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    applications = select(
        reversed(request.app[EXCHANGE].applications.values()),
        asked,
        same={"FriendlyName": lambda one: one.friendly_name},
        times={},
    )
    return listing(request, asked, "applications", applications, lambda one: one.sid, show)


@routes.post(f"{API}/Applications.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    return answer(show(request.app[EXCHANGE].add_application(**settings(asked))), 201)


@routes.get(ONE)
async def fetch(request: web.Request) -> web.Response:
    return answer(show(found(request.app[EXCHANGE].applications, request.match_info["sid"], request)))


@routes.post(ONE)
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    application = found(exchange.applications, request.match_info["sid"], request)
    return answer(show(exchange.update_application(application.sid, **settings(asked))))


@routes.delete(ONE)
async def delete(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    exchange.remove_application(found(exchange.applications, request.match_info["sid"], request).sid)
    return nothing()
