"""Two tabs that give orders to a job until it is over, and after: each is answered in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ActionInput, JobPatch
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.service.batch import BatchService
from tests.gateways.conformance.bench import Bench

UNDONE_BY = {"hold": "release", "suspend": "resume"}
ORDERS = ("cancel", "hold", "suspend", "tasks", "patch")
NOT_WORDS = "Slurm says:"
"""What stands before that for which we have no words."""
PAUSE_SECONDS = 0.02
DEADLINE_SECONDS = 300.0


@pytest.fixture
async def service(bench: Bench, tmp_path: Path) -> AsyncIterator[BatchService]:
    """A server of this batch system."""
    folder = bench.rig.folder / "races"
    folder.mkdir(exist_ok=True)
    service = BatchService(
        store_path=tmp_path / "data" / "store.db",
        gateways=[bench.rig.make_gateway()],
        context=RunContext(
            root_dir=folder,
            run_root=folder / "batch-jobs",
            python="/usr/bin/python3",
            environment={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        ),
        kernel_names=lambda: ["python3"],
        owner="me",
        emit=lambda store_id, seq: None,
    )
    await service.start()
    yield service
    await service.stop()


def is_in_words(result: Any) -> bool:
    if result.outcome == "denied":
        return bool(result.message) and NOT_WORDS not in result.message
    return result.outcome in {"ok", "already_final"}


async def give(service: BatchService, order: Any, job_id: str) -> Any:
    if order == "tasks":
        return await service.actor.cancel_tasks(job_id, [1])
    if order == "patch":
        return await service.orderer.patch(job_id, JobPatch(nice=5))
    (result,) = await service.many.act(ActionInput(action=order, job_ids=[job_id]))
    return result


async def by_two_tabs(service: BatchService, order: str, job_id: str) -> list[Any]:
    return list(await asyncio.gather(*(give(service, order, job_id) for _ in range(2))))


async def until_it_is_over(service: BatchService, gateway_id: str, order: str) -> list[Any]:
    """Submit an array of two tasks that end soon; return the answers to all that was ordered."""
    spec = {
        "name": f"raced {order}",
        "task": {"kind": "command", "argv": ["sleep", "1"]},
        "resources": {"cores": 1, "memory_bytes": 2**26, "walltime_seconds": 60},
        "array": {"kind": "index", "start": 0, "stop": 1},
    }
    taken = await service.submitter.submit(
        {"gateway_id": gateway_id, "spec": spec}, key=f"key-of-raced-{order}", anyway=True
    )
    results: list[Any] = []
    while not is_final((await service.listing.job(taken.record.id)).phase):
        results += await by_two_tabs(service, order, taken.record.id)
        if order in UNDONE_BY:
            results += await by_two_tabs(service, UNDONE_BY[order], taken.record.id)
        await asyncio.sleep(PAUSE_SECONDS)
    after = await by_two_tabs(service, order, taken.record.id)
    assert [result.outcome for result in after] == ["already_final", "already_final"]
    return results


async def test_orders_until_a_job_is_over(bench: Bench, service: BatchService) -> None:
    gateway_id = bench.gateway.gateway_id
    answers = await asyncio.wait_for(
        asyncio.gather(*(until_it_is_over(service, gateway_id, order) for order in ORDERS)),
        DEADLINE_SECONDS,
    )
    for order, results in zip(ORDERS, answers, strict=True):
        assert results, order
        assert [result for result in results if not is_in_words(result)] == [], order
