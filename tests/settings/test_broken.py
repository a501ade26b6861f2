"""Broken files, each with its problems in its first comments: the line, what is wrong, and the mend."""

import re
from pathlib import Path

import pytest

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yml"))
AS = re.compile(r"# as ([a-z]+\.yml)\n")
EXPECTED = re.compile(r"# ([0-9]+): (.+)\n#     mend: (.+)\n")


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_each_error_has_its_line_and_its_mend(broken, config, problems):
    text = broken.read_text(encoding="utf-8")
    name = AS.match(text)[1]
    (config / name).write_text(text, encoding="utf-8")
    expected = [
        f"config/{name}:{line}: {what}\n    mend: {mend}" for line, what, mend in EXPECTED.findall(text)
    ]
    assert expected
    assert [str(problem) for problem in problems("error") if problem.file == f"config/{name}"] == expected


def test_there_are_many_ways_to_break_a_configuration():
    assert len(BROKEN) >= 15
