"""`hotline close`, `open`, `hours` and `seat`, on a database of their own."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from agents.roster import Place, seat_all
from app import main
from store.engine import Store
from store.tables import journal
from switchboard.setup import kept_setup
from terminal.close import moment
from terminal.refusal import Refusal

SAMPLE = Path(__file__).parents[2] / "config"
CHANGCHUN = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def hotline(tmp_path, monkeypatch):
    """`hotline(...)` runs a command on the sample configuration: its exit code and what it printed."""
    shutil.copytree(SAMPLE, tmp_path / "config")
    (tmp_path / "var").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("HOTLINE_CONFIG", "HOTLINE_VAR", "HOTLINE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        result = CliRunner().invoke(main, list(arguments))
        return result.exit_code, result.output

    return run


def lines():
    """The journal: what happened, to which queue, by whom."""
    store = Store("sqlite:///var/hotline.db")
    with store.reading() as tx:
        found = [(row.kind, row.detail) for row in tx.execute(select(journal).order_by(journal.c.id))]
    store.dispose()
    return found


def test_a_supervisor_closes_and_opens_again_and_the_journal_knows_who(hotline):
    assert hotline("close", "people", "--reason", "fire alarm") == (
        0,
        "people: closed until `hotline open people`\n",
    )
    shown = json.loads(hotline("hours", "--json")[1])["queues"][0]
    assert (shown["state"], shown["reason"]) == ("closed by hand", "fire alarm")
    assert hotline("open", "all") == (0, "people: open again\n")
    assert hotline("open", "all") == (0, "nothing was closed\n")
    assert json.loads(hotline("hours", "--json")[1])["queues"][0]["state"] == "open"
    (closed, why), (opened, whose) = lines()
    assert (closed, opened) == ("queue-closed", "queue-opened")
    assert (why["queue"], why["reason"], why["who"]) == ("people", "fire alarm", shown["who"])
    assert whose == {"queue": "people", "who": shown["who"]}


def test_closed_for_some_time_says_until_when(hotline):
    end = datetime.now(UTC).astimezone(CHANGCHUN) + timedelta(days=1)
    code, said = hotline("close", "all", "--until", f"{end:%Y-%m-%d %H:%M}")
    assert (code, said) == (0, f"people: closed until {end:%Y-%m-%d %H:%M}\n")
    assert f"{end:%Y-%m-%d %H:%M}" in hotline("hours")[1]


def test_a_queue_that_is_closed_once_more_keeps_its_reason_until_it_is_taken_away(hotline):
    def why():
        return json.loads(hotline("hours", "--json")[1])["queues"][0]["reason"]

    hotline("close", "people", "--reason", "fire alarm")
    code, said = hotline("close", "all")
    assert (code, said) == (
        0,
        "people: closed until `hotline open all`\n"
        'people: the reason stays "fire alarm"; --reason "" takes it away\n',
    )
    assert why() == "fire alarm"
    assert "stays" not in hotline("close", "people", "--reason", "power cut")[1]
    assert why() == "power cut"
    assert "stays" not in hotline("close", "people", "--reason", "")[1]
    assert why() is None
    assert "stays" not in hotline("close", "people")[1]
    hotline("close", "people", "--reason", "fire alarm")
    hotline("open", "people")
    hotline("close", "people")
    assert why() is None


def test_while_config_has_errors_a_queue_is_closed_by_the_last_that_was_right(hotline):
    kept_setup().load(Path("config"))
    with Path("config/queues.yml").open("a") as file:
        file.write("people: [\n")
    code, said = hotline("close", "people", "--reason", "fire alarm")
    assert code == 0
    assert "the last one that was right is used" in said
    assert said.endswith("people: closed until `hotline open people`\n")
    assert [kind for kind, _ in lines()] == ["queue-closed"]
    Path("var/config.zip").unlink()
    code, said = hotline("open", "people")
    assert code == 1
    assert "queues.yml" in said
    assert [kind for kind, _ in lines()] == ["queue-closed"]


def test_a_queue_there_is_not_is_refused_with_the_nearest(hotline):
    code, said = hotline("close", "peple")
    assert code == 1
    assert said == "there is no queue 'peple' in config/queues.yml\n    mend: did you mean 'people'?\n"
    assert hotline("open", "nobody")[0] == 1
    assert lines() == []


NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)  # twelve o'clock at the hotline


@pytest.mark.parametrize(
    ("written", "means"),
    [("14:30", "2026-11-26 14:30"), ("2026-11-27 08:00", "2026-11-27 08:00"), (" 12:01", "2026-11-26 12:01")],
)
def test_a_time_is_that_of_the_hotline(written, means):
    assert f"{moment(written, NOON, CHANGCHUN).astimezone(CHANGCHUN):%Y-%m-%d %H:%M}" == means


@pytest.mark.parametrize("written", ["25:00", "soon", "2026-11-27", ""])
def test_a_time_that_is_none_is_refused(written):
    with pytest.raises(Refusal, match="mend: write it like"):
        moment(written, NOON, CHANGCHUN)


@pytest.mark.parametrize(
    ("written", "tomorrow"),
    [("12:00", "2026-11-27 12:00"), ("3:00", "2026-11-27 03:00"), ("2026-11-25 14:00", "2026-11-27 14:00")],
)
def test_a_time_that_is_past_is_refused_with_that_of_tomorrow(written, tomorrow):
    with pytest.raises(Refusal, match=f'is past: .*12:00 at the hotline\n.*mend: .*--until "{tomorrow}"'):
        moment(written, NOON, CHANGCHUN)


def test_a_reason_is_shown_as_it_was_written_and_columns_without_anything_are_not(hotline):
    assert not {"reason", "until"} & set(hotline("hours")[1].split())
    hotline("close", "people", "--reason", "[/b] fire")
    shown = hotline("hours")[1]
    assert "[/b] fire" in shown
    assert "reason" in shown
    assert "until" not in shown.split()


def test_a_user_without_a_name_closes_too(hotline, monkeypatch):
    def nobody(number):
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert hotline("close", "people")[0] == 0
    assert lines()[0][1]["who"] == f"user {os.getuid()}"


def test_closed_for_years_is_refused(hotline):
    code, said = hotline("close", "people", "--until", "9999-12-31 23:59")
    assert (code, said) == (
        1,
        "'9999-12-31 23:59' is more than a year away\n"
        "    mend: leave --until out: closed until it is opened\n",
    )
    assert hotline("close", "people", "--until", "")[0] == 1
    assert lines() == []


def test_hours_shows_the_special_days_and_who_receives(hotline):
    tomorrow = (datetime.now(UTC).astimezone(CHANGCHUN) + timedelta(days=1)).date()
    with Path("config/calendar.yml").open("a", encoding="utf-8") as calendar:
        calendar.write(f"""
special:
  Works: {{days: {tomorrow}, hours: {{foreign-languages: ["03:00-04:30", "05:00-24:00"], always: []}}}}
receptions:
  Water: {{days: {tomorrow}, times: "09:00-11:30", queue: people, agent: wang}}
""")
    found = json.loads(hotline("hours", "--json", "--days", "2")[1])
    by_name = {row["hours"]: row["days"] for row in found["hours"]}
    assert by_name["foreign-languages"][f"{tomorrow}"] == ["03:00-04:30", "05:00-24:00"]
    assert by_name["always"][f"{tomorrow}"] == []
    (reception,) = found["receptions"]
    assert (reception["day"], reception["agent"]) == (f"{tomorrow}", "wang")
    shown = hotline("hours", "--days", "2")[1]
    assert "closed" in shown
    assert "Water" in shown


def test_a_seat_is_shown_and_ordered_and_refuses_what_is_no_reason(hotline):
    hotline("hours")  # makes the database
    assert hotline("seat", "kim") == (
        1,
        "'kim' has no seat yet\n    mend: start the hotline once: `hotline run`\n",
    )
    store = Store("sqlite:///var/hotline.db")
    with store.transaction() as tx:
        place = Place("client:kim", "p")
        seat_all(tx, {"kim": place}, datetime.now(UTC))
    store.dispose()
    assert hotline("seat", "kim")[1].startswith("kim: offline since")
    assert hotline("seat", "kim", "--ready")[1].startswith("kim: ready since")
    assert hotline("seat", "kim", "--pause", "lunch")[1].startswith("kim: paused (lunch) since")
    code, said = hotline("seat", "kim", "--pause", "lunsh")
    assert (code, said) == (
        1,
        "'lunsh' is no reason to pause; there are break, lunch, paperwork, training\n"
        "    mend: did you mean 'lunch'?\n",
    )
    assert hotline("seat", "kim", "--pause", "lunch", "--offline")[0] == 2
    assert hotline("seat", "kym")[1].endswith("mend: did you mean 'kim'?\n")
    assert hotline("seat", "kim", "--offline")[1].startswith("kim: offline since")
    assert [(kind, detail["state"]) for kind, detail in lines() if kind == "seat-ordered"] == [
        ("seat-ordered", "ready"),
        ("seat-ordered", "paused"),
        ("seat-ordered", "offline"),
    ]
