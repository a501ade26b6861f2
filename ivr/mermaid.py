"""A menu as a Mermaid flowchart, which many editors and forges show as a picture."""

from ivr.draw import box, ways
from ivr.menu import Menu

SHAPES = {
    "say": ("[", "]"),
    "choice": ("{{", "}}"),
    "collect": ("[/", "/]"),
    "hours": ("{", "}"),
    "queue": ("([", "])"),
    "record": ("[(", ")]"),
    "transfer": (">", "]"),
    "lookup": ("[[", "]]"),
    "hang_up": ("((", "))"),
}
LONGEST = 60  # characters of what a node says


def mermaid(menu: Menu, language: str) -> str:
    """The flowchart, labelled in `language`."""
    ids = {name: f"n{number}" for number, name in enumerate(menu.nodes)}
    lines = ["flowchart LR"]
    for name, this in ids.items():
        drawn = box(menu, name, language)
        left, right = SHAPES[drawn.kind]
        text = "<br/>".join(filter(None, (f"{drawn.title} · {name}", _short(drawn.text))))
        lines.append(f'    {this}{left}"{text}"{right}')
    for name, this in ids.items():
        for label, to in ways(menu, name, language):
            arrow = f'-->|"{_safe(label)}"|' if label else "-->"
            lines.append(f"    {this} {arrow} {ids[to]}")
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    return _safe(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _safe(text: str) -> str:
    """Mermaid takes entity codes with # for the signs it would otherwise read itself."""
    return "".join(f"#{ord(sign)};" if sign in '"#<>{}[]|`&' else sign for sign in text)
