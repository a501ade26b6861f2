"""`hotline prompts`: what is spoken and what is recorded, and speaking ahead what a voice has to say."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from terminal.refusal import Refusal, said_plainly

if TYPE_CHECKING:
    from terminal.prompt_list import PromptList
    from terminal.render import Rendered


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--language", "-l", "languages", multiple=True, metavar="zh", help="Only this language.")
@click.option("--missing", is_flag=True, help="Only what has no recording.")
@click.option("--render", is_flag=True, help="Speak ahead what has no placeholder, so that no caller waits.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def prompts(
    folder: Path | None, languages: tuple[str, ...], missing: bool, render: bool, as_json: bool
) -> None:
    """List every text of the menus: where it is, in which language, spoken or recorded, how long.

    FOLDER is HOTLINE_CONFIG if left out, else config/. A length after ~ is an estimate: nobody has spoken it
    yet. --render keeps the sounds where the local carrier looks for them. Ends with 1 where a text can't be
    spoken or a recording can't be played.
    """
    from carrier.speech.spoken import speech_in
    from settings.secrets import config_folder, variable_folder
    from switchboard.setup import load
    from terminal.plan import carrier_data
    from terminal.prompt_list import PromptList

    with said_plainly():
        setup = load(folder or config_folder())
    _refuse_unknown(languages, setup.config.hotline.languages)
    speech = speech_in(carrier_data(variable_folder()))
    listed = PromptList(setup, speech, languages, missing)
    try:
        if render:
            _refuse_twilio(setup.config.hotline.carrier)
            _render(listed, as_json)
        else:
            _list(listed, as_json)
    finally:
        speech.close()


def _refuse_unknown(languages: tuple[str, ...], spoken: tuple[str, ...]) -> None:
    from settings.problems import did_you_mean

    for language in languages:
        if language not in spoken:
            raise Refusal(f"the hotline has no language '{language}'", did_you_mean(language, spoken))


def _refuse_twilio(carrier: str) -> None:
    if carrier != "local":
        raise Refusal(
            f"carrier: {carrier} speaks with voices of its own, so nothing is spoken ahead here",
            "leave out --render; recordings are played on every carrier",
        )


def _list(listed: "PromptList", as_json: bool) -> None:
    from terminal.prompt_pages import show, values

    found = list(listed)
    if as_json:
        _json([values(prompt) for prompt in found])
    else:
        show(found)
    complaints = [complaint for prompt in found for complaint in prompt.complaints]
    _complain(complaints)
    click.get_current_context().exit(1 if any(prompt.broken for prompt in found) else 0)


def _render(listed: "PromptList", as_json: bool) -> None:
    from terminal.render import render

    rendered = render(list(listed), listed.speech)
    if as_json:
        _json({"rendered": rendered.new, "there": rendered.there, "failed": rendered.failed})
    else:
        click.echo(_told(rendered))
    _complain(rendered.failed)
    click.get_current_context().exit(1 if rendered.failed else 0)


def _told(rendered: "Rendered") -> str:
    failed = f", {len(rendered.failed)} failed" if rendered.failed else ""
    return f"{rendered.new} spoken, {rendered.there} there already{failed}"


def _complain(complaints: list[str]) -> None:
    for complaint in complaints:
        click.echo(complaint, err=True)


def _json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
