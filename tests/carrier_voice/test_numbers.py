"""What the voices make of numbers, in phonemes: a figure that is read wrongly is written as a word."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.spoken import digits, minutes, position

ROOT = Path(__file__).parents[2]
Listen = Callable[[str, str], str]

FIGURES = {
    "zh": ("lˈiɜŋ", "jˈɑu5", "ˈər5", "sˈa5n", "sˈi̪5", "wˈu2", "lˈiou5", "tɕhˈi5", "pˈɑ5", "tɕˈiou2"),
    "en": ("zˈiəɹoʊ", "wˈʌn", "tˈuː", "θɹˈiː", "fˈɔːɹ", "fˈaɪv", "sˈɪks", "sˈɛvən", "ˈeɪt", "nˈaɪn"),
    "ko": ("ɡˈoŋ", "ˈiɫ", "ˈi", "sˈɐm", "sˈɐ", "ˈo", "jˈuq", "tʃhˈiɫ", "phˈɐɫ", "ɡˈu"),
    "ru": ("nˈo", "ʌdʲˈin", "dvˈɑ", "trʲˈi", "tʃʲɪtˈy", "pʲˈɑtʲ", "ʃˈɛsʲtʲ", "sʲˈe", "vˈosʲimʲ", "dʲˈevɪtʲ"),
}
KANA = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
"""How a person says 0 to 9 on the telephone: 幺 and not 一, 공 and not 영, ヨン and not シ."""


@pytest.fixture(scope="module")
def listen() -> Iterator[Listen]:
    """How a voice reads a text, its pauses as |."""
    program = [sys.executable, "-m", "tests.carrier_voice.phonemes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        program, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as voices:
        assert voices.stdin
        assert voices.stdout

        def ask(language: str, text: str) -> str:
            voices.stdin.write(json.dumps([language, text]) + "\n")
            voices.stdin.flush()
            return str(json.loads(voices.stdout.readline()))

        yield ask


@pytest.mark.parametrize("language", FIGURES)
@pytest.mark.parametrize("number", ["26112300001", "9876543210", "40404040404"])
def test_every_figure_of_a_number_is_heard_by_itself_and_each_group_after_a_pause(
    listen: Listen, language: str, number: str
) -> None:
    groups = [group.split() for group in listen(language, digits(number, language)).split(" | ")]
    assert [len(group) for group in groups] == ([3, 4, 4] if len(number) == 11 else [3, 3, 4])
    heard = [sound for group in groups for sound in group]
    wanted = [FIGURES[language][int(figure)] for figure in number]
    assert all(sound.startswith(start) for sound, start in zip(heard, wanted, strict=True)), heard


@pytest.mark.parametrize("number", ["26112300001", "9876543210", "40404040404"])
@pytest.mark.parametrize("around", ["{}", "受付番号は{}です。", "受付番号{}の件は、", "伝言を受付番号{}で"])
def test_every_figure_is_read_rightly_in_japanese_whatever_stands_around_it(
    listen: Listen, number: str, around: str
) -> None:
    read = listen("ja", around.format(digits(number, "ja")))
    assert "".join(KANA[int(figure)] for figure in number) in read.replace("、", "")
    assert read.count("、") == around.count("、") + 2


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        ("zh", f"约{minutes('2', 'zh')}分钟", "lˈiɑ2ŋ fˈə5n"),  # 两分钟
        ("zh", f"约{minutes('12', 'zh')}分钟", "s.i.ɜˈər5 fˈə5n"),  # 十二分钟
        ("zh", "转接幺幺零报警台", "jˈɑu5 jˈɑu5 lˈiɜŋ"),
        ("zh", f"第{position('2', 'zh')}位", "tˈi5 ˈər5 wˈei5"),  # 第二位
        ("ko", f"{position('1', 'ko')} 번째", "tʃhˈʌt-"),  # 첫
        ("ko", f"{position('2', 'ko')} 번째", "dˈu"),  # 두
        ("ko", f"{position('12', 'ko')} 번째", "jˈʌɫdu"),  # 열두
        ("ko", f"약 {minutes('2', 'ko')}분", "ˈi pˈun"),  # 이 분
        ("ko", "4번", "sˈɐ pˈʌn"),  # 사 번
        ("ja", "1番目", "イチバンメ"),
        ("ja", "4番目", "ヨンバンメ"),
        ("ja", "9番目", "キューバンメ"),
        ("ja", "1分", "イップン"),
        ("ja", "3分", "サンプン"),
        ("ja", "10分", "ジュップン"),
        ("ja", "24分", "ニジューヨンプン"),
        ("ja", "3番", "サンバン"),
        ("ja", "11桁", "ジューイッケタ"),
        ("en", "number 21 in line", "twˈɛnti wˈʌn"),
        ("ru", "номер в очереди: 21.", "dvˈɑttsʌtʲʌdʲˈin"),
    ],
)
def test_places_minutes_and_keys_are_read_as_people_say_them(
    listen: Listen, language: str, text: str, heard: str
) -> None:
    assert heard in listen(language, text)


def test_figures_that_are_written_as_words_would_be_read_otherwise(listen: Listen) -> None:
    """Should a voice come to read one of them rightly, its words can go."""
    assert "jˈɑu5" not in listen("zh", "1")
    assert "lˈiɑ2ŋ" not in listen("zh", "约2分钟")
    assert "ɡˈoŋ" not in listen("ko", "0")
    assert "dˈu" not in listen("ko", "2 번째")
