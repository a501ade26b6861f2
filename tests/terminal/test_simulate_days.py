"""`hotline simulate` with the hours, longest waits, call-backs and receptions of a configuration."""

import csv
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update

from routing.rulebook import receptions
from routing.simulator.house import house_on
from settings.config import load_config
from settings.opening import out_of_hours
from store.engine import Store
from store.tables import calls, journal, offers
from terminal.simulate import simulate
from tests.terminal.test_simulate import ZONE, folder, replace, told, yesterday

__all__ = ["folder", "yesterday"]  # fixtures

RINGS = 20  # seconds: whom it rings for is not sent away
SMALL = ("--calls", "400", "--days", "2", "--seats", "4", "--date", "2026-06-05")
SATURDAY = ("--calls", "400", "--days", "2", "--seats", "4", "--date", "2026-06-06")


def report(*arguments):
    result = CliRunner().invoke(simulate, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def rows(*arguments):
    """Of each scenario, the lines of its records."""
    report(*arguments, "--records", "calls.csv")
    found = {}
    with Path("calls.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["scenario"], []).append(row)
    return found


def what_if(file, old, new):
    shutil.copytree("config", "other")
    replace(f"other/{file}", old, new)


def means(scenario):
    return {name: figure["mean"] for name, figure in scenario["figures"].items()}


def test_a_shorter_longest_wait_is_played_and_told_beside_todays():
    what_if("queues.yml", "  priority: 0\n", "  priority: 0\n  wait_limit_seconds: 60\n")
    today, other = told(*SMALL, "--seats", 2, "--patience", 600, "--ask", 0, "--config", "other")[
        "scenarios"
    ][::2]
    assert other["name"] == "other, 4 seats"
    assert means(today)["too_long"] == 0 < means(other)["too_long"]
    assert means(other)["longest_wait"] <= 60 + RINGS < means(today)["longest_wait"]
    assert "ran into the longest wait" in report(*SMALL, "--config", "other")


def test_the_longest_wait_of_hotline_yml_is_that_of_queues_that_say_nothing():
    what_if("hotline.yml", "wait_limit_seconds: 1800", "wait_limit_seconds: 60")
    other = told(*SMALL, "--patience", 600, "--ask", 0, "--config", "other")["scenarios"][1]
    assert means(other)["longest_wait"] <= 60 + RINGS


@pytest.mark.parametrize(("day", "opens", "closes"), [("2026-06-05", 8, 22), ("2026-06-06", 9, 18)])
def test_opening_hours_are_those_of_the_day_that_is_asked_for(day, opens, closes):
    what_if("queues.yml", "  priority: 0\n", "  priority: 0\n  hours: foreign-languages\n")
    found = rows("--calls", 400, "--days", 1, "--seats", 4, "--date", day, "--config", "other")
    for row in found["other, 4 seats"]:
        let_in = opens * 3600 <= float(row["arrived"]) < closes * 3600
        assert (row["outcome"] == "closed") is not let_in
    assert {row["outcome"] for row in found["4 seats"]}.isdisjoint({"closed"})


def test_a_special_day_closes_and_the_report_says_how_many_found_it_so():
    replace("config/queues.yml", "  priority: 0\n", "  priority: 0\n  hours: always\n")
    what_if(
        "calendar.yml", "\nyears:", "\nspecial:\n  Works: {days: 2026-06-05, hours: {always: []}}\nyears:"
    )
    today, other = told(*SMALL, "--config", "other")["scenarios"]
    assert (means(today)["closed"], means(other)["closed"], means(other)["answered"]) == (0, 1, 0)
    assert "found it closed" in report(*SMALL, "--config", "other")
    assert means(told(*SATURDAY, "--config", "other")["scenarios"][1])["closed"] == 0


def test_the_day_is_named_and_is_a_workday_unless_another_is_asked_for():
    assert (
        "a workday (the next workday), with its hours"
        in told("--calls", 50, "--days", 1)["assumptions"]["the day"]
    )
    assert told(*SATURDAY)["assumptions"]["the day"].startswith("Saturday 2026-06-06, a weekend (as asked)")
    unknown = told("--calls", 50, "--days", 1, "--date", "2031-01-01")["assumptions"]["the day"]
    assert "a year that calendar.yml does not hold" in unknown
    output = CliRunner().invoke(simulate, ["--replay", "2026-03-02", "--date", "2026-03-02"]).output
    assert "--date and --replay don't go together" in output


@pytest.mark.parametrize(
    ("reach", "figure", "other"), [(100, "called_back", "not_reached"), (0, "not_reached", "called_back")]
)
def test_who_takes_a_call_back_is_reached_or_not_as_is_supposed(reach, figure, other):
    (few,) = told(
        "--calls", 400, "--days", 2, "--seats", 3, "--date", "2026-06-05", "--ask", 100, "--reach", reach
    )["scenarios"]
    found = means(few)
    assert found["asked"] > 0
    assert found[figure] > found[other] == 0
    assert found[figure] + found["left_for_tomorrow"] <= found["asked"] + found["abandoned"]
    assert (found["until_called_back"] is not None) is (reach == 100)


def test_without_call_backs_nobody_is_called_and_nothing_is_said_of_it():
    shutil.copytree("config", "other")
    for file, start in (("hotline.yml", "call_back:\n"), ("queues.yml", "  timeline:\n    - after: 45")):
        text = Path("other", file).read_text(encoding="utf-8")
        before, _, after = text.rpartition(start)
        rest = "# The emergency" + after.partition("# The emergency")[2] if file == "hotline.yml" else ""
        Path("other", file).write_text(before + rest, encoding="utf-8")
    today, other = told(*SMALL, "--seats", 3, "--config", "other")["scenarios"][::2]
    assert means(today)["called_back"] > means(other)["called_back"] == 0
    shutil.rmtree("config")
    Path("other").rename("config")
    found = told(*SMALL)["assumptions"]
    assert "call-backs" not in found
    assert "call-back" not in found["not played"]


def test_the_report_says_what_is_supposed_of_call_backs_and_what_is_not_played():
    output = " ".join(report(*SMALL, "--ask", 50).split())
    assert "50 of 100 take one that is offered (as asked), 75 of 100 reach the caller (default)" in output
    assert "not played keys: who may not wait in a queue, or not any longer, goes where" in output
    assert "hours that menus ask for (foreign-languages): at others callers come all the same" in output
    assert "a call-back that is left for the next day takes nobody's time" in output


def test_what_differs_without_a_difference_here_is_named():
    what_if("hotline.yml", "  misses: 1", "  misses: 3")
    replace("other/hotline.yml", "keyed_per_caller: 3", "keyed_per_caller: 1")
    assert told(*SMALL, "--config", "other")["assumptions"]["not played of other"] == (
        "it differs in, without a difference here: presence of hotline.yml, keyed_per_caller of hotline.yml"
    )
    replace("other/calendar.yml", 'workdays: "08:00-22:00"', 'workdays: "06:00-22:00"')
    assert told(*SMALL, "--config", "other")["assumptions"]["not played of other"].endswith(
        "keyed_per_caller of hotline.yml, foreign-languages of calendar.yml, where menus ask for it"
    )
    shutil.copytree("config", "same")
    assert "not played of same" not in told(*SMALL, "--config", "same")["assumptions"]


def test_a_director_takes_the_calls_of_the_day_beside_the_seats():
    reception = """
receptions:
  Water: {days: 2026-06-05, times: "09:00-11:30", queue: people, agent: miller, seconds: 300}
years:"""
    what_if("calendar.yml", "\nyears:", reception)
    found = rows(
        "--calls",
        400,
        "--days",
        1,
        "--seats",
        2,
        "--date",
        "2026-06-05",
        "--patience",
        600,
        "--config",
        "other",
    )
    assert "miller" not in {row["agent"] for row in found["2 seats"]}
    theirs = [row for row in found["other, 2 seats"] if row["agent"] == "miller"]
    assert theirs
    assert {row["language"] for row in theirs} <= {"zh", "en", "ru"}
    assert all(9 * 3600 <= float(row["rung"]) <= 11.5 * 3600 for row in theirs)
    first = min(float(row["arrived"]) for row in theirs)
    assert first > 9 * 3600 - 600


def test_what_the_day_has_at_each_minute_is_what_the_telephone_would_say():
    replace("config/queues.yml", "  priority: 0\n", "  priority: 0\n  hours: foreign-languages\n")
    days = """
special:
  Works:
    days: 2026-06-05
    hours: {foreign-languages: ["08:00-10:00", "20:00-23:00"], call-backs: "10:17-10:31"}
receptions:
  Water: {days: 2026-06-05, times: ["09:00-11:30", "14:00-16:00"], queue: people, agent: wang}
  Power: {days: 2026-06-06, times: "00:10-00:20", queue: people, agent: kim}
years:"""
    replace("config/calendar.yml", "\nyears:", days)
    config = load_config(Path("config"))
    house = house_on(date(2026, 6, 5), config, {"people": ((3600.0, 7200.0),)})
    midnight = datetime(2026, 6, 5, tzinfo=ZONE)
    for minute in range(2 * 24 * 60):
        now = midnight + timedelta(minutes=minute)
        here = [stretch for stretch in house.stretches if stretch.at <= minute * 60][-1]
        assert here.out_of_hours == out_of_hours(config, now)
        assert here.receptions == tuple(receptions(config, now))
        assert here.closed == ({"people"} if 60 <= minute < 120 else set())
    opens = house.call_backs.opens
    assert opens("people", True, 9 * 3600) == 10 * 3600 + 17 * 60
    assert opens("people", False, 9 * 3600) is None
    assert opens("people", False, 11 * 3600) == 20 * 3600


def test_a_queue_that_was_closed_by_hand_is_so_again_in_a_replay(yesterday):
    nine = datetime(yesterday.year, yesterday.month, yesterday.day, 9, tzinfo=ZONE)
    store = Store("sqlite:///var/hotline.db")
    with store.transaction() as tx:
        for minutes, kind, until in (
            (-5, "queue-closed", None),
            (25, "queue-opened", None),
            (85, "queue-closed", 100),
        ):
            detail = {
                "queue": "people",
                "until": until and f"{(nine + timedelta(minutes=until)).isoformat()}",
            }
            tx.execute(insert(journal).values(at=nine + timedelta(minutes=minutes), kind=kind, detail=detail))
    store.dispose()
    (found,) = rows("--replay", yesterday).values()
    assert [row["outcome"] == "closed" for row in found] == [n in (0, 1, 2, 9) for n in range(16)]


def test_call_backs_are_played_again_as_they_were_and_learnt(yesterday):
    """Of the six who left, one asked and was reached at the second try, another gave up and never was."""
    nine = datetime(yesterday.year, yesterday.month, yesterday.day, 9, tzinfo=ZONE)
    store = Store("sqlite:///var/hotline.db")
    with store.transaction() as tx:
        tx.execute(
            update(calls).where(calls.c.sid == "c10").values(left="asked", dials=1, outcome="answered")
        )
        tx.execute(
            update(calls).where(calls.c.sid == "c11").values(left="gave-up", dials=4, outcome="not-reached")
        )
        for sid in ("c10", "c11"):
            tx.execute(update(calls).where(calls.c.sid == sid).values(left_at=calls.c.ended_at))
        ended = tx.scalar(calls.select().with_only_columns(calls.c.ended_at).where(calls.c.sid == "c10"))
        made = ended + timedelta(minutes=5)
        tx.execute(
            insert(offers).values(
                id="back",
                conference="back",
                call_sid="c10",
                agent="kim",
                state="ended",
                created_at=made,
                deadline=made + timedelta(seconds=20),
                accepted_at=made + timedelta(seconds=4),
                joined_at=made + timedelta(seconds=24),
                ended_at=made + timedelta(seconds=124),
            )
        )
        for minutes, state in ((-60, "ready"), (95, "offline"), (110, "ready")):
            detail = {"agent": "kim", "state": state, "reason": None}
            tx.execute(
                insert(journal).values(at=nine + timedelta(minutes=minutes), kind="presence", detail=detail)
            )
    store.dispose()
    said = told("--fit", "--days", 1)["assumptions"]["call-backs"]
    assert "16.7 of 100 reach the caller (from 16 calls of 1 day), 20 s after dialling" in said
    replace("config/queues.yml", "  timeline:\n    - after: 45", "  timeline:\n    - after: 10")
    asked = next(row for row in rows("--replay", yesterday).popitem()[1] if row["call"] == "c10")
    assert (asked["outcome"], asked["call_back"], float(asked["waited"])) == ("asked", "reached", 25)
    assert float(asked["reached"]) == pytest.approx(10 * 3600 + 50 * 60 + 5 + 30 + 300 + 5 + 20, abs=10)
    assert float(asked["ended"]) - float(asked["reached"]) == pytest.approx(100)


NIGHT = """
night:
  label: {zh: 夜间, en: Night, ja: 夜間, ko: 야간, ru: Ночь}
"""


def with_a_night_queue(folder, key):
    """What the menu does with who may not wait among `people`, by this key: let them wait in `night`."""
    queues = Path(folder, "queues.yml")
    queues.write_text(queues.read_text(encoding="utf-8") + NIGHT, encoding="utf-8")
    replace(f"{folder}/menus/main.yml", f"  {key}: message\n", f"  {key}: night\n")
    replace(f"{folder}/menus/main.yml", "\nmessage:\n", "\nnight:\n  queue: night\n\nmessage:\n")
    agents = Path(folder, "agents.yml")
    text = agents.read_text(encoding="utf-8").replace("queues: [people]", "queues: [people, night]")
    agents.write_text(text, encoding="utf-8")


def test_who_finds_a_queue_closed_waits_where_the_menu_leads():
    shutil.copytree("config", "other")
    with_a_night_queue("other", "closed")
    replace("other/queues.yml", "  priority: 0\n", "  priority: 0\n  hours: foreign-languages\n")
    found = told("--calls", 400, "--days", 1, "--seats", 40, "--date", "2026-06-05", "--config", "other")
    today, other = map(means, found["scenarios"])
    assert (other["closed"], other["answered"]) == (0, today["answered"])


@pytest.mark.parametrize(("key", "settings"), [("full", "limit: 1"), ("leave", "wait_limit_seconds: 60")])
def test_who_finds_it_full_or_has_waited_longest_waits_on_where_the_menu_leads(key, settings):
    shutil.copytree("config", "other")
    replace("other/queues.yml", "  priority: 0\n", f"  priority: 0\n  {settings}\n")
    shutil.copytree("other", "led")
    with_a_night_queue("led", key)
    seats = ("--calls", 400, "--days", 1, "--seats", 2, "--date", "2026-06-05", "--patience", 600, "--ask", 0)
    _, gone, led = map(means, told(*seats, "--config", "other", "--config", "led")["scenarios"])
    figure = {"full": "turned_away", "leave": "too_long"}[key]
    assert led[figure] < gone[figure] / 3
    assert led["longest_wait"] > gone["longest_wait"]
