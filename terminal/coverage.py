"""Warnings that need settings and menus together: callers nobody answers, people nobody reaches."""

from collections.abc import Iterator
from datetime import date

from ivr.flow import reach
from ivr.nodes.queue import Queue
from ivr.nodes.transfer import Transfer
from routing.policy.match import served_by
from routing.policy.skills import Lane, Profile
from routing.rulebook import profiles_of
from settings.calendar import Calendar, YearUnknown
from settings.files import document
from settings.hours import Span
from settings.problems import Problem, did_you_mean
from switchboard.setup import Setup

Wait = tuple[str, str]  # a queue, and the language of those who wait in it


def coverage(setup: Setup) -> list[Problem]:
    """All of them, in the order of their files."""
    led = where_callers_wait(setup)
    waits = list(dict.fromkeys(wait for each in led for wait in _way(setup, each)))
    return sorted(
        [
            *_unserved(setup, waits),
            *_idle(setup, waits),
            *_empty(setup, waits),
            *_preferred(setup),
            *_receptions(setup),
            *_uninterpreted(setup),
            *_unreached(setup),
            *_emergencies(setup),
        ]
    )


def where_callers_wait(setup: Setup) -> list[Wait]:
    """Where callers can get to who wait, by the order of the hotline's languages."""
    nodes, languages = setup.menu.nodes, setup.config.hotline.languages
    waits = {
        (node.queue, state.language)
        for state in reach(nodes, setup.menu.start, languages[0])
        if isinstance(node := nodes[state.at], Queue)
    }
    return sorted(waits, key=lambda wait: (wait[0], languages.index(wait[1])))


def _way(setup: Setup, wait: Wait) -> Iterator[Wait]:
    """Where those who wait there wait one after the other: queues move callers on, in no circle."""
    queue, language = wait
    yield wait
    if (overflow := setup.rulebook.rules[queue].overflow) is not None:
        yield from _way(setup, (overflow[1], language))


def _unserved(setup: Setup, waits: list[Wait]) -> Iterator[Problem]:
    """Callers who would wait for nobody, there or where they are moved to."""
    answered = {wait for wait in waits if _who_serve(setup, wait)}
    served = {wait for wait in waits if not answered.isdisjoint(_way(setup, wait))}
    at = document(setup.config.folder, "queues.yml")
    for queue, settings in setup.config.queues.items():
        if missing := [wait[1] for wait in waits if wait[0] == queue and wait not in served]:
            what = f"nobody serves queue '{queue}' in {', '.join(missing)}: those callers wait in vain"
            who = " and ".join([*missing, *(f"know '{topic}'" for topic in settings.topics)])
            yield at.problem(
                what, f"in agents.yml give '{queue}' to people who speak {who}", queue, level="warning"
            )


def _idle(setup: Setup, waits: list[Wait]) -> Iterator[Problem]:
    """Agents who would never get a call."""
    at = document(setup.config.folder, "agents.yml")
    receive = {reception.agent for reception in setup.config.calendar.receptions.values()}
    busy = {profile for wait in waits for profile in _who_serve(setup, wait)}
    for name, agent in profiles_of(setup.config.agents).items():
        if name not in receive and agent not in busy:
            what = f"'{name}' never gets a call: no menu leads to a queue whose callers they could serve"
            mend = "compare languages, levels, topics and queues with the menus and queues.yml"
            yield at.problem(what, mend, name, level="warning")


def _who_serve(setup: Setup, wait: Wait) -> set[Profile]:
    """The agents who may serve those callers, sooner or later, alone or with an interpreter."""
    profiles = set(profiles_of(setup.config.agents).values())
    return served_by(setup.rulebook.rules[wait[0]], Lane(*wait), profiles)


def _uninterpreted(setup: Setup) -> Iterator[Problem]:
    """Queues that let interpreters in where there are none."""
    if any(agent.interpreter for agent in setup.config.agents.values()):
        return
    at = document(setup.config.folder, "queues.yml")
    for name, queue in setup.config.queues.items():
        for number, step in enumerate(queue.timeline):
            if step.interpreter:
                what = f"step {number + 1} of '{name}' lets interpreters in, and nobody in agents.yml is one"
                mend = "in agents.yml write interpreter: true for who interprets, or take the step out"
                yield at.problem(what, mend, name, "timeline", number, "interpreter", level="warning")


def _unreached(setup: Setup) -> Iterator[Problem]:
    """Steps after the end of the wait; offers of a call-back there are errors already."""
    at = document(setup.config.folder, "queues.yml")
    for name, queue in setup.config.queues.items():
        longest = queue.wait_limit_seconds or setup.config.hotline.wait_limit_seconds
        for number, step in enumerate(queue.timeline):
            if step.after >= longest:
                what = f"step {number + 1} of '{name}' comes after {step.after} s"
                what += f", and nobody waits longer than {longest} s"
                mend = f"write less than {longest}, or let callers wait longer: wait_limit_seconds"
                yield at.problem(what, mend, name, "timeline", number, "after", level="warning")


def _empty(setup: Setup, waits: list[Wait]) -> Iterator[Problem]:
    """Queues in which nobody ever waits, and whose agents help out nowhere."""
    at = document(setup.config.folder, "queues.yml")
    helping = {
        queue for rules in setup.rulebook.rules.values() for queue in rules.stages[-1].queues - {rules.queue}
    }
    for queue in setup.config.queues.keys() - {queue for queue, _ in waits} - helping:
        mend = f"let a menu lead there with queue: {queue}, or take it out"
        yield at.problem(f"no menu leads to queue '{queue}'", mend, queue, level="warning")


def _preferred(setup: Setup) -> Iterator[Problem]:
    """Preferences that tell nobody from anybody: no agent has them."""
    at = document(setup.config.folder, "queues.yml")
    known = {skill for agent in setup.config.agents.values() for skill in agent.skills}
    for name, queue in setup.config.queues.items():
        for place, word in enumerate(queue.preferred):
            if word not in known:
                what = f"'{name}' prefers '{word}', which nobody in agents.yml speaks or knows"
                yield at.problem(what, did_you_mean(word, known), name, "preferred", place, level="warning")


def _receptions(setup: Setup) -> Iterator[Problem]:
    """Receptions at which nobody gets into the queue: its hours are over, or have not begun."""
    at, calendar = document(setup.config.folder, "calendar.yml"), setup.config.calendar
    for name, reception in calendar.receptions.items():
        hours = setup.config.queues[reception.queue].hours
        shut = [day for day in reception.days if hours and not _open(calendar, hours, day, reception.times)]
        if shut:
            what = f"on {shut[0]} the queue '{reception.queue}' is closed at some of the times of '{name}'"
            mend = f"make it a special day with those hours for '{hours}', or take other times"
            yield at.problem(what, mend, "receptions", name, level="warning")


def _open(calendar: Calendar, hours: str, day: date, times: tuple[Span, ...]) -> bool:
    """Whether these hours are open on that day at all these times; so they are while the year is unknown."""
    try:
        spans = calendar.spans(hours, day)
    except YearUnknown:
        return True
    minutes = (minute for first, end in times for minute in range(first, end))
    return all(any(first <= minute < end for first, end in spans) for minute in minutes)


def _emergencies(setup: Setup) -> Iterator[Problem]:
    """Emergency numbers that no menu hands a call over to."""
    at = document(setup.config.folder, "hotline.yml")
    reached = {node.transfer for node in setup.menu.nodes.values() if isinstance(node, Transfer)}
    for name, number in setup.config.hotline.emergency.items():
        if number not in reached:
            what = f"no menu hands a call over to {name} ({number})"
            yield at.problem(what, f"add a node with transfer: {number}", "emergency", name, level="warning")
