"""The configuration as a whole: the sample, the folder, and what files say about each other."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings.config import examine, load_config
from settings.problems import ConfigRefused, Problem, did_you_mean
from switchboard.setup import survey

FILES = ("hotline.yml", "queues.yml", "agents.yml", "calendar.yml")


def test_the_sample_is_free_of_problems_and_staffed_in_every_language(config, problems):
    assert problems() == []
    found = load_config(config)
    assert found.hotline.languages == ("zh", "en", "ja", "ko", "ru")
    for language in found.hotline.languages:
        assert sum(language in agent.languages for agent in found.agents.values()) >= 2
    assert found.agents["kim"].name == "kim"


def test_a_problem_reads_as_a_person_would_say_it():
    problem = Problem("config/menus/main.yml", 9, "key 2 leads to 'poeple'", "did you mean 'people'?")
    assert str(problem) == (
        "config/menus/main.yml:9: key 2 leads to 'poeple'\n    mend: did you mean 'people'?"
    )


@pytest.mark.parametrize(
    ("word", "known", "mend"),
    [
        ("poeple", ["people", "urgent"], "did you mean 'people'?"),
        ("PEOPLE", ["people"], "did you mean 'people'?"),
        ("xyz", ["people", "urgent"], "use one of 'people', 'urgent'"),
        ("xyz", [], "there is none to choose from yet: add it first"),
        ("xyz", "abcdefghij", "use one of 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' and 2 more"),
    ],
)  # fmt: skip
def test_the_mend_names_what_was_probably_meant(word, known, mend):
    assert did_you_mean(word, known) == mend


def test_errors_of_all_files_come_at_once_in_order(config):
    for name, text in {
        "hotline.yml": "name: {",
        "queues.yml": "[]",
        "agents.yml": "a: 1",
        "calendar.yml": "",
    }.items():
        (config / name).write_text(text)
    with pytest.raises(ConfigRefused) as refused:
        load_config(config)
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [
        ("config/agents.yml", 1),
        ("config/calendar.yml", 1),
        ("config/hotline.yml", 1),
        ("config/queues.yml", 1),
    ]
    assert str(refused.value).count("    mend: ") == 4


def test_a_missing_file_is_named_with_the_one_that_was_probably_meant_to_be_it(config, problems):
    (config / "queues.yml").rename(config / "queue.yaml")
    (config / "calendar.yml").unlink()
    assert [str(problem) for problem in problems("error")] == [
        "config/calendar.yml:1: there is no calendar.yml, which says when it is open\n"
        "    mend: copy it from the sample config folder that came with the hotline",
        "config/queues.yml:1: there is no queues.yml, which says where callers wait\n"
        "    mend: rename queue.yaml to queues.yml",
    ]


def test_a_folder_that_is_missing_or_empty_or_none_is_one_problem(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    found = [examine(tmp_path / name, date(2026, 6, 1))[1] for name in ("empty", "file", "missing")]
    assert [[problem.what for problem in problems] for problems in found] == [
        ["the folder is empty"],
        ["this is not a folder"],
        ["there is no such folder"],
    ]


def test_a_folder_named_like_a_file_is_a_problem_and_no_crash(config, problems):
    (config / "agents.yml").unlink()
    (config / "agents.yml").mkdir()
    assert [problem.what for problem in problems("error")] == ["this is not a file"]


def test_files_that_nobody_reads_are_warned_of(config, problems):
    for name in (
        "agent.yml",
        "notes.txt",
        "menus/more.yaml",
        "menus/.main.yml.swp",
        "README.md",
        "hotline.yml~",
    ):
        (config / name).write_text("x")
    assert [(problem.file, problem.mend) for problem in problems("warning")] == [
        ("config/agent.yml", "did you mean 'agents.yml'?"),
        (
            "config/menus/more.yaml",
            "give it a name that ends in .yml, or move it elsewhere",
        ),
        ("config/notes.txt", did_you_mean("notes.txt", {*FILES, "menus", "calls", "audio"})),
    ]


def test_a_folder_in_menus_is_warned_of_with_what_to_do_about_its_files(config, problems):
    (config / "menus" / "night").mkdir()
    assert [str(problem) for problem in problems()] == [
        "config/menus/night:1: the hotline doesn't read this\n    mend: move its files into menus/"
    ]


@pytest.mark.parametrize("within", ["menus", "calls"])
def test_a_folder_that_can_not_be_read_is_said_once(config, monkeypatch, within):
    listdir = os.listdir

    def refuse(folder):
        if Path(folder).name == within:
            raise PermissionError(13, "Permission denied")
        return listdir(folder)

    monkeypatch.setattr("os.listdir", refuse)
    assert [str(problem) for problem in survey(config, date(2026, 6, 1))[1]] == [
        f"config/{within}:1: the folder can't be read: permission denied\n"
        "    mend: check who owns it and who may read it"
    ]


def test_a_year_that_is_missing_is_warned_of_in_time(problems):
    assert problems(today=date(2027, 10, 31)) == []
    assert [problem.what for problem in problems(today=date(2027, 11, 1))] == [
        "the calendar has no year 2028, so nobody knows what is open on its days"
    ]
    assert [problem.level for problem in problems(today=date(2030, 1, 1))] == ["warning"]


def test_other_files_are_not_blamed_for_one_that_can_not_be_read(config, problems):
    (config / "queues.yml").write_text("people: {")
    (config / "hotline.yml").write_text("")
    assert {problem.file for problem in problems("error")} == {"config/queues.yml", "config/hotline.yml"}


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_the_answer_is_a_configuration_or_its_problems(config, data):
    name = data.draw(st.sampled_from(FILES))
    sample = (Path(__file__).parents[2] / "config" / name).read_bytes()
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text("ab1:-+", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.text("ab1", max_size=3), inner, max_size=2)
        ),
        max_leaves=4,
    )
    words = sample.split(b" ")
    place = data.draw(st.integers(0, len(words) - 1))
    words[place] = data.draw(st.one_of(st.binary(max_size=6), values.map(lambda value: repr(value).encode())))
    (config / name).write_bytes(b" ".join(words))
    found, problems = examine(config, date(2026, 6, 1))
    assert found or [problem for problem in problems if problem.level == "error"]
    (config / name).write_bytes(sample)


def test_the_sample_records_talks_and_tells_callers_in_every_language(config):
    hotline = load_config(config).hotline
    assert hotline.recording.talks
    assert set(hotline.recording.notice) == set(hotline.languages)
    assert hotline.recording.keep_days == 90


@pytest.mark.parametrize("written", ["", "recording: {talks: false}\n", "recording: {keep_days: 30}\n"])
def test_talks_are_recorded_only_where_somebody_says_so(config, written):
    path = config / "hotline.yml"
    text = path.read_text(encoding="utf-8")
    before, after = text.split("recording:\n")
    rest = "call_back:" + after.split("\ncall_back:")[1]
    path.write_text(before + written + rest, encoding="utf-8")
    recording = load_config(config).hotline.recording
    assert recording is None if not written else not recording.talks
