"""What is told at the end of a run of all tests."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import run_tests
from scripts.run_tests import Count, Failure, Suite, count_junit, one_each, run, run_again

REPORT = """
<testsuites><testsuite>
  <testcase classname="jobs" name="a"><error message="no Slurm">came not up</error></testcase>
  <testcase classname="jobs" name="b"><error message="no Slurm">came not up</error></testcase>
  <testcase classname="jobs" name="c"><failure message="assert 1 == 2"/></testcase>
  <testcase classname="jobs" name="d"><skipped message="no GPU"/></testcase>
  <testcase classname="jobs" name="e"/>
</testsuite></testsuites>
"""


def test_a_cause_that_failed_many_is_told_once(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.strip())

    count = count_junit(report)

    assert str(count) == "1 passed, 3 failed, 1 skipped"
    assert one_each(count.failures) == [
        "jobs: a and 1 more: no Slurm\ncame not up",
        "jobs: c: assert 1 == 2",
    ]


FLAKY = """
from pathlib import Path

def test_late():
    mark = Path(__file__).with_name("mark")
    was_there = mark.exists()
    mark.touch()
    assert was_there

def test_wrong():
    assert {right}

def test_right():
    pass
"""


@pytest.mark.parametrize(
    ("right", "told"), [(True, "3 passed, 0 failed"), (False, "1 passed, 2 failed")]
)
def test_those_that_failed_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: bool, told: str
) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    monkeypatch.setitem(run_tests.PARTS, "flaky", str(tmp_path / "test_flaky.py"))
    (tmp_path / "test_flaky.py").write_text(FLAKY.format(right=right))
    suite = replace(run_tests.pytest("flaky"), folder=tmp_path)

    count = run_again(suite, run(suite))

    assert str(count) == f"{told}, 0 skipped"
    assert [one.test for one in count.late] == (["test_flaky: test_late"] if right else [])


RUNNER = """
import sys

report, *files = sys.argv[1:]
case = '<testcase classname="chain.spec.ts" name="{}">{}</testcase>'
failed = "" if files == ["chain.spec.ts"] else '<failure message="not yet"/>'
cases = case.format("before", "") + case.format("needs it", failed)
open(report, "w").write(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
"""


def test_a_file_whose_tests_are_a_chain_is_tried_again_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "REPORTS", tmp_path)
    argv = [sys.executable, "-c", RUNNER, str(tmp_path / "chain.xml")]
    suite = Suite("chain", argv, "chain.xml", tmp_path, has_chains=True)

    count = run_again(suite, run(suite))

    assert str(count) == "2 passed, 0 failed, 0 skipped"
    assert [one.test for one in count.late] == ["chain.spec.ts: needs it"]


def test_one_that_is_skipped_when_tried_again_has_failed() -> None:
    first = Count(passed=1, failed=1, failures=[Failure("a", "assert 1 == 2")])
    assert first.after(Count(skipped=1)) is first
