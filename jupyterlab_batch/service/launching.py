"""From a planned or a stored job to what gateways take."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.engine.rundirectory import RunPlan
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.launch import AwaitedJob, Launch
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.store.records import JobRecord


def context_of(context: RunContext, gateway: JobGateway) -> RunContext:
    """Return where the jobs of one gateway run and what they see there."""
    own = Path(gateway.run_root).expanduser()
    return replace(
        context,
        run_root=context.root_dir / own if gateway.run_root else context.run_root,
        modules_file=gateway.modules_file,
        image_words=lambda: gateway.image_words,
        node_path=gateway.node_path,
    )


def run_roots_of(context: RunContext, gateways: Iterable[JobGateway]) -> list[Path]:
    """Return all folders that may hold run directories, each once."""
    own = [context_of(context, gateway).run_root for gateway in gateways]
    return list(dict.fromkeys([context.run_root, *own]))


def launch_of_plan(plan: RunPlan, awaited: tuple[AwaitedJob, ...] = ()) -> Launch:
    """Return what is handed to a gateway: all paths are those that its machines see."""
    return Launch(
        job_id=plan.job_id,
        tag=plan.tag,
        spec=plan.spec,
        run_directory=plan.node_directory,
        script_text=plan.script_text,
        stdout_path=plan.node_directory / "stdout.log",
        stderr_path=plan.node_directory / "stderr.log",
        awaited=awaited,
    )


def launch_of_record(record: JobRecord) -> Launch:
    """Return what was handed to a gateway, to look a job up.

    That needs no script, and of the run directory the name alone, which is the same everywhere.
    """
    directory = Path(record.run_directory)
    return Launch(
        job_id=record.id,
        tag=record.tag,
        spec=record.spec,
        run_directory=directory,
        script_text="",
        stdout_path=directory / "stdout.log",
        stderr_path=directory / "stderr.log",
    )


def tracked(record: JobRecord, native_id: str) -> Tracked:
    """Return what a gateway must know to watch a job."""
    array = array_of(record.spec)
    return Tracked(
        native_id=native_id,
        tag=record.tag,
        submitted_at=record.submitted_at or record.created_at,
        indices=None if array is None else task_indices(array),
        directory_name=os.path.basename(record.run_directory),  # noqa: PTH119 -- of thousands a path takes long
    )
