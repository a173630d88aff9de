"""Run every suite, one after another, and say in the last line what came of it.

A suite that fails, or leaves no report, stops none of those after it. A test that was skipped is
named with its reason, so that nobody takes it for one that passed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parent.parent
REPORTS = PROJECT / "test-reports"


@dataclass
class Count:
    """What came of some tests."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Add the tests of another suite."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Suite:
    """One test runner."""

    name: str
    argv: list[str]
    report: str
    folder: Path = PROJECT
    environment: Mapping[str, str] = field(default_factory=dict)


def suites() -> list[Suite]:
    """Return the suites, the quick ones first."""
    python = sys.executable
    return [
        Suite(
            "checks", [python, "scripts/check.py", "--junit", report("checks.xml")], "checks.xml"
        ),
        Suite("jest", ["jlpm", "jest", "--json", "--outputFile", report("jest.json")], "jest.json"),
        Suite("pytest", [python, "-m", "pytest", "--junitxml", report("pytest.xml")], "pytest.xml"),
        Suite(
            "journeys",
            ["jlpm", "playwright", "test"],
            "journeys.xml",
            PROJECT / "ui-tests",
            {"PLAYWRIGHT_JUNIT_OUTPUT_FILE": report("journeys.xml")},
        ),
    ]


def report(name: str) -> str:
    """Return where a suite leaves its report."""
    return str(REPORTS / name)


def count_junit(path: Path) -> Count:
    """Count the tests of a JUnit report."""
    count = Count()
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 -- our own runners' file
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            count.failed += 1
        elif skipped is not None:
            count.skipped += 1
            count.reasons.append(f"{case.get('name')}: {skipped.get('message') or 'no reason'}")
        else:
            count.passed += 1
    return count


def count_jest(path: Path) -> Count:
    """Count the tests of Jest's report; a file that could not run counts as one that failed."""
    outcome = json.loads(path.read_text())
    broken = int(outcome["numRuntimeErrorTestSuites"])
    return Count(
        passed=int(outcome["numPassedTests"]),
        failed=int(outcome["numFailedTests"]) + broken,
        skipped=int(outcome["numPendingTests"]) + int(outcome["numTodoTests"]),
    )


def run(suite: Suite) -> Count:
    """Run one suite and count its tests."""
    print(f"\n=== {suite.name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        suite.argv,
        cwd=suite.folder,
        env={**os.environ, **suite.environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    path = REPORTS / suite.report
    if path.exists():
        count = count_jest(path) if path.suffix == ".json" else count_junit(path)
    else:
        count = Count()
    if done.returncode != 0 and not count.failed:
        print(f"{suite.name} ended with {done.returncode} and reported no failure", flush=True)
        count.failed = 1
    print(f"=== {suite.name}: {count} in {time.monotonic() - began:.0f} s", flush=True)
    return count


def main() -> int:
    """Run the suites that are named, or all."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    total = Count()
    for suite in suites():
        if len(sys.argv) == 1 or suite.name in sys.argv[1:]:
            total.add(run(suite))
    if total.reasons:
        print("\nSkipped:\n  " + "\n  ".join(total.reasons))
    print(f"\n{total}", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
