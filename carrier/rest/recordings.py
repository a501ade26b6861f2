"""Recordings: of the account, of one call, of one conference; and their sound."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from aiohttp import web

from carrier import mp3
from carrier.exchange import Exchange
from carrier.model import Recording
from carrier.rest.answers import answer, nothing
from carrier.rest.dates import rfc2822
from carrier.rest.edge import API, EXCHANGE, found, missing
from carrier.rest.filters import select
from carrier.rest.form import form
from carrier.rest.paging import listing
from carrier.rest.webhooks import taping

routes = web.RouteTableDef()
Show = Callable[[Recording], dict[str, object]]


def _common(recording: Recording, uri: str) -> dict[str, object]:
    done = recording.status == "completed"
    return {
        "account_sid": recording.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid,
        "channels": recording.channels,
        "date_created": rfc2822(recording.date_created),
        "date_updated": rfc2822(recording.date_updated),
        "start_time": rfc2822(recording.start_time),
        "price": None,
        "price_unit": "USD",
        "duration": str(recording.duration) if done else None,
        "sid": recording.sid,
        "source": recording.source,
        "status": recording.status,
        "error_code": None,
        "encryption_details": None,
        "uri": uri,
    }


def shower(exchange: Exchange) -> Show:
    """Shows a recording of the account, with the address of its sound."""

    def show(recording: Recording) -> dict[str, object]:
        path = f"/2010-04-01/Accounts/{recording.account_sid}/Recordings/{recording.sid}"
        links: dict[str, object] = {"subresource_uris": {}, "media_url": exchange.public_url + path}
        return _common(recording, f"{path}.json") | links

    return show


def show_of_call(recording: Recording) -> dict[str, object]:
    call = f"/2010-04-01/Accounts/{recording.account_sid}/Calls/{recording.call_sid}"
    return _common(recording, f"{call}/Recordings/{recording.sid}.json") | {"track": recording.track}


def show_of_conference(recording: Recording) -> dict[str, object]:
    conference = f"/2010-04-01/Accounts/{recording.account_sid}/Conferences/{recording.conference_sid}"
    return _common(recording, f"{conference}/Recordings/{recording.sid}.json")


async def _list(request: web.Request, show: Show, recordings: Iterable[Recording]) -> web.Response:
    """The wanted ones of `recordings`, newest first."""
    asked = await form(request)
    wanted = select(
        recordings,
        asked,
        same={"CallSid": lambda one: one.call_sid, "ConferenceSid": lambda one: one.conference_sid},
        times={"DateCreated": lambda one: one.date_created},
    )
    return listing(request, asked, "recordings", wanted[::-1], lambda one: one.sid, show)


def _find(request: web.Request, **fixed: str) -> Recording:
    recording = found(request.app[EXCHANGE].recordings, request.match_info["sid"], request)
    if any(getattr(recording, name) != value for name, value in fixed.items()):
        raise missing(request)
    return recording


@routes.get(f"{API}/Recordings.json")
async def index(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    return await _list(request, shower(exchange), exchange.recordings.values())


@routes.get(f"{API}/Recordings/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return answer(shower(request.app[EXCHANGE])(_find(request)))


@routes.get(f"{API}/Recordings/{{sid:RE[0-9a-f]+}}.wav")
@routes.get(f"{API}/Recordings/{{sid:RE[0-9a-f]+}}")
async def sound(request: web.Request) -> web.StreamResponse:
    """The WAV file, once the recording is finished."""
    return web.FileResponse(_wav(request), headers={"Content-Type": "audio/x-wav"})


@routes.get(f"{API}/Recordings/{{sid:RE[0-9a-f]+}}.mp3")
async def small_sound(request: web.Request) -> web.StreamResponse:
    """The same as MP3; made when it is first asked for."""
    try:
        path = await asyncio.to_thread(mp3.made, _wav(request))
    except FileNotFoundError:  # deleted at this moment
        raise missing(request) from None
    return web.FileResponse(path, headers={"Content-Type": "audio/mpeg"})


def _wav(request: web.Request) -> Path:
    recording = _find(request)
    if recording.status != "completed" or not recording.path.is_file():
        raise missing(request)
    return recording.path


@routes.delete(f"{API}/Recordings/{{sid}}.json")
async def delete(request: web.Request) -> web.Response:
    request.app[EXCHANGE].delete_recording(_find(request).sid)
    return nothing()


@routes.get(f"{API}/Calls/{{call}}/Recordings.json")
async def index_of_call(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    call = found(exchange.calls, request.match_info["call"], request)
    mine = [one for one in exchange.recordings.values() if one.call_sid == call.sid]
    return await _list(request, show_of_call, mine)


@routes.post(f"{API}/Calls/{{call}}/Recordings.json")
async def create_of_call(request: web.Request) -> web.Response:
    """Record a call that is in progress, from now on."""
    asked = await form(request)
    wanted = taping(asked, default="do-not-trim")
    recording = request.app[EXCHANGE].start_recording(request.match_info["call"], wanted)
    return answer(show_of_call(recording), 201)


@routes.post(f"{API}/Calls/{{call}}/Recordings/{{sid}}.json")
async def update_of_call(request: web.Request) -> web.Response:
    return await _update(request, request.match_info["call"], show_of_call)


@routes.post(f"{API}/Conferences/{{conference}}/Recordings/{{sid}}.json")
async def update_of_conference(request: web.Request) -> web.Response:
    conference = found(request.app[EXCHANGE].conferences, request.match_info["conference"], request)
    return await _update(request, conference.sid, show_of_conference)


async def _update(request: web.Request, owner: str, show: Show) -> web.Response:
    """Pause, resume or stop it; `Twilio.CURRENT` is the one that was begun last."""
    asked = await form(request)
    status = asked.one_of("Status", ("stopped", "paused", "in-progress")) or asked.required("Status")
    skip = asked.one_of("PauseBehavior", ("skip", "silence")) == "skip"
    recording = request.app[EXCHANGE].change_recording(
        owner, request.match_info["sid"], status, "skip" if skip else "silence"
    )
    # It is written by now; Twilio still writes when it answers, and says only that it has stopped.
    return answer(show(recording) | {"status": status, "duration": None})


@routes.get(f"{API}/Calls/{{call}}/Recordings/{{sid}}.json")
async def fetch_of_call(request: web.Request) -> web.Response:
    return answer(show_of_call(_find(request, call_sid=request.match_info["call"])))


@routes.delete(f"{API}/Calls/{{call}}/Recordings/{{sid}}.json")
async def delete_of_call(request: web.Request) -> web.Response:
    request.app[EXCHANGE].delete_recording(_find(request, call_sid=request.match_info["call"]).sid)
    return nothing()


@routes.get(f"{API}/Conferences/{{conference}}/Recordings.json")
async def index_of_conference(request: web.Request) -> web.Response:
    exchange = request.app[EXCHANGE]
    conference = found(exchange.conferences, request.match_info["conference"], request)
    its = [one for one in exchange.recordings.values() if one.conference_sid == conference.sid]
    return await _list(request, show_of_conference, its)


@routes.get(f"{API}/Conferences/{{conference}}/Recordings/{{sid}}.json")
async def fetch_of_conference(request: web.Request) -> web.Response:
    return answer(show_of_conference(_find(request, conference_sid=request.match_info["conference"])))


@routes.delete(f"{API}/Conferences/{{conference}}/Recordings/{{sid}}.json")
async def delete_of_conference(request: web.Request) -> web.Response:
    recording = _find(request, conference_sid=request.match_info["conference"])
    request.app[EXCHANGE].delete_recording(recording.sid)
    return nothing()
