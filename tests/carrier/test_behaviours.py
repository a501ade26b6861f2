"""What Twilio's documentation says of addresses, keys, lengths, results, reports and transcriptions."""

import pytest

from carrier.model import CALL_EVENTS, Callback, Request
from tests.carrier.conftest import HOTLINE, World
from tests.carrier.playing import Case, play

KIM = "<Client>kim</Client>"
SPOKEN = ("waits 1", "says Hello", "presses 1")
ADDRESSES = [
    Case(
        "Dial",
        "the action by GET",
        f'<Dial method="GET" action="/a?x=y">{KIM}</Dial>',
        ("kim declines",),
        answers={"/a": ""},
        asked=(("/a", {"DialCallStatus": "busy", "x": "y"}),),
    ),
    Case(
        "Record",
        "the action by GET",
        '<Record method="GET" action="/a"/>',
        SPOKEN,
        answers={"/a": ""},
        asked=(("/a", {"Digits": "1"}),),
    ),
    Case(
        "Enqueue",
        "the action by GET",
        '<Enqueue method="GET" action="/a" maxQueueSize="0">q</Enqueue>',
        answers={"/a": ""},
        asked=(("/a", {"QueueResult": "queue-full"}),),
        codes=(14207,),
    ),
    Case(
        "Enqueue",
        "the wait document by GET",
        '<Enqueue waitUrl="/w" waitUrlMethod="GET">q</Enqueue>',
        ("hears Wait", "hangs up"),
        answers={"/w": '<Say>Wait</Say><Pause length="9"/>'},
        asked=(("/w", {"QueuePosition": "1"}),),
    ),
    Case(
        "Redirect",
        "an address beside the document that names it",
        "<Redirect>/menu/start</Redirect>",
        ("waits 1", "presses 1"),
        answers={"/menu/start": '<Gather numDigits="1" action="next"/>', "/menu/next": "<Say>Here</Say>"},
        heard=("Here",),
        asked=(("/menu/start", {}), ("/menu/next", {"Digits": "1"})),
    ),
    Case(
        "Redirect",
        "an address above it",
        "<Redirect>/menu/start</Redirect>",
        ("waits 1", "presses 1"),
        answers={"/menu/start": '<Gather numDigits="1" action="../up"/>', "/up": "<Say>Here</Say>"},
        heard=("Here",),
        asked=(("/menu/start", {}), ("/up", {})),
    ),
    Case(
        "Gather",
        "an empty action is the document itself",
        '<Gather numDigits="1" action=""><Say>Key</Say></Gather>',
        ("hears Key", "presses 1", "hears Key"),
        asked=(("/in", {"Digits": "1"}),),
    ),
    Case(
        "Record",
        "an empty action is the document itself",
        '<Record action="" timeout="2"/>',
        SPOKEN,
        asked=(("/in", {"Digits": "1"}),),
    ),
    Case(
        "Dial",
        "an empty action is none",
        f'<Dial action="">{KIM}</Dial><Say>On</Say>',
        ("kim declines",),
        heard=("(ringing)", "On"),
        asked=(),
    ),
    Case(
        "Enqueue",
        "an empty action is none",
        '<Enqueue action="" maxQueueSize="0">q</Enqueue><Say>On</Say>',
        heard=("On",),
        asked=(),
        codes=(14207,),
    ),
]
KEYS = [
    Case(
        "Gather",
        "the star may finish, and # is then a key",
        '<Gather finishOnKey="*" action="/a"/>',
        ("waits 1", "presses 1#*"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": "1#", "FinishedOnKey": "*"}),),
    ),
    Case(
        "Gather",
        "several keys may finish",
        '<Gather finishOnKey="*#" action="/a"/>',
        ("waits 1", "presses 1#"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": "1", "FinishedOnKey": "#"}),),
    ),
    Case(
        "Gather",
        "the finish key alone asks with actionOnEmptyResult",
        '<Gather actionOnEmptyResult="true" action="/a"/>',
        ("waits 1", "presses #"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": "", "FinishedOnKey": "#"}),),
    ),
    Case(
        "Gather",
        "actionOnEmptyResult without an action asks the document itself",
        '<Gather actionOnEmptyResult="true" timeout="2"/>',
        ("waits 3", "hangs up"),
        asked=(("/in", {"Digits": ""}),),
    ),
    Case(
        "Record",
        "an empty finishOnKey lets no key end it",
        '<Record finishOnKey="" timeout="2" action="/a"/>',
        ("waits 1", "says Hello", "presses 1#"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": ""}),),
    ),
]
LENGTHS = [
    Case(
        "Record",
        "timeout 0 lets no silence end it",
        '<Record timeout="0" maxLength="40" action="/a"/>',
        ("waits 1", "says Hello", "waits 30", "presses 1"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": "1", "RecordingDuration": "1"}),),
        takes=31,
    ),
    Case(
        "Record",
        "and its longest does all the same",
        '<Record timeout="0" maxLength="40" action="/a"/>',
        ("waits 1", "says Hello"),
        answers={"/a": ""},
        asked=(("/a", {"Digits": ""}),),
        takes=40,
    ),
    Case(
        "Record",
        "with its silence it is as long as it took",
        '<Record timeout="3" trim="do-not-trim" action="/a"/>',
        ("waits 2", "says 一二三四五六七八九十"),
        answers={"/a": ""},
        asked=(("/a", {"RecordingDuration": "8"}),),
    ),
    Case(
        "Record",
        "of nothing but silence nothing is kept, with it or without",
        '<Record timeout="3" trim="do-not-trim" action="/a"/><Say>On</Say>',
        heard=("(beep)", "On"),
        asked=(),
    ),
]
FAILED = {"TranscriptionStatus": "failed", "TranscriptionText": ""}
TRANSCRIPTIONS = [
    Case(
        "Record",
        "whoever wants a transcription is told that it failed",
        '<Record action="/a" transcribe="true" transcribeCallback="/t"/>',
        SPOKEN,
        answers={"/a": "", "/t": ""},
        asked=(("/t", FAILED), ("/a", {"Digits": "1"})),
        codes=(12200,),
    ),
    Case(
        "Record",
        "the callback alone asks for one",
        '<Record action="/a" transcribeCallback="/t"/>',
        SPOKEN,
        answers={"/a": "", "/t": ""},
        asked=(("/t", FAILED), ("/a", {})),
        codes=(12200,),
    ),
    Case(
        "Record",
        "without a callback it is a warning",
        '<Record action="/a" transcribe="true"/>',
        SPOKEN,
        answers={"/a": ""},
        asked=(("/a", {}),),
        codes=(12200,),
    ),
    Case(
        "Record",
        "of nothing there is nothing to transcribe",
        '<Record action="/a" timeout="1" transcribeCallback="/t"/><Say>On</Say>',
        heard=("(beep)", "On"),
        asked=(),
    ),
]


@pytest.mark.parametrize("case", [*ADDRESSES, *KEYS, *LENGTHS, *TRANSCRIPTIONS], ids=str)
async def test_a_case(world: World, case: Case) -> None:
    await play(world, case)


RESULTS = [
    ("bridged", "talks"),
    ("bridging-in-process", "leaves in the whisper"),
    ("hangup", "hangs up"),
    ("leave", "leaves"),
    ("redirected", "is redirected"),
    ("redirected-from-bridged", "is redirected from the talk"),
    ("queue-full", "finds it full"),
]


@pytest.mark.parametrize(("result", "what"), RESULTS)
async def test_the_result_of_a_wait(world: World, result: str, what: str) -> None:
    """The action of <Enqueue> is told how the wait ended, whichever way it did."""
    full = ' maxQueueSize="0"' if what == "finds it full" else ""
    wait = '<Pause length="5"/><Leave/>' if what == "leaves" else '<Pause length="60"/>'
    for path, answer in {"/w": wait, "/left": "", "/else": "", "/whisper": '<Pause length="60"/>'}.items():
        world.app.on(path, answer)
    line = await world.call(f'<Enqueue action="/left" waitUrl="/w"{full}>q</Enqueue>')
    await world.exchange.settle()
    if "talk" in what or "whisper" in what:
        url = ' url="/whisper"' if "whisper" in what else ""
        world.app.on("/second", f"<Dial><Queue{url}>q</Queue></Dial>")
        await world.phone("+8613800000000").dial("+8643154321")
        await world.exchange.advance(2)
    if "redirected" in what:
        world.exchange.update_call(line.sid, request=Request(world.app.url + "/else"))
    elif what == "leaves":
        await world.exchange.advance(6)
    elif what != "finds it full":
        await line.hang_up()
    await world.exchange.settle()
    assert [one["QueueResult"] for one in world.app.requests("/left")] == [result]


ENDS = [
    ("completed", ["initiated", "ringing", "in-progress", "completed"]),
    ("busy", ["initiated", "ringing", "busy"]),
    ("no-answer", ["initiated", "ringing", "no-answer"]),
    ("canceled", ["initiated", "ringing", "canceled"]),
    ("failed", ["initiated", "failed"]),
]


@pytest.mark.parametrize("events", [CALL_EVENTS, ("completed",)], ids=["all events", "completed alone"])
@pytest.mark.parametrize(("status", "statuses"), ENDS)
async def test_reports_of_a_call_in_order(
    world: World, status: str, statuses: list[str], events: tuple[str, ...]
) -> None:
    """`completed` is asked for every end; numbers count what was reported."""
    world.app.on("/status", "")
    kim = world.phone("client:kim")
    to = "client:nobody" if status == "failed" else "client:kim"
    callback = Callback(world.app.url + "/status", events=events)
    call = world.exchange.create_call(
        to=to, from_=HOTLINE, twiml="<Response><Pause length='3'/></Response>", callback=callback, timeout=10
    )
    if status != "failed":
        line = await kim.rings()
        if status == "completed":
            await line.answer()
        elif status == "busy":
            await line.decline()
        elif status == "canceled":
            world.exchange.update_call(call.sid, status="canceled")
    await world.exchange.advance(60)
    await world.exchange.settle()
    told = world.app.requests("/status")
    assert [one["CallStatus"] for one in told] == (statuses if events == CALL_EVENTS else statuses[-1:])
    assert [one["SequenceNumber"] for one in told] == [str(count) for count in range(len(told))]
    assert {one["CallbackSource"] for one in told} == {"call-progress-events"}
    assert ["CallDuration" in one for one in told] == [False] * (len(told) - 1) + [True]
