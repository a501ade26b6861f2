"""Each verb's TwiML, and the property that any text comes out as it went in."""

import inspect
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from calls.verbs import Dial, Enqueue, Gather, HangUp, Join, Leave, Pause, Play, Record, Say
from telephony import fallback
from telephony.links import Links
from telephony.twiml import SPOKEN, render, render_hold, render_offer, render_wait

LINKS = Links("https://hotline.example")
STEP = "https://hotline.example/voice/step?n=7"
HELLO = '<Say language="en-US" voice="Polly.Joanna-Neural">Hello</Say>'


def inside(document: str) -> str:
    start, end = '<?xml version="1.0" encoding="UTF-8"?><Response>', "</Response>"
    assert document.startswith(start)
    assert document.endswith(end)
    return document[len(start) : -len(end)]


CASES = {
    Say: [
        (Say("您好", "zh"), '<Say language="zh-CN" voice="Polly.Zhiyu-Neural">您好</Say>'),
        (Say("もしもし", "ja"), '<Say language="ja-JP" voice="Polly.Kazuha-Neural">もしもし</Say>'),
        (Say("여보세요", "ko"), '<Say language="ko-KR" voice="Polly.Seoyeon-Neural">여보세요</Say>'),
        (Say("Алло", "ru"), '<Say language="ru-RU" voice="Polly.Tatyana">Алло</Say>'),
        (Say("Hello", "en"), HELLO),
        (Say("Hallo", "de-DE"), '<Say language="de-DE">Hallo</Say>'),
        (Say("a<b & c>d ]]>", "de"), '<Say language="de">a&lt;b &amp; c&gt;d ]]&gt;</Say>'),
        (Say(" \x00\n", "en"), ""),
    ],
    Play: [(Play("https://a.example/x.mp3?a=1&b=2"), "<Play>https://a.example/x.mp3?a=1&amp;b=2</Play>")],
    Pause: [(Pause(), '<Pause length="1"/>'), (Pause(9), '<Pause length="9"/>')],
    Gather: [
        (
            Gather((Say("Hello", "en"), Pause(2))),
            f'<Gather input="dtmf" action="{STEP}" method="POST" numDigits="1" timeout="5" finishOnKey="#">'
            f'{HELLO}<Pause length="2"/></Gather><Redirect method="POST">{STEP}</Redirect>',
        ),
        (
            Gather((), digits=None, timeout=9, finish_on=""),
            f'<Gather input="dtmf" action="{STEP}" method="POST" timeout="9" finishOnKey=""></Gather>'
            f'<Redirect method="POST">{STEP}</Redirect>',
        ),
    ],
    Enqueue: [
        (
            Enqueue("people"),
            '<Enqueue action="https://hotline.example/voice/left?n=7" method="POST" '
            'waitUrl="https://hotline.example/voice/wait?n=7" waitUrlMethod="POST">people</Enqueue>',
        )
    ],
    Record: [
        (
            Record(120, 4),
            f'<Record action="{STEP}" method="POST" maxLength="120" timeout="4" playBeep="true" '
            'recordingStatusCallback="https://hotline.example/voice/recording" '
            f'recordingStatusCallbackMethod="POST"/><Redirect method="POST">{STEP}</Redirect>',
        )
    ],
    Dial: [(Dial("110"), f'<Dial action="{STEP}" method="POST" timeout="30"><Number>110</Number></Dial>')],
    Join: [
        (
            Join("OF1", "caller"),
            '<Dial action="https://hotline.example/voice/talked?offer=OF1" method="POST">'
            '<Conference participantLabel="caller" startConferenceOnEnter="true" endConferenceOnExit="false" '
            'beep="false" waitUrl="" statusCallback="https://hotline.example/conference?offer=OF1" '
            'statusCallbackMethod="POST" statusCallbackEvent="start end join leave hold mute modify">OF1'
            "</Conference></Dial>",
        )
    ],
    HangUp: [(HangUp(), "<Hangup/>")],
}


@pytest.mark.parametrize(("verb", "written"), [case for cases in CASES.values() for case in cases])
def test_each_verb(verb, written):
    assert inside(render((verb,), LINKS, 7)) == written


def test_every_verb_has_cases():
    import calls.verbs

    kinds = {kind for _, kind in inspect.getmembers(calls.verbs, inspect.isclass)}
    assert kinds == {*CASES, Leave}  # which has a place of its own, below


@pytest.mark.parametrize(
    ("verbs", "falls"),
    [
        ((Gather(()),), True),
        ((Say("a", "en"), Gather(()), Say("b", "en")), True),
        ((Gather(()), Enqueue("people")), False),
        ((Gather(()), HangUp()), False),
        ((HangUp(), Gather(())), True),
        ((Say("a", "en"),), False),
        ((Record(), HangUp()), False),
    ],
)
def test_silence_comes_back_as_the_next_step_unless_something_else_follows(verbs, falls):
    assert ("<Redirect" in render(verbs, LINKS, 7)) == falls


def test_an_agents_document_accepts_talks_and_ends_on_silence():
    assert inside(render_offer((Gather((Say("Hello", "en"),)),), LINKS, "OF1")) == (
        '<Gather input="dtmf" action="https://hotline.example/agent/accept?offer=OF1" method="POST" '
        f'numDigits="1" timeout="5" finishOnKey="#">{HELLO}</Gather><Hangup/>'
    )
    assert inside(render_offer((), LINKS, "OF1")) == "<Hangup/>"
    assert inside(render_offer((Say("Hello", "en"), HangUp()), LINKS, "OF1")) == f"{HELLO}<Hangup/>"
    joined = render_offer((Join("OF1", "agent"),), LINKS, "OF1")
    assert '<Dial action="https://hotline.example/agent/talked?offer=OF1"' in joined
    assert 'endConferenceOnExit="false" beep="false"' in joined
    beside = inside(render_offer((Join("OF1", "interpreter", music=True),), LINKS, "OF2"))
    assert '<Dial action="https://hotline.example/agent/talked?offer=OF2"' in beside
    assert 'waitUrl="https://hotline.example/voice/hold" waitMethod="POST"' in beside
    assert 'statusCallback="https://hotline.example/conference?offer=OF1"' in beside


def test_waiting_repeats_by_itself_and_holding_asks_again():
    assert inside(render_wait((Say("Hello", "en"), Pause(5)))) == f'{HELLO}<Pause length="5"/>'
    assert inside(render_hold((Play("https://a.example/m.mp3"),), LINKS)) == (
        '<Play>https://a.example/m.mp3</Play><Redirect method="POST">https://hotline.example/voice/hold</Redirect>'
    )


def test_an_empty_wait_or_hold_is_not_asked_for_at_once_again():
    assert "<Pause" in render_wait(())
    assert "<Pause" in render_hold((), LINKS)


def test_who_has_waited_long_enough_leaves_the_queue():
    assert inside(render_wait((Say("Hello", "en"), Leave()))) == f"{HELLO}<Leave/>"


def test_only_who_waits_can_leave():
    with pytest.raises(TypeError, match="only a waiting caller"):
        render((Leave(),), LINKS, 7)


def test_a_key_pressed_while_waiting_is_told_to_the_wait_itself():
    assert inside(render_wait((Gather((Say("Hello", "en"),), timeout=1, finish_on=""),), LINKS.wait(7))) == (
        '<Gather input="dtmf" action="https://hotline.example/voice/wait?n=7" method="POST" numDigits="1" '
        f'timeout="1" finishOnKey="">{HELLO}</Gather>'
    )


@pytest.mark.parametrize("verb", [HangUp(), Enqueue("people"), Record()])
def test_a_verb_that_can_not_be_heard_while_waiting_is_refused(verb):
    with pytest.raises(TypeError, match="no place"):
        render_wait((verb,))


# Any text at all, with the characters that XML can't hold and those that it changes.
texts = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x08\r\n\t<>&\"']\ufffe\ud800🙂")), max_size=20
)
numbers = st.integers(1, 600)
says = st.builds(Say, texts, st.sampled_from(list(SPOKEN)))
prompts = st.one_of(says, st.builds(Play, texts), st.builds(Pause, numbers))
verbs = st.one_of(
    prompts,
    st.builds(Gather, st.lists(prompts, max_size=3).map(tuple), st.none() | numbers, numbers, texts),
    st.builds(Enqueue, texts),
    st.builds(Record, numbers, numbers),
    st.builds(Dial, texts, numbers),
    st.builds(Join, texts, texts),
    st.builds(HangUp),
)

LEGAL = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGES = {code: language for language, (code, _) in SPOKEN.items()}


def kept(text: str) -> str:
    return "".join(LEGAL.findall(text))


def clean(verb):
    """The verb as the carrier can get it: without characters that XML has no way to write."""
    changed = {
        name: tuple(clean(each) for each in spoken(value)) if isinstance(value, tuple) else kept(value)
        for name, value in vars(verb).items()
        if isinstance(value, tuple | str)
    }
    return type(verb)(**{**vars(verb), **changed})


def spoken(verbs: Iterable):
    return [verb for verb in verbs if not isinstance(verb, Say) or kept(verb.text).strip()]


def read(element: ET.Element):
    text, at = element.text or "", element.attrib
    match element.tag:
        case "Say":
            return Say(text, LANGUAGES[at["language"]])
        case "Play":
            return Play(text)
        case "Pause":
            return Pause(int(at["length"]))
        case "Gather":
            digits = int(at["numDigits"]) if "numDigits" in at else None
            return Gather(tuple(map(read, element)), digits, int(at["timeout"]), at["finishOnKey"])
        case "Enqueue":
            return Enqueue(text)
        case "Record":
            return Record(int(at["maxLength"]), int(at["timeout"]))
        case "Dial" if element[0].tag == "Number":
            return Dial(element[0].text or "", int(at["timeout"]))
        case "Dial":
            return Join(element[0].text or "", element[0].attrib["participantLabel"])
        case "Hangup":
            return HangUp()
    raise AssertionError(element.tag)


@given(st.lists(verbs, max_size=5))
def test_any_verbs_with_any_text_come_back_as_they_went_in(verbs):
    # An offer's id is the server's own; only there does a lone surrogate have no place in the link.
    document = render([clean(verb) if isinstance(verb, Join) else verb for verb in verbs], LINKS, 7)
    elements = [each for each in ET.fromstring(document.encode()) if each.tag != "Redirect"]  # noqa: S314  # ours
    assert [read(each) for each in elements] == [clean(verb) for verb in spoken(verbs)]


def rebuilt(element: ET.Element, parent: TwiML) -> None:
    """The same element made by the library, which knows what each verb may hold and each attribute."""
    make = getattr(parent, element.tag.lower(), None)
    assert make is not None, f"the library has no <{element.tag}> within <{parent.name}>"
    attributes = {
        re.sub("[A-Z]", lambda big: "_" + big[0].lower(), name): value
        for name, value in element.attrib.items()
    }
    unknown = set(attributes) - set(inspect.signature(make).parameters)
    assert not unknown, f"the library's <{element.tag}> has no {unknown}"
    child = make(**attributes, **dict.fromkeys(required(make)))
    child.value = element.text
    for each in element:
        rebuilt(each, child)


def required(make) -> set[str]:
    parameters = inspect.signature(make).parameters.values()
    return {each.name for each in parameters if each.default is each.empty}


DOCUMENTS = [
    *(render((verb,), LINKS, 7) for cases in CASES.values() for verb, _ in cases),
    *(render_offer((verb,), LINKS, "OF1") for verb in (Gather((Say("1", "en"),)), Join("OF1", "agent"))),
    render_wait((Say("a", "zh"), Play("https://a.example/m.mp3"), Pause(5))),
    render_wait((Leave(),)),
    render_wait((Gather((Say("a", "zh"), Play("https://a.example/m.mp3"))),), LINKS.wait(7)),
    render_hold((Play("https://a.example/m.mp3"),), LINKS),
    *(
        fallback.answer(asked, {"DialCallStatus": status}, environ)
        for asked in ({}, {"after": "record"}, {"after": "dial"}, {"language": "ko"})
        for status in ("busy", "completed")
        for environ in ({}, {"HOTLINE_FALLBACK_NUMBER": "+8643112345"})
    ),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_library_can_express_every_document(document):
    whole = VoiceResponse()
    ours = ET.fromstring(document.encode())  # noqa: S314  # our own document
    for element in ours:
        rebuilt(element, whole)
    assert ET.canonicalize(whole.to_xml()) == ET.canonicalize(document)
