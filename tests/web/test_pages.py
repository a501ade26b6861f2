"""The telephone's and the seat's pages: who gets what, in which language, and nothing from elsewhere."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from werkzeug.test import TestResponse

from carrier.voice.token import read
from rehearsal.stage import ACCOUNT
from switchboard.call_backs import WHY as call_back_reasons
from switchboard.offering import CALLER_GONE, LOST, OTHER_GONE, TAKEN
from web import seat_token
from web.languages import LANGUAGES

WEB = Path(__file__).parents[2] / "web"


def get(carrier: Any, path: str, **more: Any) -> TestResponse:
    answer: TestResponse = carrier.stage.app.test_client().get(path, **more)
    return answer


@pytest.mark.parametrize("path", ["/phone", "/seat"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_speaks_each_language(carrier: Any, path: str, language: str) -> None:
    answer = get(carrier, path, headers={"Accept-Language": f"{language},fr;q=0.5"})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    title = {"zh": "长春市市长公开电话", "en": "Changchun", "ja": "長春", "ko": "창춘", "ru": "Чанчуня"}
    assert title[language] in answer.text


def test_a_language_that_is_chosen_is_remembered(carrier: Any) -> None:
    client = carrier.stage.app.test_client()
    assert '<html lang="ko">' in client.get("/phone?language=ko", headers={"Accept-Language": "ru"}).text
    assert '<html lang="ko">' in client.get("/phone", headers={"Accept-Language": "ru"}).text
    assert '<html lang="en">' in get(carrier, "/phone?language=xx").text


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_word_lacks_its_translation(language: str) -> None:
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    with (WEB / "translations" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        names = {str(message.id) for message in read_po(file)}
    assert {str(message.id) for message in catalogue} == names
    assert not [message.id for message in catalogue if message.id and not message.string]


def test_every_word_of_the_pages_is_in_the_catalogues() -> None:
    from babel.messages.extract import extract_from_dir

    methods = [("**/templates/**.html", "jinja2.ext.babel_extract")]
    found = {words for _, _, words, _, _ in extract_from_dir(str(WEB), method_map=methods)}
    with (WEB / "translations" / "ja" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        assert found == {str(message.id) for message in read_po(file) if message.id}


def test_a_seat_has_words_for_whatever_became_of_a_call_that_rang(carrier: Any) -> None:
    words = get(carrier, "/seat", headers={"Accept-Language": "ko"}).text
    over = ("called-again", "declined", "message", "transferred")
    call_backs = {f"call-back-{why}" for why in (*call_back_reasons.values(), "hung-up", "no-key", *over)}
    for why in (TAKEN, OTHER_GONE, CALLER_GONE, LOST, *sorted(call_backs)):
        assert f'"{why}"' in words, why


def test_pages_load_nothing_from_elsewhere_and_show_in_no_other_site(carrier: Any) -> None:
    policy = get(carrier, "/phone").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' data: ws://127.0.0.1:8001;" in policy


def test_the_voice_library_comes_from_the_installed_package(carrier: Any) -> None:
    with get(carrier, "/library/voice-sdk.js") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "text/javascript"
        assert len(answer.data) > 100_000
    assert get(carrier, "/library/package.json").status_code == 404


def test_a_callers_telephone_may_call_and_does_not_ring(carrier: Any) -> None:
    answer = carrier.stage.app.test_client().post("/phone/token")
    assert answer.headers["Cache-Control"] == "no-store"
    grant = read(ACCOUNT, answer.json["token"])
    assert (grant.identity, grant.incoming, grant.outgoing) == ("caller", False, True)
    assert answer.json["rings"] is False


def test_a_callers_telephone_that_says_its_number_rings_there(carrier: Any) -> None:
    answer = carrier.stage.app.test_client().post("/phone/token", json={"number": "0431 8888 0001"})
    grant = read(ACCOUNT, answer.json["token"])
    assert (grant.identity, grant.incoming, grant.outgoing) == ("+8643188880001", True, True)
    assert answer.json["rings"] is True


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+8643112345",  # the hotline's own
        "+1 202 555 0100",  # abroad, where the hotline calls nobody back
        "+8613800138000",  # an agent's telephone
        "kim",
        "client:kim",
        "\0",
        None,
        ["+8643188880001"],
    ],
)
def test_nobody_rings_as_somebody_else(carrier: Any, written: Any) -> None:
    setup = carrier.stage.setup
    kim = setup.config.agents["kim"].model_copy(update={"address": "+8613800138000"})
    agents = {**setup.config.agents, "kim": kim}
    carrier.stage.setup = replace(setup, config=replace(setup.config, agents=agents))
    answer = carrier.stage.app.test_client().post("/phone/token", json={"number": written})
    grant = read(ACCOUNT, answer.json["token"])
    assert (grant.identity, grant.incoming, grant.outgoing) == ("caller", False, True)


def test_on_twilio_there_is_no_telephone_for_everybody(carrier: Any) -> None:
    setup = carrier.stage.setup
    settings = setup.config.hotline.model_copy(update={"carrier": "twilio"})
    carrier.stage.setup = replace(setup, config=replace(setup.config, hotline=settings))
    assert get(carrier, "/phone").status_code == 404
    assert carrier.stage.app.test_client().post("/phone/token").status_code == 404


def signed_in(carrier: Any, agent: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {seat_token.issue(carrier.stage.app.config['SECRET_KEY'], agent)}"}


def test_an_agents_telephone_rings_and_does_not_call(carrier: Any) -> None:
    client = carrier.stage.app.test_client()
    answer = client.post("/seat/kim/token", headers=signed_in(carrier, "kim"))
    grant = read(ACCOUNT, answer.json["token"])
    assert (grant.identity, grant.incoming, grant.outgoing) == ("kim", True, False)


def test_nobody_gets_another_agents_telephone(carrier: Any) -> None:
    client = carrier.stage.app.test_client()
    assert client.post("/seat/kim/token").status_code == 401
    assert client.post("/seat/kim/token", headers=signed_in(carrier, "wang")).status_code == 403


def test_a_seat_at_a_plain_telephone_has_none_in_the_browser(carrier: Any) -> None:
    setup = carrier.stage.setup
    kim = setup.config.agents["kim"].model_copy(update={"address": "+8613800138000"})
    agents = {**setup.config.agents, "kim": kim}
    carrier.stage.setup = replace(setup, config=replace(setup.config, agents=agents))
    answer = carrier.stage.app.test_client().post("/seat/kim/token", headers=signed_in(carrier, "kim"))
    assert answer.status_code == 409
    assert "agents.yml" in answer.json["error"]


def test_whoever_knows_only_where_the_hotline_runs_finds_its_telephone(carrier: Any) -> None:
    assert get(carrier, "/").headers["Location"] == "/phone"


@pytest.mark.parametrize(
    "path", ["/nonsense", "/static/../app.py", "/library/..%2f..%2fpackage.json", "/seat/"]
)
def test_where_there_is_no_page_it_is_said_in_the_own_language_with_the_way_on(
    carrier: Any, path: str
) -> None:
    answer = get(carrier, path, headers={"Accept-Language": "ru"})
    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.text
    assert 'href="/phone"' in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_breaks_says_so_in_the_own_language(carrier: Any, monkeypatch: Any) -> None:
    app = carrier.stage.app
    monkeypatch.setitem(app.view_functions, "pages.seat", lambda: 1 / 0)
    answer = get(carrier, "/seat", headers={"Accept-Language": "ja"})
    assert answer.status_code == 500
    assert "問題が起きました" in answer.text
    assert "ZeroDivision" not in answer.text


def test_what_a_desk_is_told_is_kept_nowhere(carrier: Any) -> None:
    answer = get(carrier, "/seat/kim", headers=signed_in(carrier, "kim"))
    assert answer.headers["Cache-Control"] == "no-store"
