"""Every webhook: signed or refused, and patient with what the carrier leaves out or adds."""

from typing import Any

import pytest
from sqlalchemy import func, select

from store.tables import calls, metadata

CALL = {
    "CallSid": "CA" + "1" * 32,
    "From": "+8643188880001",
    "To": "+8643112345",
    "CallStatus": "in-progress",
}
OPEN = {"/", "/health", "/voice/music.wav", "/prompts/audio/<path:file>"}
FOR_PEOPLE = ("/seat", "/static", "/phone", "/library", "/recordings")


def webhooks(app: Any) -> list[str]:
    """Every path that the carrier may post to: all but the desks' own and what anybody may see."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if not str(rule).startswith(FOR_PEOPLE)]
    return sorted(set(rules) - OPEN)


def rows(stage: Any) -> int:
    with stage.hotline.store.reading() as tx:
        return sum(
            tx.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
        )


def test_every_webhook_refuses_what_is_not_signed(carrier: Any) -> None:
    paths = webhooks(carrier.stage.app)
    assert len(paths) >= 14
    before = rows(carrier.stage)
    for path in paths:
        for signature in (None, "", "wrong", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="):
            answer = carrier.posts(path, CALL, signature)
            assert answer.status_code == 403, f"{path} took {signature!r}"
            assert carrier.client.get(path).status_code in (403, 405)
    assert rows(carrier.stage) == before


def test_a_signature_over_other_parameters_is_refused(carrier: Any) -> None:
    url = carrier.stage.hotline.links.public_url
    from rehearsal.stage import ACCOUNT
    from telephony.signature import Signature

    stolen = Signature(ACCOUNT.token).of(url + "/voice/incoming", {"CallSid": [CALL["CallSid"]]})
    assert carrier.posts("/voice/incoming", CALL, stolen).status_code == 403


@pytest.mark.parametrize("left_out", [*CALL, "everything"])
def test_any_parameter_may_be_missing_and_new_ones_may_come(carrier: Any, left_out: str) -> None:
    form = {name: value for name, value in CALL.items() if left_out not in (name, "everything")}
    for path in webhooks(carrier.stage.app):
        for query in ("", "?n=", "?n=x", "?n=-1", "?n=99999999999999999999", "?offer=", "?offer=nobody"):
            answer = carrier.posts(path + query, form | {"Brand": "new", "Neu": "ü"})
            assert answer.status_code in (200, 204), f"{path}{query}: {answer.status}"
            if answer.status_code == 200:
                assert answer.text.startswith('<?xml version="1.0"'), path
                assert "Traceback" not in answer.text


def test_a_redelivered_step_gives_the_same_document_and_changes_nothing(carrier: Any) -> None:
    first = carrier.posts("/voice/incoming", CALL).text
    before = rows(carrier.stage)
    assert carrier.posts("/voice/incoming", CALL).text == first
    assert rows(carrier.stage) == before
    second = carrier.posts("/voice/step?n=1", CALL | {"Digits": "4"}).text
    before = rows(carrier.stage)
    assert carrier.posts("/voice/step?n=1", CALL | {"Digits": "4"}).text == second
    assert carrier.posts("/voice/step?n=1", CALL | {"Digits": "5"}).text == second
    assert rows(carrier.stage) == before


def test_a_step_of_a_call_that_nobody_registered_registers_it(carrier: Any) -> None:
    answer = carrier.posts("/voice/step?n=3", CALL | {"Digits": "4"})
    assert answer.status_code == 200
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(calls.c.ticket)) is not None
    assert carrier.posts("/voice/incoming", CALL).status_code == 200
    with carrier.stage.hotline.store.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(calls)) == 1


def test_a_form_that_is_too_large_is_refused_and_not_read(carrier: Any) -> None:
    assert carrier.posts("/voice/incoming", CALL | {"Filler": "x" * 70_000}).status_code == 413
