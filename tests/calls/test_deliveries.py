"""Webhooks come twice, at the same time, late, or never: the end is the same."""

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# What follows from the caller's place in the queue may differ between two askings; nothing else may.
MAY_DIFFER = ("/voice/wait", "/voice/hold")


class Postman:
    """Stands before the web application and delivers each of the carrier's requests in its own way."""

    def __init__(self, app: Wsgi, way: str) -> None:
        self.app, self.way = app, way
        self.different: list[str] = []
        self.lost = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"]
        if self.way == "lost" and path in ("/voice/status", "/agent/status", "/conference", "/agent/talked"):
            self.lost += 1
            start("204 No Content", [])
            return [b""]
        if self.way in ("once", "lost"):
            status, headers, answer = self._deliver(environ, body)
        elif self.way == "twice":
            status, headers, answer = self._deliver(environ, body)
            self._compare(path, answer, self._deliver(environ, body)[2])
        else:
            status, headers, answer = self._at_once(environ, body, path)
        start(status, headers)
        return [answer]

    def _at_once(self, environ: dict[str, Any], body: bytes, path: str) -> tuple[str, list[Any], bytes]:
        answers: list[tuple[str, list[Any], bytes]] = []
        together = threading.Barrier(3)

        def deliver() -> None:
            together.wait()
            answers.append(self._deliver(environ, body))

        threads = [threading.Thread(target=deliver) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for other in answers[1:]:
            self._compare(path, answers[0][2], other[2])
        return answers[0]

    def _deliver(self, environ: dict[str, Any], body: bytes) -> tuple[str, list[Any], bytes]:
        said: list[Any] = []
        own = {**environ, "wsgi.input": io.BytesIO(body)}
        answer = b"".join(self.app(own, lambda status, headers, *_: said.append((status, headers))))
        return said[0][0], said[0][1], answer

    def _compare(self, path: str, one: bytes, other: bytes) -> None:
        if one != other and path not in MAY_DIFFER:
            self.different.append(f"{path}: {one!r} and then {other!r}")


@pytest.mark.parametrize("way", ["once", "twice", "at once", "lost"])
def test_a_whole_call_ends_the_same_however_its_webhooks_come(hotline: Any, way: str) -> None:
    postman = Postman(hotline.stage.app.wsgi_app, way)
    hotline.stage.app.wsgi_app = postman
    agent = hotline.agent("Kim", speaks="ko")

    call = hotline.call_from("+86 431 8888 0001")
    call.chooses("ko")
    call.rings("Kim")
    agent.answers()
    hotline.wait(5)
    agent.says("무엇을 도와드릴까요?")
    call.hears("무엇을 도와드릴까요?")
    agent.hangs_up()
    call.hears("접수 번호")
    call.is_over()
    hotline.wait(40)

    assert postman.different == []
    assert (postman.lost > 0) == (way == "lost")
    shown = call.ticket
    assert shown.ticket.number == "26030200001"
    assert (shown.ticket.state, shown.ticket.outcome, shown.ticket.agent) == ("accepted", "answered", "kim")
    told = [kind for kind in call.journal if kind not in ("step", "joined")]
    assert told == ["call-arrived", "waiting", "offered", "accepted", "talk-over", "ended"]
    assert agent.state == "ready"


@pytest.mark.parametrize("way", ["once", "twice", "at once", "lost"])
def test_a_caller_who_gives_up_is_missed_once_however_the_webhooks_come(hotline: Any, way: str) -> None:
    hotline.stage.app.wsgi_app = Postman(hotline.stage.app.wsgi_app, way)
    kim = hotline.agent("Kim")
    call = hotline.call_from()
    call.rings("Kim")
    call.hangs_up()
    hotline.wait(30)
    shown = call.ticket
    # Without the carrier's word on how it ended, the clock finds the call dead.
    assert shown.ticket.state == "call-back"
    assert shown.ticket.outcome == "abandoned"
    assert len(shown.tasks) == 1
    assert call.journal.count("ended") == 1
    assert kim.state == "ready"
