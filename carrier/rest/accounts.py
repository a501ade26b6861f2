"""The one account of this carrier."""

from datetime import datetime

from aiohttp import web

from carrier.model import Account
from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, STARTED
from carrier.rest.filters import select
from carrier.rest.form import form
from carrier.rest.paging import listing

routes = web.RouteTableDef()
STATUS = "active"
PARTS = {
    "applications": "Applications",
    "calls": "Calls",
    "conferences": "Conferences",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "messages": "Messages",
    "queues": "Queues",
    "recordings": "Recordings",
}


def show(account: Account, started: datetime) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{account.sid}"
    return {
        "auth_token": account.token,
        "date_created": rfc2822(started),
        "date_updated": rfc2822(started),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.sid,
        "sid": account.sid,
        "status": STATUS,
        "subresource_uris": {name: f"{uri}/{path}.json" for name, path in PARTS.items()},
        "type": "Full",
        "uri": f"{uri}.json",
    }


@routes.get("/2010-04-01/Accounts.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    accounts = select(
        [request.app[EXCHANGE].account],
        asked,
        same={"FriendlyName": lambda one: one.friendly_name, "Status": lambda _: STATUS},
        times={},
    )
    started = request.app[STARTED]
    return listing(request, asked, "accounts", accounts, lambda one: one.sid, lambda one: show(one, started))


@routes.get(f"{API}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(show(request.app[EXCHANGE].account, request.app[STARTED]))
