"""The seat API: for the agent whose desk it is, and nobody else."""

from typing import Any

import pytest

from web import seat_token

KEY = "a key for desks"


def ask(carrier: Any, method: str, path: str, agent: str | None = "kim", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {seat_token.issue(KEY, agent)}"} if agent else {}
    return carrier.client.open(path, method=method, headers=headers, **more)


def test_a_seat_shows_itself_and_obeys_its_agent(carrier: Any) -> None:
    assert ask(carrier, "GET", "/seat/kim").json["state"] == "offline"
    assert ask(carrier, "POST", "/seat/kim/ready").json["state"] == "ready"
    paused = ask(carrier, "POST", "/seat/kim/pause", json={"reason": "lunch"}).json
    assert (paused["state"], paused["reason"]) == ("paused", "lunch")
    assert ask(carrier, "POST", "/seat/kim/offline").json["state"] == "offline"


def test_a_desk_that_is_opened_once_more_ends_no_break(carrier: Any) -> None:
    assert ask(carrier, "POST", "/seat/kim/sit-down").json["state"] == "ready"
    ask(carrier, "POST", "/seat/kim/pause", json={"reason": "lunch"})
    again = ask(carrier, "POST", "/seat/kim/sit-down").json
    assert (again["state"], again["reason"]) == ("paused", "lunch")


def test_a_desk_without_a_token_or_with_anothers_is_refused(carrier: Any) -> None:
    assert ask(carrier, "GET", "/seat/kim", agent=None).status_code == 401
    assert ask(carrier, "POST", "/seat/kim/ready", agent="pak").status_code == 403
    forged = {"Authorization": f"Bearer {seat_token.issue('another key', 'kim')}"}
    assert carrier.client.post("/seat/kim/ready", headers=forged).status_code == 401
    assert carrier.client.post("/seat/kim/ready", headers={"Authorization": "Bearer"}).status_code == 401
    assert ask(carrier, "GET", "/seat/kim").json["state"] == "offline"


@pytest.mark.parametrize("action", ["hang-up", "hold", "unhold"])
def test_with_no_call_in_hand_there_is_nothing_to_hang_up_or_hold(carrier: Any, action: str) -> None:
    answer = ask(carrier, "POST", f"/seat/kim/{action}")
    assert answer.status_code == 409
    assert answer.json == {"error": "there is no call in hand"}


def test_an_unknown_seat_or_action_is_said_plainly(carrier: Any) -> None:
    assert ask(carrier, "GET", "/seat/nobody", agent="nobody").status_code == 404
    answer = ask(carrier, "POST", "/seat/kim/dance")
    assert answer.status_code == 404
    assert "wrap-up-done" in answer.json["error"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b'{"reason": null}', b'{"reason": ["x"]}', b'{"reason": "\\u0000 "}'],
)
def test_a_pause_with_a_strange_body_is_a_pause(carrier: Any, body: bytes) -> None:
    answer = ask(carrier, "POST", "/seat/kim/pause", data=body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json["state"] == "paused"


@pytest.mark.parametrize("reason", ["gone fishing", "\x00x", "Lunch", "missed"])
def test_a_reason_that_is_not_on_the_list_is_refused_with_the_list(carrier: Any, reason: str) -> None:
    ask(carrier, "POST", "/seat/kim/ready")
    answer = ask(carrier, "POST", "/seat/kim/pause", json={"reason": reason})
    assert answer.status_code == 409
    assert "there are break, lunch, paperwork, training" in answer.json["error"]
    seat = ask(carrier, "GET", "/seat/kim").json
    assert seat["state"] == "ready"
    assert seat["reasons"]["lunch"]["ko"] == "식사"
