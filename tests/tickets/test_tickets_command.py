"""`hotline tickets`: what a supervisor sees in the terminal."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from pwd import getpwuid
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from calls import journal
from settings.secrets import read_secrets
from store.engine import Store
from store.tables import recordings
from terminal.running import Running, claimed
from terminal.tickets import tickets
from web import play_token

CONFIG = Path(__file__).parents[2] / "config"


def run(url: str, *arguments: str) -> Result:
    environ = {"HOTLINE_DATABASE_URL": url, "HOTLINE_CONFIG": str(CONFIG)}
    return CliRunner().invoke(tickets, arguments, env=environ, catch_exceptions=False)


def shown_to(store: Store, number: str) -> list[str]:
    with store.reading() as tx:
        return [each.detail["who"] for each in journal.of_ticket(tx, number) if each.kind == "number-shown"]


def test_the_list_shows_the_newest_first_in_local_time_and_masked(city: Any, database_url: str) -> None:
    old = city.call("answered")
    new = city.call("abandoned", after=60, caller=None)
    heading, first, second = run(database_url, "--limit", "5").stdout.splitlines()
    assert heading.split() == [
        *("ticket", "opened", "caller", "lang", "state", "outcome", "agent", "wait", "talk")
    ]
    assert first.split() == [new, "11-23", "12:01", "withheld", "ko", "call-back", "abandoned", "1:30"]
    assert second.split() == [
        *(old, "11-23", "12:00", "+86", "431", "****", "0001", "ko", "accepted", "answered", "kim"),
        *("0:15", "1:15"),
    ]


def test_the_list_can_be_of_one_state_and_short(city: Any, database_url: str) -> None:
    numbers = [city.call("abandoned" if count == 1 else "answered", after=count) for count in range(3)]
    assert numbers[1] in run(database_url, "--state", "call-back").stdout
    assert numbers[2] not in run(database_url, "--state", "call-back").stdout
    assert len(run(database_url, "--limit", "1").stdout.splitlines()) == 2
    assert "No ticket is closed" in run(database_url, "--state", "closed").stdout


def test_one_ticket_with_its_call_step_by_step(city: Any, database_url: str) -> None:
    number = city.call("message")
    lines = [" ".join(line.split()) for line in run(database_url, number).stdout.splitlines()]
    assert lines == [
        f"Ticket {number}",
        "state call-back",
        "caller +86 431 **** 0001",
        "language ko",
        "opened 2026-11-23 12:00:00",
        "path welcome → language → people",
        "waited 1:30",
        "ended 2026-11-23 12:01:35",
        "outcome message",
        "",
        "To do",
        "call-back +86 431 **** 0001: open, due 2026-11-23 12:01",
        "",
        "Recordings",
        "message of 2026-11-23 12:00, 0:12",
        f"hotline tickets {number} --play plays",
        "",
        "Journal",
        "12:00:00 called +8643112345",
        "12:00:00 welcome → language",
        "12:00:05 pressed 4: language → people",
        "12:00:05 waits in queue people for a person who speaks ko",
        "12:01:35 the call ended: message",
    ]


def test_a_number_may_be_written_with_spaces_or_hyphens(city: Any, database_url: str) -> None:
    number = city.call()
    assert f"Ticket {number}" in run(database_url, f"{number[:6]}-{number[6:]}").stdout


def test_no_output_holds_a_full_number_and_the_journal_is_not_touched(
    city: Any, store: Store, database_url: str
) -> None:
    number = city.call("message")
    for arguments in ([], [number], ["--json"], [number, "--json"]):
        assert "88880001" not in run(database_url, *arguments).stdout.replace(" ", "")
    assert shown_to(store, number) == []


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_whoever_has_full_numbers_shown_is_in_the_journal(
    city: Any, store: Store, database_url: str, more: list[str]
) -> None:
    number, withheld = city.call(), city.call(caller=None, after=1)
    me = getpwuid(os.getuid()).pw_name
    assert "+8643188880001" in run(database_url, number, "--full-numbers", *more).stdout
    assert "+8643188880001" in run(database_url, "--full-numbers", *more).stdout
    assert shown_to(store, number) == [me, me]
    assert shown_to(store, withheld) == []


def test_the_environment_cannot_say_who_looks(
    city: Any, store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "the-mayor")
    number = city.call()
    run(database_url, number, "--full-numbers")
    assert shown_to(store, number) == [getpwuid(os.getuid()).pw_name]


def test_json_of_the_list_and_of_one(city: Any, database_url: str) -> None:
    number = city.call("message")
    (listed,) = json.loads(run(database_url, "--json").stdout)
    assert listed["number"] == number
    assert listed["opened_at"] == "2026-11-23T12:00:00+08:00"
    assert (listed["caller"], listed["seconds_waited"]) == ("+86 431 **** 0001", 90)
    shown = json.loads(run(database_url, number, "--json").stdout)
    assert listed.items() <= shown.items()
    assert shown["path"] == ["welcome", "language", "people"]
    assert [each["kind"] for each in shown["tasks"]] == ["call-back"]
    assert shown["recordings"][0]["seconds"] == 12
    assert shown["journal"][2]["words"] == "pressed 4: language → people"
    assert shown["journal"][2]["detail"]["key"] == "4"


def test_the_link_that_plays_is_the_running_hotlines_and_tells_who_asked_for_it(
    city: Any, store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = city.call("message")
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    with claimed(tmp_path):
        Running(1, "+8643112345", "http://w", "http://c", "https://city.example/hotline", {}).write(tmp_path)
        link = run(database_url, number, "--play", "--full-numbers").stdout.strip()
    before, _, token = link.rpartition("/")
    assert before == "https://city.example/hotline/recordings"
    me = getpwuid(os.getuid()).pw_name
    assert play_token.opened(read_secrets().key, token) == play_token.Pass(number, me)
    assert shown_to(store, number) == []  # the page shows no number


def test_a_deleted_recording_shows_when_and_is_not_played(city: Any, store: Store, database_url: str) -> None:
    number = city.call("message")
    with store.transaction() as tx:
        tx.execute(update(recordings).values(deleted_at=datetime(2027, 2, 21, 4, 30, tzinfo=UTC)))
    shown = run(database_url, number).stdout
    assert "message of 2026-11-23 12:00, 0:12, deleted 2027-02-21 12:30" in shown
    assert "--play" not in shown
    refused = run(database_url, number, "--play")
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"ticket {number} has no recording that could be played\n    mend: ")


def test_there_is_nothing_to_play_without_a_ticket_or_a_hotline(
    city: Any, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(database_url, "--play").exit_code == 2
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    refused = run(database_url, city.call("message"), "--play")
    assert refused.stderr.startswith("no hotline is running here\n    mend: ")


def test_a_number_that_is_no_ticket(database_url: str) -> None:
    result = run(database_url, "2611239999")
    assert result.exit_code == 1
    assert result.stderr == "there is no ticket 2611239999\n    mend: `hotline tickets` lists the newest\n"


def test_before_the_first_call_it_says_how_to_place_one(database_url: str) -> None:
    result = run(database_url)
    assert result.exit_code == 0
    assert "hotline call" in result.stdout
    assert json.loads(run(database_url, "--json").stdout) == []


def test_before_the_first_start_it_says_how_to_start(tmp_path: Path) -> None:
    result = run(f"sqlite:///{tmp_path}/var/hotline.db")
    assert result.exit_code == 1
    assert "there is no such file\n    mend: start the hotline once" in result.stderr
    assert not (tmp_path / "var").exists()


def test_a_broken_configuration_does_not_hide_the_tickets(
    city: Any, database_url: str, tmp_path: Path
) -> None:
    city.call()
    environ = {"HOTLINE_DATABASE_URL": database_url, "HOTLINE_CONFIG": str(tmp_path)}
    result = CliRunner().invoke(tickets, [], env=environ, catch_exceptions=False)
    assert "11-23 04:00" in result.stdout
    assert "times are in UTC" in result.stderr
