"""The drawings: every node is on them, nothing overlaps, and they need nothing else."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.draw import Branch, tree
from ivr.labels import LANGUAGES, WORDS
from ivr.menu import Menu
from ivr.mermaid import mermaid
from ivr.nodes import KINDS
from ivr.svg import svg
from terminal.menu import menu as command

SVG = "{http://www.w3.org/2000/svg}"


def branches(branch: Branch) -> list[Branch]:
    """A branch and everything below it."""
    return [branch, *(below for way in branch.ways for below in branches(way))]


def test_every_node_stands_in_the_tree_once(sample: Menu) -> None:
    drawn = [branch.box.name for branch in branches(tree(sample, "zh")) if not branch.again]
    assert sorted(drawn) == sorted(sample.nodes)


def test_a_node_is_labelled_in_the_language_asked_for(sample: Menu) -> None:
    root = tree(sample, "ko")
    assert root.box.title == "안내"
    language = root.ways[0]
    assert language.box.text == "한국어는 4번."
    assert [way.label for way in language.ways] == ["1", "2 en", "3 ja", "4 ko", "5 ru", "입력 없음"]


def test_there_are_words_for_every_kind_in_every_language() -> None:
    assert KINDS.keys() <= WORDS.keys()
    assert {len(words) for words in WORDS.values()} == {len(LANGUAGES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_is_whole_and_needs_nothing_else(language: str, sample: Menu) -> None:
    text = svg(sample, language)
    picture = ElementTree.fromstring(text)  # noqa: S314 - our own text
    words = "\n".join(element.text or "" for element in picture.iter(f"{SVG}text"))
    for name in sample.nodes:
        assert f"· {name}" in words
    assert not re.search(r"href|@import|url\(|<script|<image|<style", text)


def test_a_word_longer_than_its_box_is_cut(make_menu: Callable[..., Menu]) -> None:
    long = make_menu(
        {"odd": {"hang_up": {"ru": "Да. " + "превысокомногорассмотрительствующий" * 2}}}, start="odd"
    )
    text = svg(long, "ru")
    [cut] = re.findall(r">(превысоко[^<]*)<", text)
    assert cut.endswith("…")
    assert len(cut) * 13 * 0.6 <= 230 - 2 * 10
    assert ">Да.<" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps(language: str, sample: Menu) -> None:
    picture = ElementTree.fromstring(svg(sample, language))  # noqa: S314 - our own text
    width, height = int(picture.attrib["width"]), int(picture.attrib["height"])
    boxes = [
        tuple(int(box.attrib[side]) for side in ("x", "y", "width", "height"))
        for box in picture.iter(f"{SVG}rect")
        if "x" in box.attrib
    ]
    assert len(boxes) > len(sample.nodes)
    for number, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
        for x2, y2, wide2, high2 in boxes[number + 1 :]:
            apart = x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y
            assert apart, f"boxes at {x},{y} and {x2},{y2} overlap"


def test_signs_of_xml_and_of_mermaid_are_written_so_that_they_mean_nothing(
    make_menu: Callable[..., Menu],
) -> None:
    odd = make_menu({"odd": {"hang_up": {"zh": 'a "b" <c> & #1 {{d}} | e'}}}, start="odd")
    ElementTree.fromstring(svg(odd, "zh"))  # noqa: S314 - our own text
    [line] = [line for line in mermaid(odd, "zh").splitlines() if "odd" in line]
    assert line == '    n2(("挂机 · odd<br/>a #34;b#34; #60;c#62; #38; #35;1 #123;d#125; #124; e"))'


def test_the_flowchart_has_every_node_and_every_way(sample: Menu) -> None:
    lines = mermaid(sample, "en").splitlines()
    assert lines[0] == "flowchart LR"
    assert sum("-->" not in line for line in lines) == len(sample.nodes) + 1
    assert '    n0["say · welcome<br/>您好，长春市市长公开电话。"]' in lines
    names = list(sample.nodes)
    assert f'    n{names.index("language")} -->|"4 ko"| n{names.index("korean")}' in lines


SAMPLE = Path(__file__).parents[2] / "config"


def run(*arguments: str, folder: Path = SAMPLE) -> Result:
    """`hotline menu show` with these arguments on the sample configuration."""
    return CliRunner().invoke(command, ["show", str(folder), *arguments], catch_exceptions=False)


def test_in_the_terminal(sample: Menu) -> None:
    shown = run("--language", "en")
    assert shown.exit_code == 0
    for name in sample.nodes:
        assert name in shown.output
    assert "no key → people" in shown.output


def test_into_files(tmp_path: Path) -> None:
    picture, chart = tmp_path / "menu.svg", tmp_path / "menu.mmd"
    shown = run("--svg", str(picture), "--mermaid", str(chart))
    assert shown.exit_code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert chart.read_text(encoding="utf-8").startswith("flowchart LR")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    shown = run("--svg", str(tmp_path / "nowhere" / "menu.svg"))
    assert shown.exit_code == 1
    assert "no such file or directory" in shown.output
    assert "mend: name a file in a folder that is yours" in shown.output


def test_a_language_without_labels() -> None:
    shown = run("--language", "kr")
    assert shown.exit_code == 1
    assert "there are no labels in 'kr'\n    mend: use one of 'en', 'ja', 'ko', 'ru', 'zh'" in shown.output


def test_broken_menus_are_not_drawn_but_told(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(SAMPLE, config)
    main = config / "menus" / "main.yml"
    main.write_text(main.read_text(encoding="utf-8").replace("then: language", "then: langauge"), "utf-8")
    shown = run(folder=config)
    assert shown.exit_code == 1
    assert f"{main}:6: 'then' of 'welcome' leads to 'langauge'" in shown.output
    assert "mend: did you mean 'language'?" in shown.output
