"""The sample wording: complete, each language in its own script, and every language a real branch."""

import re
from collections.abc import Iterator

import pytest

from ivr.flow import reach
from ivr.menu import Menu
from ivr.nodes import KINDS
from ivr.nodes.record import Record
from ivr.texts import names
from tests.ivr.conftest import LANGUAGES

SCRIPTS = {
    "zh": (r"[一-鿿]", r"[ぁ-ヿ가-힣Ѐ-ӿA-Za-z]"),
    "en": (r"[A-Za-z]", r"[^\x20-\x7e]"),
    "ja": (r"[ぁ-ヿ一-鿿]", r"[가-힣Ѐ-ӿA-Za-z]"),
    "ko": (r"[가-힣]", r"[ぁ-ヿ一-鿿Ѐ-ӿA-Za-z]"),
    "ru": (r"[Ѐ-ӿ]", r"[ぁ-ヿ一-鿿가-힣A-Za-z]"),
}
FOREIGN = ("en", "ja", "ko", "ru")
TELEPHONE_NUMBER = {
    "zh": "电话号码",
    "en": "telephone number",
    "ja": "お電話番号",
    "ko": "전화번호",
    "ru": "номер телефона",
}
BRANCHES = dict(zip(FOREIGN, ("english", "japanese", "korean", "russian"), strict=True))


def wording(menu: Menu) -> Iterator[tuple[str, str, str]]:
    """Every text of the sample: where, in which language, and the words without placeholders."""
    prompts = [(name, prompt) for name, node in menu.nodes.items() for _, prompt in node.prompts()]
    for name, prompt in [*prompts, *menu.texts.entries.items()]:
        for language, text in prompt.texts.items():
            yield name, language, re.sub(r"\{\w+\}", "", text.plain())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_written_in_its_own_script(language: str, sample: Menu) -> None:
    wanted, strange = SCRIPTS[language]
    texts = [(name, text) for name, lang, text in wording(sample) if lang == language]
    assert len(texts) > 25
    for name, text in texts:
        assert re.search(wanted, text), f"{name} has no {language} in {text!r}"
        assert not re.search(strange, text), f"{name} has a strange letter in {text!r}"


def test_every_sentence_ends_like_one(sample: Menu) -> None:
    for name, language, text in wording(sample):
        if not name.startswith("language-"):
            assert text[-1] in ".。?!！,，、は:：", f"{name} {language} ends in the middle: {text!r}"


def test_who_leaves_a_message_is_asked_for_the_telephone_number(sample: Menu) -> None:
    """Somebody who withholds the number can't be called back otherwise."""
    asked = [node.record.texts for node in sample.nodes.values() if isinstance(node, Record)]
    assert len(asked) == 5
    for texts in asked:
        for language, text in texts.items():
            assert TELEPHONE_NUMBER[language] in text.plain()


def test_texts_yml_is_complete(sample: Menu) -> None:
    assert set(sample.texts.entries) == set(names(LANGUAGES))
    for name, prompt in sample.texts.entries.items():
        assert set(prompt.texts) == set(LANGUAGES), name


def test_the_placeholders_of_a_text_are_the_same_in_every_language(sample: Menu) -> None:
    for name, prompt in sample.texts.entries.items():
        assert len({text.placeholders for text in prompt.texts.values()}) == 1, name


def test_the_sample_uses_every_kind_of_node(sample: Menu) -> None:
    assert {type(node) for node in sample.nodes.values()} == set(KINDS.values())


@pytest.mark.parametrize("language", FOREIGN)
def test_every_language_is_a_branch_of_its_own(language: str, sample: Menu) -> None:
    branch = BRANCHES[language]
    own = {name.removeprefix(branch) for name in sample.nodes if name.startswith(branch)}
    assert own == {
        "",
        "-welcome",
        "-menu",
        "-closed",
        "-ticket",
        "-status",
        "-missing",
        "-more",
        "-message",
        "-goodbye",
    }
    for name in own:
        states = [state for state in reach(sample.nodes, sample.start, "zh") if state.at == branch + name]
        assert [state.language for state in states] == [language]
