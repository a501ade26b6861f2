"""The notice that the law wants: nobody is recorded who has not been told so, to the end, before the talk.

None ─▶ begun ─▶ heard. It is said on the way into the queue, while an agent is already being rung. The
carrier's first question what a caller should hear in the queue shows that it was heard; an agent who accepts
sooner waits for that. Whoever comes to a talk without it hears it there, before the other side.
"""

from collections.abc import Iterable
from datetime import timedelta

from calls.book import Call
from calls.verbs import Enqueue, Prompt, Say, Verb
from switchboard.hotline import Hotline

BEGUN, HEARD = "begun", "heard"
AT_ONCE = timedelta(seconds=3)  # after accepting: the agent's coming into the conference may get lost


def talks_are_recorded(hotline: Hotline) -> bool:
    """Whether the configuration wants it."""
    recording = hotline.config.hotline.recording
    return recording is not None and recording.talks


def words(hotline: Hotline, call: Call) -> tuple[Prompt, ...]:
    """The notice in the caller's language; nothing for who has heard it, or where talks are not recorded."""
    recording = hotline.config.hotline.recording
    if recording is None or not recording.talks or call.notice == HEARD:
        return ()
    texts = recording.notice
    language = call.language if call.language in texts else next(iter(texts))
    return (Say(texts[language], language),)


def before_the_queue(hotline: Hotline, call: Call, verbs: Iterable[Verb]) -> tuple[Verb, ...]:
    """The verbs, with the notice as the last words before the queue."""
    told: list[Verb] = []
    for verb in verbs:
        told += (*words(hotline, call), verb) if isinstance(verb, Enqueue) else (verb,)
    return tuple(told)


def begin(hotline: Hotline, call: Call) -> str | None:
    """How far the notice is when it is being said now."""
    return BEGUN if words(hotline, call) else call.notice


def arrived(call: Call) -> str | None:
    """How far the notice is when the caller has come to where it leads: queue or talk."""
    return HEARD if call.notice == BEGUN else call.notice


def being_said(call: Call) -> bool:
    """Whether the caller must not be fetched out of it."""
    return call.notice == BEGUN


def patience(hotline: Hotline, call: Call) -> timedelta:
    """How long an agent who has accepted waits at most before the caller is fetched: while the notice is
    being said, almost as long as a caller may take to come, for it stands behind the words of the queue."""
    most = timedelta(seconds=hotline.config.hotline.join_seconds) - AT_ONCE
    return max(most, AT_ONCE) if being_said(call) else AT_ONCE
