"""Arrays on the real Slurm: what it cannot take, and what watching a great one costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import IndexArray
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import GatewayRefused, TasksRefused
from jupyterlab_batch.gateways.order import Hold, Requeue
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.jobs import MEBIBYTE, Asked
from tests.gateways.rigs.proxy import RecordingProxy
from tests.gateways.rigs.slurm import Recorders
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster

MAX_ARRAY_SIZE = 20_001
"""Of slurm.conf."""


def array(script: str, stop: int, start: int = 0, max_running: int | None = None) -> Asked:
    return Asked(
        argv=("sh", "-c", script),
        memory_bytes=16 * MEBIBYTE,
        array=IndexArray(start=start, stop=stop, max_running=max_running),
    )


@pytest.mark.parametrize("start", [0, MAX_ARRAY_SIZE - 1])
async def test_what_slurm_cannot_number_is_refused_before_it_is_sent(
    open_bench: OpenBench, start: int
) -> None:
    bench = await open_bench(max_array_size=MAX_ARRAY_SIZE)
    assert bench.description.limits.max_array_size == MAX_ARRAY_SIZE
    asked = array("true", MAX_ARRAY_SIZE, start=start)
    (wrong,) = await bench.gateway.check(asked.spec)
    assert (wrong.severity, wrong.limit) == ("error", MAX_ARRAY_SIZE - (start > 0))
    _, launch = bench.write(asked)
    with pytest.raises(GatewayRefused) as refused:
        await bench.gateway.submit(launch)
    assert refused.value.field == wrong.field_
    assert await bench.gateway.look_up(launch) is None


async def test_where_slurm_does_not_tell_its_limit_its_refusal_is_at_the_field(
    open_rest: OpenBench,
) -> None:
    bench = await open_rest()
    _, launch = bench.write(array("true", MAX_ARRAY_SIZE, start=MAX_ARRAY_SIZE))
    with pytest.raises(GatewayRefused, match="MaxArraySize") as refused:
        await bench.gateway.submit(launch)
    assert refused.value.field == "spec.array"
    assert await bench.gateway.look_up(launch) is None


async def test_each_task_to_which_an_order_was_not_done_is_told(open_bench: OpenBench) -> None:
    """Slurm ends and requeues what runs, and says of what waits that it has not started."""
    bench = await open_bench()
    run = await bench.submit(array("sleep 60", 3, max_running=1))
    await bench.until(run, lambda seen: seen.phase == "EXECUTING")
    give = partial(bench.gateway.order, run.native_id, tag=run.launch.tag)
    if bench.description.capabilities.requeue:
        with pytest.raises(TasksRefused) as refused:
            await give(Requeue(), task_indices=[0, 2, 3])
        (told,) = refused.value.refused
        assert (told.task_indices, told.message) == ([2, 3], "It has not started yet.")
        assert refused.value.message == "Tasks 2-3: It has not started yet."
        await bench.until(run, lambda seen: any(task.attempt == 2 for task in seen.tasks))
    else:
        with pytest.raises(GatewayRefused, match=f"“scontrol requeue {run.native_id}”"):
            await give(Requeue())
    await bench.gateway.cancel_tasks(run.native_id, [1])
    await give(Hold(is_held=True), task_indices=[2])
    await give(Hold(is_held=False), task_indices=[2])
    await bench.gateway.cancel(run.native_id)
    await bench.end(run)


async def watch_a_great_array(bench: Bench, count_looks: Callable[[str], int]) -> None:
    """Follow 10,000 tasks from the first to their cancellation; no call is made for each."""
    run = await bench.submit(array("sleep 609", 9_999))
    await bench.until(run, lambda seen: bool(seen.tasks))
    await bench.gateway.cancel_tasks(run.native_id, [0])
    await bench.until(run, lambda seen: any(is_final(task.phase) for task in seen.tasks))
    assert max(len(seen.tasks) for seen in bench.seen(run)) < 100
    (looked,) = await bench.gateway.look_at([run.native_id])
    assert looked.waiting is not None
    assert 9_998 in looked.waiting
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert end.reason_text == "Cancelled; 0 of 10,000 tasks completed."
    assert len(run.tasks()) < 100
    assert count_looks(run.native_id) < 1_000


async def test_a_great_array_by_slurmrestd(open_rest: OpenBench, slurm: SlurmCluster) -> None:
    with RecordingProxy(slurm.url) as proxy:
        bench = await open_rest(url=proxy.url)

        def looks(native_id: str) -> int:
            paths = [call.path for call in proxy.calls if call.method == "GET"]
            assert not any(path.endswith("/jobs") for path in paths)
            return sum(path.endswith(f"/job/{native_id}") for path in paths)

        await watch_a_great_array(bench, looks)


async def test_a_great_array_by_the_tools(open_tools: OpenBench, tmp_path: Path) -> None:
    recorders = Recorders(tmp_path / "recorders")
    bench = await open_tools(bin_directory=str(recorders.folder))
    await watch_a_great_array(bench, lambda _: recorders.calls().count("squeue"))
