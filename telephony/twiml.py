"""Write verbs as TwiML, the carrier's language.

Written by hand from prepared pieces, since the library's builder costs 50 times as much; the tests
compare every document with what the library can express.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from calls.verbs import Dial, Enqueue, Gather, HangUp, Join, Leave, Pause, Play, Prompt, Record, Say, Verb
from telephony.links import Links
from telephony.xml import escaped, legal, value

# How the carrier speaks each language. Keys of <Gather> speech differ, so this map is for <Say> alone.
SPOKEN = {
    "zh": ("zh-CN", "Polly.Zhiyu-Neural"),
    "en": ("en-US", "Polly.Joanna-Neural"),
    "ja": ("ja-JP", "Polly.Kazuha-Neural"),
    "ko": ("ko-KR", "Polly.Seoyeon-Neural"),
    "ru": ("ru-RU", "Polly.Tatyana"),
}
_SAY = {language: f'<Say language="{code}" voice="{voice}">' for language, (code, voice) in SPOKEN.items()}

# The carrier takes the events from whoever comes into the conference first, so both legs ask for all.
CONFERENCE_EVENTS = "start end join leave hold mute modify"

_HANDS_OFF = (Enqueue, Dial, Join, HangUp)  # nothing behind these is reached without a new document


@dataclass(frozen=True)
class Answers:
    """Where a document's answers go: keys and messages, the queue, the talk and what happens in it. `offer`
    is the one of the agent whose document it is."""

    links: Links
    keys: str
    wait: str = ""
    left: str = ""
    offer: str | None = None

    def talked(self, conference: str) -> str:
        return self.links.talked(conference) if self.offer is None else self.links.agent_talked(self.offer)


def render(verbs: Iterable[Verb], links: Links, n: int) -> str:
    """The caller's document; keys, silence, messages and transfers come back as step `n`."""
    return _document(tuple(verbs), Answers(links, links.step(n), links.wait(n), links.left(n)))


def render_onward(links: Links, n: int) -> str:
    """Send the caller on to step `n`, as if no key had been pressed."""
    return response(f'<Redirect method="POST">{escaped(links.step(n))}</Redirect>')


def render_again(url: str) -> str:
    """Ask for the document at `url` a second later."""
    return response(f'{prompt(Pause(1))}<Redirect method="POST">{escaped(url)}</Redirect>')


def render_offer(verbs: Iterable[Verb], links: Links, offer: str) -> str:
    """The agent's document: keys accept `offer`, silence ends the call, Join talks in its conference."""
    to = Answers(links, links.agent_accept(offer), offer=offer)
    told = tuple(verbs)
    ends = bool(told) and isinstance(told[-1], _HANDS_OFF)
    return response("".join(_written(verb, to) for verb in told) + ("" if ends else "<Hangup/>"))


def render_call_back(verbs: Iterable[Verb], links: Links, offer: str) -> str:
    """The document of a caller who is called back: keys, and silence, are told of `offer`."""
    return _document(tuple(verbs), Answers(links, links.call_back_key(offer)))


def render_wait(verbs: Iterable[Prompt | Gather | Leave], keys: str = "") -> str:
    """What a waiting caller hears; the carrier asks for the next piece when this one has ended. A key that
    is gathered is told to the webhook `keys`."""
    # A document that ends at once would be asked for again at once, and again.
    return response("".join(_while_waiting(verb, keys) for verb in verbs) or prompt(Pause(5)))


def render_hold(verbs: Iterable[Prompt], links: Links) -> str:
    """What a caller on hold hears; it asks for itself again, which the queue's document need not."""
    again = f'<Redirect method="POST">{escaped(links.hold())}</Redirect>'
    return response(("".join(prompt(verb) for verb in verbs) or prompt(Pause(5))) + again)


def response(inside: str) -> str:
    """A whole document around verbs that are TwiML already."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def prompt(verb: Prompt) -> str:
    match verb:
        case Say(text, language):
            return _say(text, language)
        case Play(url):
            return f"<Play>{escaped(url)}</Play>"
        case Pause(seconds):
            return f'<Pause length="{seconds}"/>'
    raise TypeError(f"{verb!r} has no place in this document")


def _while_waiting(verb: Prompt | Gather | Leave, keys: str) -> str:
    match verb:
        case Leave():
            return "<Leave/>"
        case Gather():
            return _gather(verb, keys)
        case _:
            return prompt(verb)


def _document(verbs: tuple[Verb, ...], to: Answers) -> str:
    inside = "".join(_written(verb, to) for verb in verbs)
    return response(inside + (_silence(to) if _falls_through(verbs) else ""))


def _falls_through(verbs: tuple[Verb, ...]) -> bool:
    """Whether a caller who presses nothing, or whose message is empty, comes to the document's end."""
    asked = [i for i, verb in enumerate(verbs) if isinstance(verb, Gather | Record)]
    return bool(asked) and not any(isinstance(verb, _HANDS_OFF) for verb in verbs[asked[-1] :])


def _silence(to: Answers) -> str:
    return f'<Redirect method="POST">{escaped(to.keys)}</Redirect>'


def _written(verb: Verb, to: Answers) -> str:
    match verb:
        case Gather():
            return _gather(verb, to.keys)
        case Enqueue(queue):
            return (
                f'<Enqueue action="{value(to.left)}" method="POST" waitUrl="{value(to.wait)}" '
                f'waitUrlMethod="POST">{escaped(queue)}</Enqueue>'
            )
        case Record():
            return _record(verb, to)
        case Dial(number, timeout):
            return (
                f'<Dial action="{value(to.keys)}" method="POST" timeout="{timeout}">'
                f"<Number>{escaped(number)}</Number></Dial>"
            )
        case Join():
            return _join(verb, to)
        case HangUp():
            return "<Hangup/>"
        case Leave():
            raise TypeError("only a waiting caller can leave the queue")
        case _:
            return prompt(verb)


@lru_cache(4096)  # the same wording over and over
def _say(text: str, language: str) -> str:
    if not legal(text).strip():
        return ""  # an empty <Say> is an error at the carrier
    start = _SAY.get(language) or f'<Say language="{value(language)}">'
    return f"{start}{escaped(text)}</Say>"


def _gather(verb: Gather, keys: str) -> str:
    count = "" if verb.digits is None else f' numDigits="{verb.digits}"'
    return (
        f'<Gather input="dtmf" action="{value(keys)}" method="POST"{count} timeout="{verb.timeout}" '
        f'finishOnKey="{value(verb.finish_on)}">{"".join(prompt(each) for each in verb.prompts)}</Gather>'
    )


def _record(verb: Record, to: Answers) -> str:
    return (
        f'<Record action="{value(to.keys)}" method="POST" maxLength="{verb.seconds}" '
        f'timeout="{verb.silence}" playBeep="true" '
        f'recordingStatusCallback="{value(to.links.recording())}" recordingStatusCallbackMethod="POST"/>'
    )


def _join(verb: Join, to: Answers) -> str:
    # Without music no waitUrl: the agent is there before the caller, so nobody waits for the talk to begin.
    wait = f'waitUrl="{value(to.links.hold())}" waitMethod="POST"' if verb.music else 'waitUrl=""'
    return (
        f'<Dial action="{value(to.talked(verb.conference))}" method="POST">'
        f'<Conference participantLabel="{value(verb.label)}" startConferenceOnEnter="true" '
        f'endConferenceOnExit="false" beep="false" {wait} '
        f'statusCallback="{value(to.links.conference(verb.conference))}" statusCallbackMethod="POST" '
        f'statusCallbackEvent="{CONFERENCE_EVENTS}">{escaped(verb.conference)}</Conference></Dial>'
    )
