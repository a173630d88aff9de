"""A server that stores what it submits only when the batch system has answered."""

from __future__ import annotations

import asyncio

from jupyterlab_batch.engine.rundirectory import write_run
from jupyterlab_batch.service.asking import send
from jupyterlab_batch.service.launching import launch_of_plan
from jupyterlab_batch.service.newjob import new_record
from jupyterlab_batch.service.submit import Order, Submitter, Taken

_SLOW_DISK_SECONDS = 0.05


async def _submit(submitter: Submitter, order: Order, *, key: str, anyway: bool) -> Taken:
    assert anyway
    known = await submitter.find(key, order.digest)
    if known is not None:
        return known
    plan = submitter._plan(order, key)
    await asyncio.to_thread(write_run, plan)
    gateway = submitter.gateways.get(order.submission.gateway_id)
    submitted = await send(gateway, launch_of_plan(plan))
    # The gap is there anyway; on a slow disk it is hit sooner.
    await asyncio.sleep(_SLOW_DISK_SECONDS)
    record = new_record(plan.job_file, plan.spec, directory=plan.directory, owner=submitter.owner)
    await submitter.store.begin(record, order.digest)
    taken = await submitter.acknowledger.acknowledge(record.id, submitted)
    return Taken(record=taken or record, is_new=True)


def _load_jupyter_server_extension(_: object) -> None:
    Submitter._submit = _submit  # type: ignore[method-assign, assignment]  # this is the sabotage
