"""Full-width signs, as a Chinese or Japanese keyboard writes them, where YAML wants its own."""

import re

Trap = tuple[str, str]  # what is wrong, and its mend

MEND = "write it half-width"
SPACES = "\u3000\u00a0"
NAMES = {"\u3000": "a full-width space", "\u00a0": "a no-break space"}
QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"")

# What YAML reads as a word although it was meant as its own sign; each names the sign.
WORDS = (
    re.compile(rf"(?P<sign>[{SPACES}]).*"),
    re.compile(rf"[a-z_0-9-]+:(?P<sign>[{SPACES}]).*"),
    re.compile(rf"[a-z_0-9-]+(?P<sign>[{SPACES}])[ {SPACES}]*"),
    re.compile(r"[a-z_0-9-]+(?P<sign>：)[ -~]*"),
    re.compile(r"(?P<sign>[０-９＊＃])"),
    re.compile(r"(?P<sign>[“”‘’＂＇])[!-~]+[“”‘’＂＇]"),
    re.compile(r"[a-z0-9-]+(?P<sign>[，、])[a-z0-9，、-]+"),
)
# What stops YAML's reading; looked for only where it has stopped.
STOPS = (
    re.compile(rf"[ -]*(?P<sign>[{SPACES}])"),
    re.compile(r"\s*(?:- )?[A-Za-z_0-9*#-]{1,40}\s*(?P<sign>：)"),
    re.compile(rf".*?[a-z_0-9]:(?P<sign>[{SPACES}])"),
    re.compile(rf".*?(?P<sign>[{SPACES}])\s*#"),
    re.compile(r".*?(?::\s+|^\s*-\s+|[{\[,]\s*)(?P<sign>[“”‘’＂＇｛［])"),
    re.compile(r".*?[{\[].*(?P<sign>，)\s*[a-z0-9]+\s*[:\]]"),
    re.compile(r".*?[{\[].*(?P<sign>[｝］])\s*$"),
)


def wide_word(text: str) -> Trap | None:
    """What is wrong with the unquoted `text`, if it was not meant as a word at all."""
    for pattern in WORDS:
        if found := pattern.fullmatch(text):
            return _trap(found["sign"])
    return None


def wide_stop(line: str) -> Trap | None:
    """The full-width sign in `line` that YAML could not read on behind."""
    unquoted = QUOTED.sub(lambda found: "q" * len(found[0]), line)
    for pattern in STOPS:
        if found := pattern.match(unquoted):
            return _trap(found["sign"])
    return None


def _trap(sign: str) -> Trap:
    called = NAMES.get(sign, f"the full-width sign {sign}")
    return f"{called} stands where YAML wants a half-width one", MEND
