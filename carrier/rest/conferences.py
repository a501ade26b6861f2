"""Conferences: list, fetch, announce something to everybody, end."""

from aiohttp import web

from carrier.model import Conference
from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.filters import select
from carrier.rest.form import form
from carrier.rest.paging import listing
from carrier.rest.webhooks import document

routes = web.RouteTableDef()


def show(conference: Conference) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{conference.account_sid}/Conferences/{conference.sid}"
    return {
        "account_sid": conference.account_sid,
        "api_version": "2010-04-01",
        "date_created": rfc2822(conference.date_created),
        "date_updated": rfc2822(conference.date_updated),
        "friendly_name": conference.friendly_name,
        "region": conference.region,
        "sid": conference.sid,
        "status": conference.status,
        "uri": f"{uri}.json",
        "reason_conference_ended": conference.reason_ended,
        "call_sid_ending_conference": conference.call_sid_ending_conference,
        "subresource_uris": {
            "participants": f"{uri}/Participants.json",
            "recordings": f"{uri}/Recordings.json",
        },
    }


@routes.get(f"{API}/Conferences.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    conferences = select(
        reversed(request.app[EXCHANGE].conferences.values()),
        asked,
        same={"FriendlyName": lambda one: one.friendly_name, "Status": lambda one: one.status},
        times={"DateCreated": lambda one: one.date_created, "DateUpdated": lambda one: one.date_updated},
    )
    return listing(request, asked, "conferences", conferences, lambda one: one.sid, show)


@routes.get(f"{API}/Conferences/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(show(found(request.app[EXCHANGE].conferences, request.match_info["sid"], request)))


@routes.post(f"{API}/Conferences/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    conference = found(exchange.conferences, request.match_info["sid"], request)
    conference = exchange.update_conference(
        conference.sid,
        status=asked.one_of("Status", ("completed",)),
        announce=document(asked, "AnnounceUrl"),
    )
    return answer(show(conference))
