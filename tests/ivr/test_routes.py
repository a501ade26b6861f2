"""The ways to a person: which keys, how many seconds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from ivr.length import seconds
from ivr.menu import Menu
from ivr.route import Route
from ivr.routes import routes
from ivr.shortest import shortest
from tests.ivr.generated import sources


def best(menu: Menu, language: str) -> Route:
    """The quickest way of callers of that language."""
    return min(
        (way for way in routes(menu, "zh").ways if way.language == language), key=lambda way: way.seconds
    )


def test_a_chinese_caller_presses_nothing_and_is_with_a_person_within_15_seconds(sample: Menu) -> None:
    first = routes(sample, "zh").ways[0]
    assert first.language == "zh"
    assert first.keys == ()
    assert first.nodes == ("welcome", "language", "people")
    assert first.seconds < 15


@pytest.mark.parametrize(("language", "key"), [("en", "2"), ("ja", "3"), ("ko", "4"), ("ru", "5")])
def test_the_others_press_their_language_and_one_key(language: str, key: str, sample: Menu) -> None:
    way = best(sample, language)
    assert way.keys == (key, "1")
    assert way.end == "people"
    assert way.seconds < 30


def test_an_emergency_is_handed_over_within_two_keys(sample: Menu) -> None:
    [police] = [way for way in routes(sample, "zh").ways if way.end == "police" and way.language == "zh"]
    assert police.keys == ("1", "1")
    [urgent] = [way for way in routes(sample, "zh").ways if way.fails == ("110",) and way.language == "zh"]
    assert urgent.end == "urgent"
    assert urgent.seconds > police.seconds + 30


def test_languages_come_in_the_order_of_their_keys(sample: Menu) -> None:
    languages = dict.fromkeys(way.language for way in routes(sample, "zh").ways)
    assert list(languages) == ["zh", "en", "ja", "ko", "ru"]


def test_the_seconds_are_those_of_what_is_heard(make_menu: Callable[..., Menu]) -> None:
    menu = make_menu(
        {
            "hello": {"say": {"zh": "您好。", "en": "Hello."}, "then": "ask"},
            "ask": {
                "ask": {"zh": "请稍候。", "en": "For English press 2.", "ko": "한국어는 4번."},
                "keys": {"2": {"language": "en", "then": "desk"}, "4": {"language": "ko", "then": "people"}},
                "silence": "people",
                "wait": 2,
            },
            "desk": {"hours": "office", "open": "people", "closed": "bye"},
        },
        start="hello",
    )
    hello = seconds("您好。", "zh") + seconds("Hello.", "en")
    ways = {way.keys: way for way in routes(menu, "zh").ways}
    asked = seconds("请稍候。", "zh") + seconds("For English press 2.", "en") + seconds("한국어는 4번.", "ko")
    assert ways[()].seconds == pytest.approx(hello + asked + 2)
    until_2 = seconds("请稍候。", "zh") + seconds("For English press 2", "en")
    assert ways["2",].seconds == pytest.approx(hello + until_2 + 0.5)
    assert ways["2",].when == ("office open",)
    assert ways["0",].nodes == ("hello", "ask", "people")
    assert set(ways) == {(), ("2",), ("4",), ("0",)}


KEY_1 = [
    pytest.param("您好，紧急求助请按1，其他请稍候。", "您好，紧急求助请按1", id="the key"),
    pytest.param("您好，12345热线，按1，其他请稍候。", "您好，12345热线，按1", id="12345 before it"),
    pytest.param("1号线，紧急求助请按1，其他请稍候。", "1号线，紧急求助请按1", id="a 1 before it"),
    pytest.param("您好，按11，其他请稍候。", "您好，按11，其他请稍候。", id="another number only"),
]


@pytest.mark.parametrize(("text", "heard"), KEY_1)
def test_a_key_is_pressed_where_the_text_names_it(
    text: str, heard: str, make_menu: Callable[..., Menu]
) -> None:
    menu = make_menu({"ask": {"ask": {"zh": text}, "keys": {"1": "people"}}}, start="ask")
    ways = {way.keys: way for way in routes(menu, "zh").ways}
    assert ways["1",].seconds == pytest.approx(seconds(heard, "zh") + 0.5)


def test_a_recordings_name_and_its_place_name_no_key(make_menu: Callable[..., Menu]) -> None:
    recording = {"file": "audio/1.wav"}
    said = [recording, "请按1。", recording, "工单{ticket}，{ticket_spoken}。"]
    menu = make_menu({"ask": {"ask": {"zh": said}, "keys": {"1": "people"}}}, start="ask")
    ways = {way.keys: way for way in routes(menu, "zh").ways}
    assert ways["1",].seconds == pytest.approx(4 + seconds("请按1", "zh") + 0.5)
    played = 4 + seconds("请按1。", "zh") + 4 + seconds("工单00，00000000000。", "zh")
    assert ways["0",].seconds == pytest.approx(played + 0.5)


def departments(count: int) -> dict[str, Any]:
    """A first menu, and departments that lead to each other and back; each has a person on key 1."""
    menus: dict[str, Any] = {
        "topics": {
            "ask": {"zh": "请选择部门。", "en": "For English press 9."},
            "keys": {str(at + 1): f"d{at}" for at in range(count)} | {"9": {"language": "en", "then": "d0"}},
            "silence": "people",
        }
    }
    for at in range(count):
        others = [f"d{other}" for other in range(count) if other != at]
        keys = {"1": "people", "9": "topics"} | {str(key): to for key, to in enumerate(others, 2)}
        menus[f"d{at}"] = {"ask": {"zh": "部门。"}, "keys": keys, "silence": "people"}
    return menus


def test_departments_that_lead_to_each_other_hide_no_language(make_menu: Callable[..., Menu]) -> None:
    few, many = make_menu(departments(2), start="topics"), make_menu(departments(7), start="topics")
    assert routes(few, "zh").whole
    listed = routes(many, "zh")
    assert not listed.whole
    assert len(listed.ways) < 1100
    assert {way.language for way in listed.ways} == {"zh", "en"}
    assert best(many, "en") == best(few, "en")
    assert best(many, "zh") == best(few, "zh")
    assert listed.ways[0].keys == ()


def test_a_language_at_the_end_of_a_long_menu_is_listed_too(make_menu: Callable[..., Menu]) -> None:
    nodes = departments(7)
    nodes["d6"]["keys"] = {"1": {"language": "en", "then": "more0"}}
    for at in range(9):
        nodes[f"more{at}"] = {"ask": {"en": "Press 1."}, "keys": {"1": f"more{at + 1}"}, "give_up": "bye"}
    nodes["more9"] = {"queue": "people"}
    listed = routes(make_menu(nodes, start="topics"), "zh")
    assert not listed.whole
    assert any(way.end == "more9" for way in listed.ways)


def test_what_is_open_stays_open_on_the_way(make_menu: Callable[..., Menu]) -> None:
    nodes = {
        "desk": {"hours": "office", "open": "hello", "closed": "night"},
        "hello": {"say": {"zh": "您好。"}, "then": "again"},
        "again": {"hours": "office", "open": "people", "closed": "night"},
        "night": {"queue": "night"},
    }
    ways = routes(make_menu(nodes, start="desk"), "zh").ways
    assert {(way.end, way.when) for way in ways} == {
        ("people", ("office open",)),
        ("night", ("office closed",)),
    }


@given(source=sources())
def test_no_way_is_better_than_the_shortest(source: dict[str, Any]) -> None:
    menu = Menu.from_source(source)
    best_ways, whole = shortest(menu.nodes, menu.start, "zh")
    assert whole
    for way in routes(menu, "zh").ways:
        assert way.fails or any(
            (other.end, other.language) == (way.end, way.language)
            and len(other.keys) <= len(way.keys)
            and other.seconds <= way.seconds
            and set(other.when) <= set(way.when)
            for other in best_ways
        )
