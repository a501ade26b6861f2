"""What can be wrong with a node by itself: a name that is not there, a text that can't be filled."""

from collections.abc import Callable, Iterator

from ivr.draft import Draft
from ivr.nodes import PERSON, Lead
from ivr.nodes.choice import Choice
from ivr.nodes.collect import Collect
from ivr.nodes.hours import Hours
from ivr.nodes.lookup import STATES, Lookup
from ivr.nodes.queue import Queue
from ivr.nodes.transfer import Transfer
from ivr.texts import TICKET
from ivr.wording import NAMES, misfilled
from settings.languages import LANGUAGES
from settings.problems import Problem, did_you_mean

Problems = Iterator[Problem]
Find = Callable[[Draft], Problems]
RESERVED = TICKET | {"language", "message"}


def _leads(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        for lead in node.leads():
            if lead.to not in draft.homes and lead.to != PERSON:
                what = f"{called_lead(lead)} of '{name}' leads to '{lead.to}', which is not in this menu"
                yield draft.problem(name, what, did_you_mean(lead.to, draft.homes), *lead.path)
            languages = draft.known.languages or LANGUAGES
            if lead.language and lead.language not in languages:
                what = (
                    f"{called_lead(lead)} of '{name}' chooses '{lead.language}', no language of this hotline"
                )
                mend = did_you_mean(lead.language, languages)
                yield draft.problem(name, what, mend, *lead.path[:-1], "language")


def called_lead(lead: Lead) -> str:
    """What people call a way out: key 2, or 'then'."""
    return f"key {lead.key}" if lead.path[0] == "keys" else f"'{lead.path[0]}'"


def _names(draft: Draft) -> Problems:
    entered = {node.into for node in draft.nodes.values() if isinstance(node, Collect)}
    for name, node in draft.nodes.items():
        match node:
            case Queue(queue=queue) if queue not in draft.known.queues:
                what = f"'{name}' waits in the queue '{queue}', which is not in queues.yml"
                yield draft.problem(name, what, did_you_mean(queue, draft.known.queues), "queue")
            case Hours(hours=hours) if hours not in draft.known.hours:
                what = f"'{name}' asks for the hours '{hours}', which are not in calendar.yml"
                yield draft.problem(name, what, did_you_mean(hours, draft.known.hours), "hours")
            case Transfer(transfer=number) if number == draft.known.number:
                what = (
                    f"'{name}' hands calls over to the hotline's own number, so they would go round for ever"
                )
                mend = "write the number of another place, or lead to a queue"
                yield draft.problem(name, what, mend, "transfer")
            case Lookup(lookup=into) if into not in entered and draft.whole:
                what = f"'{name}' looks for '{into}', which no caller is asked for"
                yield draft.problem(name, what, did_you_mean(into, entered), "lookup")


def _states(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        if isinstance(node, Lookup):
            for state in node.states.keys() - set(STATES):
                what = f"'{name}' tells of the state '{state}', which no ticket has"
                yield draft.problem(name, what, did_you_mean(state, STATES), "states", state)
            if missing := [state for state in STATES if state not in node.states]:
                what = f"'{name}' has no words for a ticket that is {' or '.join(missing)}"
                yield draft.problem(name, what, f"add {missing[0]}: with a text", "states")


def _entries(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        if not isinstance(node, Collect):
            continue
        if node.at_least > node.at_most:
            what = f"'{name}' asks for at least {node.at_least} and at most {node.at_most} digits"
            yield draft.problem(name, what, "let at_most be the larger one", "at_least")
        if node.into in RESERVED:
            what = f"'{name}' keeps the digits as '{node.into}', a name that has its own meaning"
            yield draft.problem(name, what, "choose another name, such as number", "into")
        for language, text in node.confirm.texts.items() if node.confirm else ():
            if not text.placeholders & {node.into, f"{node.into}_spoken"} and not any(text.files()):
                what = f"'confirm' of '{name}' doesn't read the digits back"
                yield draft.problem(name, what, f"say {{{node.into}_spoken}} in it", "confirm", language)


def _unnamed(draft: Draft) -> Problems:
    """Keys for a language that nobody who speaks it is told of."""
    for name, node in draft.nodes.items():
        if not isinstance(node, Choice):
            continue
        for lead in node.leads():
            if lead.language in draft.known.languages and lead.language not in node.ask.texts:
                language = NAMES.get(lead.language, lead.language)
                what = f"{called_lead(lead)} of '{name}' chooses {language}, in which its 'ask' says nothing"
                mend = f"add {lead.language}: to it, with words that name the key {lead.key}"
                yield draft.problem(name, what, mend, *lead.path, level="warning")


def _placeholders(draft: Draft) -> Problems:
    entered = {node.into for node in draft.nodes.values() if isinstance(node, Collect)}
    words = TICKET | entered | {f"{into}_spoken" for into in entered}
    for name, node in draft.nodes.items():
        for path, prompt in node.prompts():
            called = called_prompt(name, path)
            for language, what, mend in misfilled(prompt, called, words, draft.known.folder):
                yield draft.problem(name, what, mend, *path, language)


def called_prompt(name: str, path: tuple[str, ...]) -> str:
    """What people call a prompt: 'ask' of 'language'."""
    return f"'{path[-1]}' of '{name}'"


EACH_NODE: tuple[Find, ...] = (_leads, _names, _states, _entries, _unnamed, _placeholders)
