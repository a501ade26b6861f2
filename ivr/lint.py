"""What can be wrong with a menu as a whole; one function for each thing, all of them asked."""

from ivr.discouraged import discouraged
from ivr.draft import Draft
from ivr.flow import State, reach, silent_loops
from ivr.missing import missing
from ivr.nodes import PERSON
from ivr.nodes.choice import Choice
from ivr.nodes.queue import Queue
from ivr.nodes.say import Say
from ivr.slips import EACH_NODE, Find, Problems
from settings.problems import Problem, did_you_mean
from settings.yaml import Document

MOST_OPTIONS = 5


def check(draft: Draft, main: Document) -> list[Problem]:
    """All problems of the menu as a whole; some can be seen only once every node leads somewhere."""
    problems = [*_start(draft, main), *_person(draft, main)]
    problems += [problem for find in EACH_NODE for problem in find(draft)]
    if draft.whole and not _adrift(draft):
        problems += [problem for find in WHOLE for problem in find(draft)]
        right = not any(problem.level == "error" for problem in [*problems, *draft.problems])
        if right and draft.known.languages:
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


def _unreachable(draft: Draft) -> Problems:
    """Nodes that no node leads to, and one of those that only lead to each other; the rest follows them."""
    left = draft.nodes.keys() - {state.at for state in _reach(draft, draft.start)} - {PERSON}
    led_to = {lead.to for name in left for lead in draft.nodes[name].leads() if lead.to != name}
    for name in sorted(left, key=lambda name: (name in led_to, list(draft.nodes).index(name))):
        if name in left:
            left -= {state.at for state in _reach(draft, name)}
            what = f"nothing leads to '{name}'"
            yield draft.problem(name, what, "let a key or a 'then' lead to it, or delete it")


def _reach(draft: Draft, start: str) -> set[State]:
    return reach(draft.nodes, start, next(iter(draft.known.languages), ""))


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


WHOLE: tuple[Find, ...] = (missing, _unreachable, _loops, _zero, _options)
