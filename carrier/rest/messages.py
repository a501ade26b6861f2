"""Text messages: send, list, fetch. They go to the telephone that is registered under the number."""

from math import ceil

from aiohttp import web

from carrier.core import tidy
from carrier.dialling import own_number
from carrier.model import CarrierError, Message
from carrier.rest.answers import answer
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found
from carrier.rest.filters import select
from carrier.rest.form import Form, form
from carrier.rest.paging import listing
from carrier.rest.phone_numbers import is_phone_number
from carrier.rest.webhooks import callback

routes = web.RouteTableDef()
LIMIT = 1600
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€")


def segments(body: str) -> int:
    """How many short messages carry `body` (3GPP TS 23.038: 7-bit letters, else UCS-2)."""
    if set(body) <= GSM | GSM_EXTENDED:
        length, alone, part = len(body) + sum(body.count(sign) for sign in GSM_EXTENDED), 160, 153
    else:
        length, alone, part = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else ceil(length / part)


def show(message: Message) -> dict[str, object]:
    return {
        "body": message.body,
        "num_segments": str(segments(message.body)),
        "direction": message.direction,
        "from": message.from_,
        "to": message.to,
        "date_updated": rfc2822(message.date_updated),
        "price": None,
        "error_message": message.error_message,
        "uri": f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}.json",
        "account_sid": message.account_sid,
        "num_media": "0",
        "status": message.status,
        "messaging_service_sid": None,
        "sid": message.sid,
        "date_sent": rfc2822(message.date_sent),
        "date_created": rfc2822(message.date_created),
        "error_code": message.error_code,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "subresource_uris": {},
    }


@routes.post(f"{API}/Messages.json")
async def create(request: web.Request) -> web.Response:
    asked = await form(request)
    exchange = request.app[EXCHANGE]
    to = tidy(asked.required("To", 21604, "A 'To' phone number is required."))
    if not is_phone_number(to):
        raise CarrierError(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    if asked.get("MessagingServiceSid"):
        raise CarrierError(404, 21701, "The Messaging Service does not exist: this carrier has none")
    from_ = tidy(asked.required("From", 21603, "A 'From' phone number is required."))
    if own_number(exchange, from_) is None:
        raise CarrierError(
            400, 21606, f"The 'From' phone number provided ({from_}) is not one of this account."
        )
    message = exchange.send_message(
        to=to, from_=from_, body=_body(asked), callback=callback(asked, "StatusCallback", ())
    )
    return answer(show(message), 201)


def _body(asked: Form) -> str:
    body = asked.required("Body", 21602, "Message body is required.")
    if len(body) > LIMIT:
        raise CarrierError(400, 21617, f"The concatenated message body exceeds the {LIMIT} character limit.")
    return body


@routes.get(f"{API}/Messages.json")
async def index(request: web.Request) -> web.Response:
    asked = await form(request)
    messages = select(
        reversed(request.app[EXCHANGE].messages.values()),
        asked,
        same={"To": lambda one: one.to, "From": lambda one: one.from_},
        times={"DateSent": lambda one: one.date_sent},
    )
    return listing(request, asked, "messages", messages, lambda one: one.sid, show)


@routes.get(f"{API}/Messages/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(show(found(request.app[EXCHANGE].messages, request.match_info["sid"], request)))
