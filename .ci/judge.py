"""Fails unless the JUnit report named on the command line shows tests that ran, all of them, and passed; and
some in each of the folders named after it."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def verdict(report: str, *needed: str) -> str | None:
    """What is wrong with the run that wrote `report`; None when nothing is."""
    found = ElementTree.fromstring(report)  # noqa: S314 - pytest has just written it here
    suites = found.iter("testsuite")
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in total:
            total[name] += int(suite.get(name, 0))
    if not total["tests"]:
        return "no test ran"
    for name in ("failures", "errors", "skipped"):
        if total[name]:
            return f"{total[name]} of {total['tests']} tests: {name}"
    where = [case.get("classname", "") for case in found.iter("testcase")]
    missing = [folder for folder in needed if not any(name.startswith(f"{folder}.") for name in where)]
    return f"no test ran in {', '.join(missing)}" if missing else None


if __name__ == "__main__":
    sys.exit(verdict(Path(sys.argv[1]).read_text(), *sys.argv[2:]))
