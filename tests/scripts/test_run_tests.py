"""What is told at the end of a run of all tests."""

from __future__ import annotations

from pathlib import Path

from scripts.run_tests import count_junit, one_each

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
