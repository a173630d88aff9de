"""The wrapper alone, in every POSIX shell that is here: no supervisor, no scheduler."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyterlab_batch.domain.generated import ScriptTask
from jupyterlab_batch.engine.status import read_claim
from jupyterlab_batch.engine.wrapper import Command, WrapperPlan, compose_wrapper
from tests.engine.harness import eventually, make_spec
from tests.engine.wrapped import AWKWARD, SHELLS, WrappedRun, status_of


def test_both_common_shells_are_tried() -> None:
    assert {"dash", "bash"} <= set(SHELLS)


def test_it_says_when_it_began_and_how_it_ended(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", "cat $BATCH_RUN_DIRECTORY/wrapper.json; exit 3")
    code, out, _ = wrapped.run(plan)
    assert '"ended_at": null, "exit_code": null, "outcome": null' in out
    status = status_of(plan)
    assert (code, status.exit_code, status.native_id, status.attempt) == (3, 3, "7", 1)
    assert status.host == os.uname().nodename
    assert status.ended_at is not None
    assert status.started_at <= status.ended_at
    assert status.outcome is None
    assert not list(plan.directory.glob("*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGUSR1])
def test_a_signal_is_128_and_its_number(wrapped: WrappedRun, number: int) -> None:
    plan = wrapped.command("sh", "-c", f"kill -{number} $$")
    assert wrapped.run(plan)[0] == 128 + number
    assert status_of(plan).exit_code == 128 + number


def test_of_many_at_once_exactly_one_runs(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", f"echo ran >>{wrapped.root}/count")
    for _ in range(5):
        for name in ("claim", "wrapper.json"):
            (plan.directory / name).unlink(missing_ok=True)
        children = [wrapped.start(plan, str(number)) for number in range(10)]
        ends = [(child.communicate(timeout=30)[1], child.returncode) for child in children]
        assert [code for _, code in ends] == [0] * 10
        assert sum("is a duplicate" in err for err, _ in ends) == 9
        claim = read_claim(plan.directory, plan.nonce)
        assert claim is not None
        assert "duplicate" not in ends[int(claim.native_id)][0]
        assert claim.key == plan.key
    assert (wrapped.root / "count").read_text(encoding="utf-8") == "ran\n" * 5
    assert not list(plan.directory.glob("claim.*"))


def test_a_duplicate_leaves_the_record_of_the_first_alone(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", "exit 4")
    wrapped.run(plan, "1")
    before = (plan.directory / "wrapper.json").read_bytes()
    code, out, err = wrapped.run(plan, "2")
    assert (code, out) == (0, "")
    assert "Job 2 is a duplicate" in err
    assert (plan.directory / "wrapper.json").read_bytes() == before


@pytest.mark.parametrize("restarts", ["0", "1"])
def test_what_has_run_is_not_run_again_by_a_scheduler_that_forgot_it(
    wrapped: WrappedRun, restarts: str
) -> None:
    ran = wrapped.root / "ran"
    plan = wrapped.command("sh", "-c", f"echo >>{ran}; exit 4")
    wrapped.run(plan, SLURM_JOB_ID="12", SLURM_RESTART_COUNT=restarts)
    before = (plan.directory / "wrapper.json").read_bytes()
    code, _, err = wrapped.run(plan, SLURM_JOB_ID="12", SLURM_RESTART_COUNT="0")
    assert (code, "Not run again" in err) == (4, True), "it ends as it did"
    assert ran.read_text() == "\n"
    assert (plan.directory / "wrapper.json").read_bytes() == before


def test_what_was_killed_with_its_wrapper_is_not_run_again_as_the_same_attempt(
    wrapped: WrappedRun,
) -> None:
    ran = wrapped.root / "ran"
    plan = wrapped.command("sh", "-c", f"echo >>{ran}; kill -9 $PPID")
    wrapped.run(plan)
    assert not status_of(plan).was_started_again
    assert wrapped.run(plan)[0] == 75
    assert ran.read_text() == "\n"
    assert status_of(plan).was_started_again
    assert status_of(plan).ended_at is None


def test_the_same_native_id_may_come_again(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", "exit 0")
    wrapped.run(plan, SLURM_JOB_ID="12")
    (plan.directory / "progress.json").write_text("{}", encoding="utf-8")
    (plan.directory / "started.again").write_text(plan.nonce, encoding="utf-8")
    assert wrapped.run(plan, SLURM_JOB_ID="12", SLURM_RESTART_COUNT="1")[0] == 0
    status = status_of(plan)
    assert (status.native_id, status.attempt) == ("12", 2)
    assert not status.was_started_again
    assert not (plan.directory / "progress.json").exists()


def test_an_id_that_begins_like_another_is_another(wrapped: WrappedRun) -> None:
    plan = wrapped.command("true")
    wrapped.run(plan, "12")
    assert "is a duplicate" in wrapped.run(plan, "1")[2]
    assert "is a duplicate" in wrapped.run(plan, "123")[2]


@pytest.mark.parametrize("native_id", ["", "a b", "$(id)", 'x", "y', "*"])
def test_without_a_native_id_it_does_nothing(wrapped: WrappedRun, native_id: str) -> None:
    plan = wrapped.command("touch", str(wrapped.root / "ran"))
    code, _, err = wrapped.run(plan, native_id)
    assert (code, err) == (73, "This script is to be started by a batch system.\n")
    assert not (wrapped.root / "ran").exists()
    assert not (plan.directory / "claim").exists()


def test_a_run_directory_that_cannot_be_written_is_said(wrapped: WrappedRun) -> None:
    plan = wrapped.command("touch", str(wrapped.root / "ran"))
    moved = wrapped.root / "run.sh"
    plan.script_path.rename(moved)
    shutil.rmtree(plan.directory)
    child = subprocess.run(
        [*wrapped.shell, str(moved)],
        env={"BATCH_NATIVE_ID": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (child.returncode, child.stdout) == (73, "")
    assert child.stderr.endswith(f"The run directory cannot be written: {plan.directory}\n")
    assert not (wrapped.root / "ran").exists()


def test_a_job_sees_the_allow_list_and_the_schedulers_own_variables(wrapped: WrappedRun) -> None:
    plan = wrapped.command("env", "-0", variables={"MINE": AWKWARD, "SLURM_NTASKS": "mine"})
    _, out, _ = wrapped.run(
        plan,
        MY_SECRET="canary",  # noqa: S106 -- a canary, no password
        PYTHONSTARTUP="canary",
        LD_PRELOAD="",
        TMPDIR="/scratch of 7",
        SLURM_JOB_NAME="x\nSLURM_EVIL=canary\n$(echo canary)",
        SLURM_NTASKS="1",
    )
    entries = dict(entry.split("=", 1) for entry in out.split("\0") if entry)
    assert entries.pop("SLURM_JOB_NAME").startswith("x\nSLURM_EVIL")
    assert "canary" not in str(entries)
    assert entries["MINE"] == AWKWARD
    assert entries["SLURM_NTASKS"] == "mine"
    assert entries["TMPDIR"] == "/scratch of 7"
    assert entries["BATCH_JOB_ID"] == plan.job_id
    assert not {"LD_PRELOAD", "BATCH_NATIVE_ID", "SHLVL", "key", "nonce"} & set(entries)


def test_a_secret_goes_from_its_file_to_the_program_alone(wrapped: WrappedRun) -> None:
    secret = wrapped.root / AWKWARD.replace("\n", " ")
    secret.write_text(f"{AWKWARD}\n\n", encoding="utf-8")
    plan = wrapped.command(
        "sh", "-c", 'printf %s "$API_TOKEN"; ps -ww -eo args', files={"API_TOKEN": str(secret)}
    )
    _, out, err = wrapped.run(plan)
    assert (out[: len(AWKWARD)], err) == (AWKWARD, "")
    assert "ünï" not in out[len(AWKWARD) :].replace(str(secret), "")
    for path in plan.directory.iterdir():
        assert AWKWARD not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ["alpha=1", "sh"])
def test_a_file_of_a_variable_that_is_not_there_is_said(wrapped: WrappedRun, program: str) -> None:
    secret = wrapped.root / "token"
    secret.write_text("x", encoding="utf-8")
    plan = wrapped.command(program, "-c", "echo ran", files={"A": str(secret)})
    secret.unlink()
    code, out, err = wrapped.run(plan)
    assert (code, out) == (66, "")
    assert err == f"The file of a variable cannot be read: {secret}\n"
    outcome = status_of(plan).outcome
    assert outcome is not None and outcome.kind == "launch_failed"


def test_words_and_paths_arrive_to_the_letter(wrapped: WrappedRun) -> None:
    folder = wrapped.root / f"-n {AWKWARD}"
    folder.mkdir()
    (folder / "-e {it's}=1.sh").write_text('#!/bin/sh\nprintf "<%s>" "$@"; pwd', encoding="utf-8")
    arguments = ["", "-n", AWKWARD, "*", "~", "a=b"]
    task = ScriptTask(path="-e {it's}=1.sh", arguments=arguments)
    plan = wrapped.write(make_spec(task, name=AWKWARD), folder)
    code, out, err = wrapped.run(plan)
    assert (code, err) == (0, "")
    assert out == "".join(f"<{one}>" for one in arguments) + f"{folder}\n"
    assert status_of(plan).exit_code == 0


def test_a_program_may_have_an_equals_sign_in_its_name(wrapped: WrappedRun) -> None:
    program = wrapped.root / "alpha=1"
    program.write_text("#!/bin/sh\necho $0 $#", encoding="utf-8")
    program.chmod(0o700)
    assert wrapped.run(wrapped.command(str(program), "x"))[1] == f"{program} 1\n"


def test_a_job_reads_nothing_and_can_be_interrupted(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", "cat; kill -INT $$; echo survived")
    assert wrapped.run(plan)[:2] == (128 + signal.SIGINT, "")


async def test_term_reaches_the_program_which_may_take_its_time(wrapped: WrappedRun) -> None:
    told = wrapped.root / "told"
    source = (
        f"trap 'echo TERM >>{told}; test $(wc -l <{told}) -lt 2 || exit 5' TERM\n"
        f"echo up >{told}.up\nwhile :; do sleep 0.01; done"
    )
    plan = wrapped.command("sh", "-c", source)
    child = wrapped.start(plan)
    await eventually(Path(f"{told}.up").exists, "never up")
    child.terminate()
    await eventually(told.exists, "TERM did not arrive")
    assert child.poll() is None
    assert status_of(plan).ended_at is None
    child.terminate()
    assert child.wait(timeout=30) == 5
    child.communicate()
    assert status_of(plan).exit_code == 5


async def test_term_ends_a_program_that_knows_nothing_of_it(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sleep", "1000")
    child = wrapped.start(plan)
    wrapper = psutil.Process(child.pid)

    def is_asleep() -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):  # one of the wrapper's own, gone already
            return any(one.name() == "sleep" for one in wrapper.children())
        return False

    await eventually(is_asleep, "never started")
    child.terminate()
    assert child.wait(timeout=30) == 143
    child.communicate()
    assert status_of(plan).exit_code == 143


def test_a_plan_that_no_shell_could_run_is_refused(tmp_path: Path) -> None:
    def compose(**changes: Any) -> str:
        plan = {
            "run_directory": tmp_path,
            "job_id": "1",
            "key": "k",
            "nonce": "n",
            "environment": {},
            "variables": {},
            "variables_from": {},
            "working_directory": tmp_path,
            "command": Command(argv=["true"]),
        }
        return compose_wrapper(WrapperPlan(**{**plan, **changes}))

    assert compose().startswith("#!/bin/sh\n")
    for changes in (
        {"nonce": "a b"},
        {"key": "$(id)"},
        {"job_id": ""},
        {"variables": {"A-B": "x"}},
        {"variables": {"1A": "x"}},
        {"variables": {"Ä": "x"}},
        {"variables": {"A\n": "x"}},
        {"variables": {"A": "x\0y"}},
        {"variables_from": {"A-B": tmp_path}},
        {"command": Command(argv=["a\0b"])},
    ):
        with pytest.raises(ValueError, match=r"NUL|plain words|variable"):
            compose(**changes)
