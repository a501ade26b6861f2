"""`hotline simulate` as an admin uses it."""

import csv
import json
import shutil
from dataclasses import replace as replaced
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from ivr.nodes.hang_up import HangUp
from routing.policy.skills import Profile
from routing.policy.timeline import Rules, Step
from routing.simulator.day import NONE, Worker
from routing.simulator.scenario import Scenario
from store.engine import Store
from store.tables import calls, journal, menus, offers, tickets
from switchboard.setup import load
from terminal.callers import Asked, supposed
from terminal.refusal import Refusal
from terminal.scenarios import scenario, seats_by_hour, unserved
from terminal.simulate import simulate

SAMPLE = Path(__file__).parents[2] / "config"
ZONE = ZoneInfo("Asia/Shanghai")
SMALL = ("--calls", "400", "--days", "3", "--seats", "4")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A copy of the sample configuration in a folder of its own, without a database."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOTLINE_CONFIG", "HOTLINE_VAR", "HOTLINE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(SAMPLE, "config")
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(simulate, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def told(*arguments):
    """What is written as JSON."""
    result = CliRunner().invoke(simulate, [*(str(each) for each in arguments), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments):
    code, output = run(*arguments)
    assert code != 0
    return output


def replace(file, old, new):
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    Path(file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_day_with_every_default_named():
    code, output = run("--days", 1)
    assert code == 0
    for words in (
        "8,000 a day, 544 of them from 9:00 to 10:00, by the hours of a city hotline (default)",
        "zh 96 %, en 1 %, ja 1 %, ko 1 %, ru 1 % (default)",
        "240 s on average, lognormal (default)",
        "180 s on average, exponential (default)",
        "rings 4 s until it is taken (default), 1 % are missed (default)",
        "is paused for 60 s; it rings 20 s (hotline.yml)",
        "30 s after each talk (hotline.yml)",
        "the 12 people of agents.yml",
        "40 seats",
        "One day says nothing about chance",
        "GB/T 33358-2016 asks for 95 % within 15 s",
    ):
        assert words in output


def test_the_same_seed_tells_the_same_and_another_another():
    assert told(*SMALL) == told(*SMALL)
    assert told(*SMALL)["scenarios"] != told(*SMALL, "--seed", 2)["scenarios"]


def test_two_numbers_of_seats_side_by_side():
    code, output = run(*SMALL, "--seats", "2")
    assert code == 0
    assert "2 seats against 4 seats, the same callers. More than chance: answered, " in output
    assert "points" in output
    assert "language ko" in output


def test_json_has_each_scenario_with_intervals_and_the_differences_of_the_same_callers():
    found = told(*SMALL, "--seats", 2)
    today, fewer = found["scenarios"]
    assert (today["name"], fewer["name"], found["days"], found["seed"]) == ("4 seats", "2 seats", 3, 1)
    assert today["figures"]["calls"] == fewer["figures"]["calls"]
    assert fewer["differences"]["calls"] == {"mean": 0, "half": 0, "more_than_chance": False}
    in_time = fewer["differences"]["in_time"]
    assert in_time["mean"] == pytest.approx(
        fewer["figures"]["in_time"]["mean"] - today["figures"]["in_time"]["mean"]
    )
    assert in_time["more_than_chance"] is True
    assert in_time["half"] > 0
    assert "differences" not in today
    korean = next(part for part in fewer["parts"] if part.get("language") == "ko")
    assert korean["differences"]["in_time"]["mean"] < 0
    assert [hour["hour"] for hour in today["hours"]] == list(range(24))
    assert {part.get("language") for part in today["parts"]} >= {"zh", "ko"}


def test_one_day_has_no_intervals_in_json():
    scenario = told("--calls", 50, "--days", 1, "--seats", 3)["scenarios"][0]
    assert scenario["figures"]["answered"]["half"] is None


def test_another_configuration_is_tried_with_the_same_callers_and_seats():
    shutil.copytree("config", "quick")
    replace("quick/hotline.yml", "wrap_up_seconds: 30", "wrap_up_seconds: 0")
    today, quick = told(*SMALL, "--config", "quick")["scenarios"]
    assert quick["name"] == "quick, 4 seats"
    assert quick["figures"]["calls"] == today["figures"]["calls"]
    assert quick["differences"]["occupancy"]["mean"] < -0.01


def test_callers_wait_where_the_menus_of_the_other_configuration_send_them():
    shutil.copytree("config", "split")
    for file in (Path("split/queues.yml"), *Path("split/menus").glob("*.yml"), Path("split/agents.yml")):
        text = file.read_text(encoding="utf-8")
        text = text.replace("queue: people", "queue: everybody").replace(
            "queues: [people]", "queues: [everybody]"
        )
        file.write_text(text.replace("\npeople:\n  label", "\neverybody:\n  label"), encoding="utf-8")
    today, split = told(*SMALL, "--config", "split")["scenarios"]
    assert {part["queue"] for part in split["parts"] if "queue" in part} == {"everybody"}
    assert split["figures"] == today["figures"]


def test_seats_by_the_hour():
    (by_hour,) = told("--calls", 400, "--days", 2, "--seats", "0-8:2,8-20:6,20-24:3")["scenarios"]
    (all_day,) = told("--calls", 400, "--days", 2, "--seats", 6)["scenarios"]
    night, day = by_hour["hours"][3], by_hour["hours"][12]
    assert night["occupancy"] > all_day["hours"][3]["occupancy"] * 2
    assert day["occupancy"] == pytest.approx(all_day["hours"][12]["occupancy"], abs=0.05)


def test_languages_that_nobody_at_the_seats_speaks_are_named():
    code, output = run("--calls", 100, "--days", 1, "--seats", 2)
    assert code == 0
    assert "2 seats: nobody at the seats serves queue 'people' in ko, so those callers give up" in output


def test_who_is_moved_to_somebody_is_served():
    rules = {"people": Rules("people", steps=(Step(60, move="backup"),)), "backup": Rules("backup")}
    kim = Worker("kim", Profile.of({"backup": 1}, {"ko": 5}))
    tried = Scenario("1 seat", rules, (kim,), NONE)
    assert unserved(tried, [("people", "ko"), ("people", "zh")]) == [
        "1 seat: nobody at the seats serves queue 'people' in zh, so those callers give up"
    ]


def test_records_are_a_line_for_each_call_of_each_scenario(folder):
    code, output = run(*SMALL, "--seats", 2, "--records", "calls.csv")
    assert code == 0
    assert "written: calls.csv" in output
    with Path("calls.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    today, fewer = ([row for row in rows if row["scenario"] == name] for name in ("4 seats", "2 seats"))
    same = ("day", "call", "queue", "language", "arrived")
    assert [[row[name] for name in same] for row in today] == [[row[name] for name in same] for row in fewer]
    assert len(today) == pytest.approx(3 * 400, rel=0.1)
    assert {row["day"] for row in rows} == {"1", "2", "3"}
    assert {row["outcome"] for row in rows} == {"answered", "abandoned", "asked"}
    for row in rows:
        assert bool(row["answered"]) == (row["outcome"] == "answered")
        assert bool(row["reached"]) == (row["call_back"] == "reached")
        assert bool(row["agent"]) == bool(row["answered"] or row["reached"])
        if row["answered"]:
            assert float(row["waited"]) == pytest.approx(
                float(row["answered"]) - float(row["arrived"]), abs=0.002
            )


def test_who_finds_the_queue_full_is_told_of_in_the_table_and_in_the_records():
    assert "found it full" not in run(*SMALL)[1]
    replace("config/queues.yml", "  priority: 0\n", "  priority: 0\n  limit: 1\n")
    _, output = run(*SMALL, "--seats", 3, "--patience", 60, "--ask", 0, "--records", "calls.csv")
    assert "found it full" in output
    with Path("calls.csv").open(encoding="utf-8", newline="") as file:
        outcomes = {row["outcome"] for row in csv.DictReader(file)}
    assert outcomes == {"answered", "abandoned", "turned-away"}


def test_the_picture_is_well_formed_and_names_the_scenarios():
    code, _ = run(*SMALL, "--seats", 2, "--svg", "day.svg")
    assert code == 0
    root = ElementTree.parse("day.svg").getroot()  # noqa: S314  # our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"4 seats", "2 seats"} <= {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}


def test_json_stays_json_where_files_are_written_too():
    result = CliRunner().invoke(simulate, [*SMALL, "--json", "--svg", "day.svg", "--records", "calls.csv"])
    assert json.loads(result.stdout)["days"] == 3
    assert "written: day.svg" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seats", "forty"], "--seats forty: 'forty' is no number of seats\n    mend: write a number (36)"),
        (["--seats", "0"], "--seats 0: there must be 1 to 10,000 seats at some hour"),
        (["--seats", "8-7:3"], "8-7 are no hours of a day"),
        (["--seats", "20-25:3"], "20-25 are no hours of a day"),
        (["--seats", "0-8:3,7-9:4"], "7-9 has hours that were given before\n    mend: give each hour once"),
        (["--seats", "4", "--seats", "4"], "4 seats is asked for twice"),
        (["--calls", "0"], "0 is not in the range"),
        (["--days", "0"], "0 is not in the range"),
        (["--missed", "100"], "100.0 is not in the range"),
        (["--missed", "nan"], "'nan' is no number"),
        (["--talk", "nan"], "'nan' is no number"),
        (
            ["--accept", "20"],
            "--accept 20: an offer rings for 20 s, so nobody would take one in time\n    mend:",
        ),
        (["--replay", "yesterday"], "'yesterday' is no day: write one like 2026-11-27"),
        (["--date", "9999-12-31"], "'9999-12-31' is no day"),
        (["--replay", "2026-03-02", "--calls", "9"], "--calls and --replay don't go together"),
        (["--replay", "2026-03-02", "--fit"], "--fit and --replay don't go together"),
        (["--replay", "2026-03-02"], "there is no such file\n    mend: start the hotline once"),
        (["--fit"], "there is no such file\n    mend: start the hotline once"),
        (["--config", "nowhere"], "nowhere:1: there is no such folder\n    mend: name the config folder"),
        (["--records", "no/where.csv"], "can't write no/where.csv: no such file or directory\n    mend:"),
        (["--svg", "no/where.svg"], "can't write no/where.svg: no such file or directory\n    mend:"),
    ],
)
def test_what_cannot_be_is_said_with_its_mend(arguments, words):
    assert words in refused(*arguments)


def test_callers_whom_the_other_configuration_leads_nowhere_stay_in_their_queue_or_are_refused():
    today = load(Path("config"))
    menu = replaced(
        today.menu, start=next(n for n, node in today.menu.nodes.items() if isinstance(node, HangUp))
    )
    silent = replaced(today, menu=menu)
    callers = supposed(today, Asked(), seed=1)
    assert scenario("", silent, today, callers, seats_by_hour("4"), 60).moved == {}
    queues = {"night": today.config.queues["people"]}
    gone = replaced(silent, config=replaced(today.config, queues=queues))
    with pytest.raises(Refusal, match=r"config/queues.yml:1: callers in \w\w wait in queue 'people' today"):
        scenario("", gone, today, callers, seats_by_hour("4"), 60)


def test_agents_yml_without_people_is_refused():
    Path("config/agents.yml").write_text("{}\n", encoding="utf-8")
    assert "config/agents.yml:1: nobody is listed, so nobody answers" in refused(*SMALL)


@pytest.fixture
def yesterday():
    """The database of a hotline with ten answered calls and six who left, yesterday morning."""
    Path("var").mkdir()
    store = Store("sqlite:///var/hotline.db")
    store.migrate()
    day = datetime.now(ZONE).date() - timedelta(1)
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
    with store.transaction() as tx:
        tx.execute(insert(menus).values(version="m", source={}, loaded_at=nine))
        for number in range(16):
            since = nine + timedelta(minutes=10 * number)
            answered = since + timedelta(seconds=5) if number < 10 else None
            ended = since + timedelta(seconds=65 + number if answered else 45)
            _call(tx, f"c{number}", since, answered, ended)
    store.dispose()
    return day


def _call(tx, sid, since, answered, ended):
    ticket = {"number": sid, "call_sid": sid, "channel": "phone", "language": "zh"}
    tx.execute(insert(tickets).values(**ticket, state="open", opened_at=since))
    tx.execute(
        insert(calls).values(
            sid=sid,
            ticket=sid,
            dialled="12345",
            language="zh",
            state="ended",
            menu="m",
            at="people",
            queue="people",
            started_at=since,
            waiting_since=since,
            ended_at=ended,
            seen_at=ended,
            outcome="answered" if answered else "abandoned",
        )
    )
    if answered:
        tx.execute(
            insert(offers).values(
                id=sid,
                conference=sid,
                call_sid=sid,
                agent="kim",
                state="ended",
                created_at=since,
                deadline=since + timedelta(seconds=20),
                accepted_at=answered,
                ended_at=ended,
            )
        )


def test_it_learns_from_the_database_and_says_from_how_much(yesterday):
    found = told("--fit", "--seats", 2, "--days", 5)
    assert found["assumptions"]["calls"].startswith(
        "16 a day, 6 of them from 9:00 to 10:00 (± 8, from 16 calls of 1"
    )
    assert found["assumptions"]["languages"].startswith("zh 100 %")
    assert found["assumptions"]["a talk"].startswith("65 ± 2 s on average (from 16 calls of 1 day)")
    assert found["assumptions"]["patience"].startswith("53 ± 43 s on average")
    assert found["assumptions"]["an offer"].startswith("rings 5 s until it is taken (from 16 calls")
    assert found["scenarios"][0]["hours"][3]["calls"] == 0


def test_what_is_asked_for_goes_before_what_was_learnt(yesterday):
    found = told("--fit", "7", "--calls", 200, "--talk", 90, "--patience", 30, "--seats", 2, "--days", 5)
    assert found["assumptions"]["calls"].startswith(
        "200 a day, 75 of them from 9:00 to 10:00 (as asked, by the hours"
    )
    assert found["assumptions"]["a talk"] == "90 s on average (as asked), lognormal"
    assert found["assumptions"]["patience"] == "30 s on average (as asked), exponential"


def test_yesterday_is_played_again_with_who_was_rung(yesterday):
    found = told("--replay", yesterday, "--seats", 3, "--records", "calls.csv")
    again, more = found["scenarios"]
    assert (again["name"], more["name"]) == ("seats as on that day", "3 seats")
    assert again["figures"]["calls"]["mean"] == 16
    assert again["parts"][0]["language"] == "zh"
    with Path("calls.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["scenario"] == again["name"]]
    assert [row["agent"] for row in rows[:10]] == ["kim"] * 10
    assert [float(row["waited"]) for row in rows[:10]] == pytest.approx([5] * 10)


def test_who_worked_when_is_played_again_and_learnt(yesterday):
    store = Store("sqlite:///var/hotline.db")
    nine = datetime(yesterday.year, yesterday.month, yesterday.day, 9, tzinfo=ZONE)
    with store.transaction() as tx:
        for hours, agent, state in ((-3, "wang", "ready"), (0, "kim", "ready"), (2, "wang", "offline")):
            detail = {"agent": agent, "state": state, "reason": None}
            tx.execute(
                insert(journal).values(at=nine + timedelta(hours=hours), kind="presence", detail=detail)
            )
    store.dispose()
    again = told("--replay", yesterday)["scenarios"][0]
    assert [hour["at_work"] for hour in again["hours"][5:12]] == [0, 1, 1, 1, 2, 2, 1]
    learnt = told("--fit", "--days", 1)["scenarios"][0]
    assert learnt["name"] == "seats as learnt"
    assert [hour["at_work"] for hour in learnt["hours"][5:12]] == [0, 1, 1, 1, 2, 2, 1]


def test_a_day_without_calls_cannot_be_played_again(yesterday):
    output = refused("--replay", yesterday - timedelta(1))
    assert f"no call waited for a person on {yesterday - timedelta(1)}" in output
    assert "mend: " in output


def test_a_database_without_calls_teaches_nothing():
    Path("var").mkdir()
    store = Store("sqlite:///var/hotline.db")
    store.migrate()
    store.dispose()
    assert "no call waited for a person in the 28 days up to" in refused("--fit")
