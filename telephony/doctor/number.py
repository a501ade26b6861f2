"""Is the number ours, and does the carrier send its calls to this hotline?"""

from collections.abc import Iterator
from typing import Any

from telephony.doctor.api import Api
from telephony.doctor.finding import Finding, error, fine
from telephony.links import Links

# The carrier's name of each webhook's field and of its method's, and what the console calls it.
HOOKS = (
    ("voice_url", "voice_method", "A call comes in", Links.incoming),
    ("voice_fallback_url", "voice_fallback_method", "Primary handler fails", Links.fallback),
    ("status_callback", "status_callback_method", "Call status changes", Links.status),
)
GIVES_WAY = (("trunk_sid", "a SIP trunk"), ("voice_application_sid", "a TwiML app"))


def number(api: Api) -> Iterator[Finding]:
    """Findings about the hotline's number at the carrier."""
    wanted = api.setup.number
    found = [each for each in _numbers(api, PhoneNumber=wanted) if each["phone_number"] == wanted]
    if not found:
        yield error(f"the number {wanted} does not belong to the account", _owned(api))
        return
    faults = [*_faults(found[0]), *_hooks(api, found[0])]
    yield from faults or [fine(f"calls to {wanted} come to {api.setup.public_url}")]


def _numbers(api: Api, **query: str) -> list[dict[str, Any]]:
    return list(api.ask("/IncomingPhoneNumbers", query).body.get("incoming_phone_numbers", []))


def _owned(api: Api) -> str:
    owned = [each["phone_number"] for each in _numbers(api, PageSize="5")]
    if not owned:
        return api.mend("buy one in the console, then write it as `number` in config/hotline.yml")
    return f"write one that does as `number` in config/hotline.yml: {', '.join(owned)}"


def _faults(known: dict[str, Any]) -> Iterator[Finding]:
    if known.get("capabilities", {}).get("voice") is False:
        yield error("the number has no voice, only messages", "buy a number with the voice capability")
    for name, what in GIVES_WAY:
        if known.get(name):
            yield error(
                f"the number is handed to {what} ({known[name]}), and its webhooks are not asked",
                "in the console, configure the number with: Webhook, TwiML Bin, Function",
            )


def _hooks(api: Api, known: dict[str, Any]) -> Iterator[Finding]:
    links = Links(api.setup.public_url)
    for field, method_field, label, link in HOOKS:
        # What follows # tells the carrier how patient to be, and is no part of the address.
        url, method = (known.get(field) or "").partition("#")[0], known.get(method_field)
        mend = api.mend(f"in the console, set '{label}' to {link(links)}, HTTP POST")
        if url != link(links):
            yield error(f"'{label}' of the number is {url or 'not set'}, not {link(links)}", mend)
        elif method != "POST":
            yield error(f"'{label}' of the number is asked for by {method}, not by POST", mend)
