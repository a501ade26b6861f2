"""Speaking ahead: what the voices have to say in any call is spoken before the first of them."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from carrier.speech.engine import CannotSpeak
from carrier.speech.spoken import Speech
from terminal.prompt_list import Prompt
from terminal.refusal import Refusal

Words = tuple[str, Prompt]


@dataclass
class Rendered:
    """How many sounds are new and how many were there; a line for each text that no voice could speak."""

    new: int = 0
    there: int = 0
    failed: list[str] = field(default_factory=list)


def render(prompts: list[Prompt], speech: Speech) -> Rendered:
    """Speak what is not there yet, the same words once. What was spoken stays, whatever comes after it."""
    done = Rendered()
    todo = _once(prompts)
    console = Console(stderr=True)
    with Progress(
        TextColumn("speaking"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        for words, prompt in progress.track(todo):
            _speak(words, prompt, speech, done)
    return done


def _once(prompts: list[Prompt]) -> list[Words]:
    """What is to be spoken, each once, with the first text that says it."""
    once: dict[tuple[str, str], Prompt] = {}
    for prompt in prompts:
        for words in prompt.wording.ahead():
            once.setdefault((words, prompt.wording.language), prompt)
    return [(words, prompt) for (words, _), prompt in once.items()]


def _speak(words: str, prompt: Prompt, speech: Speech, done: Rendered) -> None:
    try:
        if speech.kept(words, prompt.wording.language) is not None:
            done.there += 1
            return
        speech.say(words, prompt.wording.language)
        done.new += 1
    except CannotSpeak as why:
        done.failed.append(prompt.told(f"can't be spoken: {' '.join(str(why).split())}"))
    except OSError as error:
        what = (error.strerror or type(error).__name__).lower()
        mend = "make the folder writable, or name another one: HOTLINE_VAR=/path"
        raise Refusal(f"sounds can't be kept in {speech.folder}: {what}", mend) from None
