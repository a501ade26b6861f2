"""The one account of this carrier."""

from aiohttp import web

from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, STARTED

routes = web.RouteTableDef()
PARTS = {
    "calls": "Calls",
    "conferences": "Conferences",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "messages": "Messages",
    "queues": "Queues",
    "recordings": "Recordings",
}


@routes.get(f"{API}.json")
async def fetch(request: web.Request) -> web.Response:
    account = request.app[EXCHANGE].account
    uri = f"/2010-04-01/Accounts/{account.sid}"
    started = rfc2822(request.app[STARTED])
    return answer(
        {
            "auth_token": account.token,
            "date_created": started,
            "date_updated": started,
            "friendly_name": account.friendly_name,
            "owner_account_sid": account.sid,
            "sid": account.sid,
            "status": "active",
            "subresource_uris": {name: f"{uri}/{path}.json" for name, path in PARTS.items()},
            "type": "Full",
            "uri": f"{uri}.json",
        }
    )
