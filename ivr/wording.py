"""What can be wrong with a prompt: a missing text, an empty placeholder, a lost recording."""

from collections.abc import Collection, Iterator
from pathlib import Path

from ivr.prompt import Prompt
from settings.problems import did_you_mean

NAMES = {"zh": "Chinese", "en": "English", "ja": "Japanese", "ko": "Korean", "ru": "Russian"}
Wrong = tuple[str, str]  # what, mend


def unspoken(prompt: Prompt, called: str, languages: Collection[str]) -> Iterator[Wrong]:
    """The `languages` that `prompt`, which people call `called`, has no text in."""
    for language in languages:
        if language not in prompt.texts:
            name = NAMES.get(language, language)
            yield f"{called} has no text in {name}", f"add {language}: with the {name} text"


def misfilled(
    prompt: Prompt, called: str, words: Collection[str], folder: Path | None
) -> Iterator[tuple[str, *Wrong]]:
    """By language: placeholders that are not among `words`, and recordings that are not in `folder`."""
    for language, text in prompt.texts.items():
        for word in sorted(text.placeholders - set(words)):
            yield language, f"{{{word}}} in {called} stands for nothing", did_you_mean(word, words)
        for file in text.files():
            if folder and "://" not in file and not (folder / file).is_file():
                what = f"{called} plays {file}, which is not in {folder.as_posix()}"
                yield language, what, "put the recording there, or write a text instead"
