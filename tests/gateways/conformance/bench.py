"""One gateway at work: it submits jobs of the suite and notes all that it says of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

import psutil
from msgspec.structs import replace

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.domain.generated import Gateway, Health
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.rundirectory import RunPlan, plan_run, write_run
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.launch import AwaitedJob, Launch, Submitted
from jupyterlab_batch.gateways.observation import Gone, HealthChanged, Observation
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.service.environment import allowed_environment
from jupyterlab_batch.service.launching import launch_of_plan
from tests.gateways.conformance.jobs import Asked
from tests.gateways.conformance.rig import Rig

DEADLINE_SECONDS = 60.0
When = Literal["succeeded", "finished", "failed"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One job that was submitted."""

    plan: RunPlan
    launch: Launch
    submitted: Submitted

    @property
    def native_id(self) -> str:
        return self.submitted.native_id

    def task(self, index: int) -> Path:
        """Return the folder of one task of an array."""
        return self.launch.run_directory / "tasks" / str(index)

    def tasks(self) -> list[Path]:
        """Return the folders of the tasks of an array that ever began."""
        return list((self.launch.run_directory / "tasks").iterdir())

    def after(self, when: When) -> AwaitedJob:
        """Return what makes another job wait for this one."""
        return AwaitedJob(tag=self.launch.tag, native_id=self.native_id, when=when)

    @property
    def stdout(self) -> str:
        return self.launch.stdout_path.read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return self.launch.stderr_path.read_text(encoding="utf-8")

    def processes(self) -> list[psutil.Process]:
        """Return the living processes that carry the mark of this job."""
        return [process for process in psutil.process_iter() if self._has_mark(process)]

    def _has_mark(self, process: psutil.Process) -> bool:
        try:
            is_dead = process.status() == psutil.STATUS_ZOMBIE
            mark = process.environ().get("BATCH_JOB_ID")
        except psutil.Error:
            return False
        return not is_dead and mark == self.launch.job_id


class Bench:
    """A gateway, the events of its one watch, and the jobs that were submitted by name."""

    def __init__(self, rig: Rig, gateway: JobGateway | None = None) -> None:
        self.rig = rig
        self.gateway: JobGateway = gateway or rig.make_gateway()
        self.jobs: dict[str, Run] = {}
        self.description: Gateway
        self.events: list[Observation | Gone] = []
        self.health: list[Health] = []
        """How it was at each `HealthChanged`."""
        self._happened = asyncio.Condition()

    async def open(self) -> None:
        await self.gateway.start()
        self.gateway.set_interest(looking=True)
        self.description = await self.gateway.describe(fresh=True)
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching
        await self.gateway.stop()

    def plan(
        self, asked: Asked, *, node_path: Callable[[Path], Path] = lambda path: path
    ) -> RunPlan:
        """Plan a job as the server does."""
        now = datetime.now(timezone.utc)
        return plan_run(
            asked.spec,
            gateway_id=self.gateway.gateway_id,
            job_id=new_job_id(now),
            key=secrets.token_hex(8),
            nonce=secrets.token_hex(8),
            created_at=now,
            context=RunContext(
                root_dir=self.rig.folder,
                run_root=self.rig.folder / "batch-jobs",
                python=sys.executable,
                environment=allowed_environment(os.environ, []),
                modules_file=str(self.rig.folder / "modules.sh"),
                image_words=lambda: [str(self.rig.folder / "site/start image"), "exec", "{image}"],
                node_path=node_path,
            ),
        )

    def write(self, asked: Asked) -> tuple[RunPlan, Launch]:
        """Write the run directory of a job that is not submitted yet."""
        plan = self.plan(asked)
        write_run(plan)
        return plan, launch_of_plan(plan)

    async def submit(self, asked: Asked, *awaited: AwaitedJob) -> Run:
        plan, launch = self.write(asked)
        launch = replace(launch, awaited=awaited)
        return self.follow(plan, launch, await self.gateway.submit(launch))

    async def submit_again(self, run: Run) -> Run:
        """Start the same run directory once more, as a job of its own."""
        job_id = new_job_id(datetime.now(timezone.utc))
        launch = replace(run.launch, job_id=job_id, tag=f"jlb:{job_id}")
        return self.follow(run.plan, launch, await self.gateway.submit(launch))

    def follow(self, plan: RunPlan, launch: Launch, submitted: Submitted) -> Run:
        array = array_of(launch.spec)
        self.track(
            submitted.native_id,
            launch.tag,
            submitted.submitted_at,
            launch.run_directory.name,
            None if array is None else task_indices(array),
        )
        return Run(plan=plan, launch=launch, submitted=submitted)

    def track(
        self,
        native_id: str,
        tag: str,
        submitted_at: datetime,
        directory_name: str | None = None,
        indices: Sequence[int] | None = None,
    ) -> None:
        job = Tracked(
            native_id=native_id,
            tag=tag,
            submitted_at=submitted_at,
            directory_name=directory_name,
            indices=indices,
        )
        self.gateway.track([job])

    def seen(self, run: Run) -> list[Observation]:
        """Return all that was observed of a job until now."""
        return [
            event
            for event in self.events
            if isinstance(event, Observation) and event.native_id == run.native_id
        ]

    async def until(
        self,
        run: Run,
        is_it: Callable[[Observation], bool],
        seconds: float = DEADLINE_SECONDS,
    ) -> Observation:
        """Wait for an observation of a job, which may have been made already."""
        await self.wait_for(lambda: any(map(is_it, self.seen(run))), seconds, run)
        return next(filter(is_it, self.seen(run)))

    async def end(self, run: Run, seconds: float = DEADLINE_SECONDS) -> Observation:
        return await self.until(run, lambda seen: is_final(seen.phase), seconds)

    async def executing(self, run: Run) -> Observation:
        """Wait until a job says that it has begun."""
        await eventually(
            lambda: run.launch.stdout_path.exists() and "begun" in run.stdout, "It never began."
        )
        return await self.until(run, lambda seen: seen.phase == "EXECUTING")

    async def wait_for(
        self,
        is_so: Callable[[], bool],
        seconds: float = DEADLINE_SECONDS,
        run: Run | None = None,
    ) -> None:
        """Wait until what the watch has told, of one job or at all, makes something true."""
        async with self._happened:
            try:
                await asyncio.wait_for(self._happened.wait_for(is_so), seconds)
            except asyncio.TimeoutError:
                events = self.events[-10:] if run is None else self.seen(run)
                told = "\n".join(map(repr, [*events, *self.health]))
                raise AssertionError(
                    f"Not within {seconds} s; the last that was told:\n{told}"
                ) from None

    async def _watch(self) -> None:
        async for event in self.gateway.watch():
            health = (
                (await self.gateway.describe()).health if isinstance(event, HealthChanged) else None
            )
            async with self._happened:
                if health is not None:
                    self.health.append(health)
                elif not isinstance(event, HealthChanged):
                    self.events.append(event)
                self._happened.notify_all()


async def eventually(is_so: Callable[[], bool], failure: str) -> None:
    """Wait for something that nobody announces."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + DEADLINE_SECONDS
    while not is_so():
        assert loop.time() < give_up_at, failure
        await asyncio.sleep(0.05)
