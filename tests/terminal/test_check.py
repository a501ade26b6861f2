"""`hotline check` as an admin uses it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from settings.yaml import load
from terminal.check import check

SAMPLE = Path(__file__).parents[2] / "config"
ONE_CALL = """
about: A caller hangs up after the greeting.
from: "+86 431 8888 0001"
call:
  - hears: {greeting}
  - hangs up
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A copy of the sample with one written call."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOTLINE_CONFIG", raising=False)
    monkeypatch.delenv("HOTLINE_VAR", raising=False)
    shutil.copytree(SAMPLE, "config", ignore=shutil.ignore_patterns("calls"))
    folder = Path("config")
    (folder / "calls").mkdir()
    write_call(folder, "您好")
    return folder


def write_call(config, greeting):
    (config / "calls" / "one.yml").write_text(ONE_CALL.format(greeting=greeting), encoding="utf-8")


def replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*arguments):
    result = CliRunner().invoke(check, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_sample_has_no_errors_and_its_calls_go_as_written():
    code, said = run(str(SAMPLE))
    assert code == 0, said
    assert "no warnings" in said
    calls = len(list((SAMPLE / "calls").glob("*.yml")))
    assert f"{calls} of {calls} written calls went as written" in said


def test_it_prints_the_keys_and_seconds_to_a_person(config):
    code, said = run("--no-calls")
    assert code == 0
    rows = [line.split() for line in said.splitlines()]
    assert ["zh", "none"] in [row[:2] for row in rows]
    assert {"en", "ja", "ko", "ru"} <= {row[0] for row in rows if row}


def test_all_errors_of_all_files_come_at_once_each_on_a_line_of_its_own(config):
    replace(config / "hotline.yml", 'number: "+8643112345"', "number: +8643112345")
    replace(
        config / "agents.yml",
        "queues: [people]",
        "queues: [poeple-whom-nobody-in-this-whole-wide-world-knows]",
    )
    replace(config / "menus" / "main.yml", "silence: people", "silence: peple")
    replace(config / "calls" / "one.yml", "- hangs up", "- hangs on")
    code, said = run()
    assert code == 1
    lines = said.splitlines()
    starts = [line.split(":")[0] for line in lines[0:-1:2]]
    assert starts == [
        "config/agents.yml",
        "config/calls/one.yml",
        "config/hotline.yml",
        "config/menus/main.yml",
    ]
    assert all(line.startswith("    mend: ") for line in lines[1:-1:2])
    assert lines[-1] == "4 errors"
    at = load(config / "menus" / "main.yml").line("language", "silence")
    where = lines.index(
        f"config/menus/main.yml:{at}: 'silence' of 'language' leads to 'peple', which is not in this menu"
    )
    assert lines[where + 1] == "    mend: did you mean 'people'?"
    assert any(
        "poeple-whom-nobody-in-this-whole-wide-world-knows" in line and "queues.yml" in line for line in lines
    )


def test_a_file_that_nobody_reads_is_named_with_the_errors_it_causes(config):
    (config / "menus" / "main.yml").rename(config / "menus" / "main.yaml")
    code, said = run()
    assert code == 1
    lines = said.splitlines()
    assert lines[:3] == [
        "config/menus/main.yaml:1: the hotline doesn't read this",
        "    mend: give it a name that ends in .yml, or move it elsewhere",
        "1 warning",
    ]
    assert lines[-1].endswith(" errors")


def test_menus_are_not_blamed_for_queues_that_can_not_be_read(config):
    (config / "queues.yml").write_text("people: {")
    code, said = run()
    assert code == 1
    assert said.splitlines()[0].startswith("config/queues.yml:1: ")
    assert said.splitlines()[-1] == "1 error"


@pytest.mark.parametrize(
    "languages", ["[zh, en, ja, ko, rus]", "zh, en", "[]", "[zh, en, jp, ko, ru]", "[zh, {en: 1}]", ""]
)
def test_menus_are_not_blamed_for_languages_that_can_not_be_read(config, languages):
    replace(config / "hotline.yml", "[zh, en, ja, ko, ru]", languages)
    code, said = run()
    assert code == 1
    assert {line.split(":")[0] for line in said.splitlines()[0:-1:2]} == {"config/hotline.yml"}


def test_a_menu_that_lacks_a_language_is_not_blamed_where_nobody_knows_the_languages(config):
    replace(config / "menus" / "texts.yml", "  ru: К сожалению, такого варианта нет.\n", "")
    replace(config / "hotline.yml", "[zh, en, ja, ko, ru]", "zh, en, ja, ko")
    assert run()[1].splitlines()[-1] == "1 error"


def test_a_language_that_no_hotline_speaks_is_named_whatever_else_can_not_be_read(config):
    (config / "hotline.yml").write_text("name: {")
    replace(config / "menus" / "main.yml", "language: ja", "language: jp")
    said = run()[1].splitlines()
    assert [line.split(":")[0] for line in said[0:-1:2]] == ["config/hotline.yml", "config/menus/main.yml"]
    assert "chooses 'jp', no language of this hotline" in said[2]


def test_a_written_call_that_goes_another_way_is_an_error_with_its_line(config):
    write_call(config, "Guten Tag")
    code, said = run()
    assert code == 1
    assert "config/calls/one.yml:5: " in said
    assert "    mend: " in said
    assert "0 of 1 written call went as written" in said


def test_what_an_editor_lays_beside_a_written_call_or_a_menu_is_nobodys_mistake(config):
    for folder in ("menus", "calls"):
        (config / folder / ".#one.yml").symlink_to("admin@office.4711:1790000000")
        (config / folder / "._one.yml").write_bytes(b"\x00\x05\x16\x07Mac OS X")
    code, said = run()
    assert code == 0, said
    assert "1 of 1 written call went as written" in said


def test_callers_nobody_answers_and_people_nobody_reaches_are_warned_of(config):
    for name in ("miller", "ivanova", "sun"):
        agents = (config / "agents.yml").read_text(encoding="utf-8")
        begin = agents.index(f"\n{name}:")
        end = agents.find("\n\n", begin)
        (config / "agents.yml").write_text(
            agents[:begin] + (agents[end:] if end > 0 else "\n"), encoding="utf-8"
        )
    night = "\nnight:\n  label: {zh: 夜班, en: Night, ja: 夜間, ko: 야간, ru: Ночь}\n"
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write(night)
    with (config / "agents.yml").open("a", encoding="utf-8") as agents:
        agents.write("\nowl: {label: 夜, address: client:owl, languages: [zh], queues: [night]}\n")
    replace(config / "hotline.yml", '"122"', '"999"')
    (config / "notes.txt").write_text("")
    code, said = run("--no-calls")
    assert code == 0
    for what in (
        "nobody serves queue 'people' in ru: those callers wait in vain",
        "no menu leads to queue 'night'",
        "'owl' never gets a call: no menu leads to a queue whose callers they could serve",
        "no menu hands a call over to traffic (999)",
        "config/notes.txt:1: the hotline doesn't read this",
    ):
        assert what in said
    assert said.splitlines()[-1] == "5 warnings"


LABEL = "{zh: 后, en: x, ja: x, ko: x, ru: x}"


def test_a_queue_that_callers_are_moved_to_is_one_where_they_wait(config):
    """It needs people for all who come there; those are reached, and no menu has to lead there."""
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write("    - {after: 50, also: [pool]}\n    - {after: 60, move: backup}\n")
        queues.write(f"\nbackup:\n  label: {LABEL}\n  timeline: [{{after: 90, move: last}}]\n")
        queues.write(f"\nlast:\n  label: {LABEL}\n\npool:\n  label: {LABEL}\n")
    with (config / "agents.yml").open("a", encoding="utf-8") as agents:
        agents.write("\nowl: {label: 夜, address: client:owl, languages: [zh], queues: [last]}\n")
        agents.write("\ntoo: {label: 夜, address: client:too, languages: [ru], queues: [pool]}\n")
    code, said = run("--no-calls")
    warnings = [line for line in said.splitlines() if "config/" in line]
    assert code == 0
    assert [line.split(": ", 1)[1] for line in warnings] == [
        "nobody serves queue 'backup' in en, ja, ko, ru: those callers wait in vain",
        "nobody serves queue 'last' in en, ja, ko, ru: those callers wait in vain",
    ]


@pytest.mark.parametrize(
    ("days", "times", "shut"),
    [
        ("2026-09-17", "09:00-22:00", None),
        ("2026-09-17 to 2026-09-20", "09:00-12:00", "2026-09-19"),  # a Saturday
        ("2026-09-17", "[09:00-12:00, 21:00-22:01]", "2026-09-17"),
        ("2026-10-01", "09:00-12:00", "2026-10-01"),  # National Day
        ("2031-09-18", "09:00-12:00", None),
    ],
)
def test_a_reception_while_the_queue_is_closed_is_warned_of(config, days, times, shut):
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write("  hours: office\n")
    replace(
        config / "calendar.yml", "hours:\n", 'hours:\n  office: {workdays: ["08:00-12:00", "12:00-22:00"]}\n'
    )
    with (config / "calendar.yml").open("a", encoding="utf-8") as calendar:
        calendar.write(
            f"\nreceptions: {{Day: {{days: {days}, times: {times}, queue: people, agent: wang}}}}\n"
        )
    said = run("--no-calls")[1]
    assert ("at some of the times of 'Day'" in said) == bool(shut)
    assert shut is None or f"on {shut} the queue 'people' is closed" in said


def test_a_preference_that_nobody_has_is_warned_of(config):
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write("  preferred: [ko, jaa]\n")
    code, said = run("--no-calls")
    assert code == 0
    assert (
        "'people' prefers 'jaa', which nobody in agents.yml speaks or knows\n    mend: did you mean 'ja'?"
        in said
    )
    assert "prefers 'ko'" not in said


def test_a_director_gets_calls_on_reception_days(config):
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write(f"\noffice:\n  label: {LABEL}\n")
    with (config / "agents.yml").open("a", encoding="utf-8") as agents:
        agents.write("\nliu: {label: 刘, address: client:liu, languages: [zh], queues: [office]}\n")
    assert "'liu' never gets a call" in run("--no-calls")[1]
    with (config / "calendar.yml").open("a", encoding="utf-8") as calendar:
        calendar.write(
            '\nreceptions: {Day: {days: 2026-09-17, times: "09:00-11:30", queue: people, agent: liu}}\n'
        )
    assert "'liu' never gets a call" not in run("--no-calls")[1]


def test_departments_that_lead_to_each_other_hide_no_queue_and_no_agent(config):
    """The ways are too many to list, which is said; who answers and who waits is known all the same."""
    departments = [f"d{at}" for at in range(7)]
    menu = {
        "topics": {
            "ask": {"zh": "请选择部门。"},
            "keys": dict(enumerate(departments, 1)),
            "silence": "people",
        }
    }
    for name in departments:
        others = [other for other in departments if other != name]
        keys = {1: f"queue-{name}", **dict(enumerate(others, 2)), 9: "topics"}
        menu[name] = {"ask": {"zh": "部门。"}, "keys": keys, "silence": "people"}
        menu[f"queue-{name}"] = {"queue": name}
    (config / "menus" / "topics.yml").write_text(json.dumps(menu, ensure_ascii=False), encoding="utf-8")
    replace(config / "menus" / "main.yml", "    1: emergency\n", "    1: emergency\n    6: topics\n")
    label = dict.fromkeys(("zh", "en", "ja", "ko", "ru"), "x")
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.writelines(f"\n{name}: {json.dumps({'label': label})}\n" for name in departments)
    with (config / "agents.yml").open("a", encoding="utf-8") as agents:
        agents.writelines(
            f"\na-{name}: {{label: x, address: client:a-{name}, languages: [zh], queues: [{name}]}}\n"
            for name in departments
        )
    code, said = run("--no-calls")
    assert code == 0
    assert {"zh", "en", "ja", "ko", "ru"} <= {line.split()[0] for line in said.splitlines()}
    assert "and more: of so many, those with the fewest keys are listed" in said
    warnings = [line for line in said.splitlines() if ": " in line and "config/" in line]
    assert warnings
    assert all("more than a caller keeps in mind" in line for line in warnings), warnings


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, Path.touch])
def test_a_folder_that_is_missing_or_empty_or_none_is_one_error(tmp_path, make):
    make(tmp_path / "elsewhere")
    code, said = run(str(tmp_path / "elsewhere"))
    assert code == 1
    assert said.splitlines()[-1] == "1 error"


def test_the_folder_may_come_from_the_environment(config, monkeypatch):
    config.rename("other")
    monkeypatch.setenv("HOTLINE_CONFIG", "other")
    assert run("--no-calls")[0] == 0


def test_schemas_are_written_for_every_kind_of_file_and_fit_the_sample(config):
    code, said = run("--schema", "for-editors")
    assert code == 0
    uses = json.loads(said[said.index("{") : said.rindex("}") + 1])["yaml.schemas"]
    assert sorted(uses) == [
        f"for-editors/{name}.json" for name in ("agents", "calendar", "hotline", "menus", "queues", "texts")
    ]
    for path, files in uses.items():
        schema = json.loads(Path(path).read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        assert files
        for file in files:
            assert list(Draft202012Validator(schema).iter_errors(load(Path(file)).data)) == [], file
    assert "yaml-language-server" in said


def test_schemas_go_to_the_variable_folder_by_default_and_never_into_a_config_folder(config):
    assert run("--schema")[0] == 0
    assert Path("var/schema/menus.json").exists()
    code, said = run("--schema", "config")
    assert code == 1
    assert "mend: hotline check config --schema" in said
    assert not list(config.glob("*.json"))


SAY = {"zh": "您好", "en": ["Hello", {"file": "audio/bell.wav"}]}
KEYS = {"2": {"language": "en", "then": "people"}, "*": "people"}


def schema(name):
    run("--schema")
    return Draft202012Validator(json.loads(Path(f"var/schema/{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "nodes",
    [
        {"hello": {"say": SAY, "then": "people"}},
        {"start": "hello", "hello": {"say": SAY, "then": "people"}},
        {"start": {"say": SAY, "then": "people"}},
        {"hello": {"ask": SAY, "keys": KEYS}},
        {"police": {"transfer": 110}},
    ],
)
def test_the_menu_schema_takes_what_the_check_takes(config, nodes):
    assert list(schema("menus").iter_errors(nodes)) == []


@pytest.mark.parametrize(
    "nodes",
    [
        {"hello": {"sya": SAY, "then": "people"}},
        {"hello": {"say": "您好", "then": "people"}},
        {"hello": {"say": {"fr": "Bonjour"}, "then": "people"}},
        {"hello": {"say": {"zh": 1}, "then": "people"}},
        {"hello": {"say": {"zh": {"fiel": "audio/bell.wav"}}, "then": "people"}},
        {"hello": {"say": {}, "then": "people"}},
        {"hello": {"ask": SAY, "keys": {"a": "people"}}},
        {"hello": {"ask": SAY, "keys": {"1": 2}}},
        {"hello": {"ask": SAY, "keys": {"2": {"language": "fr", "then": "people"}}}},
        {"hello": {"lookup": "number", "states": {"opened": SAY}, "then": "a", "missing": "b"}},
        {"Hello": {"say": SAY, "then": "people"}},
        {"start": 1},
    ],
)
def test_the_menu_schema_underlines_what_the_check_refuses(config, nodes):
    assert not schema("menus").is_valid(nodes)


def test_the_schemas_know_the_texts_and_the_languages(config):
    texts, agents = schema("texts"), schema("agents")
    assert texts.is_valid({"goodbye": SAY, "language-ko": SAY})
    assert not texts.is_valid({"goodby": SAY})
    assert not texts.is_valid({"goodbye": "再见"})
    kim = {"label": "金敏俊", "address": "client:kim", "languages": ["zh", "ko"], "queues": ["people"]}
    assert agents.is_valid({"kim": kim})
    assert not agents.is_valid({"kim": kim | {"languages": ["zh", "kr"]}})


def test_schemas_that_can_not_be_written_are_said_plainly(config):
    code, said = run("--schema", "/dev/null/schemas")
    assert code == 1
    assert said.splitlines() == [
        "can't write /dev/null/schemas/hotline.json: not a directory",
        "    mend: name a folder that is yours: hotline check --schema FOLDER",
    ]


def test_a_queue_that_waits_for_interpreters_whom_there_are_none_of_is_warned_of(config):
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write("    - {after: 60, interpreter: true}\n")
    code, said = run("--no-calls")
    assert code == 0
    assert "step 2 of 'people' lets interpreters in, and nobody in agents.yml is one" in said
    assert said.splitlines()[-1] == "1 warning"

    with (config / "agents.yml").open("a", encoding="utf-8") as agents:
        agents.write("\nan: {label: 安, address: client:an, languages: [zh, ko], interpreter: true}\n")
    assert run("--no-calls")[1].splitlines()[-1] == "no warnings"


def test_a_step_that_comes_after_the_end_of_the_wait_is_warned_of(config):
    with (config / "queues.yml").open("a", encoding="utf-8") as queues:
        queues.write("    - {after: 1800, also: [night]}\nnight:\n  wait_limit_seconds: 90\n")
        queues.write("  label: {zh: 夜班, en: Night, ja: 夜間, ko: 야간, ru: Ночь}\n")
        queues.write("  timeline:\n    - {after: 89, also: [people]}\n    - {after: 91, move: people}\n")
    code, said = run("--no-calls")
    assert code == 0
    assert "step 2 of 'people' comes after 1800 s, and nobody waits longer than 1800 s" in said
    assert "step 2 of 'night' comes after 91 s, and nobody waits longer than 90 s" in said
    assert said.count("nobody waits longer") == 2
