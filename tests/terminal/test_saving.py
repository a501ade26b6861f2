"""A live call that was saved is a written call that can be read and played again."""

from terminal.saving import Notes
from terminal.script import read


def test_a_saved_call_is_a_written_call(tmp_path):
    notes = Notes("+8643188880001")
    notes.heard("한국어는 4번을 눌러 주세요.")
    for key in "4#":
        notes.pressed(key)
    notes.heard("您的编号是 261123 0042，谢谢: “再见”。")
    notes.heard("您的编号是 261123 0043，谢谢: “再见”。")
    notes.spoke("여보세요: #1")
    notes.ended("completed", by_caller=False)
    file = tmp_path / "call.yml"
    file.write_text(notes.written())

    script, problems = read(file)
    assert problems == []
    assert script.caller == "+8643188880001"
    assert [(step.kind, step.value) for step in script.steps] == [
        ("hears", "한국어는 4번을 눌러 주세요."),
        ("presses", "4#"),
        ("hears", "您的编号是 ...，谢谢: “再见”。"),
        ("says", "여보세요: #1"),
        ("ends", "completed"),
    ]


def test_a_caller_who_hangs_up_with_a_withheld_number(tmp_path):
    notes = Notes(None)
    notes.ended("completed", by_caller=True)
    file = tmp_path / "call.yml"
    file.write_text(notes.written())
    script, _ = read(file)
    assert (script.caller, script.steps[0].kind) == (None, "hangs up")
