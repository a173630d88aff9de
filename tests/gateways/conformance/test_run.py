"""A job from its submission to its end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.runscript import THREAD_VARIABLES
from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import AWKWARD, TELLS
from tests.gateways.conftest import CANARY

pytestmark = pytest.mark.asyncio(loop_scope="session")
ORDER = ("PENDING", "QUEUED", "EXECUTING", "COMPLETED")
ALLOWED = {"HOME", "USER", "LOGNAME", "LANG", "TZ", "PATH", "TMPDIR", "PYTHONUNBUFFERED"}


@proves("Runs a job to its end and tells each phase in order")
async def test_a_job_runs_to_its_end(bench: Bench) -> None:
    run = bench.jobs["hello"]
    end = await bench.end(run)
    assert (end.phase, end.reason, end.exit_code, end.signal) == ("COMPLETED", None, 0, None)
    phases = [seen.phase for seen in bench.seen(run)]
    assert phases == sorted(phases, key=ORDER.index)
    assert end.attempt == 1


@proves("Tells when a job was submitted, started and ended")
async def test_its_times_are_known(bench: Bench) -> None:
    run = bench.jobs["hello"]
    end = await bench.end(run)
    second = timedelta(seconds=1)  # which is how exactly Slurm counts
    assert end.submitted_at is not None
    assert end.started_at is not None
    assert end.ended_at is not None
    assert abs(end.submitted_at - run.submitted.submitted_at) < 5 * second
    assert end.submitted_at - second <= end.started_at <= end.ended_at
    assert end.ended_at <= datetime.now(timezone.utc) + second


@proves("Tells the batch system's own word for the state")
async def test_the_native_state_is_told(bench: Bench) -> None:
    end = await bench.end(bench.jobs["exits"])
    assert end.native_state
    assert all(seen.native_state for seen in bench.seen(bench.jobs["exits"]))


@proves("Output and messages land in the two files")
async def test_the_streams_land_in_their_files(bench: Bench) -> None:
    run = bench.jobs["hello"]
    await bench.end(run)
    assert (run.stdout, run.stderr) == ("out\n", "err\n")


@proves("An exit code is told")
async def test_an_exit_code_is_told(bench: Bench) -> None:
    end = await bench.end(bench.jobs["exits"])
    assert (end.phase, end.reason, end.exit_code) == ("ERROR", "exit_nonzero", 3)
    assert end.reason_text
    assert end.signal is None


@proves("The signal that ended a program is told")
async def test_a_signal_is_told(bench: Bench) -> None:
    end = await bench.end(bench.jobs["dies"])
    assert (end.phase, end.reason, end.signal) == ("ERROR", "signal", 11)
    assert end.reason_text
    assert "SIGSEGV" in end.reason_text


@proves("A job that uses more memory than it asked for is ended, and says so")
async def test_a_job_over_its_memory_is_ended(
    bench: Bench, record_property: Callable[[str, object], None]
) -> None:
    if not bench.description.capabilities.memory_limit:
        pytest.skip("It declares that it does not.")
    run = bench.jobs["greedy"]
    if not bench.rig.tells_memory_kills:
        record_property(SHORTCOMING, True)
        assert (await bench.end(run)).phase == "ERROR"
        assert not run.processes()
        return
    is_told = await bench.until(run, lambda seen: seen.phase == "ERROR" and seen.reason == "memory")
    assert is_told.reason_text
    assert not run.processes()


@proves("Usage is measured")
async def test_usage_is_measured(bench: Bench) -> None:
    if not bench.description.capabilities.usage:
        pytest.skip("It declares that it is not.")
    told = await bench.until(
        bench.jobs["greedy"],
        lambda seen: is_final(seen.phase) and seen.memory_peak_bytes is not None,
    )
    assert (told.memory_peak_bytes or 0) > 64 * 1024 * 1024
    assert told.elapsed_seconds is not None
    assert told.cpu_seconds is not None


@pytest.mark.late
@proves("A job that runs out of time is ended, and says so")
async def test_a_job_over_its_time_is_ended(bench: Bench) -> None:
    if not bench.description.capabilities.walltime_limit:
        pytest.skip("It declares that it does not.")
    run = bench.jobs["slow"]
    end = await bench.end(run, bench.rig.walltime_deadline_seconds)
    assert (end.phase, end.reason) == ("ERROR", "walltime")
    assert end.reason_text
    assert not run.processes()


@proves("Arguments and names arrive byte for byte, and nothing in them is run")
async def test_arguments_arrive_byte_for_byte(bench: Bench) -> None:
    run = bench.jobs["tells"]
    assert (await bench.end(run)).phase == "COMPLETED", run.stderr
    told = _told(run)
    assert tuple(told["argv"]) == AWKWARD
    assert told["folder"] == str(run.plan.working_directory)
    assert not list(bench.rig.folder.rglob("injected"))


@proves("A job sees the allow list and what was asked for, nothing else of the server")
async def test_the_environment_is_the_allow_list(bench: Bench) -> None:
    run = bench.jobs["tells"]
    await bench.end(run)
    environment = _told(run)["environment"]
    assert CANARY not in environment.values()
    assert environment["AWKWARD"] == TELLS.variables["AWKWARD"]
    assert environment["BATCH_JOB_ID"] == run.launch.job_id
    more = {
        name
        for name in environment
        if not name.startswith(("LC_", "BATCH_", *bench.rig.own_variables))
    }
    assert more - ALLOWED == {"AWKWARD", *THREAD_VARIABLES}
    cores = str(run.launch.spec.resources.cores)
    assert {environment[name] for name in THREAD_VARIABLES} == {cores}


@proves("The same run directory started twice runs once")
async def test_a_run_directory_runs_once(bench: Bench) -> None:
    run = bench.jobs["hello"]
    await bench.end(run)
    again = await bench.submit_again(run)
    end = await bench.end(again)
    assert again.native_id != run.native_id
    assert (end.phase, end.exit_code) == ("COMPLETED", 0)
    assert run.stdout == "out\n"
    assert run.stderr.startswith("err\n")
    assert again.native_id in run.stderr
    assert "duplicate" in run.stderr


def _told(run: Run) -> Any:
    return json.loads(run.stdout)
