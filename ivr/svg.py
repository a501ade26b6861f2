"""A menu as one SVG picture that needs nothing else: no fonts, no scripts, no style sheet."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ivr.draw import Branch, tree
from ivr.menu import Menu

WIDTH, GAP, ROW = 230, 150, 18  # pixels: a box, the way to the next one, a line of text
SPACE, MARGIN, PAD = 14, 24, 10
SIZE = 13  # of the letters
LINES = 4  # of what a node says
CLOSING = tuple(".,:;!?)}。，、：；！？）」』”")
FONTS = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','Malgun Gothic','Yu Gothic',sans-serif"
COLOURS = {
    "say": "#e8eef7",
    "choice": "#fdf1d3",
    "collect": "#fdf1d3",
    "hours": "#ece6f5",
    "queue": "#d9f0df",
    "record": "#e2f1f4",
    "transfer": "#fbe0dc",
    "lookup": "#ece6f5",
    "hang_up": "#e6e6e6",
}


@dataclass(frozen=True)
class Placed:
    """A branch with its place: the left upper corner and the height of its box, and its ways."""

    branch: Branch
    lines: tuple[str, ...]
    x: int
    y: int
    ways: tuple["Placed", ...]
    bottom: int  # of everything below it

    @property
    def height(self) -> int:
        """The height of its box."""
        return _height(self.lines)

    @property
    def middle(self) -> int:
        """Where lines arrive and leave."""
        return self.y + self.height // 2


def svg(menu: Menu, language: str) -> str:
    """The picture, labelled in `language`, read from left to right."""
    root = _place(tree(menu, language), MARGIN, MARGIN)
    width = max(_right(root)) + MARGIN
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{root.bottom + MARGIN}"'
    style = f'lang="{language}" font-family="{FONTS}" font-size="{SIZE}" fill="#1c2733"'
    parts = [f"{head} {style}>", '<rect width="100%" height="100%" fill="#ffffff"/>']
    return "\n".join([*parts, *_lines(root), *_boxes(root), "</svg>"]) + "\n"


def _place(branch: Branch, x: int, y: int) -> Placed:
    """Stack the ways of a branch, and put its box beside their middle: nothing can overlap."""
    lines = _words(branch)
    below = y
    ways: list[Placed] = []
    for way in branch.ways:
        ways.append(_place(way, x + WIDTH + GAP, below))
        below = ways[-1].bottom + SPACE
    height = _height(lines)
    bottom = max(y + height, below - SPACE if ways else 0)
    middle = (ways[0].middle + ways[-1].middle) // 2 if ways else y + height // 2
    top = min(max(y, middle - height // 2), bottom - height)
    return Placed(branch, lines, x, top, tuple(ways), bottom)


def _words(branch: Branch) -> tuple[str, ...]:
    if branch.again:
        return (_cut(f"→ {branch.box.name}"),)
    head, name = branch.box.title, f"· {branch.box.name}"
    heads = (f"{head} {name}",) if _fits(f"{head} {name}") else (_cut(head), _cut(name))
    return (*heads, *_wrapped(branch.box.text))


def _fits(line: str) -> bool:
    return _wide(line) <= WIDTH - 2 * PAD


def _cut(line: str) -> str:
    """As much of `line` as goes into a box."""
    if _fits(line):
        return line
    while not _fits(f"{line}…"):
        line = line[:-1]
    return f"{line}…"


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in _pieces(text):
        if lines[-1] and not _fits(lines[-1] + word.rstrip()):
            lines.append("")
        lines[-1] = (lines[-1] + word).lstrip()
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][:-1].rstrip()}…"]
    return [_cut(line.rstrip()) for line in lines if line.strip()]


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: after a space and after a Chinese or Japanese sign, not before a full stop."""
    piece = ""
    for sign, following in zip(text, [*text[1:], ""], strict=True):
        piece += sign
        if sign == " " or (_whole(sign) and following not in CLOSING):
            yield piece
            piece = ""
    yield piece


def _whole(sign: str) -> bool:
    """Whether a sign stands for itself; Korean breaks between words."""
    return unicodedata.east_asian_width(sign) in "WF" and not "가" <= sign <= "힣"


def _wide(text: str) -> float:
    return sum(SIZE if unicodedata.east_asian_width(sign) in "WF" else SIZE * 0.6 for sign in text)


def _height(lines: tuple[str, ...]) -> int:
    return len(lines) * ROW + 2 * PAD - 6


def _lines(placed: Placed) -> Iterator[str]:
    """The ways, each with its label where it arrives."""
    for way in placed.ways:
        start, end = placed.x + WIDTH, way.x
        bend = start + 16
        path = f"M{start} {placed.middle}H{bend}V{way.middle}H{end - 5}"
        yield f'<path d="{path}" fill="none" stroke="#8a97a6"/>'
        yield f'<path d="M{end} {way.middle}l-6 -4v8z" fill="#8a97a6"/>'
        if way.branch.label:
            label = escape(way.branch.label)
            yield f'<text x="{bend + 8}" y="{way.middle - 5}" font-size="{SIZE - 1}">{label}</text>'
        yield from _lines(way)


def _boxes(placed: Placed) -> Iterator[str]:
    branch, x, y = placed.branch, placed.x, placed.y
    colour = "#ffffff" if branch.again else COLOURS[branch.box.kind]
    dashed = ' stroke-dasharray="4 3"' if branch.again else ""
    width = min(WIDTH, round(_wide(placed.lines[0])) + 2 * PAD) if branch.again else WIDTH
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{placed.height}" rx="6" fill="{colour}"'
    yield f'  stroke="#8a97a6"{dashed}/>'
    for number, line in enumerate(placed.lines):
        weight = ' font-weight="bold"' if number == 0 and not branch.again else ""
        yield f'<text x="{x + PAD}" y="{y + PAD + 9 + number * ROW}"{weight}>{escape(line)}</text>'
    for way in placed.ways:
        yield from _boxes(way)


def _right(placed: Placed) -> Iterator[int]:
    yield placed.x + WIDTH
    for way in placed.ways:
        yield from _right(way)
