"""The debugger log, as Twilio's Monitor API shows it: what went wrong in webhooks, documents and requests."""

from collections.abc import Callable

from aiohttp import web

from carrier.model import Alert
from carrier.rest.answers import answer
from carrier.rest.dates import iso8601, period
from carrier.rest.edge import EXCHANGE, missing
from carrier.rest.form import form
from carrier.rest.paging import page_of

routes = web.RouteTableDef()
LEVELS = ("error", "warning", "notice", "debug")


def shower(request: web.Request) -> Callable[[Alert], dict[str, object]]:
    """Shows an alert, with absolute addresses as the Monitor API has them."""

    def show(alert: Alert) -> dict[str, object]:
        return {
            "account_sid": alert.account_sid,
            "alert_text": alert.text,
            "api_version": "2010-04-01",
            "date_created": iso8601(alert.date),
            "date_generated": iso8601(alert.date),
            "date_updated": iso8601(alert.date),
            "error_code": str(alert.error_code),
            "log_level": alert.level,
            "more_info": f"https://www.twilio.com/docs/errors/{alert.error_code}",
            "request_method": alert.request_method,
            "request_url": alert.request_url,
            "resource_sid": alert.call_sid,
            "service_sid": None,
            "sid": alert.sid,
            "url": _absolute(request, f"/v1/Alerts/{alert.sid}"),
        }

    return show


def _absolute(request: web.Request, uri: str) -> str:
    """As whoever asks reaches this server, whatever the request says of its host."""
    return request.app[EXCHANGE].public_url + uri


@routes.get("/v1/Alerts")
async def index(request: web.Request) -> web.Response:
    """Newest first; filters LogLevel, StartDate, EndDate."""
    asked = await form(request)
    level = asked.one_of("LogLevel", LEVELS)
    when = period("StartDate or EndDate", before=asked.get("EndDate", ""), after=asked.get("StartDate", ""))
    alerts = [
        alert
        for alert in reversed(request.app[EXCHANGE].alerts)
        if level in (None, alert.level) and alert.date in when
    ]
    page = page_of(alerts, asked, request.path, lambda alert: alert.sid)
    show = shower(request)
    meta = {
        "page": page.number,
        "page_size": page.size,
        "first_page_url": _absolute(request, page.first),
        "previous_page_url": _absolute(request, page.before) if page.before else None,
        "url": _absolute(request, page.here),
        "next_page_url": _absolute(request, page.after) if page.after else None,
        "key": "alerts",
    }
    return answer({"meta": meta, "alerts": [show(alert) for alert in page.items]})


@routes.get("/v1/Alerts/{sid}")
async def fetch(request: web.Request) -> web.Response:
    for alert in request.app[EXCHANGE].alerts:
        if alert.sid == request.match_info["sid"]:
            return answer(shower(request)(alert))
    raise missing(request)
