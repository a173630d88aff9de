"""A job from submission to its end, on real processes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import ScriptTask
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable
from jupyterlab_batch.engine.runscript import THREAD_VARIABLES
from jupyterlab_batch.gateways.observation import Observation
from tests.engine.harness import MB, TestEngine, is_alive, make_launch, make_spec


async def test_a_command_runs_and_its_output_and_usage_are_there(engine: TestEngine) -> None:
    job = await engine.run(["sh", "-c", "echo out; echo err >&2"])
    end = await engine.end(job)
    assert (end.phase, end.reason, end.exit_code) == ("COMPLETED", None, 0)
    assert (job.stdout, job.stderr) == ("out\n", "err\n")
    assert end.tag == job.plan.tag
    assert end.started_at is not None
    assert end.ended_at is not None
    assert end.elapsed_seconds is not None
    assert end.cpu_seconds is not None
    status = job.status
    assert status is not None
    assert (status.native_id, status.exit_code, status.attempt) == (job.native_id, 0, 1)


async def test_an_exit_code_is_an_error_with_its_number(engine: TestEngine) -> None:
    end = await engine.end(await engine.run(["sh", "-c", "exit 3"]))
    assert (end.phase, end.reason, end.exit_code) == ("ERROR", "exit_nonzero", 3)
    assert end.reason_text == "Exit code 3."


async def test_a_signal_is_named(engine: TestEngine) -> None:
    end = await engine.end(await engine.run(["sh", "-c", "kill -SEGV $$"]))
    assert (end.phase, end.reason, end.signal) == ("ERROR", "signal", 11)
    assert end.reason_text == "Ended by signal 11 (SIGSEGV)."


async def test_a_program_that_is_not_there_says_so(engine: TestEngine) -> None:
    job = await engine.run(["no-such-program-here"])
    end = await engine.end(job)
    assert (end.phase, end.exit_code) == ("ERROR", 127)
    assert "no-such-program-here" in job.stderr


async def test_scripts_run_by_their_first_line_or_ending(engine: TestEngine) -> None:
    sources = {
        "run.sh": "echo plain shell: $1",
        "cut.py": "import sys; print('python:', sys.argv[1])",
        "mine": "#!/usr/bin/env python3\nimport sys; print('shebang:', sys.argv[1])",
    }
    for name, source in sources.items():
        (engine.root / name).write_text(source, encoding="utf-8")
    jobs = [
        await engine.submit(make_spec(ScriptTask(path=name, arguments=["it's $(id)"])))
        for name in sources
    ]
    for job in jobs:
        assert (await engine.end(job)).phase == "COMPLETED", job.stderr
    assert [job.stdout for job in jobs] == [
        "plain shell: it's $(id)\n",
        "python: it's $(id)\n",
        "shebang: it's $(id)\n",
    ]


async def test_the_environment_is_the_allow_list_and_nothing_else(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "canary")
    job = await engine.run(["env", "-0"], variables={"MINE": "a\nb'c"})
    await engine.end(job)
    entries = dict(entry.split("=", 1) for entry in job.stdout.split("\0") if entry)
    assert entries["MINE"] == "a\nb'c"
    assert entries["BATCH_JOB_ID"] == job.plan.job_id
    assert entries["BATCH_RUN_DIRECTORY"] == str(job.plan.directory)
    assert entries["PYTHONUNBUFFERED"] == "1"
    assert "canary" not in job.stdout
    allowed = {"HOME", "PATH", "LANG", "PYTHONUNBUFFERED", "MINE", "BATCH_JOB_ID"}
    assert set(entries) == allowed | {"BATCH_RUN_DIRECTORY", *THREAD_VARIABLES}


async def test_libraries_use_as_many_threads_as_cores_were_asked_for(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKL_NUM_THREADS", "16")  # the server's own does not count
    job = await engine.run(["env"], cores=2, variables={"OPENBLAS_NUM_THREADS": "7"})
    await engine.end(job)
    told = dict(line.split("=", 1) for line in job.stdout.splitlines())
    threads = {name: told[name] for name in THREAD_VARIABLES}
    assert threads == {
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "7",
        "MKL_NUM_THREADS": "2",
        "NUMEXPR_NUM_THREADS": "2",
    }


async def test_it_runs_in_the_working_directory(engine: TestEngine) -> None:
    folder = engine.root / "it's a 'folder'\n"
    folder.mkdir()
    job = await engine.run(["pwd"], working_directory=folder)
    await engine.end(job)
    assert job.stdout == f"{folder}\n"


async def test_the_same_tag_is_the_same_job(engine: TestEngine) -> None:
    job = await engine.run(["sh", "-c", "echo x >>count"], working_directory=engine.root)
    await engine.end(job)
    again = await asyncio.gather(*(engine.gateway.submit(make_launch(job.plan)) for _ in range(5)))
    assert {one.native_id for one in again} == {job.native_id}
    assert (engine.root / "count").read_text(encoding="utf-8") == "x\n"


async def test_it_is_found_by_its_tag(engine: TestEngine) -> None:
    job = await engine.run(["true"])
    await engine.end(job)
    found = await engine.gateway.look_up(make_launch(job.plan))
    assert found is not None
    assert (found.native_id, found.phase) == (job.native_id, "COMPLETED")
    stranger = await engine.gateway.look_up(replace(make_launch(job.plan), tag="jlb:somebody-else"))
    assert stranger is None


async def test_larger_than_the_machine_is_refused_at_its_field(engine: TestEngine) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        await engine.run(["true"], cores=3)
    assert refusal.value.field == "spec.resources.cores"
    with pytest.raises(GatewayRefused) as refusal:
        await engine.run(["true"], memory_bytes=2048 * MB)
    assert refusal.value.field == "spec.resources.memory_bytes"
    spec = make_spec(ScriptTask(path="x"), cores=10**30, memory_bytes=10**30)
    issues = await engine.gateway.check(spec)
    assert [(issue.field_, issue.code, issue.limit) for issue in issues] == [
        ("spec.resources.cores", "over_machine", 2),
        ("spec.resources.memory_bytes", "over_machine", 1024 * MB),
    ]


async def test_a_run_directory_that_vanished_is_a_failed_launch(engine: TestEngine) -> None:
    blocker = await engine.run(["sh", "-c", "echo on; read x <gate"], cores=2)
    os.mkfifo(engine.root / "gate")
    job = await engine.run(["true"])
    job.plan.directory.rename(engine.root / "elsewhere")
    await engine.gateway.cancel(blocker.native_id)
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("ERROR", "launch_failed")


async def test_what_a_job_leaves_running_is_ended_with_it(engine: TestEngine) -> None:
    job = await engine.run(["sh", "-c", "setsid sleep 1000 & nohup sleep 1000 & exit 0"])
    end = await engine.end(job)
    assert end.phase == "COMPLETED"
    assert job.processes() == []


async def test_the_gateway_describes_itself_without_a_supervisor(tmp_path: Path) -> None:
    engine = TestEngine(tmp_path)
    described = await engine.gateway.describe()
    assert (described.id, described.kind, described.title) == ("local", "local", "This server")
    assert described.health.ok
    assert (described.limits.max_cores, described.limits.max_memory_bytes) == (2, 1024 * MB)
    assert described.survives.server_restart
    assert not described.survives.reboot
    assert not (tmp_path / "state").exists()


async def test_a_state_directory_of_others_is_a_clear_problem(engine: TestEngine) -> None:
    (engine.root / "state").mkdir(mode=0o755)
    (engine.root / "state").chmod(0o777)
    with pytest.raises(GatewayUnreachable, match="not ours alone"):
        await engine.run(["true"])
    assert not (await engine.gateway.describe()).health.ok
    (engine.root / "state").chmod(0o700)
    assert (await engine.gateway.describe(fresh=True)).health.ok


async def test_the_end_is_pushed_within_milliseconds(engine: TestEngine) -> None:
    job = await engine.run(["sh", "-c", "date +%s.%N"])
    clock = asyncio.get_running_loop()
    seen: list[tuple[float, Observation]] = []

    def is_over(one: Observation) -> bool:
        seen.append((clock.time(), one))
        return one.phase == "COMPLETED"

    await engine.until(job, is_over)
    supervisor = await engine.supervisor()
    assert is_alive(supervisor)
