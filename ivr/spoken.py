"""Numbers as people say them in each language: in figures where voices read those rightly, else in words.

What the voices that come with the hotline make of figures was read in their phonemes. Single figures are
right in English, Japanese and Russian. A Chinese voice says yi for 1, where a telephone number has 幺, and 二
for two minutes, which are 两分钟. A Korean voice says 영 for 0, where a telephone number has 공, and counts
places 일, 이, 삼, where people say 첫, 두, 세.
"""

from collections.abc import Callable, Mapping

FIGURES = {
    "zh": dict(zip("0123456789", "零幺二三四五六七八九", strict=True)),
    "ko": dict(zip("0123456789", "공일이삼사오육칠팔구", strict=True)),
}
GAPS = {"zh": ("", "，"), "ja": (" ", "、")}  # between figures and between groups; a voice rests at a comma
USUAL_GAPS = (" ", ", ")
GROUP = 4  # figures at most; so many are kept in mind until they are written down

KOREAN_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
KOREAN_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def digits(number: str, language: str) -> str:
    """The figures one by one, with a rest after three or four, so that one can write along.

    `26112300001` is `2 6 1, 1 2 3 0, 0 0 0 1` in English and `二六幺，幺二三零，零零零幺` in Chinese.
    """
    said, (between, rest) = FIGURES.get(language, {}), GAPS.get(language, USUAL_GAPS)
    return rest.join(between.join(said.get(sign, sign) for sign in group) for group in _groups(number))


def position(place: str, language: str) -> str:
    """A place in the line: the 2 of 第2位; 두 in Korean, which counts 첫, 두, 세 up to 99."""
    if language != "ko" or not (place.isdecimal() and 1 <= int(place) <= 99):
        return place
    if int(place) == 1:
        return "첫"
    tens, ones = divmod(int(place), 10)
    return "스무" if (tens, ones) == (2, 0) else KOREAN_TENS[tens] + KOREAN_ONES[ones]


def minutes(number: str, language: str) -> str:
    """How many minutes: 12, but 两 for 2 in Chinese."""
    return "两" if (number, language) == ("2", "zh") else number


COUNTED: Mapping[str, Callable[[str, str], str]] = {"position": position, "minutes": minutes, "most": minutes}


def _groups(number: str) -> list[str]:
    """Groups of nearly the same length, the shorter ones first: three, four and four of eleven."""
    count = -(-len(number) // GROUP)
    ends = [(at + 1) * len(number) // count for at in range(count)]
    return [number[start:end] for start, end in zip([0, *ends], ends, strict=False)]
