"""Documents: what is read, what is warned of, what can't be run."""

import pytest

import carrier.exchange
from carrier.twiml import BadDocument, Tag, parse
from tests.carrier.conftest import World

assert carrier.exchange  # it registers the verbs


def read(verbs: str) -> tuple[list[Tag], list[str]]:
    return parse(f"<Response>{verbs}</Response>".encode())


@pytest.mark.parametrize(
    ("verbs", "warning"),
    [
        ("<Shout>Hi</Shout>", "line 1: <Shout> is not a verb"),
        ("<say>Hi</say>", "line 1: <say> is not a verb"),
        ("<Say><Play>x</Play></Say>", "line 1: <Play> is not allowed within <Say>"),
        ("<Say>Hi <p>and\n<Play>x</Play></p></Say>", "line 2: <Play> is not allowed within <p>"),
        ("<Number>+1</Number>", "line 1: <Number> is not allowed within <Response>"),
        ("\n<Dial><Say>Hi</Say></Dial>", "line 2: <Say> is not allowed within <Dial>"),
        ('<Dial ringTone="us"/>', "line 1: 'ringTone' of <Dial> has no effect on this carrier"),
        ('<Pause lenght="2"/>', "line 1: <Pause> has no attribute 'lenght'"),
    ],
)
def test_what_is_not_twiml_is_warned_of_and_passed_over(verbs: str, warning: str) -> None:
    tags, warnings = read(verbs + "<Hangup/>")
    assert warnings == [warning]
    assert tags[-1].name == "Hangup"
    assert all(not tag.children for tag in tags)


@pytest.mark.parametrize("nested", ["Dial", "Record", "Gather", "Redirect", "Hangup", "Enqueue", "Number"])
def test_gather_nests_prompts_only(nested: str) -> None:
    with pytest.raises(BadDocument) as bad:
        read(f"<Gather><{nested}/></Gather>")
    assert bad.value.code == 13320
    assert str(bad.value) == f"line 1: <{nested}> is not allowed within <Gather>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 11770),
        (b" \n", 11770),
        (b"<Response>", 12100),
        (b"<Response/><Response/>", 12100),
        (b"Hello", 12100),
        (b"\xff\xfe", 12100),
        (b'<!DOCTYPE Response [<!ENTITY a "b">]><Response>&a;</Response>', 12100),
        (b"<response/>", 12102),
    ],
)
def test_what_cannot_be_read(body: bytes, code: int) -> None:
    with pytest.raises(BadDocument) as bad:
        parse(body)
    assert bad.value.code == code


def test_words_are_read_in_any_script_with_single_blanks() -> None:
    tags, _ = read("<Say>\n  Добрый   день, <s>您好</s>\n</Say>")
    assert tags[0].text == "Добрый день, 您好"


def test_the_declared_encoding_counts() -> None:
    body = '<?xml version="1.0" encoding="iso-8859-1"?><Response><Say>Zürich</Say></Response>'
    tags, _ = parse(body.encode("iso-8859-1"))
    assert tags[0].text == "Zürich"
    tags, _ = parse("<Response><Say>Zürich</Say></Response>".encode("iso-8859-1"), "iso-8859-1")
    assert tags[0].text == "Zürich"


@pytest.mark.parametrize("start", ["\ufeff", "\ufeff<?xml version='1.0'?>", "<?xml version='1.0'?>"])
def test_a_document_that_says_nothing_else_of_itself_is_utf_8(start: str) -> None:
    body = f"{start}<Response><Say>Zürich</Say></Response>".encode()
    tags, _ = parse(body, "iso-8859-1")
    assert tags[0].text == "Zürich"


def test_numbers_out_of_range_become_the_nearest_and_complain() -> None:
    tags, _ = read('<Dial timeout="2" timeLimit="90000" />')
    tag = tags[0]
    assert (tag.whole("timeout", 30, 5, 600), tag.whole("timeLimit", 60, 1, 900)) == (5, 900)
    assert len(tag.complaints) == 2
    assert max(map(len, tag.complaints)) < 120


def test_attributes_that_make_no_sense_complain_and_keep_their_default() -> None:
    tags, _ = read('<Gather timeout="-1" numDigits="many" actionOnEmptyResult="perhaps" method="get"/>')
    tag = tags[0]
    assert (tag.whole("timeout", 5), tag.whole("numDigits", 0)) == (5, 0)
    assert not tag.truth("actionOnEmptyResult", False)
    assert tag.method() == "GET"
    assert len(tag.complaints) == 3


WARNED = [
    (
        '<Dial timeLimit="2"><Conference muted="maybe" maxParticipants="900">talk</Conference></Dial>',
        [
            "muted='maybe' of <Conference> is none of true, false",
            "maxParticipants='900' of <Conference> is not a number from 1 to 250",
        ],
    ),
    (
        '<Dial timeout="2"><Client>a</Client><Client>b</Client></Dial>',
        ["timeout='2' of <Dial> is not a number from 5 to 600"],
    ),
    (
        f'<Dial timeout="5">{"<Client>nobody</Client>" * 12}</Dial>',
        ["<Dial> rings 10 at most; the others of its 12 don't"],
    ),
    (
        '<Dial timeLimit="1"><Client>kim</Client><Conference>talk</Conference></Dial>',
        ["<Client> beside a <Conference> is not dialled"],
    ),
    (
        '<Dial timeLimit="1" record="true"><Conference>talk</Conference></Dial>',
        ["'record' of <Dial> has no effect on a <Conference>"],
    ),
    ('<Gather timeout="1"><Say loop="x">Hi</Say></Gather>', ["loop='x' of <Say> is not a number from 0"]),
]


@pytest.mark.parametrize(("document", "warnings"), WARNED)
async def test_what_is_wrong_with_an_attribute_is_said_once(
    world: World, document: str, warnings: list[str]
) -> None:
    await (await world.call(document)).ends(60)
    assert [alert.level for alert in world.exchange.alerts] == ["warning"] * len(warnings)
    for alert, warning in zip(world.exchange.alerts, warnings, strict=True):
        assert alert.text.startswith(f"line 1: {warning}")


async def test_a_verb_that_is_interrupted_has_its_warnings_too(world: World) -> None:
    line = await world.call('<Enqueue maxQueueSize="99999999999">people</Enqueue>')
    await world.exchange.advance(1)
    assert world.codes() == []
    await line.hang_up()
    await world.exchange.settle()
    assert world.codes() == [12200]
