"""Talks are recorded: the caller is told first, the recording belongs to the ticket, and goes in time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from agents import offers
from clock.jobs import JOBS
from ivr import events
from settings.recording import Recording
from store.tables import outbox, recordings
from switchboard import menu, talking
from switchboard.menu import Arrival
from switchboard.recordings import expire, fetch_missed
from switchboard.rescue import rescue
from telephony.carrier import Gone, NotSent, Refused, Unreachable

NOTICE = {
    "zh": "本次通话将被录音",
    "en": "this call is recorded",
    "ja": "録音",
    "ko": "녹음",
    "ru": "записывается",
}

PLACE = {"zh": "第1位", "en": "number 1", "ja": "1番目", "ko": "첫 번째", "ru": "очереди: 1"}


@pytest.fixture
def hotline(hotline: Any, sample: Any) -> Any:
    """The sample hotline as it comes: it records its talks."""
    hotline.records(sample.config.hotline.recording)
    return hotline


def told(call: Any, language: str = "zh") -> int:
    """How many times the caller has begun to hear the notice."""
    return sum(NOTICE[language] in heard.text for heard in call.line.heard)


def talks(hotline: Any, name: str = "Wang", **how: Any) -> tuple[Any, Any]:
    """A caller who has heard the notice, and talks."""
    agent = hotline.agent(name, **how)
    call = hotline.call_from()
    call.rings(name)
    hotline.wait(10)
    agent.answers()
    hotline.wait(2)
    they_talk(call, agent)
    return call, agent


def they_talk(call: Any, agent: Any) -> None:
    agent.says(f"我是{agent.name}")
    call.hears(f"我是{agent.name}", within=1)


def at_the_carrier(hotline: Any) -> list[tuple[str, int, int]]:
    """The recordings that the carrier has: status, channels, seconds."""
    kept = hotline.stage.exchange.recordings.values()
    return [(one.status, one.channels, one.duration) for one in kept]


def sent(hotline: Any, kind: str) -> list[str]:
    """How the commands of this kind stand."""

    def states(tx: Any) -> list[str]:
        return list(tx.scalars(select(outbox.c.state).where(outbox.c.kind == kind).order_by(outbox.c.id)))

    return hotline.read(states)


@pytest.mark.parametrize("backend", ["sqlite"])  # words need no second database
@pytest.mark.parametrize("language", NOTICE)
def test_who_waits_is_told_once_in_the_own_language_before_the_place_in_the_line(
    hotline: Any, language: str
) -> None:
    call = hotline.call_from()
    call.chooses(language)
    call.waits()
    hotline.wait(minutes=2)
    said = [heard.text for heard in call.line.heard if heard.kind == "say"]
    [notice] = [place for place, text in enumerate(said) if NOTICE[language] in text]
    [first, *_] = [place for place, text in enumerate(said) if PLACE[language] in text]
    assert notice < first


def test_a_talk_is_recorded_from_the_callers_coming_to_the_end_and_belongs_to_the_ticket(
    hotline: Any,
) -> None:
    call, agent = talks(hotline)
    hotline.wait(60)
    agent.hangs_up()
    call.is_over()
    [recording] = call.ticket.recordings
    assert (recording.kind, recording.deleted_at) == ("talk", None)
    assert 60 <= recording.seconds <= 64
    assert at_the_carrier(hotline) == [("completed", 2, recording.seconds)]
    assert call.journal.count("talk-recorded") == 1
    assert (told(call), sent(hotline, "record")) == (1, ["done"])


def test_the_recording_ends_with_the_call_when_the_caller_hangs_up(hotline: Any) -> None:
    call, _ = talks(hotline)
    hotline.wait(30)
    call.hangs_up()
    hotline.wait(2)
    assert [each.kind for each in call.ticket.recordings] == ["talk"]
    assert call.ticket.ticket.outcome == "answered"
    assert sent(hotline, "stop-recording") == []


def test_an_agent_who_accepts_while_the_notice_is_said_gets_a_caller_who_has_heard_it_to_its_end(
    hotline: Any,
) -> None:
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    call.hears(NOTICE["zh"])
    agent.answers()
    hotline.wait(0.5)
    assert (call.call.state, call.call.notice) == ("talking", "begun")
    assert hotline.read(offers.of_agent, "wang").joined_at is None
    agent.hears("music.wav")
    hotline.wait(5)
    they_talk(call, agent)
    assert (told(call), call.call.notice) == (1, "heard")
    assert at_the_carrier(hotline) == [("in-progress", 2, 0)]


def test_who_comes_to_the_talk_without_the_notice_hears_it_there_and_only_then_is_recorded(
    hotline: Any,
) -> None:
    recording = hotline.stage.setup.config.hotline.recording
    hotline.records(None)
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.wait(10)
    hotline.records(recording)  # an admin has just changed it
    agent.answers()
    call.hears(NOTICE["zh"], within=2)
    assert at_the_carrier(hotline) == []
    hotline.wait(6)
    they_talk(call, agent)
    assert (told(call), call.call.notice) == (1, "heard")
    assert at_the_carrier(hotline) == [("in-progress", 2, 0)]


def test_a_caller_who_is_sent_into_the_talk_by_a_rescue_hears_the_notice_first(hotline: Any) -> None:
    """The answer with the notice may have been the very one that got lost."""
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    call.hears(NOTICE["zh"])
    agent.answers()
    hotline.wait(0.5)
    assert (call.call.state, call.call.notice) == ("talking", "begun")
    ours = hotline.stage.hotline
    arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
    sent_on = rescue(ours, arrival, ours.links.step(call.call.step - 1))
    assert "<Conference" in sent_on
    assert NOTICE["zh"] in sent_on.partition("<Conference")[0]


def test_an_agent_does_not_wait_for_ever_for_word_that_the_notice_was_heard(hotline: Any) -> None:
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.wait(10)
    with hotline.stage.hotline.store.transaction() as tx:  # the queue's first question never came
        tx.exec_driver_sql("UPDATE calls SET notice = 'begun'")
    agent.answers()
    hotline.wait(12)
    call.hears(NOTICE["zh"], within=3)
    hotline.wait(6)
    they_talk(call, agent)
    assert at_the_carrier(hotline) == [("in-progress", 2, 0)]


def test_a_talk_after_a_broken_one_has_a_recording_of_its_own_and_the_wait_between_has_none(
    hotline: Any,
) -> None:
    call, agent = talks(hotline)
    hotline.wait(20)
    agent.drops_out()
    call.hears("对不起")
    call.waits()
    assert [status for status, *_ in at_the_carrier(hotline)] == ["completed"]
    hotline.wait(20)
    other = hotline.agent("Li")
    call.rings("Li")
    other.answers()
    hotline.wait(30)
    they_talk(call, other)
    other.hangs_up()
    call.is_over()
    first, second = call.ticket.recordings
    assert first.kind == second.kind == "talk"
    assert 20 <= first.seconds <= 24
    assert 30 <= second.seconds <= 34
    assert told(call) == 1


def test_a_caller_whose_talk_ends_in_a_fault_of_ours_is_not_recorded_while_waiting(hotline: Any) -> None:
    call, _ = talks(hotline)
    offer = hotline.read(offers.of_agent, "wang").id
    arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
    assert "<Enqueue" in rescue(hotline.stage.hotline, arrival, hotline.stage.hotline.links.talked(offer))
    hotline.wait(2)
    assert [status for status, *_ in at_the_carrier(hotline)] == ["completed"]


def test_the_good_bye_is_not_recorded(hotline: Any) -> None:
    call, agent = talks(hotline)
    hotline.wait(10)
    agent.hangs_up()
    assert [status for status, *_ in at_the_carrier(hotline)] == ["completed"]
    call.hears("工单号")


def test_a_carrier_that_refuses_to_record_leaves_them_talking_and_the_journal_says_so(hotline: Any) -> None:
    def refuses(*_: Any) -> str:
        raise Refused("status 403, code 20008: not with this account", 403, 20008)

    hotline.stage.hotline.carrier.record = refuses
    call, agent = talks(hotline)
    hotline.wait(30)
    they_talk(call, agent)
    agent.hangs_up()
    call.is_over()
    assert "command-failed" in call.journal
    assert call.ticket.recordings == ()
    assert call.ticket.ticket.outcome == "answered"


def test_a_recording_whose_answer_was_lost_is_not_begun_twice(hotline: Any) -> None:
    carrier = hotline.stage.hotline.carrier
    record = carrier.record

    def unheard(*asked: Any) -> str:
        carrier.record = record
        record(*asked)
        raise Unreachable("no answer")

    carrier.record = unheard
    call, agent = talks(hotline)
    hotline.wait(10)
    assert len(at_the_carrier(hotline)) == 1
    agent.hangs_up()
    call.is_over()
    assert [each.kind for each in call.ticket.recordings] == ["talk"]


def test_a_carrier_that_is_away_records_from_when_it_is_back(hotline: Any) -> None:
    carrier = hotline.stage.hotline.carrier
    record, tries = carrier.record, []

    def away(*asked: Any) -> str:
        tries.append(asked)
        if len(tries) > 2:
            return str(record(*asked))
        raise NotSent("no connection")

    carrier.record = away
    talks(hotline)
    hotline.wait(20)
    assert (len(tries), len(at_the_carrier(hotline))) == (3, 1)


def test_of_a_talk_that_is_over_before_the_command_is_sent_nothing_is_recorded(hotline: Any) -> None:
    def away(*_: Any) -> str:
        raise NotSent("no connection")

    carrier = hotline.stage.hotline.carrier
    record, carrier.record = carrier.record, away
    call, agent = talks(hotline)
    agent.hangs_up()
    carrier.record = record
    call.is_over()
    hotline.wait(30)
    assert at_the_carrier(hotline) == []
    assert sent(hotline, "record") == ["done"]


def test_a_recording_that_begins_as_the_talk_ends_is_stopped(hotline: Any) -> None:
    carrier = hotline.stage.hotline.carrier
    record = carrier.record

    def at_the_last_moment(*asked: Any) -> str:
        sid = str(record(*asked))
        talking.hang_up(hotline.stage.hotline, "wang")
        return sid

    carrier.record = at_the_last_moment
    agent = hotline.agent("Wang")
    call = hotline.call_from()
    call.rings("Wang")
    hotline.wait(10)
    agent.answers()
    hotline.wait(3)
    assert [status for status, *_ in at_the_carrier(hotline)] != ["in-progress"]
    assert sent(hotline, "stop-recording") == ["done"]
    call.is_over()


def test_a_step_asked_for_again_says_the_notice_again(hotline: Any) -> None:
    """A webhook that comes twice: whichever answer the carrier plays, the notice is in it."""
    call = hotline.call_from()
    call.waits()
    step = call.call.step
    arrival = Arrival(call.sid, "+8643188880001", "+8643112345")
    answer = menu.step(hotline.stage.hotline, arrival, step - 1, events.Silence())
    assert answer.index(NOTICE["zh"]) < answer.index("<Enqueue")


def test_where_talks_are_not_recorded_nobody_is_told_and_nothing_is(hotline: Any) -> None:
    hotline.records(Recording(talks=False))
    call, agent = hotline.talk()
    hotline.wait(30)
    they_talk(call, agent)
    agent.hangs_up()
    call.is_over()
    assert (told(call), at_the_carrier(hotline), call.ticket.recordings) == (0, [], ())


def test_a_recording_that_the_carrier_never_told_of_is_asked_for(hotline: Any) -> None:
    call = recorded_call(hotline)
    [told] = call.ticket.recordings
    with hotline.stage.hotline.store.transaction() as tx:  # as if its word had been lost
        tx.execute(delete(recordings))
    hotline.wait(minutes=9)
    assert call.ticket.recordings == ()
    hotline.wait(minutes=12)
    [found] = call.ticket.recordings
    assert (found.sid, found.kind, found.url) == (told.sid, "talk", told.url)
    assert found.seconds == told.seconds > 0


def test_what_the_carrier_has_not_got_or_does_not_tell_is_asked_for_without_harm(hotline: Any) -> None:
    call = recorded_call(hotline)
    ours = hotline.stage.hotline
    with ours.store.transaction() as tx:
        tx.execute(delete(recordings))
    hotline.wait(minutes=11)
    with ours.store.transaction() as tx:
        tx.execute(delete(recordings))
    answers = [NotSent("away"), Refused("no", 403, 20003), Gone("there is none")]

    def answer(sid: str) -> None:
        raise answers.pop(0)

    ours.carrier.recorded = answer
    for _ in range(3):
        fetch_missed(ours)
    assert (answers, call.ticket.recordings) == ([], ())
    ours.carrier.recorded = lambda sid: None
    fetch_missed(ours)
    assert call.ticket.recordings == ()


def recorded_call(hotline: Any) -> Any:
    call, agent = talks(hotline)
    hotline.wait(10)
    agent.hangs_up()
    call.is_over()
    return call


def grow_old(hotline: Any, days: float) -> None:
    """Let the recordings be older than they are."""
    now = hotline.stage.clock.now()
    with hotline.stage.hotline.store.transaction() as tx:
        tx.execute(update(recordings).values(created_at=now - timedelta(days=days)))


def test_after_its_days_a_recording_is_deleted_and_the_ticket_says_when(hotline: Any) -> None:
    call = recorded_call(hotline)
    grow_old(hotline, 89.9)
    expire(hotline.stage.hotline)
    assert len(at_the_carrier(hotline)) == 1
    grow_old(hotline, 90.1)
    (hourly,) = (job for job in JOBS if job.name == "recordings")
    hourly.work(hotline.stage.hotline, hotline.stage.spool)
    assert at_the_carrier(hotline) == []
    [recording] = call.ticket.recordings
    assert recording.deleted_at is not None
    assert call.journal[-1] == "recording-deleted"
    expire(hotline.stage.hotline)
    assert call.journal.count("recording-deleted") == 1


def test_a_carrier_that_is_away_is_asked_to_delete_again_later(hotline: Any) -> None:
    call = recorded_call(hotline)
    grow_old(hotline, 91)
    carrier = hotline.stage.hotline.carrier
    delete, answers = carrier.delete_recording, [NotSent("away"), Refused("no", 403, 20008)]

    def away(sid: str) -> None:
        if answers:
            raise answers.pop(0)
        delete(sid)

    carrier.delete_recording = away
    for _ in range(2):
        expire(hotline.stage.hotline)
        assert call.ticket.recordings[0].deleted_at is None
    expire(hotline.stage.hotline)
    assert call.ticket.recordings[0].deleted_at is not None


def test_what_somebody_has_deleted_at_the_carrier_is_deleted_here_too(hotline: Any) -> None:
    call = recorded_call(hotline)
    hotline.stage.hotline.carrier.delete_recording(call.ticket.recordings[0].sid)
    grow_old(hotline, 91)
    expire(hotline.stage.hotline)
    assert call.ticket.recordings[0].deleted_at is not None


def test_nothing_is_deleted_that_nobody_has_given_days(hotline: Any) -> None:
    call = recorded_call(hotline)
    hotline.records(None)
    grow_old(hotline, 4000)
    expire(hotline.stage.hotline)
    assert call.ticket.recordings[0].deleted_at is None
