"""Conferences: who hears whom, hold, coaching, announcements, labels, events, the end."""

import pytest

from carrier.model import CarrierError, Request
from carrier.phone import Line, Phone
from tests.carrier.conftest import CALLER, HOTLINE, World

EVENTS = "start end join leave mute hold modify speaker announcement"


async def joined(world: World, label: str, name: str = "talk", **attributes: str) -> Line:
    """A caller who is in the conference."""
    told = "".join(f' {one}="{value}"' for one, value in attributes.items())
    world.app.on(
        f"/join-{label}",
        f'<Dial action="/after-{label}"><Conference beep="false" waitUrl="" participantLabel="{label}"{told}>'
        f"{name}</Conference></Dial>",
    )
    world.app.on(f"/after-{label}", "<Say>After</Say>")
    line = await world.call(f"<Redirect>/join-{label}</Redirect>")
    await world.exchange.settle()
    return line


def voices(line: Line) -> list[str]:
    return [one.text for one in line.heard if one.kind == "voice"]


def reported(world: World, path: str = "/events") -> list[tuple[str, str]]:
    """What the conference reported, and about whom."""
    return [(one["StatusCallbackEvent"], one.get("ParticipantLabel", "")) for one in world.app.requests(path)]


def status(world: World, path: str = "/events", events: str = EVENTS) -> dict[str, str]:
    world.app.on(path, "")
    return {"statusCallback": path, "statusCallbackEvent": events}


async def test_everybody_hears_everybody_but_themselves(world: World) -> None:
    a, b, c = [await joined(world, label) for label in "abc"]
    await a.speak("one")
    await b.speak("two")
    assert (voices(a), voices(b), voices(c)) == (["two"], ["one"], ["one", "two"])


async def test_the_muted_are_not_heard_and_hear(world: World) -> None:
    a, b = await joined(world, "a"), await joined(world, "b", muted="true")
    await a.speak("one")
    await b.speak("two")
    assert (voices(a), voices(b)) == ([], ["one"])
    world.exchange.update_participant("talk", "b", muted=False)
    await b.speak("three")
    assert voices(a) == ["three"]


async def test_nobody_talks_before_somebody_starts_it(world: World) -> None:
    a = await joined(world, "a", startConferenceOnEnter="false")
    b = await joined(world, "b", startConferenceOnEnter="false")
    await a.speak("too early")
    assert world.exchange.find_conference("talk").status == "init"
    await joined(world, "c")
    await a.speak("now")
    assert world.exchange.find_conference("talk").status == "in-progress"
    assert voices(b) == ["now"]


async def test_hold_plays_music_to_one_and_cuts_both_ways(world: World) -> None:
    world.app.on("/hold", '<Say>On hold</Say><Pause length="5"/><Redirect method="GET">/hold</Redirect>')
    a, b = await joined(world, "a"), await joined(world, "b")
    world.exchange.update_participant(
        "talk", "a", hold=True, hold_request=Request(world.app.url + "/hold", "GET")
    )
    await a.hears("On hold")
    await a.hears("On hold")
    await a.speak("anybody?")
    await b.speak("he is on hold")
    assert (voices(a), voices(b)) == ([], [])
    assert world.app.asked[-1].method == "GET"
    world.exchange.update_participant("talk", "a", hold=False)
    before = len(a.heard)
    await world.exchange.advance(60)
    assert len(a.heard) == before
    await b.speak("back again")
    assert voices(a) == ["back again"]


async def test_only_the_coached_hears_the_coach(world: World) -> None:
    a, b = await joined(world, "a"), await joined(world, "b")
    coach = await joined(world, "coach", coach=a.sid)
    await coach.speak("ask for the street")
    await b.speak("hello")
    assert (voices(a), voices(b), voices(coach)) == (["ask for the street", "hello"], [], ["hello"])


async def test_a_coach_of_somebody_who_is_not_there_does_not_join(world: World) -> None:
    a = await joined(world, "a")
    coach = await joined(world, "coach", coach="CAnobody")
    await coach.hears("After")
    assert world.app.requests("/after-coach")[0]["DialCallStatus"] == "failed"
    assert world.codes() == [13240]
    assert list(world.exchange.find_conference("talk").participants) == [a.sid]


def left(world: World) -> list[tuple[str, str, str]]:
    """Who left, why, and the status of the call."""
    told = [one for one in world.app.requests("/events") if "ReasonParticipantLeft" in one]
    return [
        (one["ParticipantLabel"], one["ReasonParticipantLeft"], one["ParticipantCallStatus"]) for one in told
    ]


async def test_a_leave_says_why(world: World) -> None:
    world.app.on("/else", "<Pause length='60'/>")
    await joined(world, "a", **status(world, events="leave"))
    lines = {label: await joined(world, label) for label in ("hung-up", "redirected", "kicked")}
    await joined(world, "end", endConferenceOnExit="true")
    await lines["hung-up"].hang_up()
    world.exchange.update_call(lines["redirected"].sid, request=Request(world.app.url + "/else"))
    world.exchange.remove_participant("talk", "kicked")
    world.exchange.remove_participant("talk", "end")
    await world.exchange.settle()
    assert left(world) == [
        ("hung-up", "participant_hung_up", "completed"),
        ("redirected", "participant_updated_via_api", "in-progress"),
        ("kicked", "participant_updated_via_api", "in-progress"),
        ("end", "participant_updated_via_api", "in-progress"),
        ("a", "moderator_ended_conference", "in-progress"),
    ]


async def test_a_conference_that_is_ended_by_rest_says_so_to_everybody_in_it(world: World) -> None:
    await joined(world, "a", **status(world, events="leave"))
    world.exchange.update_conference("talk", status="completed")
    await world.exchange.settle()
    assert left(world) == [("a", "conference_ended_via_api", "in-progress")]


async def test_whoever_is_called_in_and_does_not_come_has_left(world: World) -> None:
    await joined(world, "a", **status(world, events="leave"))
    kim = world.phone("client:kim")
    world.exchange.add_participant("talk", from_=HOTLINE, to="client:kim", label="kim")
    await (await kim.rings()).decline()
    await world.exchange.settle()
    assert left(world) == [("kim", "participant_add_failed", "busy")]


async def test_every_change_of_a_participant_is_reported_once(world: World) -> None:
    await joined(world, "a", **status(world, events="modify"))
    for _ in range(2):
        world.exchange.update_participant("talk", "a", beep_on_exit=True)
        world.exchange.update_participant("talk", "a", end_conference_on_exit=True)
    await world.exchange.settle()
    assert reported(world) == [("participant-modify", "a")] * 2


async def test_an_announcement_is_reported_with_its_address_and_whom_it_was_for(world: World) -> None:
    world.app.on("/news", "<Say>This call is recorded</Say>")
    await joined(world, "a", **status(world, events="announcement"))
    await joined(world, "b")
    news, gone = Request(world.app.url + "/news"), Request(world.app.url + "/gone")
    world.exchange.update_participant("talk", "b", announce=news)
    await world.exchange.advance(5)
    world.exchange.update_conference("talk", announce=news)
    await world.exchange.advance(5)
    world.exchange.update_participant("talk", "b", announce=gone)
    await world.exchange.settle()
    assert reported(world) == [
        ("announcement-end", "b"),
        ("announcement-end", ""),
        ("announcement-fail", "b"),
    ]
    told = world.app.requests("/events")
    assert [one["AnnounceUrl"] for one in told] == [news.url, news.url, gone.url]
    assert "ReasonAnnouncementFailed" in told[-1]


async def test_a_refused_change_changes_nothing(world: World) -> None:
    a, _ = await joined(world, "a"), await joined(world, "b")
    with pytest.raises(CarrierError, match="CallSidToCoach"):
        world.exchange.update_participant(
            "talk", "a", end_conference_on_exit=True, muted=True, call_sid_to_coach="CAnobody"
        )
    one = world.exchange.find_participant("talk", a.sid)
    assert (one.end_conference_on_exit, one.muted, one.coaching) == (False, False, False)


async def test_an_announcement_is_heard_by_one_or_by_all(world: World) -> None:
    world.app.on("/news", "<Say>This call is recorded</Say>")
    news = Request(world.app.url + "/news")
    a, b = await joined(world, "a"), await joined(world, "b")
    world.exchange.update_participant("talk", "a", announce=news)
    await world.exchange.advance(5)
    assert [len(one.heard) for one in (a, b)] == [1, 0]
    world.exchange.update_conference("talk", announce=news)
    await world.exchange.advance(5)
    assert [len(one.heard) for one in (a, b)] == [2, 1]
    assert len(world.app.requests("/news")) == 2


async def test_a_label_that_is_taken_does_not_join(world: World) -> None:
    first = await joined(world, "a")
    second = await joined(world, "a")
    await second.hears("After")
    assert world.app.requests("/after-a")[0]["DialCallStatus"] == "failed"
    assert world.codes() == [16025]
    assert list(world.exchange.find_conference("talk").participants) == [first.sid]


async def test_who_ends_it_by_leaving_sends_everybody_on(world: World) -> None:
    a, b = await joined(world, "a"), await joined(world, "b", endConferenceOnExit="true")
    sid = world.exchange.find_conference("talk").sid
    await b.hang_up()
    assert world.exchange.conferences[sid].status == "completed"
    assert world.exchange.conferences[sid].reason_ended == "participant-with-end-conference-on-exit-left"
    await a.hears("After")
    assert world.app.requests("/after-a")[0]["DialCallStatus"] == "answered"


async def test_a_name_is_free_again_after_the_end(world: World) -> None:
    a = await joined(world, "a")
    first = world.exchange.find_conference("talk").sid
    await a.hang_up()
    await joined(world, "a")
    assert world.exchange.find_conference("talk").sid != first
    assert world.exchange.find_conference(first).status == "completed"


async def test_kicked_goes_on_after_the_dial(world: World) -> None:
    a, b = await joined(world, "a"), await joined(world, "b")
    world.exchange.remove_participant("talk", "a")
    await a.hears("After")
    await b.speak("gone?")
    assert voices(a) == []


async def test_a_redirect_takes_a_participant_out_at_once(world: World) -> None:
    world.app.on("/else", "<Say>Elsewhere</Say>")
    a = await joined(world, "a")
    await joined(world, "b")
    world.exchange.update_call(a.sid, request=Request(world.app.url + "/else"))
    assert list(world.exchange.find_conference("talk").participants) != [a.sid]
    assert a.sid not in world.exchange.find_conference("talk").participants
    await a.hears("Elsewhere")
    assert world.app.requests("/after-a") == []


async def test_ended_by_rest(world: World) -> None:
    a, b = await joined(world, "a"), await joined(world, "b")
    world.exchange.update_conference("talk", status="completed")
    await a.hears("After")
    await b.hears("After")
    with pytest.raises(CarrierError, match="not found"):
        world.exchange.find_conference("talk")


async def test_only_the_first_participant_says_where_events_go(world: World) -> None:
    a = await joined(world, "a", **status(world))
    b = await joined(world, "b", **status(world, "/others"))
    world.exchange.update_participant("talk", "b", muted=True)
    world.exchange.update_participant("talk", "b", hold=True)
    world.exchange.update_participant("talk", "b", hold=False)
    await a.speak("Hello")
    await world.exchange.advance(5)
    await b.hang_up()
    await a.hang_up()
    await world.exchange.settle()
    assert world.app.requests("/others") == []
    assert reported(world) == [
        ("participant-join", "a"),
        ("participant-join", "b"),
        ("conference-start", ""),
        ("participant-mute", "b"),
        ("participant-hold", "b"),
        ("participant-unhold", "b"),
        ("participant-speech-start", "a"),
        ("participant-speech-stop", "a"),
        ("participant-leave", "b"),
        ("participant-leave", "a"),
        ("conference-end", ""),
    ]
    told = world.app.requests("/events")
    assert [one["SequenceNumber"] for one in told] == [str(number) for number in range(11)]
    assert told[-1]["CallSidEndingConference"] == a.sid
    assert told[-2]["ReasonParticipantLeft"] == "participant_hung_up"
    assert {one["FriendlyName"] for one in told} == {"talk"}


async def test_only_the_events_that_were_asked_for_are_reported(world: World) -> None:
    a = await joined(world, "a", **status(world, events="end"))
    await a.hang_up()
    await world.exchange.settle()
    assert reported(world) == [("conference-end", "")]


async def test_who_ends_it_stays_as_it_is_while_somebody_is_on_hold(world: World) -> None:
    await joined(world, "a")
    await joined(world, "b")
    world.exchange.update_participant("talk", "a", hold=True)
    with pytest.raises(CarrierError, match="on hold"):
        world.exchange.update_participant("talk", "b", end_conference_on_exit=True)
    world.exchange.update_participant("talk", "a", hold=False)
    world.exchange.update_participant("talk", "b", end_conference_on_exit=True)


async def test_somebody_is_called_in_by_rest(world: World) -> None:
    kim = world.phone("client:kim")
    a = await joined(world, "a")
    participant = world.exchange.add_participant("talk", from_=HOTLINE, to="client:kim", label="kim")
    assert participant.status == "queued"
    line = await kim.rings()
    await line.answer()
    await world.exchange.settle()
    await a.speak("Welcome")
    assert voices(line) == ["Welcome"]
    assert world.exchange.find_participant("talk", "kim").status == "connected"
    await a.hang_up()
    await line.hang_up()


async def test_somebody_who_is_being_called_in_is_a_participant_and_can_only_be_taken_out(
    world: World,
) -> None:
    await joined(world, "a", **status(world, events="leave"))
    kim = world.phone("client:kim")
    participant = world.exchange.add_participant("talk", from_=HOTLINE, to="client:kim", label="kim")
    line = await kim.rings()
    assert world.exchange.find_participant("talk", "kim") is participant
    with pytest.raises(CarrierError, match="has not answered yet") as refused:
        world.exchange.update_participant("talk", "kim", muted=True)
    assert (refused.value.status, refused.value.code) == (400, 20001)
    world.exchange.remove_participant("talk", "kim")
    assert await line.ends() == "canceled"
    await world.exchange.settle()
    assert left(world) == [("kim", "participant_add_failed", "canceled")]
    with pytest.raises(CarrierError, match="not found"):
        world.exchange.find_participant("talk", "kim")


async def test_whoever_still_rings_when_the_conference_ends_comes_into_the_next(world: World) -> None:
    kim = world.phone("client:kim")
    await joined(world, "a")
    participant = world.exchange.add_participant("talk", from_=HOTLINE, to="client:kim", label="kim")
    line, first = await kim.rings(), world.exchange.find_conference("talk")
    world.exchange.update_conference("talk", status="completed")
    assert first.participants == {}
    await line.answer()
    await world.exchange.settle()
    assert world.exchange.find_conference("talk").participants == {line.sid: participant}


async def test_a_conference_that_nobody_comes_to_is_over(world: World) -> None:
    participant = world.exchange.add_participant("empty", from_=HOTLINE, to="client:nobody")
    await world.exchange.settle()
    assert world.exchange.conferences[participant.conference_sid].status == "completed"
    assert participant.status == "failed"


async def test_keys_are_heard_as_tones_and_beeps_where_asked(world: World) -> None:
    a = await joined(world, "a")
    world.app.on("/in", '<Dial><Conference beep="onEnter">talk</Conference></Dial>')
    b = await Phone(world.exchange).dial(HOTLINE, CALLER)
    await a.hears("beep")
    await b.press("5")
    assert (await a.hears("5")).kind == "tone"


async def test_a_conference_is_full_at_its_most(world: World) -> None:
    await joined(world, "a", maxParticipants="1")
    late = await joined(world, "b", maxParticipants="1")
    await late.hears("After")
    assert len(world.codes()) == 1


async def test_a_recorded_conference_leaves_a_recording(world: World) -> None:
    world.app.on("/done", "")
    recording = {"record": "record-from-start", "recordingStatusCallback": "/done"}
    a, b = await joined(world, "a", **recording), await joined(world, "b")
    await world.exchange.advance(12)
    await a.hang_up()
    await b.hang_up()
    await world.exchange.settle()
    done = world.app.requests("/done")
    assert [(one["RecordingDuration"], one["RecordingSource"]) for one in done] == [("12", "Conference")]
