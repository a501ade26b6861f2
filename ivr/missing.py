"""Texts that callers miss in their language: where they come first to one, and which key brings them."""

from collections import deque
from collections.abc import Iterator

from ivr.draft import Draft
from ivr.flow import Nodes, State, onward
from ivr.nodes import Lead
from ivr.slips import Problems, called_lead, called_prompt
from ivr.wording import unspoken

Came = dict[State, tuple[State, Lead] | None]  # callers, and from where and by what; None for the first
SHOWN = 3  # of the nodes further on; a mistaken key makes all of a branch of them


def missing(draft: Draft) -> Problems:
    """One problem for each text of the first such node on a way; it names those further on."""
    came = _came(draft)
    told: set[tuple[str, str]] = set()
    for state in came:
        if _misses(draft.nodes, state) and state.language in draft.known.languages:
            if (state.at, state.language) not in told:
                yield from _problems(draft, came, state)
            told.add((state.at, state.language))


def _problems(draft: Draft, came: Came, state: State) -> Problems:
    by, otherwise = "", ""
    if key := _key(came, state):
        name, lead = key
        home = draft.homes[name]
        by = f" by {called_lead(lead)} of '{name}' ({home.file}:{home.line(name, *lead.path)})"
        otherwise = ", or let that key lead elsewhere"
    for path, prompt in draft.nodes[state.at].prompts():
        for what, mend in unspoken(prompt, called_prompt(state.at, path), [state.language]):
            come = f"{what}, and such callers come here{by}{_after(draft.nodes, came, state)}"
            yield draft.problem(state.at, come, f"{mend}{otherwise}", *path)


def _misses(nodes: Nodes, state: State) -> bool:
    return any(state.language not in prompt.texts for _, prompt in nodes[state.at].prompts())


def _came(draft: Draft) -> Came:
    """Callers on the shortest ways, who go no further in a language that was missed."""
    start = State(draft.start, next(iter(draft.known.languages), ""))
    came: Came = {start: None}
    ahead = deque([start])
    while ahead:
        state = ahead.popleft()
        misses = _misses(draft.nodes, state)
        for lead, there in onward(draft.nodes, state):
            if there not in came and not (misses and there.language == state.language):
                came[there] = (state, lead)
                ahead.append(there)
    return came


def _key(came: Came, state: State) -> tuple[str, Lead] | None:
    """The key that chose the language of these callers, else the last one they pressed; and its node."""
    last = None
    while before := came[state]:
        state, lead = before
        if lead.language:
            return state.at, lead
        if last is None and lead.path[:1] == ("keys",):
            last = state.at, lead
    return last


def _after(nodes: Nodes, came: Came, state: State) -> str:
    """The nodes further on that have no such text either."""
    names = list(dict.fromkeys(there.at for there in _further(nodes, state) if there not in came))
    if not names:
        return ""
    shown = ", ".join(f"'{name}'" for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"; nor {'has' if len(names) == 1 else 'have'} {shown}{more} further on"


def _further(nodes: Nodes, state: State) -> Iterator[State]:
    """Where these callers would get to in the same language who miss it there too, the nearest first."""
    met, ahead = {state}, deque([state])
    while ahead:
        for _, there in onward(nodes, ahead.popleft()):
            if there not in met and there.language == state.language:
                met.add(there)
                ahead.append(there)
                if _misses(nodes, there):
                    yield there
