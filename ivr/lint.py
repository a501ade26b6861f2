"""What can be wrong with a menu as a whole; one function for each thing, all of them asked."""

from collections.abc import Callable, Iterator

from ivr.draft import Draft
from ivr.flow import State, reach, silent_loops
from ivr.nodes import PERSON, Lead
from ivr.nodes.choice import Choice
from ivr.nodes.collect import Collect
from ivr.nodes.hours import Hours
from ivr.nodes.lookup import STATES, Lookup
from ivr.nodes.queue import Queue
from ivr.nodes.say import Say
from ivr.routes import discouraged
from ivr.texts import TICKET
from ivr.wording import misfilled, unspoken
from settings.problems import Problem, did_you_mean
from settings.yaml import Document

Problems = Iterator[Problem]
RESERVED = TICKET | {"language", "message"}
MOST_OPTIONS = 5


def check(draft: Draft, main: Document) -> list[Problem]:
    """All problems of the menu as a whole; some can be seen only once every node leads somewhere."""
    problems = [*_start(draft, main), *_person(draft, main)]
    problems += [problem for find in EACH for problem in find(draft)]
    if draft.whole and not _adrift(draft):
        problems += [problem for find in WHOLE for problem in find(draft)]
        if not any(problem.level == "error" for problem in [*problems, *draft.problems]):
            problems += discouraged(draft)
    return problems


def _adrift(draft: Draft) -> bool:
    leads = {lead.to for node in draft.nodes.values() for lead in node.leads()}
    return not {draft.start, PERSON} | leads <= draft.nodes.keys()


def _start(draft: Draft, main: Document) -> Problems:
    if draft.start in draft.homes:
        return
    if draft.start_home:
        what = f"'start' leads to '{draft.start}', which is not in this menu"
        yield draft.start_home.problem(what, did_you_mean(draft.start, draft.homes), "start")
    else:
        mend = f"add the node '{draft.start}', or say which node it is: start: NAME"
        yield main.problem("the menu has no beginning", mend)


def _person(draft: Draft, main: Document) -> Problems:
    if PERSON not in draft.homes:
        what = f"the menu has no node '{PERSON}', where 0 and every caller without a key get to a person"
        yield main.problem(what, f"add {PERSON}: {{queue: {min(draft.known.queues, default='NAME')}}}")
    elif PERSON in draft.nodes and not isinstance(draft.nodes[PERSON], Queue):
        what = f"'{PERSON}' is where 0 leads, and it is no queue"
        yield draft.problem(PERSON, what, "let it be a queue, and give this node another name")


def _leads(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        for lead in node.leads():
            if lead.to not in draft.homes and lead.to != PERSON:
                what = f"{called_lead(lead)} of '{name}' leads to '{lead.to}', which is not in this menu"
                yield draft.problem(name, what, did_you_mean(lead.to, draft.homes), *lead.path)
            if lead.language and lead.language not in draft.known.languages:
                what = (
                    f"{called_lead(lead)} of '{name}' chooses '{lead.language}', no language of this hotline"
                )
                mend = did_you_mean(lead.language, draft.known.languages)
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


def _languages(draft: Draft) -> Problems:
    states = _reach(draft)
    for name, node in draft.nodes.items():
        spoken = {state.language for state in states if state.at == name}
        languages = [language for language in draft.known.languages if language in spoken]
        for path, prompt in node.prompts():
            for what, mend in unspoken(prompt, called_prompt(name, path), languages):
                yield draft.problem(name, f"{what}, and such callers come here", mend, *path)


def _unreachable(draft: Draft) -> Problems:
    met = {state.at for state in _reach(draft)}
    for name in draft.nodes.keys() - met - {PERSON}:
        what = f"nothing leads to '{name}'"
        yield draft.problem(name, what, "let a key or a 'then' lead to it, or delete it")


def _reach(draft: Draft) -> set[State]:
    return reach(draft.nodes, draft.start, draft.known.languages[0])


def _loops(draft: Draft) -> Problems:
    for loop in silent_loops(draft.nodes):
        way = " → ".join(f"'{name}'" for name in loop)
        what = f"a caller who presses nothing goes round for ever: {way}"
        mend = "let one of them lead to a person, a recording or a good-bye"
        lead = next(lead for lead in draft.nodes[loop[0]].leads() if lead.silent and lead.to == loop[1])
        yield draft.problem(loop[0], what, mend, *lead.path)


def _zero(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        if isinstance(node, Choice) and "0" in node.keys and not _is_person(draft, node.keys["0"].then):
            what = f"key 0 of '{name}' leads to '{node.keys['0'].then}', and 0 is a person everywhere"
            yield draft.problem(name, what, "give it another key", "keys", "0", level="warning")


def _is_person(draft: Draft, name: str) -> bool:
    """Whether `name` is a queue, perhaps after some words."""
    met: set[str] = set()
    while name not in met and isinstance(node := draft.nodes[name], Say):
        met.add(name)
        name = node.then
    return isinstance(draft.nodes[name], Queue)


def _options(draft: Draft) -> Problems:
    for name, node in draft.nodes.items():
        if isinstance(node, Choice) and (count := len(node.keys.keys() - {"0"})) > MOST_OPTIONS:
            what = f"'{name}' offers {count} keys, more than a caller keeps in mind"
            mend = f"offer {MOST_OPTIONS} at most; a person can do the rest"
            yield draft.problem(name, what, mend, "keys", level="warning")


Find = Callable[[Draft], Problems]
EACH: tuple[Find, ...] = (_leads, _names, _states, _entries, _placeholders)
WHOLE: tuple[Find, ...] = (_languages, _unreachable, _loops, _zero, _options)
