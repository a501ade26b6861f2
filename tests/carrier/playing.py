"""A case: a document, what the caller and an agent do, and what is heard and asked then."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carrier.phone import Heard, Line, Phone
from tests.carrier.conftest import World

Steps = tuple[str, ...]
SIGNS = {"say": "{}", "play": "♪ {}", "tone": "({})", "voice": '"{}"'}


@dataclass(frozen=True)
class Case:
    """`does` is a script of lines such as `hears Press`, `presses 1`, `kim answers`, `waits 3`."""

    verb: str
    rule: str
    document: str
    does: Steps = ()
    heard: Steps | None = None
    """All that the caller heard: words, ♪ sounds, (tones), "voices"."""
    kim_heard: Steps | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[tuple[str, Mapping[str, str]], ...] | None = None
    """Every request after the first, in order: its path, and some of what was sent."""
    ends: str = "completed"
    codes: tuple[int, ...] = ()
    takes: float | None = None
    """Seconds of the carrier's time from the dialling to the end."""

    def __str__(self) -> str:
        return f"{self.verb}: {self.rule}"


async def play(world: World, case: Case) -> None:
    """Play a case, and compare."""
    for path, answer in case.answers.items():
        world.app.on(path, answer)
    kim = world.phone("client:kim")
    begun = world.clock.now()
    lines: dict[str, Line] = {"": await world.call(case.document)}
    for step in case.does:
        await _do(world, kim, lines, step)
    assert await lines[""].ends(3600) == case.ends
    ended = world.clock.now()
    await world.exchange.settle()
    if case.heard is not None:
        assert written(world, lines[""].heard) == case.heard
    if case.kim_heard is not None:
        assert written(world, lines["kim"].heard) == case.kim_heard
    if case.asked is not None:
        _compare(world, case.asked)
    assert tuple(world.codes()) == case.codes
    if case.takes is not None:
        assert (ended - begun).total_seconds() == case.takes


def written(world: World, heard: list[Heard]) -> Steps:
    """What was heard, each on a line; URLs of the app without its host."""
    return tuple(SIGNS[one.kind].format(one.text.removeprefix(world.app.url)) for one in heard)


async def _do(world: World, kim: Phone, lines: dict[str, Line], step: str) -> None:
    who, deed, words = _parsed(step)
    if deed == "waits":
        await world.exchange.advance(float(words))
        return
    if who and who not in lines:
        lines[who] = await kim.rings()
    line = lines[who]
    match deed:
        case "hears":
            await line.hears(words, 120)
        case "presses":
            await line.press(words)
        case "says":
            await line.speak(words)
        case "hangs":
            await line.hang_up()
        case "answers":
            await line.answer()
        case "declines":
            await line.decline()
        case "ends":
            assert await line.ends() == words
        case _:
            raise ValueError(step)


def _parsed(step: str) -> tuple[str, str, str]:
    who, _, rest = step.partition(" ")
    if who != "kim":
        who, rest = "", step
    deed, _, words = rest.partition(" ")
    return who, deed, words


def _compare(world: World, expected: tuple[tuple[str, Mapping[str, str]], ...]) -> None:
    asked = world.app.asked[1:]
    assert [one.path for one in asked] == [path for path, _ in expected]
    for one, (_, params) in zip(asked, expected, strict=True):
        assert {name: one.params.get(name) for name in params} == params
