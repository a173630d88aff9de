"""What a wrapper starts, and what it says when it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from jupyterlab_batch.engine.rundirectory import RunPlan
from tests.engine.wrapped import WrappedRun, status_of


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("echo plain $1", "plain a b\n"),
        ("#!/bin/sh -e\nfalse; echo on", ""),
        ("#! \t/bin/sh\t \necho blanks $1", "blanks a b\n"),
        ("#!/usr/bin/env -S sh -u\necho split $1", "split a b\n"),
        ("#!/usr/bin/env python3\nimport sys; print(sys.argv[1:])", "['a b']\n"),
    ],
)
def test_the_first_line_decides_without_execute_permission(
    wrapped: WrappedRun, text: str, out: str
) -> None:
    plan = wrapped.script(text, arguments=["a b"])
    assert plan.source_copy is not None
    plan.source_copy.chmod(0o400)
    assert wrapped.run(plan)[1] == out


def test_an_interpreter_that_was_chosen_wins(wrapped: WrappedRun) -> None:
    plan = wrapped.script("#!/bin/false\nprint('python')", interpreter="python3")
    assert wrapped.run(plan)[:2] == (0, "python\n")


def test_python_reads_windows_line_ends(wrapped: WrappedRun) -> None:
    assert wrapped.run(wrapped.script("print(1)\r\nprint(2)\r\n", name="x.py"))[1] == "1\n2\n"


Make = Callable[[WrappedRun], RunPlan]
CANNOT_START: dict[str, tuple[Make, int, str]] = {
    "program": (lambda w: w.command("no-such-program"), 127, "no program .*: no-such-program"),
    "no permission": (lambda w: w.command("/etc/passwd"), 126, "no program .*: /etc/passwd"),
    "a folder": (lambda w: w.command("/etc"), 126, "no program .*: /etc"),
    "a builtin": (lambda w: w.command("cd"), 127, "no program .*: cd"),
    "interpreter": (
        lambda w: w.script("#!/no/such/perl -w\n"),
        127,
        "no program .*: /no/such/perl",
    ),
    "through env": (lambda w: w.script("#!/usr/bin/env perl9\n"), 127, "no program .*: perl9"),
    "chosen": (lambda w: w.script("x", interpreter="/no/R"), 127, "no program .*: /no/R"),
    "CR LF, shebang": (lambda w: w.script("#!/bin/bash\r\necho x\r\n"), 126, "Windows line ends"),
    "CR LF, Python": (
        lambda w: w.script("#!/usr/bin/env python3\r\n", name="x.py"),
        126,
        "Windows line ends",
    ),
    "CR LF": (lambda w: w.script("touch x\r\necho ran\r\n"), 126, "Windows line ends"),
}


@pytest.mark.parametrize("name", CANNOT_START)
def test_what_cannot_start_says_so_in_log_and_record(wrapped: WrappedRun, name: str) -> None:
    make, expected, why = CANNOT_START[name]
    plan = make(wrapped)
    code, out, err = wrapped.run(plan)
    assert (code, out) == (expected, "")
    status = status_of(plan)
    assert status.exit_code == expected
    assert status.outcome is not None
    assert status.outcome.kind == "launch_failed"
    assert re.search(why, status.outcome.evalue or "")
    assert re.search(why, err)


def test_a_working_directory_that_vanished_is_said(wrapped: WrappedRun) -> None:
    folder = wrapped.root / f'gone "é\\ {"x" * 220}'
    plan = wrapped.command("touch", str(wrapped.root / "ran"), working_directory=folder)
    code, _, err = wrapped.run(plan)
    assert (code, err) == (72, f"The working directory cannot be entered: {folder}\n")
    outcome = status_of(plan).outcome
    assert outcome is not None
    assert outcome.kind == "launch_failed"
    assert not (wrapped.root / "ran").exists()


def test_a_program_that_itself_ends_with_127_was_started(wrapped: WrappedRun) -> None:
    for plan in (
        wrapped.command("sh", "-c", "no-such-program-inside"),
        wrapped.script("no-such-program-inside"),
    ):
        assert wrapped.run(plan)[0] == 127
        assert status_of(plan).outcome is None
