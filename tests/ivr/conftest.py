"""What the menu tests share: a small menu around the nodes under test, and the sample menus."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.known import Known
from ivr.menu import Menu
from ivr.place import Standing
from ivr.read import load_menus
from ivr.step import Facts

CONFIG = Path(__file__).parents[2] / "config"
LANGUAGES = ("zh", "en", "ja", "ko", "ru")

NODES: dict[str, Any] = {
    "people": {
        "queue": "people",
        "say": {"zh": "请稍候，正在接通。", "en": "Putting you through.", "ko": "연결해 드리겠습니다."},
    },
    "bye": {"hang_up": {"zh": "再见。", "en": "Good-bye."}},
}
TEXTS = {
    "wrong-key": {"zh": "没有这个选项。", "en": "There is no such key.", "ko": "없는 번호입니다."},
    "no-key": {"zh": "没有收到按键。", "en": "No key was pressed.", "ko": "입력이 없습니다."},
    "wrong-digits": {"zh": "位数不对。", "en": "Wrong number of digits."},
    "no-message": {"zh": "没有留言。", "en": "Nothing was recorded."},
    "message-thanks": {"zh": "谢谢留言。", "en": "Thanks for your message."},
    "transferring": {"zh": "正在转接。", "en": "Transferring."},
    "queue-full": {"zh": "线路繁忙。", "en": "All lines are busy."},
    "queue-closed": {"zh": "现已关闭。", "en": "We are closed."},
    "error": {"zh": "系统故障。", "en": "Something went wrong."},
    "goodbye": {"zh": "谢谢，再见。", "en": "Thank you. Good-bye."},
    "offer": {"zh": "{language}来电，请按1。", "en": "A caller who speaks {language}."},
    "ticket": {"zh": "工单号{ticket_spoken}。", "en": "Ticket {ticket_spoken}."},
    "language-ko": {"zh": "韩语", "en": "Korean"},
}


@pytest.fixture(scope="session")
def make_menu() -> Callable[..., Menu]:
    """A menu of the nodes given, with a person and a good-bye."""

    def make(nodes: dict[str, Any], start: str = "bye") -> Menu:
        return Menu.from_source({"start": start, "nodes": {**NODES, **nodes}, "texts": TEXTS})

    return make


@pytest.fixture(scope="session")
def facts() -> Callable[..., Facts]:
    """The world at noon of a Thursday; `open` are the hours that are open."""

    def make(*open_hours: str, queue: Standing = "open") -> Facts:
        now = datetime(2026, 8, 27, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
        return Facts(
            now, lambda name: name in open_hours, {"ticket": "26082700001"}, lambda name, language: queue
        )

    return make


@pytest.fixture(scope="session")
def known() -> Known:
    """What the sample configuration offers its menus."""
    return Known(LANGUAGES, frozenset({"people"}), frozenset({"foreign-languages", "always"}), folder=CONFIG)


@pytest.fixture(scope="session")
def sample(known: Known) -> Menu:
    """The sample menus."""
    menu, problems = load_menus(CONFIG / "menus", known)
    assert menu is not None, "\n".join(map(str, problems))
    return menu
