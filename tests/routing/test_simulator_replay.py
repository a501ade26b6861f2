"""A day as the tables keep it, played again."""

from datetime import UTC, date, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from calls.journal import note
from routing.policy.skills import Lane, Profile
from routing.policy.timeline import Rules
from routing.simulator.day import ASKING, Habits
from routing.simulator.house import EVER
from routing.simulator.past import Reached, midnight, past
from routing.simulator.replay import replay
from routing.simulator.scenario import Scenario
from routing.simulator.staff import staff, staff_of
from routing.simulator.traffic import Traffic, profiled
from store.tables import calls, menus, offers, tickets

DAY = date(2026, 3, 2)
ZONE = ZoneInfo("Asia/Shanghai")
ROSTER = {
    "wang": Profile.of({"people": 1}, {"zh": 5}),
    "kim": Profile.of({"people": 1}, {"zh": 5, "ko": 5}),
}
CHANCE = Traffic((), 240, 180, accept_seconds=4)


class Journal:
    """Calls and offers written straight into the tables, at seconds since the midnight of DAY."""

    def __init__(self, tx):
        self.tx = tx
        self.numbers = count(1)
        tx.execute(insert(menus).values(version="m", source={}, loaded_at=self.at(0)))

    def at(self, seconds):
        return midnight(DAY, ZONE).astimezone(UTC) + timedelta(seconds=seconds)

    def call(self, sid, since, ended, language="zh", outcome="answered", priority=0, queue="people"):
        opened = self.at(since - 5)
        self.tx.execute(
            insert(tickets).values(
                number=sid, call_sid=sid, channel="phone", language=language, state="open", opened_at=opened
            )
        )
        self.tx.execute(
            insert(calls).values(
                sid=sid,
                ticket=sid,
                dialled="12345",
                language=language,
                state="ended",
                menu="m",
                at="people",
                queue=queue,
                priority=priority,
                started_at=opened,
                waiting_since=self.at(since),
                ended_at=self.at(ended),
                seen_at=self.at(ended),
                outcome=outcome,
            )
        )

    def offer(self, sid, agent, made, ended, joined=None, state=None):
        self.tx.execute(
            insert(offers).values(
                id=f"o{next(self.numbers)}",
                conference=sid,
                call_sid=sid,
                agent=agent,
                state=state or ("missed" if joined is None else "ended"),
                created_at=self.at(made),
                deadline=self.at(made + 20),
                accepted_at=None if joined is None else self.at(joined - 0.5),
                joined_at=None if joined is None else self.at(joined),
                ended_at=self.at(ended),
            )
        )


def write(store, scripted):
    with store.transaction() as tx:
        scripted(Journal(tx))


def read(store, first=DAY, last=DAY):
    with store.reading() as tx:
        return list(past(tx, first, last, ZONE))


def hotline(*names, **habits):
    roster = {name: ROSTER[name] for name in names}
    workers = tuple(staff(roster, [len(names)] * 24))
    return Scenario("", {"people": Rules("people")}, workers, Habits(**habits))


def busy_morning(journal):
    """Wang alone, with 30 seconds of wrap-up; he misses an offer for c and is ready again after a minute."""
    journal.call("a", 100, 164)
    journal.offer("a", "wang", 100, 164, joined=104)
    journal.call("b", 110, 150, outcome="abandoned")
    journal.call("c", 120, 347)
    journal.offer("c", "wang", 194, 214, state="missed")
    journal.offer("c", "wang", 274, 347, joined=277)
    journal.call("d", 130, 437)
    journal.offer("d", "wang", 377, 437, joined=379.5)


def test_a_recorded_day_gives_its_recorded_waits(store):
    write(store, busy_morning)
    arrivals = replay(read(store), CHANCE, {"people": 0}, seed=1)
    records = hotline("wang", offer_seconds=20, away_seconds=60, wrap_up_seconds=30).play(arrivals)
    assert {record.arrival.call: record.waited for record in records} == pytest.approx(
        {"a": 4, "b": 40, "c": 157, "d": 249.5}
    )
    assert {record.arrival.call for record in records if record.left == "gave-up"} == {"b"}
    assert [record.ended_at for record in records] == pytest.approx([164, 150, 347, 437])


def test_a_second_agent_spares_them_a_part_of_the_wait_and_the_caller_who_left_is_answered(store):
    write(store, busy_morning)
    arrivals = replay(read(store), CHANCE, {"people": 0}, seed=1)
    records = hotline("wang", "kim", wrap_up_seconds=30).play(arrivals)
    assert sum(record.answered_at is not None for record in records) == 4
    assert records[1].arrival.work > 0  # drawn by chance: it never came to a talk
    assert sum(record.waited for record in records) < 4 + 40 + 157 + 249.5


def test_who_was_answered_would_have_waited_longer_than_that_and_the_same_in_every_replay(store):
    write(store, busy_morning)
    first, again, other = (replay(read(store), CHANCE, {}, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert first[0].patience > 4
    assert first[1].patience == 40


def test_a_simulated_day_that_was_written_down_is_played_again_as_it_was(store):
    """Chance made it, the tables kept it, and each of its callers waits as long again."""
    callers = Traffic(
        profiled(300, {("people", "zh"): 0.9, ("people", "ko"): 0.1}), 240, 90, accept_seconds=3
    ).day(1, 1)
    at_work = hotline("wang", "kim", wrap_up_seconds=30)
    lived = at_work.play(callers)

    def scripted(journal):
        for record in lived:
            call = record.arrival
            answered = record.answered_at is not None
            outcome = "answered" if answered else "abandoned"
            journal.call(call.call, call.at, record.ended_at, call.lane.language, outcome)
            if answered:
                made = record.answered_at - call.rings
                journal.offer(call.call, record.agent, made, record.ended_at, joined=record.answered_at)
            elif record.rung_at is not None:
                journal.offer(call.call, "kim", record.rung_at, record.ended_at, state="withdrawn")

    write(store, scripted)
    arrivals = replay(read(store), CHANCE, {"people": 0}, seed=1)
    again = {record.arrival.call: record.waited for record in at_work.play(arrivals)}
    assert again == pytest.approx({record.arrival.call: record.waited for record in lived}, abs=1e-3)
    assert max(again.values()) > 60


def test_what_is_read_is_of_the_day_by_the_hotlines_clock(store):
    def scripted(journal):
        for sid, since in (("before", -1), ("first", 0), ("last", 86399), ("after", 86400)):
            journal.call(sid, since, since + 30, outcome="abandoned")

    write(store, scripted)
    assert [call.call for call in read(store)] == ["first", "last"]
    assert [call.since.hour for call in read(store)] == [0, 23]
    assert len(read(store, DAY - timedelta(1), DAY + timedelta(1))) == 4


def test_a_call_that_was_moved_on_comes_again_where_it_came_first(store):
    def scripted(journal):
        journal.call("a", 100, 400, outcome="abandoned", priority=30, queue="last")
        for at, queue, before, priority in ((160, "backup", "people", 0), (220, "last", "backup", 10)):
            detail = {"queue": queue, "from_queue": before, "from_priority": priority}
            note(journal.tx, "moved", now=journal.at(at), call_sid="a", **detail)

    write(store, scripted)
    (call,) = read(store)
    assert (call.queue, call.priority, call.waited) == ("people", 0, 300)


def test_a_talk_that_broke_off_and_went_on_with_another_agent_is_one_call(store):
    def scripted(journal):
        journal.call("a", 100, 300)
        journal.offer("a", "wang", 100, 130, joined=104)
        journal.offer("a", "kim", 131, 300, joined=140)

    write(store, scripted)
    (call,) = read(store)
    assert (call.waited, call.rings, call.talk, call.missed) == (4, 4, 26 + 160, ())
    assert call.agents == {"wang", "kim"}


def test_a_withdrawn_offer_was_missed_by_nobody_and_a_call_that_goes_on_is_not_of_the_past(store):
    def scripted(journal):
        journal.call("a", 100, 108, outcome="abandoned")
        journal.offer("a", "wang", 100, 108, state="withdrawn")
        journal.call("b", 100, 200)
        journal.tx.execute(calls.update().where(calls.c.sid == "b").values(state="waiting", ended_at=None))

    write(store, scripted)
    (call,) = read(store)
    assert (call.call, call.missed, call.talk, call.waited, call.rings) == ("a", (), None, 8, 8)
    assert replay([call], CHANCE, {}, seed=1)[0].rings == 8 + 4  # nobody would have taken it by then


def test_a_priority_that_the_menu_gave_stays_and_that_of_the_queue_is_the_scenarios(store):
    def scripted(journal):
        journal.call("a", 100, 108, outcome="abandoned", priority=10)
        journal.call("b", 101, 108, outcome="abandoned", priority=50)

    write(store, scripted)
    arrivals = replay(read(store), CHANCE, {"people": 10}, seed=1)
    assert [call.lane for call in arrivals] == [Lane("people", "zh", 0), Lane("people", "zh", 50)]


def test_a_faster_agent_takes_less_time_for_a_recorded_call(store):
    write(store, busy_morning)
    arrivals = replay(read(store), CHANCE, {}, 1, {"wang": 0.5})
    workers = staff_of(ROSTER, {"kim": ((0.0, EVER),)}, 180, {"wang": 0.5, "kim": 2.0})
    records = Scenario("", {"people": Rules("people")}, tuple(workers), Habits()).play(arrivals)
    first = records[0]
    assert (first.agent, first.ended_at - first.answered_at) == ("kim", 60 * 0.5 / 2)
    again = staff_of(ROSTER, {"wang": ((0.0, EVER),)}, 180, {"wang": 0.5})
    first = Scenario("", {"people": Rules("people")}, tuple(again), Habits()).play(arrivals)[0]
    assert (first.agent, first.ended_at - first.answered_at) == ("wang", 60)


def test_a_caller_who_was_kept_for_an_agent_is_so_again(store):
    def scripted(journal):
        journal.call("a", 100, 108, outcome="abandoned")
        journal.tx.execute(calls.update().values(wants="kim"))

    write(store, scripted)
    assert replay(read(store), CHANCE, {}, seed=1)[0].lane == Lane("people", "zh", 0, "kim")


def test_who_was_turned_away_comes_again_to_that_queue_and_would_have_waited(store):
    def scripted(journal):
        journal.call("a", 100, 400, outcome="message", queue=None)
        journal.call("b", 110, 300, outcome="abandoned", queue="night")
        journal.call("c", 120, 130, outcome="message", queue=None)  # before the journal told of it
        for sid in "ab":
            note(journal.tx, "turned-away", now=journal.at(100), call_sid=sid, queue="people")

    write(store, scripted)
    calls = read(store)
    assert [(call.call, call.queue, call.left, call.waited) for call in calls] == [
        ("a", "people", "turned-away", 0),
        ("b", "people", "gave-up", 190),
    ]
    again = replay(calls, CHANCE, {}, seed=1)
    assert again[0].patience > 0
    assert again[1].patience == 190


def test_who_is_called_back_left_when_the_line_was_left_and_waits_since_the_first_time(store):
    """A call-back that was tried again has waited anew since then; before that it was taken in vain."""

    def scripted(journal):
        journal.call("a", 700, 900)
        left = {"left": "asked", "left_at": journal.at(160), "queued_at": journal.at(100), "dials": 1}
        journal.tx.execute(calls.update().values(left))
        journal.offer("a", "wang", 200, 234, state="ended")
        journal.offer("a", "kim", 800, 900, joined=820.5)
        journal.tx.execute(offers.update().values(accepted_at=offers.c.created_at))

    write(store, scripted)
    (call,) = read(store)
    assert (call.since.timestamp(), call.waited) == (midnight(DAY, ZONE).timestamp() + 100, 60)
    assert (call.talk, call.left, call.dials, call.reached) == (None, "asked", 1, Reached(20.5, 79.5))
    (again,) = replay([call], CHANCE, {}, seed=1)
    assert (again.asks, again.unreached, again.picks_up, again.work) == (60 - ASKING, 1, 20.5, 79.5)
    assert again.patience > 60
