"""Streams of a live call, begun and stopped through the API."""

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.base.exceptions import TwilioRestException

ALL = "/Calls/{CallSid}/Streams.json"
ONE = "/Calls/{CallSid}/Streams/{Sid}.json"


class Listener:
    """An app's WebSocket at `url`, and the frames that came to it."""

    def __init__(self, served):
        self.served, self.frames, self.sockets = served, [], []
        self.server = served.wait(self._start())
        self.url = str(self.server.make_url("/listen")).replace("http", "ws")

    async def _start(self):
        app = web.Application()
        app.router.add_get("/listen", self._take)
        server = TestServer(app)
        await server.start_server()
        return server

    async def _take(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            self.frames.append(json.loads(message.data))
            self.served.exchange.clock.activity.beat()
        return socket

    async def close(self):
        for socket in self.sockets:
            await socket.close()
        await self.server.close()

    def gets(self, event, count=1):
        """The last frame of that kind, when so many have come."""

        def come():
            return [frame for frame in self.frames if frame["event"] == event]

        assert self.served.wait(self.served.exchange.clock.until(lambda: len(come()) == count, 20))
        return come()[-1]


@pytest.fixture
def listener(served):
    this = Listener(served)
    yield this
    served.wait(this.close())


def test_a_stream_is_begun_told_its_parameters_and_stopped(served, line, listener, client, ask, judge, app):
    data = {
        "Url": listener.url,
        "Name": "mine",
        "Track": "both_tracks",
        "StatusCallback": app.url + "/streamed",
        "Parameter1.Name": "desk",
        "Parameter1.Value": "7",
    }
    begun = judge("POST", ALL, ask("POST", f"/Calls/{line.sid}/Streams.json", data=data))
    assert (begun["name"], begun["status"], begun["call_sid"]) == ("mine", "in-progress", line.sid)
    told = listener.gets("start")["start"]
    assert (told["streamSid"], told["tracks"]) == (begun["sid"], ["inbound", "outbound"])
    assert told["customParameters"] == {"desk": "7"}
    stopped = ask("POST", f"/Calls/{line.sid}/Streams/mine.json", data={"Status": "stopped"})
    assert judge("POST", ONE, stopped)["status"] == "stopped"
    listener.gets("stop")
    served.wait(served.exchange.settle())
    events = [params["StreamEvent"] for path, params, _ in app.came if path == "/streamed"]
    assert events == ["stream-started", "stream-stopped"]
    assert client.monitor.v1.alerts.list() == []


def test_a_stream_without_a_name_is_stopped_by_its_sid(line, listener, client):
    begun = client.calls(line.sid).streams.create(url=listener.url)
    assert begun.name is None
    assert listener.gets("start")["start"]["tracks"] == ["inbound"]
    assert client.calls(line.sid).streams(begun.sid).update(status="stopped").sid == begun.sid
    listener.gets("stop")
    with pytest.raises(TwilioRestException) as refused:
        client.calls(line.sid).streams(begun.sid).update(status="stopped")
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_name_is_taken_only_while_its_stream_goes_on(line, listener, client):
    streams = client.calls(line.sid).streams
    streams.create(url=listener.url, name="mine")
    with pytest.raises(TwilioRestException) as refused:
        streams.create(url=listener.url, name="mine")
    assert (refused.value.status, refused.value.code) == (400, 20001)
    listener.gets("start")
    streams("mine").update(status="stopped")
    assert streams.create(url=listener.url, name="mine").name == "mine"
    listener.gets("start", 2)


REFUSED = [
    ("Streams", {}, 400, 20001),
    ("Streams", {"Url": "https://app.example.org/listen"}, 400, 21205),
    ("Streams", {"Url": "wss://["}, 400, 21205),
    ("Streams", {"Url": "wss://x/", "Track": "left"}, 400, 20001),
    ("Streams", {"Url": "wss://x/", "StatusCallback": "nowhere"}, 400, 21609),
    ("Streams/mine", {"Status": "paused"}, 400, 20001),
    ("Streams/mine", {}, 400, 20001),
    ("Streams/mine", {"Status": "stopped"}, 404, 20404),
    ("Siprec", {"Name": "mine"}, 404, 20404),
    ("Transcriptions", {}, 404, 20404),
]


@pytest.mark.parametrize(("path", "data", "status", "code"), REFUSED)
def test_what_is_refused_streams_nothing(served, line, ask, path, data, status, code):
    answer = ask("POST", f"/Calls/{line.sid}/{path}.json", data=data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert served.exchange.legs[line.sid].streams == {}


def test_what_a_carrier_lacks_is_said_plainly(line, ask):
    answer = ask("POST", f"/Calls/{line.sid}/Siprec.json", data={"ConnectorName": "mine"})
    assert answer.json()["message"] == "This carrier has no Siprec on calls"


def test_a_call_that_is_over_is_not_streamed(client, past_call):
    with pytest.raises(TwilioRestException) as refused:
        client.calls(past_call().sid).streams.create(url="wss://app.example.org/")
    assert (refused.value.status, refused.value.code) == (400, 21220)
