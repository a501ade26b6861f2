"""The judge of a test run: none ran, some were skipped, some failed, all is well."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "judge.py"


@pytest.fixture(scope="module")
def verdict():
    spec = importlib.util.spec_from_file_location("ci_judge", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.verdict


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ('tests="3" failures="0" errors="0" skipped="0"', None),
        ('tests="0" failures="0" errors="0" skipped="0"', "no test ran"),
        ('tests="3" failures="0" errors="0" skipped="1"', "1 of 3 tests: skipped"),
        ('tests="3" failures="2" errors="0" skipped="0"', "2 of 3 tests: failures"),
        ('tests="3" failures="0" errors="1" skipped="0"', "1 of 3 tests: errors"),
    ],
)
def test_verdicts(verdict, counts, wrong):
    assert verdict(f"<testsuites><testsuite {counts}/></testsuites>") == wrong


def test_a_folder_that_must_not_be_missing(verdict):
    report = (
        '<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0">'
        '<testcase classname="tests.browser.test_talk" name="x"/></testsuite></testsuites>'
    )
    assert verdict(report, "tests.browser") is None
    assert verdict(report, "tests.browser", "tests.voice") == "no test ran in tests.voice"
