"""The ways to a person: which keys, how many seconds."""

from collections.abc import Callable

import pytest

from ivr.length import seconds
from ivr.menu import Menu
from ivr.routes import Route, routes


def best(menu: Menu, language: str) -> Route:
    """The quickest way of callers of that language."""
    return min((way for way in routes(menu, "zh") if way.language == language), key=lambda way: way.seconds)


def test_a_chinese_caller_presses_nothing_and_is_with_a_person_within_15_seconds(sample: Menu) -> None:
    first = routes(sample, "zh")[0]
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
    [police] = [way for way in routes(sample, "zh") if way.end == "police" and way.language == "zh"]
    assert police.keys == ("1", "1")
    [urgent] = [way for way in routes(sample, "zh") if way.fails == ("110",) and way.language == "zh"]
    assert urgent.end == "urgent"
    assert urgent.seconds > police.seconds + 30


def test_languages_come_in_the_order_of_their_keys(sample: Menu) -> None:
    languages = dict.fromkeys(way.language for way in routes(sample, "zh"))
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
    ways = {way.keys: way for way in routes(menu, "zh")}
    asked = seconds("请稍候。", "zh") + seconds("For English press 2.", "en") + seconds("한국어는 4번.", "ko")
    assert ways[()].seconds == pytest.approx(hello + asked + 2)
    until_2 = seconds("请稍候。", "zh") + seconds("For English press 2", "en")
    assert ways["2",].seconds == pytest.approx(hello + until_2 + 0.5)
    assert ways["2",].when == ("office open",)
    assert ways["0",].nodes == ("hello", "ask", "people")
    assert set(ways) == {(), ("2",), ("4",), ("0",)}
