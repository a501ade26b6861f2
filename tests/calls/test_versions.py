"""A call in progress keeps the menu it started with; new calls get the new one."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from switchboard.menus import Menus
from switchboard.setup import load

ROOT = Path(__file__).parents[2]


def test_a_changed_menu_is_for_new_calls_also_after_a_restart(hotline: Any, tmp_path: Path) -> None:
    old = hotline.call_from("+86 431 8888 0001")
    old.chooses("ko")
    old.hears("상담원과 통화하시려면 1번")

    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    korean = config / "menus" / "korean.yml"
    changed = korean.read_text(encoding="utf-8").replace("안녕하십니까?", "어서 오십시오!")
    korean.write_text(changed.replace("접수 번호 열한 자리를", "바뀐 문구입니다."), encoding="utf-8")
    hotline.stage.setup = load(config)
    hotline.stage.hotline.menus = Menus()  # as after a restart: nothing is in memory

    old.presses("2")
    old.hears("접수 번호 열한 자리를")
    new = hotline.call_from("+86 431 8888 0002")
    new.chooses("ko")
    new.hears("어서 오십시오!")
    assert old.call.menu != new.call.menu


def test_who_waits_in_a_queue_that_is_renamed_keeps_the_place_in_the_new_one(hotline: Any) -> None:
    first = hotline.call_from("+86 431 8888 0001")
    first.waits()
    since = first.call.waiting_since
    setup = hotline.stage.setup
    queues = {"persons": setup.config.queues["people"].model_copy(update={"name": "persons"})}
    hotline.stage.setup = replace(setup, config=replace(setup.config, queues=queues))
    second = hotline.call_from("+86 431 8888 0002")  # its menu still says people
    second.waits()
    wang = hotline.agent("Wang")
    first.rings("Wang")
    assert first.call.waiting_since == since
    assert ("moved" in first.journal, "moved" in second.journal) == (True, False)
    wang.answers()
    hotline.wait(1)
    wang.hangs_up()
    wang.wraps_up()
    second.rings("Wang")


def test_who_talks_while_the_queue_is_taken_out_and_loses_the_agent_waits_where_somebody_is(
    hotline: Any,
) -> None:
    call, wang = hotline.talk("Wang")
    setup = hotline.stage.setup
    queues = {"persons": setup.config.queues["people"].model_copy(update={"name": "persons"})}
    hotline.stage.setup = replace(setup, config=replace(setup.config, queues=queues))
    hotline.agent("Li")
    wang.drops_out()
    call.rings("Li")
