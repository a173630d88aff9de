"""Run every suite and say in the last line what came of it.

The quick ones come first, one after another: they keep all cores busy. The long ones wait for batch
systems, servers and browsers most of the time, so more of them run at once than there are cores;
what one prints is shown when it has ended. A suite that fails, or leaves no report, stops none of
the others. A test that was skipped is named with its reason, so that nobody takes it for one that
passed.

The long ones also meet a machine that is late: a few that failed are tried once more when all the
others have ended. Those that pass then are named as well: each has something to be looked into.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parent.parent
REPORTS = PROJECT / "test-reports"
AT_ONCE = 2 * (os.cpu_count() or 1)
"""How many of the long suites run at a time: each waits for more than half of its time."""
PARTS = {
    "safety": "tests/safety",
    "gateways": "tests/gateways",
    "rounds": "tests/referee/test_rounds.py",
    "clusters": "tests/gateways/clusters",
    "referee": "tests/referee",
    "conformance": "tests/gateways/conformance",
    "catalogue": "tests/catalogue",
    "python": "tests",
    "engine": "tests/engine",
    "client": "tests/client",
}
"""What pytest runs apart, the longest first; each leaves out those that are parts of their own."""
FAILED = ("failure", "error")
MOST_TOLD = 1500
"""Characters of each failure that are told once more at the end."""
MOST_AGAIN = 5
"""More than so many failures of a suite are no accident."""


@dataclass(frozen=True)
class Failure:
    """A test that failed, and what it said."""

    test: str
    told: str


@dataclass
class Count:
    """What came of some tests."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    names: set[str] = field(default_factory=set)
    """Those that passed, of a report that names them."""
    reasons: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    late: list[Failure] = field(default_factory=list)
    """What failed at first, and passed when it was tried again."""

    def add(self, other: Count) -> None:
        """Add the tests of another suite."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons
        self.failures += other.failures
        self.late += other.late

    def after(self, again: Count) -> Count:
        """Return what came of these tests, after those that failed were tried again."""
        if again.failed or not {one.test for one in self.failures} <= again.names:
            return self  # one that was skipped then proves nothing
        late = self.failures
        return replace(self, passed=self.passed + self.failed, failed=0, failures=[], late=late)

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
    has_chains: bool = False
    """A test may need what those before it in its file did: a file is tried again as a whole."""


def quick_suites() -> list[Suite]:
    """Return the suites that keep a core busy."""
    return [
        Suite(
            "checks",
            [sys.executable, "scripts/check.py", "--junit", report("checks.xml")],
            "checks.xml",
        ),
        Suite(
            "jest",
            ["jlpm", "jest", "--maxWorkers=100%", "--json", "--outputFile", report("jest.json")],
            "jest.json",
        ),
    ]


def long_suites() -> list[Suite]:
    """Return the suites that wait, the longest first."""
    return [
        Suite(
            "journeys",
            ["jlpm", "playwright", "test"],
            "journeys.xml",
            PROJECT / "ui-tests",
            {"PLAYWRIGHT_JUNIT_OUTPUT_FILE": report("journeys.xml")},
            has_chains=True,
        ),
        *map(pytest, PARTS),
    ]


def pytest(name: str) -> Suite:
    """Return a part of what pytest runs; a cache is for one at a time."""
    path = PARTS[name]
    inner = [f"--ignore={part}" for part in PARTS.values() if part.startswith(f"{path}/")]
    with_lsdb = ["scripts/with-lsdb.sh"] if name == "catalogue" else []
    argv = [*with_lsdb, sys.executable, "-m", "pytest", path, *inner]
    kept = ["-o", f"cache_dir={report(f'{name}.cache')}", "--junitxml", report(f"{name}.xml")]
    return Suite(name, [*argv, *kept], f"{name}.xml")


def report(name: str) -> str:
    """Return where a suite leaves its report."""
    return str(REPORTS / name)


def count_junit(path: Path) -> Count:
    """Count the tests of a JUnit report."""
    count = Count()
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 -- our own runners' file
        test = f"{case.get('classname')}: {case.get('name')}"
        skipped = case.find("skipped")
        failed = next((found for tag in FAILED if (found := case.find(tag)) is not None), None)
        if failed is not None:
            count.failed += 1
            told = f"{failed.get('message')}\n{failed.text or ''}".strip()[:MOST_TOLD]
            count.failures.append(Failure(test, told))
        elif skipped is not None:
            count.skipped += 1
            count.reasons.append(f"{case.get('name')}: {skipped.get('message') or 'no reason'}")
        else:
            count.passed += 1
            count.names.add(test)
    return count


def count_jest(path: Path) -> Count:
    """Count the tests of Jest's report; a file that could not run counts as one that failed."""
    outcome = json.loads(path.read_text())
    broken = int(outcome["numRuntimeErrorTestSuites"])
    files = [file for file in outcome["testResults"] if file["status"] == "failed"]
    return Count(
        failures=[Failure(file["name"], file["message"][:MOST_TOLD]) for file in files],
        passed=int(outcome["numPassedTests"]),
        failed=int(outcome["numFailedTests"]) + broken,
        skipped=int(outcome["numPendingTests"]) + int(outcome["numTodoTests"]),
    )


def run(suite: Suite) -> Count:
    """Run one suite, show what it printed, and count its tests."""
    print(f"=== {suite.name} begins", flush=True)
    began = time.monotonic()
    log = REPORTS / f"{suite.name}.log"
    with log.open("w") as output:
        done = subprocess.run(
            suite.argv,
            cwd=suite.folder,
            env={**os.environ, **suite.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    path = REPORTS / suite.report
    if path.exists():
        count = count_jest(path) if path.suffix == ".json" else count_junit(path)
    else:
        count = Count()
    told = log.read_text(errors="replace")
    if done.returncode != 0 and not count.failed:
        told += f"{suite.name} ended with {done.returncode} and reported no failure\n"
        count.failed = 1
    print(f"{told}=== {suite.name}: {count} in {time.monotonic() - began:.0f} s\n", flush=True)
    return count


def run_again(suite: Suite, count: Count) -> Count:
    """Run those that failed, with nothing beside them."""
    files = sorted({one.test.partition(":")[0] for one in count.failures})
    chosen = files if suite.has_chains else ["--last-failed"]
    again = replace(suite, name=f"{suite.name} again", argv=[*suite.argv, *chosen])
    return count.after(run(again))


def main() -> int:
    """Run the suites that are named, or all."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    total = Count()
    for suite in filter(is_wanted, quick_suites()):
        total.add(run(suite))
    suites = list(filter(is_wanted, long_suites()))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = list(pool.map(run, suites))
    for suite, count in zip(suites, counts, strict=True):
        total.add(run_again(suite, count) if 0 < len(count.failures) <= MOST_AGAIN else count)
    if total.late:
        print("\nPassed only when tried again:\n  " + "\n  ".join(one_each(total.late)))
    if total.failures:
        print("\nFailed:\n  " + "\n  ".join(one_each(total.failures)))
    if total.reasons:
        print("\nSkipped:\n  " + "\n  ".join(total.reasons))
    print(f"\n{total}", flush=True)
    return 1 if total.failed or not total.passed else 0


def one_each(failures: list[Failure]) -> list[str]:
    """Tell each cause once: what a suite shares and could not start fails all of its tests."""
    tests_of: dict[str, list[str]] = {}
    for failure in failures:
        tests_of.setdefault(failure.told, []).append(failure.test)
    return [
        f"{tests[0]}{f' and {len(tests) - 1} more' if tests[1:] else ''}: {told}"
        for told, tests in tests_of.items()
    ]


def is_wanted(suite: Suite) -> bool:
    """Tell whether a suite was asked for."""
    return len(sys.argv) == 1 or suite.name in sys.argv[1:]


if __name__ == "__main__":
    sys.exit(main())
