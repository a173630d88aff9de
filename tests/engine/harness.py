"""A local engine of its own for each test: real processes, a state directory, an end by pid."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import msgspec
import psutil

from jupyterlab_batch.domain.arrays import Array
from jupyterlab_batch.domain.generated import (
    CommandTask,
    Environment,
    Files,
    JobSpec,
    NotebookTask,
    Resources,
    ScriptTask,
    Variable,
)
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.connection import EngineDown
from jupyterlab_batch.engine.processes import MARK
from jupyterlab_batch.engine.protocol import Hello
from jupyterlab_batch.engine.rundirectory import RunPlan, plan_run, write_run
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.engine.status import RunStatus, read_status
from jupyterlab_batch.gateways.launch import AwaitedJob, Launch
from jupyterlab_batch.gateways.local import LocalGateway
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.tracking import Tracked

DEADLINE_SECONDS = 60.0
MB = 1024 * 1024


def make_context(root: Path) -> RunContext:
    return RunContext(
        root_dir=root,
        run_root=root / "batch-jobs",
        python=sys.executable,
        environment={"HOME": str(Path.home()), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )


def make_spec(
    task: CommandTask | ScriptTask | NotebookTask,
    *,
    name: str = "test",
    cores: int = 1,
    memory_bytes: int = 512 * MB,
    walltime_seconds: int = 600,
    variables: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    working_directory: Path | None = None,
    gpus: int = 0,
    array: Array | None = None,
) -> JobSpec:
    return JobSpec(
        name=name,
        task=task,
        resources=Resources(
            cores=cores,
            memory_bytes=memory_bytes,
            walltime_seconds=walltime_seconds,
            gpus=gpus or msgspec.UNSET,
        ),
        array=array or msgspec.UNSET,
        environment=Environment(
            kind="inherit",
            variables={
                **{key: Variable(value=value) for key, value in (variables or {}).items()},
                **{key: Variable(from_file=path) for key, path in (files or {}).items()},
            },
        ),
        files=Files(working_directory=str(working_directory) if working_directory else None),
    )


def make_plan(spec: JobSpec, root: Path, context: RunContext | None = None) -> RunPlan:
    now = datetime.now(timezone.utc)
    return plan_run(
        spec,
        gateway_id="local",
        job_id=new_job_id(now),
        key=secrets.token_hex(8),
        nonce=secrets.token_hex(8),
        created_at=now,
        context=context or make_context(root),
    )


def make_launch(plan: RunPlan, awaited: Sequence[AwaitedJob] = ()) -> Launch:
    return Launch(
        job_id=plan.job_id,
        tag=plan.tag,
        spec=plan.spec,
        run_directory=plan.directory,
        script_text=plan.script_text,
        stdout_path=plan.directory / "stdout.log",
        stderr_path=plan.directory / "stderr.log",
        awaited=tuple(awaited),
    )


def marked(*job_ids: str) -> Iterator[psutil.Process]:
    """Yield the living processes that carry the mark of one of these jobs."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            is_dead = process.status() == psutil.STATUS_ZOMBIE
            if not is_dead and process.environ().get(MARK) in job_ids:
                yield process


class TestJob:
    """One submitted job."""

    __test__ = False

    def __init__(self, plan: RunPlan, native_id: str) -> None:
        self.plan = plan
        self.native_id = native_id

    @property
    def stdout(self) -> str:
        return (self.plan.directory / "stdout.log").read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return (self.plan.directory / "stderr.log").read_text(encoding="utf-8")

    def task(self, index: int) -> Path:
        """Return the folder of one task of an array."""
        return self.plan.directory / "tasks" / str(index)

    def after(self, when: Literal["succeeded", "finished", "failed"]) -> AwaitedJob:
        """Return what makes another job wait for this one."""
        return AwaitedJob(tag=self.plan.tag, native_id=self.native_id, when=when)

    @property
    def status(self) -> RunStatus | None:
        return read_status(self.plan.directory, self.plan.nonce)

    def processes(self) -> list[psutil.Process]:
        return list(marked(self.plan.job_id))

    async def wrote(self, text: str) -> None:
        """Wait until the job's output holds a text."""
        log = self.plan.directory / "stdout.log"
        await eventually(lambda: log.exists() and text in log.read_text(), f"no {text!r}")

    async def progressed(self, done: int) -> None:
        """Wait until the notebook has done so many cells."""

        def is_there() -> bool:
            status = self.status
            return bool(status and status.progress and status.progress.done >= done)

        await eventually(is_there, f"never {done} cells done")


async def eventually(is_so: Callable[[], bool], failure: str) -> None:
    """Wait for something that nobody announces."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + DEADLINE_SECONDS
    while not is_so():
        assert loop.time() < give_up_at, failure
        await asyncio.sleep(0.02)


class TestEngine:
    """A gateway with a supervisor of its own."""

    __test__ = False

    def __init__(self, root: Path, **traits: Any) -> None:
        self.root = root
        self.traits = {
            "state_directory": str(root / "state"),
            "max_cores": 2,
            "max_memory_bytes": 1024 * MB,
            "grace_seconds": 1.0,
            "idle_seconds": 60.0,
            **traits,
        }
        self.gateway = LocalGateway(**self.traits)
        self.jobs: list[TestJob] = []

    async def submit(self, spec: JobSpec, awaited: Sequence[AwaitedJob] = ()) -> TestJob:
        plan = make_plan(spec, self.root)
        write_run(plan)
        submitted = await self.gateway.submit(make_launch(plan, awaited))
        job = TestJob(plan, submitted.native_id)
        self.jobs.append(job)
        return job

    async def run(self, argv: list[str], **options: Any) -> TestJob:
        awaited = options.pop("awaited", ())
        return await self.submit(make_spec(CommandTask(argv=argv), **options), awaited)

    async def until(
        self, job: TestJob, is_it: Callable[[Observation], bool], *, gateway: Any = None
    ) -> Observation:
        """Watch a job until an observation of it is what we wait for."""
        watched = gateway or LocalGateway(**self.traits)
        watched.track(
            [Tracked(native_id=job.native_id, tag=job.plan.tag, submitted_at=job.plan.created_at)]
        )
        seen: list[Observation] = []

        async def find() -> Observation:
            async for event in watched.watch():
                if isinstance(event, Observation) and event.native_id == job.native_id:
                    seen.append(event)
                    if is_it(event):
                        return event
            raise AssertionError("The watch ended.")

        try:
            return await asyncio.wait_for(find(), DEADLINE_SECONDS)
        except asyncio.TimeoutError as error:
            raise AssertionError(f"Not among {seen}") from error
        finally:
            if gateway is None:
                await watched.stop()

    async def asked(self, native_id: str, is_it: Callable[[Observation], bool]) -> Observation:
        """Ask for a job until the answer is what we wait for: what changes little is not pushed."""
        give_up_at = asyncio.get_running_loop().time() + DEADLINE_SECONDS
        while not is_it(seen := (await self.gateway.look_at([native_id]))[0]):
            assert asyncio.get_running_loop().time() < give_up_at, seen
            await asyncio.sleep(0.02)
        return seen

    async def phase(self, job: TestJob, phase: str) -> Observation:
        return await self.until(job, lambda seen: seen.phase == phase)

    async def end(self, job: TestJob) -> Observation:
        return await self.until(job, lambda seen: is_final(seen.phase))

    async def supervisor(self) -> psutil.Process:
        reply = await self.gateway._client.ask(lambda number: Hello(number=number))
        return psutil.Process(reply.pid)

    async def kill_supervisor(self) -> None:
        supervisor = await self.supervisor()
        supervisor.kill()
        await eventually(lambda: not is_alive(supervisor), "the supervisor lives")

    async def close(self) -> None:
        """Stop gateway and supervisor, then whatever a failed test left."""
        connection = None
        with contextlib.suppress(EngineDown):  # a test may have made it so
            connection = await self.gateway._client.connect_if_running()
        if connection is not None:
            connection.close()
            supervisor = await self.supervisor()
            supervisor.terminate()
            await eventually(lambda: not is_alive(supervisor), "the supervisor lives")
        await self.gateway.stop()
        for process in marked(*(job.plan.job_id for job in self.jobs)):
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)


def is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def write_notebook(path: Path, cells: list[str], *, kernel: str = "python3") -> None:
    """Write a notebook; a cell that says ``# parameters`` gets the tag."""
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{number}",
                "metadata": {"tags": ["parameters"]} if "# parameters" in source else {},
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": kernel, "language": "python", "name": kernel}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_bytes(msgspec.json.encode(notebook))
